"""Play episodes with a policy, print a table and record the trajectories."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console
from tqdm import tqdm

from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import SPLITS
from mtenvs.core.trajectory import Trajectory
from mtenvs.policies import named_policy
from mtenvs.registry import find
from mtenvs.rollout import Interrupted, Prices, Report, TrajectoryStore, evaluate, report, table, to_json, to_markdown
from mtenvs.rollout.session import policy_name
from mtenvs.rollout.tables import remarks
from mtenvs.vector import BACKENDS, make_vec

_SHOWN = 10  # episodes named in the terminal; files name them all
_PIPE_COLUMNS = 120  # where there is no terminal to ask
_INTERRUPTED = 130  # the shell's status for Ctrl-C


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    shared_arguments(parser)
    parser.add_argument("-n", "--episodes", type=positive, default=1, help="how many episodes (default: 1)")
    parser.add_argument("--group-size", type=positive, default=1, help="episodes from each start, for group-relative training (default: 1)")


def run(args: argparse.Namespace) -> int:
    """Play, print, record."""
    if args.split is not None:
        args.set.append(f"split={json.dumps(None if args.split == 'all' else args.split)}")
    return play(args, args.episodes, tasks=args.task or None, group_size=args.group_size)


def shared_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of every command that plays episodes."""
    parser.add_argument("id", help="such as mtenvs/HeroBench-v0; the namespace may be left out")
    parser.add_argument(
        "--policy", default="oracle", help="oracle, random, idle, near-miss, seeing (FrameThinker) or chat (default: oracle)"
    )
    parser.add_argument(
        "--policy-set", action="append", default=[], metavar="KEY=VALUE", help="keyword of the policy, such as base_url=... and model=..."
    )
    parser.add_argument("--api-key-env", metavar="NAME", help="environment variable with the endpoint's key")
    parser.add_argument("--num-envs", type=positive, default=1, help="how many environments at a time (default: 1)")
    parser.add_argument("--backend", choices=BACKENDS, help="what they run in (default: what suits the environment)")
    parser.add_argument("--step-timeout", type=float, metavar="S", help="seconds after which a turn counts as hung (default: never)")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode; the next ones count up (default: 0)")
    parser.add_argument("--split", choices=[*SPLITS, "all"], help="which tasks")
    parser.add_argument("--task", action="append", default=[], help="play this task; several are played in turn")
    parser.add_argument("--k", type=positive, nargs="+", default=[1], help="tell pass@k for these k")
    parser.add_argument("--out", help="folder for trajectories.jsonl and pictures")
    parser.add_argument("--resume", action="store_true", help="leave out the episodes that --out has already, and go on")
    parser.add_argument("--json", nargs="?", const="-", metavar="FILE", help="write the report as JSON; without FILE instead of the table")
    parser.add_argument("--markdown", nargs="?", const="-", metavar="FILE", help="the same as Markdown")
    parser.add_argument("--prices", type=float, nargs=2, metavar=("IN", "OUT"), help="of a million tokens read and written, for the cost")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="keyword of gymnasium.make, value as JSON or text")


def play(args: argparse.Namespace, episodes: int, **options: Any) -> int:
    """Play and report; ``options`` are further ones of `rollout`.

    Returns:
        0; 1 when an error ended an episode; 130 after Ctrl-C, which keeps what is done.

    Raises:
        UnknownOption: arguments that do not fit together.
    """
    if args.resume and not args.out:
        raise UnknownOption("--resume goes on with the episodes in a folder: name it with --out")
    entry, prices = find(args.id), Prices(*args.prices) if args.prices else None
    store = TrajectoryStore(args.out) if args.out else None
    venv = make_vec(entry.id, args.num_envs, backend=args.backend, step_timeout=args.step_timeout, **keywords(args.set))
    with closing(venv):
        policy = named_policy(args.policy, venv, **_policy_options(args))
        began, fresh = time.perf_counter(), [0]
        try:
            with tqdm(total=episodes, unit="episode", desc=f"{entry.id} {args.policy}") as bar:

                def tick(trajectory: Trajectory) -> None:
                    fresh[0] += len(trajectory.turns)
                    bar.update()
                    bar.set_postfix_str(f"{trajectory.task_id}: {trajectory.stop_reason}")

                found = evaluate(
                    venv,
                    policy,
                    episodes,
                    k=args.k,
                    prices=prices,
                    seed=args.seed,
                    store=store,
                    resume=args.resume,
                    on_episode=tick,
                    **options,
                )
                bar.update(episodes - bar.n)  # what the store had already
        except Interrupted as e:
            found = report(
                e.episodes,
                time.perf_counter() - began,
                env_id=entry.id,
                policy=policy_name(policy),
                k=args.k,
                prices=prices,
                steps=fresh[0],
                planned=e.planned,
            )
        finally:
            getattr(policy, "close", lambda: None)()
    _show(found, args, store)
    return _INTERRUPTED if found.planned > found.episodes else 1 if found.errors else 0


def keywords(pairs: Sequence[str], flag: str = "--set") -> dict[str, Any]:
    """``["obs_mode=text", "max_turns=5"]`` as keywords.

    Raises:
        UnknownOption: a pair without an equals sign.
    """
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            raise UnknownOption(f"{flag} {pair!r} is not of the form KEY=VALUE")
        try:
            out[key] = json.loads(value)
        except ValueError:
            out[key] = value
    return out


def positive(text: str) -> int:
    """A whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _policy_options(args: argparse.Namespace) -> dict[str, Any]:
    options = keywords(args.policy_set, "--policy-set")
    if args.api_key_env is not None:
        if args.api_key_env not in os.environ:
            raise UnknownOption(f"--api-key-env {args.api_key_env}: there is no such environment variable")
        options["api_key"] = os.environ[args.api_key_env]
    return options


def _show(found: Report, args: argparse.Namespace, store: TrajectoryStore | None) -> None:
    for target, text in ((args.json, to_json), (args.markdown, to_markdown)):
        if target == "-":
            sys.stdout.write(text(found))
        elif target is not None:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            Path(target).write_text(text(found), encoding="utf-8")
    talk = sys.stderr if "-" in (args.json, args.markdown) else sys.stdout  # a report in a pipe stays clean
    console = Console(file=talk, width=None if talk.isatty() else _PIPE_COLUMNS)
    console.print(table([found]))
    if 1 < len(found.tasks) <= _SHOWN:
        console.print(table(found.tasks))
    for sentence in remarks(found):
        console.print(sentence, highlight=False, markup=False)
    worst = sorted(found.failed, key=lambda f: not f.error)  # errors first, the others in order
    for f in worst[:_SHOWN]:
        console.print(f"not solved: {f.task}, seed {f.seed}: {f.stop_reason} {f.error}".rstrip(), highlight=False, markup=False)
    if len(worst) > _SHOWN:
        console.print(f"and {len(worst) - _SHOWN} more; --json or --markdown names them all", highlight=False)
    if found.planned > found.episodes:
        go_on = "the same command with --resume goes on" if store is not None else "with --out they would have been kept"
        console.print(f"stopped after {found.episodes} of {found.planned} episodes; {go_on}", highlight=False)
    if store is not None:
        console.print(
            f"recorded in {store.path}; check it with: mtenvs replay {store.folder}", highlight=False, markup=False, soft_wrap=True
        )
