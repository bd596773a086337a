"""Rewrites the table of environments in the README from the catalogue; with ``--check`` only says whether it is up to date."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mtenvs.commands.list_ import markdown

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- envs:begin, written by `make docs` -->", "<!-- envs:end -->"


def main(arguments: list[str]) -> int:
    """1 if the README has no place for the table, or with ``--check`` is out of date."""
    old = README.read_text(encoding="utf-8")
    block = f"{BEGIN}\n{markdown()}\n{END}"
    new, places = re.subn(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: block, old, flags=re.DOTALL)
    if places != 1:
        sys.stderr.write(f"{README.name} needs one place for the table of environments, between {BEGIN} and {END}\n")
        return 1
    if "--check" in arguments:
        if new != old:
            sys.stderr.write(f"{README.name} is out of date with the catalogue: run make docs\n")
        return int(new != old)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
