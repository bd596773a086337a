"""Which file a store reads, and how libavformat opens exactly that one."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.container import InputContainer

from mtenvs.backends.video.cut import is_cut
from mtenvs.backends.video.mp4_table import LARGEST_TABLE, sample_times
from mtenvs.core.errors import VideoError, VideoOpenError

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,h264,hevc,m4v,ivf,nut,mxf,rm,gif,obu,av1,mp3,wav,flac,aac"
)
"""What may be opened. Not here on purpose: pictures, and playlists, which make libavformat open other files or addresses."""
_OPTIONS = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
_FDS = Path("/proc/self/fd")


class FileKey(NamedTuple):
    """What tells one state of a file from another."""

    path: str
    mtime_ns: int
    size: int

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> FileKey:
        """The key of a file that is there.

        Raises:
            VideoOpenError: it is missing, or no regular file.
        """
        try:
            real = os.path.realpath(path)
            found = os.stat(real)  # noqa: PTH116 - the same call for paths of every type
        except (OSError, ValueError) as error:
            raise VideoOpenError(f"{os.fspath(path)!r} cannot be opened: {error}. Check the path and who may read it") from error
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or device"
            raise VideoOpenError(f"{os.fspath(path)!r} is {kind}, not a video file. Name the file itself")
        if not found.st_size:
            raise VideoOpenError(f"{os.fspath(path)!r} is empty (0 bytes). Copy or download it again")
        return cls(real, found.st_mtime_ns, found.st_size)


class HeldFile:
    """One file held open, so that it stays readable after its name is gone.

    Args:
        key: the state in which it must be found.
    """

    def __init__(self, key: FileKey) -> None:
        self.key = key
        try:
            self._fd = os.open(key.path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise VideoOpenError(f"{key.path!r} cannot be opened: {error}") from error
        self.check()

    def check(self) -> None:
        """See that neither the open file nor its name have become something else.

        Raises:
            VideoError: the file was written to, or replaced by another.
        """
        held = os.fstat(self._fd)
        same = (held.st_mtime_ns, held.st_size) == self.key[1:]
        if same:
            try:
                named = os.stat(self.key.path)  # noqa: PTH116 - as in FileKey
            except FileNotFoundError:
                return  # the name is gone, the data are still held
            except OSError:
                named = held
            same = (named.st_mtime_ns, named.st_size) == self.key[1:]
        if not same:
            raise VideoError(f"{self.key.path!r} is not the file that was opened: it was written to or replaced. Open it again")

    def open(self, container: str | None = None) -> InputContainer:
        """The file, opened by libavformat; ``container`` skips guessing the format.

        Raises:
            VideoOpenError: it is no video, or gone on a system that has no names for held files.
        """
        held = _FDS / str(self._fd)
        name = str(held) if container is not None and _FDS.is_dir() else self.key.path
        try:
            opened = av.open(name, format=container, container_options=_OPTIONS, metadata_errors="ignore")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise VideoOpenError(f"{self.key.path!r} cannot be read as a video: {_reason(error)}. Is it whole, and a video?") from error
        if not isinstance(opened, InputContainer):  # pragma: no cover - av.open's type for mode "r"
            raise TypeError(type(opened))
        return opened

    def is_cut(self, container: str) -> bool:
        """Whether the file ends before its outermost structure does."""
        return is_cut(self._fd, container)

    def presentation_offsets(self, track: int, count: int) -> npt.NDArray[np.int64] | None:
        """Of each sample of an MP4's track, if its table is simple; see `mp4_table`."""
        at = 0
        while head := os.pread(self._fd, 16, at):
            length, name = int.from_bytes(head[:4], "big"), head[4:8]
            length = int.from_bytes(head[8:16], "big") if length == 1 else length
            if name == b"moof" or length < 8 or (name == b"moov" and length > LARGEST_TABLE):
                return None
            if name == b"moov":
                moov = os.pread(self._fd, length, at)
                return sample_times(memoryview(moov)[16 if head[:4] == b"\0\0\0\1" else 8 :], track, count)
            at += length
        return None

    def __del__(self) -> None:  # not earlier: a thread may be about to read, and the number of a closed file is soon another's
        if hasattr(self, "_fd"):
            os.close(self._fd)


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return str(text).rstrip(".")
