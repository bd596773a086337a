"""One binary form for messages and snapshots: a JSON header, then the raw bytes of arrays and blobs.

Arrays travel uncompressed and are read without a copy. Nothing in a message can make the reader run code.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final

import numpy as np

from mtenvs.core.errors import SnapshotError

_MAGIC: Final = b"MTW1"
_HEAD: Final = struct.Struct("<4sI")
_ARRAY, _BLOB = "__array__", "__blob__"
_KINDS: Final = "biufc?SU"  # dtypes that are plain memory


def pack(message: Any) -> bytes:
    """Encode None, bool, int, float, str, bytes, numpy arrays and numbers, lists, tuples and dicts with string keys.

    Tuples come back as lists.

    Raises:
        TypeError: anything else.
    """
    buffers: list[bytes] = []

    def default(value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in _KINDS:
            buffers.append(np.ascontiguousarray(value).tobytes())
            return {_ARRAY: [value.dtype.str, list(value.shape), len(buffers[-1])]}
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, (bytes, bytearray, memoryview)):
            buffers.append(bytes(value))
            return {_BLOB: len(buffers[-1])}
        raise TypeError(f"a message cannot hold {type(value).__name__}")

    header = json.dumps(message, default=default, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"".join((_HEAD.pack(_MAGIC, len(header)), header, *buffers))


def unpack(raw: bytes) -> Any:
    """The message that `pack` encoded; arrays are read-only views of ``raw``.

    Raises:
        SnapshotError: the bytes are not a whole message.
    """
    try:
        magic, length = _HEAD.unpack_from(raw)
        if magic != _MAGIC:
            raise ValueError("wrong magic")  # noqa: TRY301 - all damage is reported in one place
        offset = _HEAD.size + length

        def hook(data: dict[str, Any]) -> Any:
            nonlocal offset
            if len(data) == 1:
                if _ARRAY in data:
                    dtype, shape, size = data[_ARRAY]
                    array = np.frombuffer(raw, np.dtype(dtype), count=size // np.dtype(dtype).itemsize, offset=offset).reshape(shape)
                    offset += size
                    return array
                if _BLOB in data:
                    blob = raw[offset : offset + data[_BLOB]]
                    if len(blob) != data[_BLOB]:
                        raise ValueError("cut short")  # noqa: TRY301 - same
                    offset += data[_BLOB]
                    return blob
            return data

        message = json.loads(raw[_HEAD.size : _HEAD.size + length].decode("utf-8", "surrogatepass"), object_hook=hook)
        if offset != len(raw):
            raise ValueError("wrong length")  # noqa: TRY301 - same
    except (ValueError, TypeError, struct.error, RecursionError) as e:
        raise SnapshotError(f"these bytes are not a whole message of mtenvs ({e}); take the snapshot again") from e
    return message
