"""Show what an environment is: its page, spaces, actions and tasks."""

from __future__ import annotations

import argparse
import inspect
import json

from mtenvs.registry import env_class, find, make


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id", help="such as mtenvs/HeroBench-v0; the namespace may be left out")
    parser.add_argument("--tools", action="store_true", help="print the actions as JSON tool schemas and nothing else")


def run(args: argparse.Namespace) -> int:
    """Print the page of the environment."""
    entry = find(args.id)
    env = make(entry.id, **entry.demo)
    try:
        unwrapped = env.unwrapped
        if args.tools:
            print(json.dumps(unwrapped.tools, indent=2))  # type: ignore[attr-defined]  # noqa: T201 - all our classes have it; a command prints
            return 0
        print(f"{entry.id}\n{'=' * len(entry.id)}\n\n{inspect.getdoc(env_class(entry.id))}\n")  # noqa: T201 - same
        print(f"## Made as\ngymnasium.make({entry.id!r})\n\n## Spaces\n{env.observation_space}\n{env.action_space}\n")  # noqa: T201 - same
        print(f"## Actions\n{unwrapped.help}\n\n## Tasks\n{unwrapped.tasks}")  # type: ignore[attr-defined]  # noqa: T201 - same
    finally:
        env.close()
    return 0
