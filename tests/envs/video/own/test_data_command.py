import shutil
from pathlib import Path

import pytest

from mtenvs.cli import main
from mtenvs.envs.video.own import compose
from mtenvs.envs.video.own.compose import Tier


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng speaks the lines: apt-get install espeak-ng")
def test_films_are_rendered_ahead_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("av")
    monkeypatch.setitem(compose.TIERS, "tiny", Tier(6, (2,), 1, 0, 0, 0, 0, (), 0, 0, 1, 0, longest=100))
    command = ["data", "videos", "--tier", "tiny", "--seeds", "3", "--out", str(tmp_path), "--jobs", "1"]
    assert main(command) == 0
    first = capsys.readouterr().out
    assert "0:00:06" in first
    assert "s to render" in first
    assert Path(first.split()[0]).is_file()
    assert main(command) == 0
    assert "was there" in capsys.readouterr().out


def test_the_list_says_which_films_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "videos", "--list", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "clip-7" in said
    assert "long-1" in said
    assert str(tmp_path) in said.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--tier", "shrot"], "did you mean 'short'"), (["--seeds", "4..2"], "first..last"), (["--jobs", "0"], "at least 1")],
    ids=["tier", "seeds", "jobs"],
)
def test_a_slip_of_the_user_is_explained(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "videos", *arguments]) == 2
    assert words in capsys.readouterr().err
