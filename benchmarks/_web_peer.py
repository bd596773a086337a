"""BrowserGym on the benchmark's page, told over a pipe when to reset and when to step; in an environment of its own.

That is made from peers/browsergym.txt.

Reads lines ``reset`` and ``step``; answers each with a line when it is done.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import browsergym.core  # noqa: F401 - registers its environments
import gymnasium as gym
import playwright.sync_api

BIDS = ("Add to cart 0", "Add to cart 1")


def launch_with(executable: str) -> None:
    """Its second browser, the chat window, is launched without the executable's path."""
    original = playwright.sync_api.BrowserType.launch

    def launch(self: Any, **options: Any) -> Any:
        options.setdefault("executable_path", executable)
        options["args"] = [*options.get("args", ()), "--no-sandbox"] if os.geteuid() == 0 else options.get("args")
        return original(self, **options)

    playwright.sync_api.BrowserType.launch = launch  # type: ignore[method-assign]  # as said


def main() -> None:
    """Play as told."""
    url, executable, waiting = sys.argv[1], sys.argv[2], sys.argv[3] == "shipped"
    launch_with(executable)
    options: dict[str, Any] = {} if waiting else {"slow_mo": 0, "pre_observation_delay": 0}
    env: Any = gym.make("browsergym/openended", task_kwargs={"start_url": url}, wait_for_user_message=False, headless=True, **options)
    observation: dict[str, Any] = {}
    turn = 0
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "reset":
            observation = env.reset()[0]
        else:
            turn += 1
            name = BIDS[turn % 2]
            bid = next(
                n["browsergym_id"]
                for n in observation["axtree_object"]["nodes"]
                if n.get("name", {}).get("value") == name and "browsergym_id" in n
            )
            observation = env.step(f"click({json.dumps(bid)})")[0]
            if observation["last_action_error"]:
                raise RuntimeError(observation["last_action_error"])
        print("done", flush=True)
    env.close()


if __name__ == "__main__":
    main()
