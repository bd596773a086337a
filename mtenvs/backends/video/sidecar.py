"""The index of a file, kept on disk, so that the next process need not read the file to open it.

A line that names the format, the length of the header and a CRC-32 of what follows (four bytes each), the header as JSON, and the arrays
that it lists, one after the other. (NumPy's own format takes ten times as long to load.)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from mtenvs.backends.video.files import FileKey
from mtenvs.backends.video.frames import Subtitle
from mtenvs.backends.video.index import Index, Rotation
from mtenvs.core.assets import cache_dir

MAGIC = b"mtenvs-video-index-4\n"
"""Its number goes up when an index is built or written differently; older sidecars are then built anew."""
_ARRAYS = ("pts", "position", "key_position", "key_pts", "key_dts")


def sidecar_path(key: FileKey, folder: Path | None = None) -> Path:
    """Where the sidecar of a file is: in the user's cache, or in a folder that the caller names; never beside the video unasked."""
    name = hashlib.sha256(os.fsencode(key.path)).hexdigest()[:32]
    return (folder if folder is not None else cache_dir() / "video-index") / f"{name}.index"


def load(path: Path, key: FileKey) -> Index | None:
    """The index of exactly this state of a file, or None where there is none, or a damaged or older one."""
    try:
        data = path.read_bytes()
        start = len(MAGIC) + 8
        length, check = (int.from_bytes(data[len(MAGIC) + k : len(MAGIC) + k + 4], "little") for k in (0, 4))
        if data[: len(MAGIC)] != MAGIC or zlib.crc32(memoryview(data)[start:]) != check:
            return None
        meta = json.loads(data[start : start + length])
        if FileKey(*meta.pop("key")) != key:
            return None
        at = start + length
        arrays: dict[str, Any] = {}
        for name, dtype, count in meta.pop("arrays"):
            arrays[name] = np.frombuffer(data, dtype=dtype, count=count, offset=at)
            at += arrays[name].nbytes
        meta["rotation"] = Rotation(*meta["rotation"])
        meta["subtitles"] = tuple((kind, tuple(Subtitle(*line) for line in lines)) for kind, lines in meta["subtitles"])
        return Index(**arrays, **meta)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(path: Path, key: FileKey, index: Index) -> bool:
    """Write a sidecar in one piece; False where the folder cannot be written, which is no error."""
    arrays = {name: np.ascontiguousarray(getattr(index, name)) for name in _ARRAYS}
    meta = {f.name: getattr(index, f.name) for f in fields(index) if f.name not in _ARRAYS}
    meta["subtitles"] = [(kind, [(s.start, s.end, s.text) for s in lines]) for kind, lines in index.subtitles]
    meta |= {"key": key, "arrays": [(name, array.dtype.str, len(array)) for name, array in arrays.items()]}
    text = json.dumps(meta).encode()
    body = b"".join([text, *(array.tobytes() for array in arrays.values())])
    head = MAGIC + len(text).to_bytes(4, "little") + zlib.crc32(body).to_bytes(4, "little")
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(head + body)
        Path(temporary).replace(path)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        return False
    return True
