"""Replay files: every moment of a game, written while it is played, so that it can be drawn again exactly.

A file is one line of JSON (format, version, court, arrays of each moment) and then one record after another, each with its
length and a checksum. A record goes to the operating system as a whole as soon as it is written: a program that dies leaves a
file that can be read up to its last moment. The end mark that `close` writes tells a whole game from a cut one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.envs.drones.params import FORMATS, CourtParams
from mtenvs.envs.drones.scene import Scene

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType

    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[np.floating]]

FORMAT: Final = "mtenvs-drones-replay"
VERSION: Final = 1
_LONGEST_LINE: Final = 1 << 20
_HEAD: Final = struct.Struct("<III")  # length of the body, its complement (so that a damaged length is noticed), checksum of the body
_BODY: Final = struct.Struct("<dIII")  # time; rows of the trail, how many of them are new; length of the words, 0 where they stay the same
_FLOAT: Final = np.dtype("<f4")
_WORDS: Final = ("score", "turn", "phase", "event", "event_team", "actions", "may_hit", "target")


@dataclass(frozen=True)
class Header:
    """What holds for a whole replay.

    Args:
        teams: ``"1v1"``, ``"3v3"`` or ``"6v6"``.
        court: its measures.
        dt: seconds between two moments, what a film of it needs.
        state: names and shapes of further arrays that each moment carries, such as ``{"throttle": (6, 4)}``.
        notes: anything that JSON can say: seed, names of the policies, result.
    """

    teams: str
    court: CourtParams
    dt: float = 0.02
    state: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def drones(self) -> int:
        """Drones of both teams."""
        return 2 * FORMATS[self.teams].size


@dataclass(frozen=True, eq=False)
class Moment:
    """One record: what is seen, and the further arrays of the header."""

    scene: Scene
    state: Arrays


class ReplayWriter:
    """Writes a replay, one moment at a time; a context manager.

    Args:
        path: the file; what is there is overwritten.
        header: what holds for the whole replay.

    Raises:
        UnknownOption: an unknown format of teams, or notes that JSON cannot say.
        OSError: the file cannot be written.
    """

    def __init__(self, path: str | PathLike[str], header: Header) -> None:
        if header.teams not in FORMATS:
            raise UnknownOption(f"teams must be one of {', '.join(FORMATS)}, not {header.teams!r}")
        try:
            line = json.dumps({"format": FORMAT, "version": VERSION, **asdict(header)}, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise UnknownOption(f"a replay's header must be what JSON can say: {error}") from None
        if len(line) >= _LONGEST_LINE:
            raise UnknownOption(f"a replay's header holds at most {_LONGEST_LINE} characters; put less into its notes")
        self.header, self.moments = header, 0
        self._trail = np.zeros((0, 3), dtype=_FLOAT)
        self._words = b""
        self._file = Path(path).open("wb", buffering=0)  # noqa: SIM115 - closed by `close`; unbuffered, so that nothing is lost in a crash
        self._file.write(line.encode() + b"\n")

    def write(self, scene: Scene, state: Arrays | None = None) -> None:
        """Add a moment.

        Args:
            scene: what is seen.
            state: the further arrays that the header names, in their shapes.

        Raises:
            UnknownOption: another number of drones, or other arrays than the header says.
            ValueError: the writer is closed.
        """
        given = {} if state is None else {name: np.asarray(array, dtype=_FLOAT) for name, array in state.items()}
        if {name: array.shape for name, array in given.items()} != {name: tuple(shape) for name, shape in self.header.state.items()}:
            shapes = {name: array.shape for name, array in given.items()}
            raise UnknownOption(f"the header promises the arrays {dict(self.header.state)}, the moment brings {shapes}")
        if len(scene.positions) != self.header.drones:
            raise UnknownOption(f"{self.header.teams} has {self.header.drones} drones, the scene {len(scene.positions)}")
        words = json.dumps({name: getattr(scene, name) for name in _WORDS}).encode()
        said = b"" if words == self._words else words
        new = _new_rows(self._trail, scene.trail)
        arrays = [scene.positions, scene.quaternions, scene.ball, scene.ball_velocity, scene.trail[len(scene.trail) - new :]]
        arrays += [given[name] for name in self.header.state]
        numbers = b"".join(np.ascontiguousarray(array, dtype=_FLOAT).tobytes() for array in arrays)
        body = _BODY.pack(scene.time, len(scene.trail), new, len(said)) + numbers + said
        self._file.write(_HEAD.pack(len(body), len(body) ^ 0xFFFFFFFF, crc32(body)) + body)
        self._words, self._trail = words, np.asarray(scene.trail)
        self.moments += 1

    def close(self) -> None:
        """Write the end mark; nothing happens the second time."""
        if not self._file.closed:
            self._file.write(_HEAD.pack(0, 0xFFFFFFFF, self.moments))
            self._file.close()

    def __enter__(self) -> ReplayWriter:  # noqa: PYI034 - typing.Self needs Python 3.11
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Replay:
    """A replay that has been read.

    Attributes:
        header: what holds for all of it.
        moments: in the order of the game.
        complete: whether it was closed; False for a game that was cut off, or is still being played.
    """

    def __init__(self, header: Header, moments: list[Moment], *, complete: bool) -> None:
        self.header, self.moments, self.complete = header, moments, complete

    def __len__(self) -> int:
        return len(self.moments)

    def __iter__(self) -> Iterator[Moment]:
        return iter(self.moments)

    def __getitem__(self, index: int) -> Moment:
        return self.moments[index]

    @property
    def scenes(self) -> list[Scene]:
        """What is seen in each moment."""
        return [moment.scene for moment in self.moments]


def read_replay(path: str | PathLike[str]) -> Replay:
    """Read a replay, one that was cut off up to its last whole moment.

    Raises:
        DataError: no such file, no replay, of another version, or damaged; the message says where.
    """
    name = Path(path)
    try:
        data = name.read_bytes()
    except OSError as error:
        raise DataError(f"{name}: the replay cannot be read: {error.strerror or error}") from None
    end = data.find(b"\n", 0, _LONGEST_LINE)
    header = _read_header(name, data[:end] if end >= 0 else data[:_LONGEST_LINE])
    if end < 0:
        raise DataError(f"{name}: the header line of the replay does not end")
    moments: list[Moment] = []
    at, trail, words = end + 1, np.zeros((0, 3), dtype=_FLOAT), b""
    while len(data) - at >= _HEAD.size:
        length, complement, check = _HEAD.unpack_from(data, at)
        where = f"{name}: moment {len(moments)} at byte {at}"
        at += _HEAD.size
        if length ^ complement != 0xFFFFFFFF:
            raise DataError(f"{where} is damaged: its length contradicts itself")
        if length == 0:
            if check != len(moments) or at != len(data):
                found = f"{len(moments)} came before it and {len(data) - at} bytes follow"
                raise DataError(f"{where} is damaged: the end mark speaks of {check} moments, {found}")
            return Replay(header, moments, complete=True)
        if length > len(data) - at:
            break
        body = data[at : at + length]
        at += length
        if crc32(body) != check:
            raise DataError(f"{where} is damaged: its checksum is another one")
        try:
            moment, words = _read_moment(header, body, trail, words)
        except (ValueError, TypeError, KeyError, RecursionError, struct.error) as error:
            raise DataError(f"{where} is not what the header says: {error}") from None
        moments.append(moment)
        trail = np.asarray(moment.scene.trail)
    return Replay(header, moments, complete=False)


def _new_rows(before: npt.NDArray[np.floating], trail: npt.NDArray[np.floating]) -> int:
    """How many rows at a trail's end were not at the end of the one before, where that can be told cheaply; else all of them."""
    for new in range(min(3, len(trail) + 1)):
        kept = len(trail) - new
        if kept <= len(before) and before[len(before) - kept :].tobytes() == trail[:kept].tobytes():
            return new
    return len(trail)


