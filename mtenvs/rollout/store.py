"""Trajectories on disk: one JSON line each, appended; pictures beside them, named by their content."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.errors import DataError, MtenvsError
from mtenvs.core.trajectory import Trajectory

LINES = "trajectories.jsonl"


class StoreWriteError(MtenvsError, OSError):
    """The store's disk took no more; what was stored before is whole."""


class TrajectoryStore:
    """A folder of trajectories. A writer that is killed loses at most the line that it was writing.

    Several processes or threads of one machine may append to the same folder: each holds a lock on the file while it
    writes its line. Network file systems that do not carry `flock` between machines give no such promise.

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
            StoreWriteError: the disk is full or read-only; what was stored before stays whole.
        """
        line = json.dumps(trajectory.to_dict(), ensure_ascii=True).encode() + b"\n"
        try:
            with self.path.open("ab", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a kill
                end = file.seek(0, os.SEEK_END)
                if end and not self._ends_a_line(end):
                    line = b"\n" + line  # a torn last line must not swallow this one
                try:
                    _write_all(file.fileno(), line)
                    os.fsync(file.fileno())
                except BaseException:  # also Ctrl-C: no half line is left for the next writer to end
                    file.truncate(end)
                    raise
        except OSError as e:
            raise self._refused(e, self.path) from e

    def _ends_a_line(self, end: int) -> bool:
        with self.path.open("rb") as file:
            file.seek(end - 1)
            return file.read(1) == b"\n"

    def _refused(self, error: OSError, path: Path) -> StoreWriteError:
        return StoreWriteError(
            error.errno,
            f"cannot write: {error.strerror}. Everything recorded before is whole; make room, then go on where it stopped with --resume",
            str(path),
        )

    def save_image(self, image: NDArray[np.uint8]) -> str:
        """Keep a picture and return its name; equal pictures are kept once.

        Args:
            image: uint8 ``(H, W, 3)``.

        Raises:
            StoreWriteError: the disk is full or read-only; no half picture is left.
        """
        name = picture_name(image)
        target = self.image_path(name)
        if not target.exists():
            encoded = BytesIO()
            Image.fromarray(image).save(encoded, format="PNG", compress_level=1)
            # Complete before it gets its name, and of this writer alone, so nobody ever reads half a picture.
            unfinished = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
            try:
                self._images.mkdir(exist_ok=True)
                unfinished.write_bytes(encoded.getbuffer())
                unfinished.replace(target)
            except OSError as e:
                with suppress(OSError):
                    unfinished.unlink()
                raise self._refused(e, target) from e
        return name

    def image_path(self, name: str) -> Path:
        """Where a picture lies.

        Raises:
            DataError: not a picture's name, such as one that leads out of the store.
        """
        if not name.isalnum():
            raise DataError(f"{self.path}: {name!r} is no picture's name; the line that has it was not written by a store")
        return self._images / f"{name}.png"

    def holds(self, name: str, image: NDArray[np.uint8]) -> bool:
        """Whether the file of this name is there and shows exactly this picture."""
        path = self.image_path(name)
        if not path.is_file():
            return False
        try:
            with Image.open(path) as stored:
                return np.array_equal(np.asarray(stored), image)
        except (OSError, SyntaxError):  # Pillow's word for a broken PNG
            return False

    def __iter__(self) -> Iterator[Trajectory]:
        """Every whole trajectory, in order; a torn line is left out."""
        return (trajectory for trajectory, _ in self.read())

    def __len__(self) -> int:
        """How many whole trajectories there are; reads the file."""
        return sum(1 for _ in self.read())

    def read(self) -> Iterator[tuple[Trajectory, str]]:
        """Every whole trajectory with the hash chain that was written with it; nothing when none was written yet.

        Raises:
            DataError: a whole line of a newer schema, or one that is no trajectory.
        """
        for number, _, data in self._lines():
            if data is not None:
                try:
                    yield Trajectory.from_dict(data), str(data.get("chain", ""))
                except DataError as e:
                    raise DataError(f"{self.path}, line {number}: {e}") from None

    def problems(self) -> list[str]:
        """What is not whole, in words: torn lines, and pictures that a line names and nobody finds."""
        found = []
        for number, size, data in self._lines():
            if data is None:
                found.append(f"{self.path}, line {number}: torn after {size} bytes, left out; its writer was stopped while writing")
                continue
            missing = {name for turn in data.get("turns", ()) for name in turn.get("images", ()) if not self.image_path(name).is_file()}
            if missing:
                found.append(f"{self.path}, line {number}: {len(missing)} pictures are not in {self._images}, {min(missing)} among them")
        return found

    def _lines(self) -> Iterator[tuple[int, int, dict[str, Any] | None]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                yield number, len(raw), _whole(raw)


def picture_name(image: NDArray[np.uint8]) -> str:
    """24 hex digits that name a picture by its content and shape."""
    digest = hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=12)
    digest.update(repr(image.shape).encode())
    return digest.hexdigest()


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _whole(raw: bytes) -> dict[str, Any] | None:
    if not raw.endswith(b"\n"):
        return None  # the writer has not finished, even if what is there happens to parse
    try:
        data = json.loads(raw)
    except ValueError:
        return None
    return data if isinstance(data, dict) and "env_id" in data else None
