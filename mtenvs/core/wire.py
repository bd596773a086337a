"""One binary form for messages and snapshots: a JSON header, then the raw bytes of arrays and blobs.

Arrays travel uncompressed and are read without a copy. Nothing in a message can make the reader run code.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import SnapshotError

_MAGIC: Final = b"MTW1"
_CHECKSUM: Final = 8  # bytes
_HEAD: Final = struct.Struct("<4sI")
_ARRAY, _BLOB = "__array__", "__blob__"
_KINDS: Final = "biufcSU"  # dtypes that are plain memory
_DTYPE: Final = re.compile(rf"[<>|][{_KINDS}]\d{{1,9}}")


def pack(message: Any) -> bytes:
    """Encode None, bool, int, float, str, bytes, numpy arrays and numbers, lists, tuples and dicts with string keys.

    Tuples come back as lists.

    Raises:
        TypeError: anything else.
    """
    _check_keys(message)
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

    header = json.dumps(message, default=default, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
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
                    array = _array(raw, offset, *data[_ARRAY])
                    offset += array.nbytes
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
    except (ValueError, TypeError, OverflowError, struct.error, RecursionError) as e:
        raise SnapshotError(f"these bytes are not a whole message of mtenvs ({e}); take the snapshot again") from e
    return message


def sealed(message: Any) -> bytes:
    """`pack` with a checksum, for bytes that lie in files: any damage to them is found, not only what breaks their form."""
    raw = pack(message)
    return raw + _checksum(raw)


def unsealed(raw: bytes) -> Any:
    """The message that `sealed` encoded.

    Raises:
        SnapshotError: the bytes are damaged.
    """
    if not isinstance(raw, bytes) or raw[-_CHECKSUM:] != _checksum(raw[:-_CHECKSUM]):
        raise SnapshotError("these bytes are damaged: their checksum is wrong; take the snapshot again")
    return unpack(raw[:-_CHECKSUM])


def _checksum(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=_CHECKSUM).digest()


def _check_keys(message: Any) -> None:
    """Refuse what JSON would change without a word: keys that are no strings, and our own marks."""
    if isinstance(message, dict):
        if not all(isinstance(key, str) for key in message):
            raise TypeError("a message cannot hold a dict whose keys are not all strings")
        if len(message) == 1 and not message.keys().isdisjoint((_ARRAY, _BLOB)):
            raise TypeError(f"a message cannot hold a dict whose only key is {_ARRAY!r} or {_BLOB!r}")
        message = message.values()
    elif not isinstance(message, (list, tuple)):
        return
    for value in message:
        if isinstance(value, (dict, list, tuple)):
            _check_keys(value)


def _array(raw: bytes, offset: int, dtype: Any, shape: Any, size: Any) -> NDArray[Any]:
    """The array that lies at ``offset``; a view of ``raw``."""
    if not isinstance(dtype, str) or not _DTYPE.fullmatch(dtype):
        raise ValueError("an array of no known type")
    kind = np.dtype(dtype)
    if not kind.itemsize or size != kind.itemsize * math.prod(shape) or not 0 <= size <= len(raw) - offset:
        raise ValueError("an array of the wrong size")
    return np.frombuffer(raw, kind, count=size // kind.itemsize, offset=offset).reshape(shape)
