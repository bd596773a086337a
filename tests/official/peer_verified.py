"""Runs in the peers' environment: WebArena-Verified's own evaluator, one JSON line in, one out; nothing of it is replaced."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any


def main() -> None:
    first = json.loads(sys.stdin.readline())
    out, sys.stdout = sys.stdout, sys.stderr
    from webarena_verified.api.internal.data_reader import WebArenaVerifiedDataReader  # noqa: PLC0415 - it prints when imported
    from webarena_verified.api.internal.evaluator import WebArenaVerifiedEvaluator  # noqa: PLC0415 - same
    from webarena_verified.types.config import EnvironmentConfig, WebArenaVerifiedConfig  # noqa: PLC0415 - same

    logging.disable(logging.CRITICAL)
    config = WebArenaVerifiedConfig(environments={name: EnvironmentConfig(urls=[url]) for name, url in first["sites"].items()})
    evaluator = WebArenaVerifiedEvaluator(config=config, reader=WebArenaVerifiedDataReader(config))
    out.write('"ready"\n')
    out.flush()
    for line in sys.stdin:
        message = json.loads(line)
        result = evaluator.evaluate_task(task_id=message["task_id"], agent_response=message["answer"], network_trace=message["events"])
        parts: list[Any] = [[str(one.status), one.score, one.error_msg] for one in result.evaluators_results]
        out.write(json.dumps([result.score, result.error_msg, parts]) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
