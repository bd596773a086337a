"""The names of frames and clips that an extraction gives, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from mtenvs.backends.video import VideoStore
from mtenvs.core.errors import BadAction

_FRAME: Final = re.compile(r"frame_(\d{1,9})\.jpg", re.ASCII)
_CLIP: Final = re.compile(r"clip_(\d{1,9})ms_(\d{1,9})ms\.mp4", re.ASCII)
_OF_CLIP: Final = 10  # frames by which a clip, or the whole video, is looked at
_MOST: Final = 64


class Media:
    """Parts of one video by name. Names are names only: no file is written.

    Args:
        store: the video.
    """

    name: Final = "video.mp4"

    def __init__(self, store: VideoStore) -> None:
        self._store = store

    def check_video(self, path: str) -> None:
        """The published tools name the video that they mean.

        Raises:
            BadAction: it is neither left out nor this one, in whatever folder.
        """
        if path and path.rsplit("/", 1)[-1] != self.name:
            raise BadAction(f"there is no video {path[:60]!r}", kind="arguments", legal=f"video_path={self.name!r}, or none")

    def indices(self, start: float, end: float, number: int) -> list[int]:
        """Frames evenly between two times, in seconds; fewer where there are not so many."""
        first, last = self._store.index_at(start), self._store.index_at(min(end, self._store.info.duration_s))
        return sorted({int(i) for i in np.linspace(first, last, number)})

    @staticmethod
    def frame_path(index: int) -> str:
        """The name of a frame."""
        return f"frame_{index}.jpg"

    @staticmethod
    def clip_path(start: float, end: float) -> str:
        """The name of the part between two times."""
        return f"clip_{round(start * 1000)}ms_{round(end * 1000)}ms.mp4"

    def indices_of(self, paths: Sequence[str]) -> list[int]:
        """The frames that names stand for, each once, in their order in the video.

        Raises:
            BadAction: a name that no extraction can have given, or none at all.
        """
        found: set[int] = set()
        for path in paths:
            name = path.rsplit("/", 1)[-1]
            if name == self.name:
                found.update(self.indices(0.0, self._store.info.duration_s, _OF_CLIP))
            elif (match := _FRAME.fullmatch(name)) and int(match[1]) < self._store.info.num_frames:
                found.add(int(match[1]))
            elif (match := _CLIP.fullmatch(name)) and int(match[1]) < int(match[2]) <= self._store.info.duration_s * 1000 + 1:
                found.update(self.indices(int(match[1]) / 1000, int(match[2]) / 1000, _OF_CLIP))
            else:
                raise BadAction(f"there is no {path[:60]!r}", kind="arguments", legal="media_paths as an extraction gave them")
        if not found:
            raise BadAction("media_paths is empty", kind="arguments", legal="media_paths as an extraction gave them")
        return sorted(found)[:_MOST]
