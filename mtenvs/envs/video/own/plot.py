"""The whole of a film in data, before it is known to be consistent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.entries import Appearance, Beep, Entry, Event, Line, Person, Scene, Sign

_E = TypeVar("_E")


@dataclass(frozen=True)
class Plot:
    """All that is in a film, with ways to look things up.

    Args:
        name: such as ``"short-3"``.
        seconds: length; `fps`, `width`, `height` and `gop` (frames from one keyframe to the next, at most) are the file's.
        style: one of `vocabulary.STYLES`, the hand in which everything is drawn.
        hidden_from: numbers n for which nothing that is asked for is in any of n frames evenly spread, `uniform(n)`.
    """

    name: str
    seed: int
    seconds: float
    fps: int
    width: int
    height: int
    gop: int
    style: str
    hidden_from: tuple[int, ...]
    scenes: tuple[Scene, ...]
    people: tuple[Person, ...]
    appearances: tuple[Appearance, ...]
    events: tuple[Event, ...]
    signs: tuple[Sign, ...]
    lines: tuple[Line, ...]
    beeps: tuple[Beep, ...]

    @property
    def num_frames(self) -> int:
        """Number of frames of the film."""
        return self.frame(self.seconds)

    def frame(self, t: float) -> int:
        """The frame that begins at time t, where t is on the grid; else the one that is on screen."""
        return int(t * self.fps + 1e-6)

    def time(self, frame: int) -> float:
        """When a frame begins."""
        return round(frame / self.fps, 6)

    def uniform(self, n: int) -> list[int]:
        """The indices of n frames evenly spread from the first to the last, as the envs show them first."""
        last = self.num_frames - 1
        return [k * last // (n - 1) for k in range(n)]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by its id."""
        return {e.id: e for e in self.all_entries()}

    def scene_at(self, t: float) -> Scene:
        """The scene at a time.

        Raises:
            DataError: the time is not in the film.
        """
        for scene in self.scenes:
            if scene.start <= t < scene.end:
                return scene
        raise DataError(f"the film {self.name} has no scene at {t} s, it is {self.seconds} s long")

    def scene(self, id_: str) -> Scene:
        """A scene by its id."""
        return self._entry(Scene, id_)

    def person(self, id_: str) -> Person:
        """A person by their id."""
        return self._entry(Person, id_)

    def sights(self) -> Iterator[Appearance | Event | Sign]:
        """All that can be asked for of what is seen."""
        yield from self.appearances
        yield from self.events
        yield from self.signs

    def appearances_of(self, person: str) -> list[Appearance]:
        """Where a person is seen, in the order of time."""
        return sorted((a for a in self.appearances if a.person == person), key=lambda a: a.start)

    def all_entries(self) -> Iterator[Entry]:
        """Every entry, also those with an id that another one has."""
        for group in (self.scenes, self.people, self.appearances, self.events, self.signs, self.lines, self.beeps):
            yield from group

    def _entry(self, kind: type[_E], id_: str) -> _E:
        entry = self.entries.get(id_)
        if not isinstance(entry, kind):
            raise DataError(f"the film {self.name} has no {kind.__name__.lower()} {id_!r}")
        return entry
