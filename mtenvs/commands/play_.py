"""Play an environment yourself, in the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from mtenvs.commands.rollout_ import keywords
from mtenvs.core.errors import UnknownOption
from mtenvs.registry import find, make


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", help="such as mtenvs/HeroBench-v0; the namespace may be left out")
    parser.add_argument("--terminal", action="store_true", help="play in this terminal (the only way so far)")
    parser.add_argument("--task", help="the task to play")
    parser.add_argument("--seed", type=int, default=0, help="of the episode (default: 0)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="keyword of gymnasium.make, value as JSON or text")


def run(args: argparse.Namespace) -> int:
    """Show each turn and read actions until the episode is over or the input ends."""
    entry = find(args.id)
    kwargs: dict[str, Any] = {**_for_people(entry.id), **keywords(args.set)}
    if args.task:
        kwargs["task"] = args.task
    env: Any = make(entry.id, **kwargs)
    try:
        obs, _ = env.reset(seed=args.seed)
        if "text" not in obs:
            raise UnknownOption("this environment shows no text as it was made; choose another --set obs_mode or control")
        _say(f"{obs['goal']}\n\nActions:\n{env.unwrapped.help}\n\nAlso: 'quit', 'hint'.\n\n{obs['text']}")
        while (line := _ask()) not in ("quit", ""):
            if line == "hint":
                _say(f"the oracle would play: {next(env.unwrapped.oracle(), 'nothing more')}")
                continue
            obs, reward, terminated, truncated, info = env.step(line)
            left = f", {info['turns_left']} turns left" if info["turns_left"] >= 0 else ""
            _say(f"\n{obs['text']}\n[turn {info['turn']}{left}, reward {reward:g}]")
            if terminated or truncated:
                verdict = info["verdict"]
                score = "no score" if verdict.score is None else f"score {verdict.score:.2f}"
                _say(f"The episode is over: {info['stop_reason']}, {score}, {'a success' if verdict.success else 'no success'}.")
                break
    finally:
        env.close()
    return 0


def _for_people(env_id: str) -> dict[str, Any]:
    """Control families are played by skills."""
    return {"control": "skills", "obs_mode": "text"} if env_id.startswith("mtenvs/MetaWorld") else {}


def _ask() -> str:
    _say("> ", end="")
    line = sys.stdin.readline()
    return line.strip() or ("" if not line else " ")


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)  # noqa: T201 - a command prints
