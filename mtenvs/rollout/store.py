"""Trajectories on disk: one JSON line each, appended; pictures beside them, named by their content."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.errors import DataError
from mtenvs.core.trajectory import Trajectory

LINES = "trajectories.jsonl"


class TrajectoryStore:
    """A folder of trajectories. A writer that is killed loses at most the line that it was writing.

    Args:
        folder: made when it is not there.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.path = self.folder / LINES
        self._images = self.folder / "images"
        self.folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def open(cls, folder: str | Path) -> TrajectoryStore:
        """A store that is there already.

        Raises:
            DataError: there is none in the folder.
        """
        if not (Path(folder) / LINES).is_file():
            raise DataError(f"{folder} holds no {LINES}: record trajectories first, for example with `mtenvs rollout ID --out {folder}`")
        return cls(folder)

    def append(self, trajectory: Trajectory) -> None:
        """Write one trajectory; it is on the disk when this returns.

        Raises:
            OSError: the disk is full or read-only; what was stored before stays whole.
        """
        line = json.dumps(trajectory.to_dict(), ensure_ascii=True) + "\n"
        with self.path.open("ab") as file:
            end = file.tell()
            if end and not self._ends_a_line(end):
                line = "\n" + line  # a torn last line must not swallow this one
            try:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                raise

    def _ends_a_line(self, end: int) -> bool:
        with self.path.open("rb") as file:
            file.seek(end - 1)
            return file.read(1) == b"\n"

    def save_image(self, image: NDArray[np.uint8]) -> str:
        """Keep a picture and return its name; equal pictures are kept once."""
        name = hashlib.blake2b(np.ascontiguousarray(image).tobytes() + repr(image.shape).encode(), digest_size=12).hexdigest()
        target = self._images / f"{name}.png"
        if not target.exists():
            self._images.mkdir(exist_ok=True)
            unfinished = target.with_suffix(".part")
            Image.fromarray(image).save(unfinished, format="PNG", compress_level=1)
            unfinished.replace(target)
        return name

    def __iter__(self) -> Iterator[Trajectory]:
        """Every whole trajectory, in order; a torn line is left out."""
        return (trajectory for trajectory, _ in self.read())

    def read(self) -> Iterator[tuple[Trajectory, str]]:
        """Every whole trajectory with the hash chain that was written with it; nothing when none was written yet."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for raw in file:
                data = _whole(raw)
                if data is not None:
                    yield Trajectory.from_dict(data), str(data.get("chain", ""))


def _whole(raw: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(raw)
    except ValueError:
        return None
    return data if isinstance(data, dict) and "env_id" in data else None
