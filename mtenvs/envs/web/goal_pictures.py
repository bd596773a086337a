"""The pictures that belong to a goal: fetched from the sites, shown to the agent, and there to be uploaded."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from mtenvs.core.errors import DataError

MOST: Final = 4
SIDE: Final = 512
"""Pixels of the longer side, at most."""


class GoalPictures:
    """The pictures of one environment's episodes, as arrays and as files.

    Args:
        most: how many an episode can have.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._folder = tempfile.TemporaryDirectory(prefix="mtenvs-goal-")
        self.frames: NDArray[np.uint8] = np.zeros((most, SIDE, SIDE, 3), np.uint8)
        self.count = 0

    @property
    def folder(self) -> Path:
        """Where the files ``picture_0.png`` and so on lie."""
        return Path(self._folder.name)

    def show(self, addresses: Sequence[str], fetch: Callable[[str], bytes]) -> None:
        """Take the pictures of an episode in place of those before.

        Args:
            addresses: of the pictures.
            fetch: gives the bytes at an address.

        Raises:
            DataError: there are too many, or one is no picture.
        """
        if len(addresses) > self._most:
            raise DataError(f"the task has {len(addresses)} pictures; {self._most} can be shown")
        for file in self.folder.iterdir():
            file.unlink()
        self.frames, self.count = np.zeros_like(self.frames), len(addresses)
        for number, address in enumerate(addresses):
            try:
                with Image.open(io.BytesIO(fetch(address))) as opened:
                    picture = opened.convert("RGB")
            except (UnidentifiedImageError, OSError, ValueError) as e:
                raise DataError(f"{address} is no picture: {e}") from e
            picture.save(self.folder / f"picture_{number}.png")
            picture.thumbnail((SIDE, SIDE))
            pixels = np.asarray(picture)
            self.frames[number, : pixels.shape[0], : pixels.shape[1]] = pixels

    def close(self) -> None:
        """Remove the files."""
        self._folder.cleanup()
