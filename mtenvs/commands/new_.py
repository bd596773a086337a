"""Write a small environment of your own, with tests that pass, to start from."""

from __future__ import annotations

import argparse
import keyword
from importlib.resources import files
from pathlib import Path

from mtenvs.core.errors import UnknownOption


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help="in snake_case, such as my_env")
    parser.add_argument("--into", default=".", help="folder to write into (default: here)")


def run(args: argparse.Namespace) -> int:
    """Write the module and its test; files that are there already are never overwritten."""
    for path in write(args.name, Path(args.into)):
        print(f"wrote {path}")  # noqa: T201 - a command prints
    print(f"try it: python -m pytest {Path(args.into) / f'test_{args.name}.py'}")  # noqa: T201 - same
    return 0


def write(name: str, folder: Path) -> list[Path]:
    """Write ``<name>.py`` and ``test_<name>.py``.

    Raises:
        UnknownOption: not a snake_case identifier, or a file is there already.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise UnknownOption(f"{name!r} is not a name for a Python module: use small letters, digits and underscores")
    folder.mkdir(parents=True, exist_ok=True)
    names = {"__NAME__": name, "__CLASS__": "".join(part.capitalize() for part in name.split("_")) + "Env"}
    names["__ID__"] = f"mine/{names['__CLASS__'].removesuffix('Env')}-v0"
    written = []
    for template, target in (("env.py.txt", f"{name}.py"), ("test_env.py.txt", f"test_{name}.py")):
        text = files("mtenvs.commands").joinpath("templates", template).read_text(encoding="utf-8")
        for mark, value in names.items():
            text = text.replace(mark, value)
        path = folder / target
        if path.exists():
            raise UnknownOption(f"{path} is there already; choose another name or folder")
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
