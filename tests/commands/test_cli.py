"""The command line, as a person types it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from mtenvs.catalog import CATALOG
from mtenvs.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_list_names_every_environment(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "list", "--json")
    assert status == 0
    assert all(entry.id in out for entry in CATALOG)


def test_info_shows_page_actions_and_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "info", "LongExecution")
    assert status == 0
    assert "## Rewards" in out
    assert "answer(total: int" in out


def test_an_unknown_id_says_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "info", "LongExecutoin-v0")
    assert status == 2
    assert "LongExecution" in err
    assert "Traceback" not in err


def test_rollout_records_what_replay_confirms(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(tmp_path / "runs")
    assert run(capsys, "rollout", "HeroBench", "--task", "own/1/0", "-n", "2", "--out", folder)[0] == 0
    status, out, _ = run(capsys, "replay", folder)
    assert status == 0
    assert out.count("the same") == 2


def test_replay_of_a_changed_file_fails(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "rollout", "LongExecution", "--task", "k1-t10/0", "--out", str(tmp_path))
    lines = tmp_path / "trajectories.jsonl"
    lines.write_text(lines.read_text().replace("answer(", "answer( ", 1))
    status, out, _ = run(capsys, "replay", str(tmp_path))
    assert status == 1
    assert "differs" in out


def test_play_reads_lines_until_the_end(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("hint\nnonsense\nanswer(1)\n"))
    status, out, _ = run(capsys, "play", "LongExecution", "--terminal", "--task", "k1-t10/0")
    assert status == 0
    assert "the oracle would play: answer(" in out
    assert "not a call" in out
    assert "[turn 2, 8 turns left" in out


def test_set_passes_keywords(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "rollout", "LongExecution", "--policy", "idle", "--set", "max_turns=3", "--set", "reveal=first")
    assert status == 0
    assert "3.0" in out
    assert run(capsys, "rollout", "LongExecution", "--set", "nonsense")[0] == 2


def test_demo_of_a_family_writes_trajectories(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = run(capsys, "demo", "--family", "rpg", "--episodes", "1", "--out", str(tmp_path))
    assert status == 0
    assert "oracle" in out
    assert (tmp_path / "HeroBench-v0" / "oracle.gif").stat().st_size > 10_000
    assert f"mtenvs replay {tmp_path / 'HeroBench-v0'}" in out
    assert run(capsys, "replay", str(tmp_path / "HeroBench-v0"))[0] == 0


def test_doctor_is_content(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "doctor", "--family", "words")
    assert status == 0
    assert "ok" in out


@pytest.mark.parametrize("name", ["my_env", "x2"])
def test_new_writes_an_environment_whose_tests_pass(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    assert run(capsys, "new", name, "--into", str(tmp_path))[0] == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_{name}.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=200)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["My-Env", "class", "9lives", "Upper"])
def test_new_refuses_what_python_cannot_import(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    assert run(capsys, "new", name, "--into", str(tmp_path))[0] == 2


def test_new_overwrites_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("precious")
    assert run(capsys, "new", "mine", "--into", str(tmp_path))[0] == 2
    assert (tmp_path / "mine.py").read_text() == "precious"
