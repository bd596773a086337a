"""Play episodes with a policy, print a table and record the trajectories."""

from __future__ import annotations

import argparse
import json
from typing import Any

from rich.console import Console
from tqdm import tqdm

from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Trajectory
from mtenvs.policies import named_policy
from mtenvs.registry import find
from mtenvs.rollout import TrajectoryStore, evaluate, table
from mtenvs.vector import make_vec


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", help="such as mtenvs/HeroBench-v0; the namespace may be left out")
    parser.add_argument("--policy", default="oracle", help="oracle, random, idle or near-miss (default: oracle)")
    parser.add_argument("-n", "--episodes", type=_positive, default=1, help="how many episodes (default: 1)")
    parser.add_argument("--num-envs", type=_positive, default=1, help="how many environments at a time (default: 1)")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; the next ones count up (default: 0)")
    parser.add_argument("--task", help="play this task every time")
    parser.add_argument("--out", help="folder for trajectories.jsonl and pictures")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="keyword of gymnasium.make, value as JSON or text")


def run(args: argparse.Namespace) -> int:
    """Play, print, record."""
    entry = find(args.id)
    kwargs = keywords(args.set)
    if args.task:
        kwargs["task"] = args.task
    venv = make_vec(entry.id, args.num_envs, **kwargs)
    store = TrajectoryStore(args.out) if args.out else None
    try:
        policy = named_policy(args.policy, venv)
        with tqdm(total=args.episodes, unit="episode", desc=f"{entry.id} {args.policy}") as bar:

            def tick(trajectory: Trajectory) -> None:
                bar.update()
                bar.set_postfix_str(f"{trajectory.task_id}: {trajectory.stop_reason}")

            row = evaluate(venv, policy, args.episodes, seed=args.seed, store=store, on_episode=tick)
    finally:
        venv.close()
    Console().print(table([row]))
    if store is not None:
        print(f"recorded in {store.path}; check it with: mtenvs replay {store.folder}")  # noqa: T201 - a command prints
    return 0


def keywords(pairs: list[str]) -> dict[str, Any]:
    """``["obs_mode=text", "max_turns=5"]`` as keywords.

    Raises:
        UnknownOption: a pair without an equals sign.
    """
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            raise UnknownOption(f"--set {pair!r} is not of the form KEY=VALUE")
        try:
            out[key] = json.loads(value)
        except ValueError:
            out[key] = value
    return out


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
