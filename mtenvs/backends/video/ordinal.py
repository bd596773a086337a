"""Reading by counting, for files whose packets have no usable time stamps: exact, and slow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import av.error
from av.container import InputContainer

from mtenvs.backends.video.files import HeldFile
from mtenvs.backends.video.index import Index
from mtenvs.backends.video.reader import Emit, one_thread, picture_stream


class OrdinalReader:
    """Decodes from the start of the file and counts; goes on where it stopped when that suffices; not thread-safe.

    Args:
        file: to read from.
        index: of that file.
    """

    def __init__(self, file: HeldFile, index: Index) -> None:
        self._file, self._index = file, index
        self._container: InputContainer | None = None
        self._frames: Iterator[Any] = iter(())
        self._next = 0
        self.decoded = 0
        self.seeks = 0

    def close(self) -> None:
        """Let go of file and decoder."""
        self._frames = iter(())
        if self._container is not None:
            self._container.close()
            self._container = None

    def read(self, start: int, numbers: Sequence[int], emit: Emit, *, final: bool) -> set[int]:
        """See `Reader.read`."""
        del start, final  # there is one start, and one way on
        if self._container is None or numbers[0] < self._next:
            self.close()
            self._container = self._file.open(self._index.container)
            stream = picture_stream(self._container, self._index.stream)
            one_thread(stream.codec_context)
            self._frames, self._next = self._container.decode(stream), 0
            self.seeks += 1
        left = set(numbers)
        try:
            while left:
                frame = next(self._frames)
                self.decoded += 1
                if self._next in left:
                    left.discard(self._next)
                    emit(self._next, frame)
                self._next += 1
        except (av.error.FFmpegError, OSError, StopIteration):
            self.close()
        return left
