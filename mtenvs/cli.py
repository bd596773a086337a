"""The command line: `mtenvs list | info | doctor | demo | play | rollout | eval | replay | export | data | new`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from mtenvs.core.errors import MtenvsError

_COMMANDS = ("list", "info", "doctor", "demo", "play", "rollout", "eval", "replay", "export", "data", "new")


def parser() -> argparse.ArgumentParser:
    """The parser with every command; a command's module is imported only when its arguments are declared."""
    top = argparse.ArgumentParser(prog="mtenvs", description="Multi-turn environments behind one Gymnasium contract.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in _COMMANDS:
        module = import_module(f"mtenvs.commands.{name}_")
        sub = commands.add_parser(name, help=module.__doc__, description=module.__doc__)
        module.arguments(sub)
        sub.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 fine, 1 a check failed, 2 a mistake of the user, 130 interrupted."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except MtenvsError as e:
        print(f"mtenvs: {e}", file=sys.stderr)  # noqa: T201 - a command line talks
        return 2
    except KeyboardInterrupt:
        print("mtenvs: stopped", file=sys.stderr)  # noqa: T201 - same
        return 130
    except BrokenPipeError:  # the reader, such as head, has seen enough
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
