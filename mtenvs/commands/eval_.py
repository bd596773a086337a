"""Play every task of a split with a policy and report success, pass@k, turns, tokens, cost and every failure."""

from __future__ import annotations

import argparse
from typing import Any

import gymnasium as gym

from mtenvs.commands.rollout_ import keywords, play, positive, shared_arguments
from mtenvs.core.errors import UnknownOption
from mtenvs.registry import find


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    shared_arguments(parser)
    parser.add_argument("--max-tasks", type=positive, help="only the first so many tasks of the split")
    parser.add_argument("--attempts", type=positive, help="episodes of each task, each with a seed of its own (default: the largest k)")


def run(args: argparse.Namespace) -> int:
    """Play and report."""
    attempts = args.attempts or max(args.k)
    if attempts < max(args.k):
        raise UnknownOption(f"pass@{max(args.k)} needs at least {max(args.k)} attempts at each task, not --attempts {attempts}")
    tasks = args.task or _tasks(args)[: args.max_tasks]
    return play(args, len(tasks) * attempts, tasks=tasks)


def _tasks(args: argparse.Namespace) -> list[str]:
    """The ids of the split's tasks, as the environment with these keywords has them.

    Raises:
        UnknownOption: there are none.
    """
    kwargs = keywords(args.set)
    split = None if args.split == "all" else args.split or kwargs.get("split", "test")
    env: Any = gym.make(find(args.id).id, disable_env_checker=True, **{**kwargs, "split": split})
    try:
        ids = list(env.unwrapped.tasks.split(split).ids)
    finally:
        env.close()
    if not ids:
        raise UnknownOption(f"the split {split!r} of {args.id} has no tasks; choose another with --split")
    return ids
