"""Runs the real packages in environments of their own, and talks to them over a pipe."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent


@cache
def environment(name: str) -> Path:
    """The folder of a peers' environment, made if need be; skips the test where the packages cannot be had."""
    done = subprocess.run(  # noqa: S603 - our own script
        [ROOT / "scripts/peers", name], capture_output=True, text=True, check=False, timeout=1100
    )
    if done.returncode:
        pytest.skip(f"the packages of benchmarks/peers/{name}.txt cannot be installed here: {done.stderr.strip().splitlines()[-1:]}")
    return ROOT / ".venv-peers" / name


def package(name: str, module: str) -> Path:
    """The folder of a module in a peers' environment."""
    return next((environment(name) / "lib").glob(f"python3*/site-packages/{module}"))


class Peer:
    """A script that reads one JSON value a line and writes one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, message: Mapping[str, Any]) -> Any:
        """Its answer."""
        self.send(message)
        return self.receive()

    def send(self, message: Mapping[str, Any]) -> None:
        """Ask, without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def receive(self) -> Any:
        """The next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the peer ended with status {self._process.wait()}"
        return json.loads(line)


@contextmanager
def peer(name: str, script: str, first: Mapping[str, Any]) -> Iterator[Peer]:
    """A running peer that has been told ``first`` and is ready.

    Args:
        name: of its environment.
        script: in this folder.
        first: what it needs to start.
    """
    command = [str(environment(name) / "bin/python"), "-B", str(HERE / script)]
    with (
        (ROOT / ".venv-peers" / f"{Path(script).stem}.log").open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own script
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            it = Peer(process)
            assert it.ask(first) == "ready"
            yield it
        finally:
            process.kill()
