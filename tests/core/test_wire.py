"""The binary message form: what goes in comes out, and damage is `SnapshotError` and nothing else."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mtenvs.core import wire
from mtenvs.core.errors import SnapshotError
from mtenvs.testing.base import difference

arrays = hnp.arrays(
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="?")
    | hnp.unsigned_integer_dtypes(endianness="?")
    | hnp.floating_dtypes(endianness="?")
    | hnp.complex_number_dtypes()
    | hnp.byte_string_dtypes(max_len=5)
    | hnp.unicode_string_dtypes(max_len=5),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20) | st.binary(max_size=30)
messages = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4),
    max_leaves=10,
)
SAMPLE = {"a": [1, 2.5, None, "漢🙂"], "image": np.arange(60, dtype=np.uint8).reshape(4, 5, 3), "raw": b"\x00\xff", "state": np.zeros(3)}


@given(messages)
def test_what_goes_in_comes_out(message: Any) -> None:
    assert difference(wire.unpack(wire.pack(message)), message) == ""
    assert difference(wire.unsealed(wire.sealed(message)), message) == ""


def test_what_changes_on_the_way() -> None:
    sent = {"pair": (1, 2), "number": np.float32(0.5), "whole": np.int64(3), "flag": np.bool_(True), "view": memoryview(b"ab")}
    assert wire.unpack(wire.pack(sent)) == {"pair": [1, 2], "number": 0.5, "whole": 3, "flag": True, "view": b"ab"}
    assert math.isnan(wire.unpack(wire.pack(float("nan"))))
    fortran = np.asfortranarray(np.arange(6).reshape(2, 3))[:, ::2]
    np.testing.assert_array_equal(wire.unpack(wire.pack(fortran)), fortran)


def test_arrays_are_read_without_a_copy() -> None:
    raw = wire.pack(SAMPLE)
    image = wire.unpack(raw)["image"]
    assert not image.flags.writeable
    assert np.shares_memory(image, np.frombuffer(raw, np.uint8))
    assert len(raw) < 60 + 24 + 2 + 250


@pytest.mark.parametrize(
    "message",
    [
        {1, 2},
        object(),
        {1: "a"},
        {None: 1},
        [{"a": {2: 3}}],
        {"__array__": 1},
        [{"__blob__": 3}],
        np.array([object()]),
        np.array(["2020"], "M8[Y]"),
    ],
    ids=lambda message: type(message).__name__,  # a repr may hold an address, and workers must agree on names
)
def test_what_would_be_lost_or_mistaken_is_refused(message: Any) -> None:
    with pytest.raises(TypeError, match="a message cannot hold"):
        wire.pack(message)


def test_our_marks_beside_other_keys_are_plain_keys() -> None:
    message = {"__array__": 1, "other": 2}
    assert wire.unpack(wire.pack(message)) == message


def read_or_refuse(raw: bytes) -> None:
    try:
        wire.unpack(raw)
    except SnapshotError as e:
        assert "take the snapshot again" in str(e)  # noqa: PT017 - either outcome is right, this is about the other ones


def test_every_truncation_is_refused() -> None:
    raw = wire.pack(SAMPLE)
    for length in range(len(raw)):
        with pytest.raises(SnapshotError):
            wire.unpack(raw[:length])
    with pytest.raises(SnapshotError):
        wire.unpack(raw + b"\x00")


def test_every_flipped_byte_is_read_or_refused_and_always_refused_under_a_seal() -> None:
    raw, sealed = wire.pack(SAMPLE), wire.sealed(SAMPLE)
    for i in range(len(sealed)):
        for flip in (0x01, 0x10, 0x80, 0xFF):
            if i < len(raw):
                read_or_refuse(raw[:i] + bytes([raw[i] ^ flip]) + raw[i + 1 :])
            with pytest.raises(SnapshotError):
                wire.unsealed(sealed[:i] + bytes([sealed[i] ^ flip]) + sealed[i + 1 :])


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(SnapshotError):
        wire.unsealed(noise)
    read_or_refuse(noise)
    read_or_refuse(struct.pack("<4sI", b"MTW1", len(noise)) + noise)


@pytest.mark.parametrize(
    "header",
    [
        '{"__array__": ["<f8", [1], 8]}',
        '{"__array__": ["O", [1], 8]}',
        '{"__array__": ["|O8", [1], 8]}',
        '{"__array__": ["V8", [1], 8]}',
        '{"__array__": ["|S0", [1], 0]}',
        '{"__array__": ["<U0", [], 0]}',
        '{"__array__": ["f8,(2,)i4", [1], 16]}',
        '{"__array__": [["a", "b"], [1], 8]}',
        '{"__array__": [{"names": ["a"]}, [1], 8]}',
        '{"__array__": ["<f8", [-1], 8]}',
        '{"__array__": ["<f8", [-1, -1], 8]}',
        '{"__array__": ["<f8", "ab", 8]}',
        '{"__array__": ["<f8", [1e999], 8]}',
        '{"__array__": ["<f8", [1], -8]}',
        '{"__array__": ["<f8", [1], 1e400]}',
        '{"__array__": ["<f8", [1000000000000000000000000000000], 8000000000000000000000000000000]}',
        '{"__array__": ["<S999999999", [999999999999], 999999998999000000001]}',
        '{"__array__": ["<f8"]}',
        '{"__array__": null}',
        '{"__blob__": -1}',
        '{"__blob__": 1e400}',
        '{"__blob__": 1000000000000000000000000000000}',
        '{"__blob__": "3"}',
        "[" * 100_000,
        '{"a": ' * 100_000,
        "1" * 5000,
        "nul",
        "",
    ],
    ids=lambda h: h[:50],
)
def test_headers_made_to_hurt_are_refused(header: str) -> None:
    raw = struct.pack("<4sI", b"MTW1", len(header)) + header.encode()
    for tail in (b"", b"1234567"):
        with pytest.raises(SnapshotError):
            wire.unpack(raw + tail)


def test_what_is_no_bytes_at_all_is_refused() -> None:
    for nothing in ("text", None, 5, [b"x"]):
        with pytest.raises(SnapshotError):
            wire.unsealed(nothing)  # type: ignore[arg-type]  # the mistake in question
        with pytest.raises(SnapshotError):
            wire.unpack(nothing)  # type: ignore[arg-type]  # same
