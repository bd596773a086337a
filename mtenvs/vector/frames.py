"""How requests and replies travel between a batch and its workers: small frames in a pipe, large parts in the arena."""

from __future__ import annotations

import marshal
import pickle
import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from mtenvs.vector.messages import Request, Transition, Turn
from mtenvs.vector.plain import PLAIN, dump, is_plain
from mtenvs.vector.turns import ColumnForm, read

HEADER: Final = struct.Struct("<qIIB")  # id, environment, bytes of the body, kind of frame
LENGTH: Final = struct.Struct("<I")
IN_ARENA, INLINE, FORM, VALUE, FAULT, RAISED, HELLO, RECOVERED, TURN_IN_ARENA, TURN, COLUMNS_IN_ARENA, COLUMNS = range(1, 13)
ELSEWHERE: Final = frozenset({IN_ARENA, TURN_IN_ARENA, COLUMNS_IN_ARENA})  # their bodies are in the arena
TURNS: Final = frozenset({TURN_IN_ARENA, TURN, COLUMNS_IN_ARENA, COLUMNS})
_MARSHAL, _PICKLE = b"m", b"p"
_TURN: Final = {b"t": marshal.loads, b"T": pickle.loads}
_OBJECT = "o"  # the mark of a pickled value; every other mark is the dtype of a number
Row = tuple[int, float, bool, bool, float, int, list[Any], list[Any]]
"""Form of the info, reward, terminated, truncated, seconds, slot, loose parts, values of the info."""
Form = tuple[tuple[Any, ...], tuple[tuple[int, str], ...]]  # keys of an info, and the mark of each value that is not plain


def dump_requests(requests: Sequence[Request]) -> bytes:
    """A message for a worker: its length, then the requests; `marshal` when they are plain data, which is 3 times faster."""
    plain = [tuple(request) for request in requests]
    whole = all(is_plain(request.payload) for request in requests)
    body = _MARSHAL + marshal.dumps(plain) if whole else _PICKLE + dump(plain)
    return LENGTH.pack(len(body)) + body


def dump_turn(first: int, slot: int, eager: bool, actions: Sequence[Any]) -> bytes:
    """A message for a worker: one step in each of its environments, with ids that count up from ``first``."""
    plain = set(map(type, actions)) <= PLAIN or all(map(is_plain, actions))
    message: Any = (first, slot, eager, actions)
    body = b"t" + marshal.dumps(message) if plain else b"T" + dump(message)
    return LENGTH.pack(len(body)) + body


def load_turn(body: bytes) -> tuple[int, int, bool, Sequence[Any]] | None:
    """The inverse of `dump_turn`, without the length; None for another message."""
    load = _TURN.get(body[:1])
    found: tuple[int, int, bool, Sequence[Any]] | None = None if load is None else load(body[1:])
    return found


def load_requests(body: bytes) -> list[Request]:
    """The inverse of `dump_requests`, without the length."""
    load = marshal.loads if body[:1] == _MARSHAL else pickle.loads
    return [Request(*fields) for fields in load(body[1:])]  # between our own two processes


def frame(kind: int, request_id: int, env: int, body: bytes = b"", length: int | None = None) -> bytes:
    """One reply frame; ``length`` for a body that lies in the arena."""
    return HEADER.pack(request_id, env, len(body) if length is None else length, kind) + body


def split_frames(inbox: bytearray) -> Iterator[tuple[int, int, int, int, bytes]]:
    """Take whole frames from the beginning of ``inbox``: kind, id, environment, length, body."""
    at = 0
    while len(inbox) - at >= HEADER.size:
        request_id, env, length, kind = HEADER.unpack_from(inbox, at)
        end = at + HEADER.size + (0 if kind in ELSEWHERE else length)
        if len(inbox) < end:
            break
        yield kind, request_id, env, length, bytes(inbox[at + HEADER.size : end])
        at = end
    del inbox[:at]


class Encoder:
    """Writes transitions; names and types of an info are sent once and then only referred to."""

    def __init__(self) -> None:
        self._forms: dict[Form | ColumnForm, int] = {}

    def row(self, done: Transition, loose: list[Any], slot: int) -> tuple[Row, bytes]:
        """A transition as plain data but for its loose parts, and the definition of a form that is new with it, or nothing."""
        info = done.info
        values = list(info.values())
        special: list[tuple[int, str]] = []
        for at, value in enumerate(values):
            if type(value) in PLAIN or is_plain(value):
                continue
            if isinstance(value, np.generic) and value.dtype.kind in "biuf":
                special.append((at, value.dtype.str))
                values[at] = value.item()
            else:
                special.append((at, _OBJECT))
                values[at] = dump(value)
        number, news = self._number((tuple(info), tuple(special)))
        return (number, done.reward, done.terminated, done.truncated, done.seconds, slot, loose, values), news

    def columns(self, infos: tuple[ColumnForm, tuple[Any, ...]], *rest: Any) -> tuple[bytes, bytes]:
        """The body of a whole turn, see `Decoder.turn`, and the definition of a form that is new with it, or nothing."""
        number, news = self._number(infos[0])
        return marshal.dumps((number, infos[1], *rest)), news

    def _number(self, form: Form | ColumnForm) -> tuple[int, bytes]:
        number = self._forms.get(form)
        if number is not None:
            return number, b""
        number = self._forms[form] = len(self._forms)
        return number, dump(form)


def is_text(row: Row) -> bool:
    """Whether the loose parts are texts, so that `marshal` can write the row."""
    return all(type(value) is str for value in row[6])


def dump_rows(rows: list[Row]) -> bytes:
    """The body of one or more transitions."""
    return _MARSHAL + marshal.dumps(rows) if all(map(is_text, rows)) else _PICKLE + dump(rows)


def load_rows(body: memoryview) -> list[Row]:
    """The inverse of `dump_rows`."""
    rows: list[Row] = (marshal.loads if body[:1] == _MARSHAL else pickle.loads)(body[1:])
    return rows


class Decoder:
    """Reads what one `Encoder` wrote."""

    def __init__(self) -> None:
        self._forms: list[Any] = []

    def learn(self, definition: bytes) -> None:
        """Take a new form."""
        self._forms.append(pickle.loads(definition))  # noqa: S301 - from our own worker

    def transition(self, row: Row) -> Transition:
        """The transition; its ``obs`` is None, the parts of fixed size are in the arena."""
        number, reward, terminated, truncated, seconds, slot, loose, values = row
        keys, special = self._forms[number]
        for at, kind in special:
            values[at] = pickle.loads(values[at]) if kind == _OBJECT else np.dtype(kind).type(values[at])  # noqa: S301 - same
        return Transition(reward, terminated, truncated, dict(zip(keys, values, strict=True)), None, loose, seconds, slot)

    def turn(self, first: int, env: int, body: memoryview) -> Turn:
        """A whole turn, of ``env`` and its neighbours."""
        number, infos, slot, seconds, rewards, terminated, truncated, loose = marshal.loads(body)  # noqa: S302 - from our own worker
        return Turn(first, env, slot, seconds, rewards, terminated, truncated, loose, read(self._forms[number], infos))
