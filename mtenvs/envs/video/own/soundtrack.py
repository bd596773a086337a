"""What is heard in a film, and when: codes, sentences said while something is in sight, rows of beeps, small talk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from mtenvs.envs.video.own.script import Appearance, Beep, Event, Line, Sign
from mtenvs.envs.video.own.wording import CHAT, CODE_LINES, CUES, KEYS, SPEAKERS

PITCHES: Final = (440, 523, 659, 784, 988, 1175, 1397, 1661)
"""Hz; each is used for one row of beeps of a film."""
_PAUSE: Final = 0.4  # seconds between two sounds, at least
_SLOW: Final = (0.6, 0.072)  # seconds that a sentence takes: a constant, and for each character
_FAST: Final = (0.4, 0.05)  # the same, said as fast as one still understands


def speaking_time(text: str, pace: tuple[float, float] = _SLOW) -> float:
    """Seconds that it takes to say something; a digit is a word."""
    return pace[0] + pace[1] * (len(text) + 4 * sum(c.isdigit() for c in text))


class _Track:
    """Sounds that do not overlap."""

    def __init__(self, rng: np.random.Generator, seconds: float, fps: int) -> None:
        self._rng, self._seconds, self._fps = rng, seconds, fps
        self._taken: list[tuple[float, float]] = []
        self.lines: list[Line] = []
        self.beeps: list[Beep] = []

    def grid(self, t: float) -> float:
        return round(round(t * self._fps) / self._fps, 6)

    def free(self, start: float, end: float) -> bool:
        inside = start >= _PAUSE and end <= self._seconds - _PAUSE
        return inside and all(end + _PAUSE <= a or b + _PAUSE <= start for a, b in self._taken)

    def anywhere(self, seconds: float) -> float:
        """A free time."""
        while True:
            start = self.grid(float(self._rng.uniform(1, self._seconds - seconds - 1)))
            if self.free(start, start + seconds):
                return start

    def say(self, start: float, end: float, text: str, about: str = "", **more: str) -> None:
        voice = int(self._rng.integers(len(SPEAKERS)))
        end = self.grid(end)
        self.lines.append(Line(f"l{len(self.lines) + 1}", SPEAKERS[voice], voice, text, start, end, about, **more))
        self._taken.append((start, end))

    def beep(self, start: float, count: int, pitch: int, beside: str = "") -> None:
        beep = Beep(f"b{len(self.beeps) + 1}", start, count, pitch, beside=beside)
        self.beeps.append(beep)
        self._taken.append((start, beep.end))


def write(
    rng: np.random.Generator, seconds: float, fps: int, sights: Sequence[Appearance | Event | Sign], codes: int, beeps: int, cues: int
) -> tuple[list[Line], list[Beep]]:
    """Write all sounds.

    Args:
        rng: where the randomness comes from.
        seconds: length of the film.
        fps: frames a second, for the grid of times.
        sights: what is in sight, and when.
        codes: how many codes are spoken.
        beeps: how many rows of beeps there are, every other one while a thing passes.
        cues: how many sentences are said while a sign or a thing that passes is in sight.

    Returns:
        Lines in the order of time, and rows of beeps in the order of time.
    """
    track = _Track(rng, seconds, fps)
    passing: list[Event | Sign] = [s for s in sights if isinstance(s, Event) and s.kind == "pass"]
    signs: list[Event | Sign] = [s for s in sights if isinstance(s, Sign)]
    signs, passing = ([group[int(i)] for i in rng.permutation(len(group))] for group in (signs, passing))
    _cues(track, rng, _mixed(signs, passing), cues)
    _beeps(track, rng, passing, beeps)
    keys = [KEYS[int(i)] for i in rng.permutation(len(KEYS))[:codes]]
    for key in keys:
        code = "".join(str(int(d)) for d in rng.integers(0, 10, 4))
        text = str(rng.choice(CODE_LINES)).format(key=key, digits=" ".join(code))
        start = track.anywhere(speaking_time(text))
        track.say(start, start + speaking_time(text), text, "code", key=key, value=code)
    _chat(track, rng, seconds)
    lines = sorted(track.lines, key=lambda s: s.start)
    return lines, sorted(track.beeps, key=lambda s: s.start)


def _mixed(a: Sequence[Event | Sign], b: Sequence[Event | Sign]) -> list[Event | Sign]:
    """Two of the first for one of the second."""
    mixed: list[Event | Sign] = []
    left, right = list(a), list(b)
    while left or right:
        mixed += left[:2] + right[:1]
        left, right = left[2:], right[1:]
    return mixed


def _cues(track: _Track, rng: np.random.Generator, sights: Sequence[Event | Sign], cues: int) -> None:
    texts = [CUES[int(i)] for i in rng.permutation(len(CUES))]
    said = 0
    for sight in sights:
        room = sight.end - sight.start - 2 / 25
        fit = next((t for t in texts if speaking_time(t, _FAST) <= room), None)
        if said == cues or fit is None:
            continue
        long = min(room, speaking_time(fit))
        start = track.grid(sight.start + (sight.end - sight.start - long) / 2)
        texts.remove(fit)
        track.say(start, start + long, fit, "cue", beside=sight.id)
        said += 1


def _beeps(track: _Track, rng: np.random.Generator, passing: Sequence[Event | Sign], beeps: int) -> None:
    pitches = [PITCHES[int(i)] for i in rng.permutation(len(PITCHES))[:beeps]]
    hosts = iter(passing)
    for k, pitch in enumerate(pitches):
        count = int(rng.integers(2, 6))
        if k % 2 == 0:
            for host in hosts:
                most = int((host.end - host.start - 0.4 - 0.2) / 0.48) + 1
                n = min(count, most)
                long = (n - 1) * 0.48 + 0.2
                start = track.grid(host.start + (host.end - host.start - long) / 2)
                if n >= 2 and track.free(start, start + long):
                    track.beep(start, n, pitch, host.id)
                    break
            continue
        count += int(rng.integers(0, 3))
        track.beep(track.anywhere((count - 1) * 0.48 + 0.2), count, pitch)


def _chat(track: _Track, rng: np.random.Generator, seconds: float) -> None:
    """Small talk in what is left, more often in a short film."""
    mean = float(np.clip(seconds / 50, 5, 24))
    at, order = 1.0, [int(i) for i in rng.permutation(len(CHAT))]
    k = 0
    while at < seconds:
        text = CHAT[order[k % len(order)]]
        start = track.grid(at)
        end = start + speaking_time(text)
        if track.free(start, end):
            track.say(start, end, text)
            at, k = end, k + 1
        at += float(rng.uniform(0.4, 1.6)) * mean