def _read_header(name: Path, line: bytes) -> Header:
    try:
        said = json.loads(line)
        kind, version = said["format"], said["version"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DataError(f"{name} is no replay: its first line is not the header of one") from None
    if kind != FORMAT:
        raise DataError(f"{name} is no replay of this kind: its format is {kind!r}, not {FORMAT!r}")
    if version != VERSION:
        raise DataError(f"{name}: replays of version {version!r} cannot be read, only {VERSION}; read it with the mtenvs that wrote it")
    try:
        state = {str(key): tuple(int(side) for side in shape) for key, shape in said["state"].items()}
        court = CourtParams(**{str(key): float(value) for key, value in said["court"].items()})
        header = Header(str(said["teams"]), court, float(said["dt"]), state, dict(said["notes"]))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise DataError(f"{name}: the header of the replay is damaged: {error}") from None
    if header.teams not in FORMATS or any(side < 0 for shape in state.values() for side in shape):
        raise DataError(f"{name}: the header of the replay is damaged: unknown teams {header.teams!r}, or an array of negative size")
    return header


def _read_moment(header: Header, body: bytes, trail: npt.NDArray[np.floating], words: bytes) -> tuple[Moment, bytes]:
    time, rows, new, said = _BODY.unpack_from(body)
    if new > rows or rows - new > len(trail):
        raise ValueError("its trail continues one that is not there")
    n = header.drones
    shapes: list[tuple[int, ...]] = [(n, 3), (n, 4), (3,), (3,), (new, 3), *header.state.values()]
    sizes = [int(np.prod(shape, dtype=object)) for shape in shapes]
    if len(body) != _BODY.size + _FLOAT.itemsize * sum(sizes) + said:
        raise ValueError("its length is not that of its arrays")
    numbers = np.frombuffer(body, dtype=_FLOAT, count=sum(sizes), offset=_BODY.size)
    arrays = [part.reshape(shape) for part, shape in zip(np.split(numbers, np.cumsum(sizes)[:-1]), shapes, strict=True)]
    words = body[len(body) - said :] if said else words
    told = {"target": [], **json.loads(words)}  # replays from before there were targets have none
    path = np.concatenate([trail[len(trail) - (rows - new) :], arrays[4]]) if rows > new else arrays[4]
    said_of: dict[str, Any] = {name: tuple(told[name]) if isinstance(told[name], list) else told[name] for name in _WORDS}
    scene = Scene(arrays[0], arrays[1], arrays[2], arrays[3], path, time, **said_of)
    return Moment(scene, dict(zip(header.state, arrays[5:], strict=True))), words
