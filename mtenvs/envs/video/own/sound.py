"""What is heard: lines spoken by espeak-ng, beeps, and the quiet tone of a room."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import DataError, MissingRequirement
from mtenvs.envs.video.own.script import Beep, Line, Script

RATE: Final = 16_000
Samples = npt.NDArray[np.floating[Any]]

_PROGRAM: Final = "espeak-ng"
_VOICES: Final = ("en-gb+f3", "en-us+m3", "en-gb+f2", "en-us+m7", "en-gb+f5", "en-gb-x-rp+m1")
_WORDS_A_MINUTE: Final = (160, 270)
_LOUD: Final = 0.55  # peak of a voice
_BEEP_LOUD: Final = 0.3
_ROOM: Final = 0.003
_BLOCK: Final = 60  # seconds made at a time


def find_speaker() -> str:
    """The path of espeak-ng.

    Raises:
        MissingRequirement: it is not installed.
    """
    path = shutil.which(_PROGRAM)
    if path is None:
        raise MissingRequirement("video", _PROGRAM, "apt-get install espeak-ng")
    return path


@lru_cache(maxsize=8)
def speak(text: str, voice: int, seconds: float) -> Samples:
    """Somebody says something within a time: as fast as needed, and no faster than one understands.

    Args:
        text: what is said.
        voice: 0 to 5.
        seconds: in which it must be over.

    Returns:
        float32 mono at `RATE`, at most that long.

    Raises:
        MissingRequirement: espeak-ng is not installed.
        DataError: espeak-ng does not say it.
    """
    slow, fast = _WORDS_A_MINUTE
    spoken = _espeak(text, voice, slow)
    long = len(spoken) / RATE
    if long > seconds:
        spoken = _espeak(text, voice, min(fast, round(slow * long / seconds * 1.06) + 4))
    peak = float(np.abs(spoken).max(initial=1e-6))
    return (spoken * (_LOUD / peak))[: int(seconds * RATE)]


def _espeak(text: str, voice: int, speed: int) -> Samples:
    command = [find_speaker(), "-v", _VOICES[voice % len(_VOICES)], "-s", str(speed), "--stdout", text]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)  # noqa: S603 - a script's words, as one argument
    if done.returncode or not done.stdout:
        raise DataError(f"espeak-ng did not say {text!r}: {done.stderr.decode(errors='replace').strip() or 'it gave no sound'}")
    with wave.open(io.BytesIO(done.stdout)) as file:
        rate = file.getframerate()
        raw = np.frombuffer(file.readframes(-1), np.int16).astype(np.float32) / 32768
    heard = np.flatnonzero(np.abs(raw) > 0.01)
    raw = raw[heard[0] : heard[-1] + 1] if len(heard) else raw
    at = np.arange(int(len(raw) * RATE / rate)) * (rate / RATE)
    sampled: Samples = np.interp(at, np.arange(len(raw)), raw).astype(np.float32)
    return sampled


def beeps(row: Beep) -> Samples:
    """A row of beeps, float32 mono at `RATE`."""
    n = round(row.length * RATE)
    one = np.sin(2 * np.pi * row.pitch * np.arange(n) / RATE) * _BEEP_LOUD
    fade = min(n // 4, RATE // 200)
    one[:fade] *= np.linspace(0, 1, fade)
    one[n - fade :] *= np.linspace(1, 0, fade)
    out = np.zeros(round(row.every * RATE) * (row.count - 1) + n, np.float32)
    for k in range(row.count):
        out[round(row.every * RATE) * k :][:n] += one.astype(np.float32)
    return out


def track(script: Script) -> Iterator[Samples]:
    """The sound of the whole film, a minute at a time; float32 mono at `RATE`, from -1 to 1."""
    sounds: list[Line | Beep] = [*script.lines, *script.beeps]
    total = round(script.seconds * RATE)
    rng = np.random.default_rng([script.seed, 11])
    for first in range(0, total, _BLOCK * RATE):
        after = min(total, first + _BLOCK * RATE)
        block = _room(rng, after - first)
        for sound in sounds:
            if sound.start * RATE < after and sound.end * RATE > first:
                samples = beeps(sound) if isinstance(sound, Beep) else speak(sound.text, sound.voice, sound.end - sound.start)
                at = round(sound.start * RATE) - first
                part = samples[max(0, -at) : after - first - at]
                block[max(0, at) : max(0, at) + len(part)] += part
        yield np.clip(block, -1, 1)


def _room(rng: np.random.Generator, n: int) -> Samples:
    """Soft noise that comes and goes like wind."""
    noise = rng.standard_normal(n + 32, dtype=np.float32)
    soft = np.convolve(noise, np.hanning(32).astype(np.float32) / 8, mode="valid")[:n]
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * np.arange(n, dtype=np.float32) / (RATE * 9.0))
    room: Samples = (soft * swell * _ROOM).astype(np.float32)
    return room
