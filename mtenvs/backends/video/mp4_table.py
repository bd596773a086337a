"""The one column of an MP4's sample table that libavformat does not show: by how much each frame is shown later than it is decoded.

Boxes as in ISO/IEC 14496-12: ``moov / trak / mdia / minf / stbl / ctts``, ``trak / tkhd`` and ``trak / edts / elst``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

LARGEST_TABLE = 256 * 1024 * 1024
"""Bytes of ``moov`` that are looked at; an hour takes about one million."""


def boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Name and content of each box that lies side by side in some data."""
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1 and at + 16 <= len(data):
            (length,), head = struct.unpack_from(">Q", data, at + 8), 16
        elif length == 0:
            length = len(data) - at
        if length < head or at + length > len(data):
            return
        yield name, data[at + head : at + length]
        at += length


def inside(data: memoryview, *path: bytes) -> memoryview | None:
    """The content of the first box that lies at a path."""
    for name in path:
        found = next((content for kind, content in boxes(data) if kind == name), None)
        if found is None:
            return None
        data = found
    return data


def sample_times(moov: memoryview, track: int, count: int) -> npt.NDArray[np.int64] | None:
    """Ticks from decoding to presentation of each sample of a track; None where the table is not simple or does not fit the count."""
    for name, trak in boxes(moov):
        head = inside(trak, b"tkhd") if name == b"trak" else None
        if head is not None and len(head) >= 24 and _track_id(head) == track:
            return _offsets(trak, count)
        if name == b"mvex":
            return None  # samples may follow in fragments
    return None


def _track_id(head: memoryview) -> int:
    return int(struct.unpack_from(">I", head, 20 if head[0] == 1 else 12)[0])


def _offsets(trak: memoryview, count: int) -> npt.NDArray[np.int64] | None:
    edits = inside(trak, b"edts", b"elst")
    if edits is not None and not _one_edit(edits):
        return None
    table = inside(trak, b"mdia", b"minf", b"stbl")
    column = inside(table, b"ctts") if table is not None else None
    if column is None:
        return np.zeros(count, np.int64)
    rows = struct.unpack_from(">I", column, 4)[0] if len(column) >= 8 else 0
    if len(column) < 8 + 8 * rows:
        return None
    runs = np.frombuffer(column, dtype=">i4", count=2 * rows, offset=8).reshape(-1, 2).astype(np.int64)
    if (runs[:, 0] < 0).any() or runs[:, 0].sum() != count:
        return None
    return np.repeat(runs[:, 1], runs[:, 0])


def _one_edit(edits: memoryview) -> bool:
    """Whether the track is shown in one piece, perhaps after a pause."""
    if len(edits) < 8:
        return False
    layout = ">qqI" if edits[0] == 1 else ">iiI"
    rows = struct.unpack_from(">I", edits, 4)[0]
    size = struct.calcsize(layout)
    if len(edits) < 8 + rows * size:
        return False
    starts: list[int] = [struct.unpack_from(layout, edits, 8 + k * size)[1] for k in range(min(rows, 8))]
    return sum(start != -1 for start in starts) == 1 and rows <= 8
