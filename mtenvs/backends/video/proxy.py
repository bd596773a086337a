"""Small keyframes on disk: decoded once, by whichever process comes first, and read by all others.

A file per video in the cache folder: a header in JSON, a table with a CRC-32 per slot (0 for an empty one), and the slots, each the RGB
bytes of one keyframe at the size `fit` gives. Slots that were never written take no room on disk. A slot is written before its entry in
the table, so that whoever reads it meanwhile sees an empty one, or by its CRC that it is not whole.
"""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from pathlib import Path

import numpy as np

from mtenvs.backends.video.files import FileKey
from mtenvs.backends.video.frames import Image, Size, fit
from mtenvs.backends.video.index import Index
from mtenvs.backends.video.sidecar import sidecar_path
from mtenvs.core.assets import cache_dir

MOST_BYTES = 512 * 1024 * 1024
"""Of a proxy file; where all keyframes would take more, every second one is kept, or every third, ..."""
_HEADER = 4096
_ENTRY = 4


class Proxy:
    """The proxy of one state of one file; thread- and process-safe.

    Args:
        path: of the proxy file.
        key: of the video.
        index: of the video.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, path: Path, key: FileKey, index: Index) -> None:
        self.size: Size = fit(*index.shown_size)
        self._slot = self.size[0] * self.size[1] * 3
        keyframes = index.keyframes
        step = max(1, -(-len(keyframes) * self._slot // MOST_BYTES))
        self._slots = {int(number): k for k, number in enumerate(keyframes[::step])}
        self._data = _HEADER + _ENTRY * len(self._slots)
        self._header = json.dumps({"format": "mtenvs-video-proxy-1", "key": key, "size": self.size, "step": step}).encode()
        self._header = self._header.ljust(_HEADER) if len(self._header) <= _HEADER else b"".ljust(_HEADER)
        self._fd = self._open(path)

    @classmethod
    def of(cls, key: FileKey, index: Index, folder: Path | None) -> Proxy | None:
        """The proxy of a video, in the cache folder or the one that is named; None where that cannot be written."""
        try:
            return cls(sidecar_path(key, folder or cache_dir() / "video-proxy").with_suffix(".proxy"), key, index)
        except OSError:
            return None

    def __del__(self) -> None:  # not earlier: a thread may be about to write, and the number of a closed file is soon another's
        if hasattr(self, "_fd"):
            os.close(self._fd)

    def get(self, number: int, size: Size) -> Image | None:
        """A keyframe that was kept; None for any other frame and any other size."""
        slot = self._slots.get(number) if size == self.size else None
        if slot is None:
            return None
        entry = os.pread(self._fd, _ENTRY, _HEADER + _ENTRY * slot)
        if not any(entry):
            return None
        data = os.pread(self._fd, self._slot, self._data + self._slot * slot)
        if len(data) != self._slot or _check(data) != entry:
            return None
        return np.frombuffer(data, np.uint8).reshape(size[1], size[0], 3)

    def put(self, number: int, picture: Image) -> None:
        """Keep a keyframe that was decoded at `size`; other frames and sizes are passed over, and so is a disk that is full."""
        slot = self._slots.get(number) if picture.shape[1::-1] == self.size else None
        if slot is None:
            return
        data = picture.tobytes()
        try:
            os.pwrite(self._fd, data, self._data + self._slot * slot)
            os.pwrite(self._fd, _check(data), _HEADER + _ENTRY * slot)
        except OSError:
            return

    def _open(self, path: Path) -> int:
        """The file of this video in this state; another one's is replaced by an empty one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            fd = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
            if os.pread(fd, _HEADER, 0) == self._header:
                return fd
            os.close(fd)
        fd, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.pwrite(fd, self._header + bytes(_ENTRY * len(self._slots)), 0)
        Path(temporary).replace(path)
        return fd


def _check(data: bytes) -> bytes:
    return max(1, zlib.crc32(data)).to_bytes(_ENTRY, "little")
