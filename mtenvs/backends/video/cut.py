"""Whether a file ends before its own outermost structure says that it does."""

from __future__ import annotations

import os
from collections.abc import Callable

Read = Callable[[int, int], bytes]
"""Count and offset -> bytes, fewer at the end of the file."""
_SEGMENT = 0x18538067
_MOST_BOXES = 200_000
"""A fragmented file of many hours has some 10,000."""


def is_cut(fd: int, container: str) -> bool:
    """Look at the boxes of an MP4, the segment of a Matroska, the chunk of an AVI; False for formats that carry no length."""
    size = os.fstat(fd).st_size
    rule = {"mov": _cut_mp4, "matroska": _cut_matroska, "avi": _cut_avi}.get(container)
    return rule is not None and rule(lambda count, offset: os.pread(fd, count, offset), size)


def _cut_mp4(read: Read, size: int) -> bool:
    at = 0
    for _ in range(_MOST_BOXES):
        head = read(16, at)
        if len(head) < 8:
            return bool(head)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:
            return False  # the last box reaches to the end, wherever that is
        if length < 8:
            return False  # no box: what follows is something else
        at += length
        if at >= size:
            return at > size
    return False


def _cut_matroska(read: Read, size: int) -> bool:
    at = 0
    for _ in range(8):
        name, after = _element_number(read, at, keep_marker=True)
        length, body = _element_number(read, after, keep_marker=False)
        if name == _SEGMENT:
            return length is not None and body + length > size
        if length is None or name is None:
            return False
        at = body + length
    return False


def _element_number(read: Read, at: int, *, keep_marker: bool) -> tuple[int | None, int]:
    """An EBML number of variable length, and where it ends; None for "unknown"."""
    head = read(8, at)
    if not head or not head[0]:
        return None, at + 1
    count = 9 - head[0].bit_length()
    value = int.from_bytes(head[:count], "big")
    if keep_marker:
        return value, at + count
    value &= (1 << 7 * count) - 1
    return (None if value == (1 << 7 * count) - 1 else value), at + count


def _cut_avi(read: Read, size: int) -> bool:
    head = read(8, 0)
    return head[:4] == b"RIFF" and 8 + int.from_bytes(head[4:], "little") > size
