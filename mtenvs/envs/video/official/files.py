"""Files of official sets: rows of JSON, JSON lines and Parquet, and the videos beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError, MissingRequirement

VIDEO_ENDINGS: Final = (".mp4", ".mkv", ".webm", ".avi", ".mov", ".m4v")
ROW_ENDINGS: Final = (".json", ".jsonl", ".parquet")


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file.

    Args:
        path: ``.json`` (a list of objects), ``.jsonl`` or ``.parquet``.

    Raises:
        DataError: the file is missing, damaged, or holds something else.
        MissingRequirement: Parquet without pyarrow.
    """
    try:
        rows = _parquet(path) if path.suffix == ".parquet" else _json_rows(path)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as e:
        raise DataError(f"{path} cannot be read: {e}") from e
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{path} does not hold a list of objects")
    return rows


def _json_rows(path: Path) -> Any:
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return json.loads(text)


def _parquet(path: Path) -> list[dict[str, Any]]:
    try:
        import pyarrow.lib as arrow  # noqa: PLC0415 - heavy, and only Parquet needs it
        from pyarrow import parquet  # noqa: PLC0415 - same
    except ImportError as e:
        raise MissingRequirement("video", "pyarrow", 'pip install "mtenvs[export]"') from e
    try:
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    except (arrow.ArrowException, OSError) as e:
        raise DataError(f"{path} cannot be read: {e}") from e
    return rows


def field(row: Mapping[str, Any], name: str, kind: type | tuple[type, ...], where: str) -> Any:
    """A field of a row.

    Raises:
        DataError: it is missing or of another type; the message says where.
    """
    value = row.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise DataError(f"{where}: the field {name!r} is {'missing' if name not in row else f'{value!r:.60}'}")
    return value


class Videos:
    """The videos under a folder, found by name.

    Args:
        root: looked through once, when the first video is asked for.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._by_name: dict[str, Path] | None = None

    def find(self, name: str) -> Path:
        """The file of a video: by path under the folder, else by its name anywhere below, with or without its ending.

        A video that is not there gives the path where it was expected; opening that names it in the error.
        """
        for candidate in (self._root / name, self._root / "videos" / name):
            if candidate.suffix and candidate.is_file():
                return candidate
        if self._by_name is None:
            self._by_name = {}
            for path in sorted(self._walk()):
                self._by_name.setdefault(path.name, path)
                self._by_name.setdefault(path.stem, path)
        short = name.rsplit("/", 1)[-1]
        found = self._by_name.get(short) or self._by_name.get(Path(short).stem)
        expected = self._root / "videos" / name
        return found or (expected if expected.suffix in VIDEO_ENDINGS else expected.with_name(expected.name + ".mp4"))

    def _walk(self) -> Iterator[Path]:
        return (p for p in self._root.rglob("*") if p.suffix.lower() in VIDEO_ENDINGS)
