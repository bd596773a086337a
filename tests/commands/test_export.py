"""`mtenvs export`: from a folder of episodes to training files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from mtenvs.cli import main
from mtenvs.rollout import TrajectoryStore


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture
def folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    """Two episodes that succeeded and one that did not."""
    runs = tmp_path / "runs"
    assert run(capsys, "rollout", "LongExecution", "-n", "2", "--task", "k1-t10/0", "--out", runs)[0] == 0
    words: list[str | Path] = ["rollout", "LongExecution", "--policy", "idle", "--task", "k1-t10/0", "--set", "max_turns=2", "--out", runs]
    assert run(capsys, *words)[0] == 0
    return runs


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_chats_of_the_episodes_that_succeeded(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    status, out, err = run(capsys, "export", folder, tmp_path / "out" / "sft.jsonl", "--system", "You count.")
    chats = lines(tmp_path / "out" / "sft.jsonl")
    assert status == 0
    assert "2 episodes written to" in out
    assert "3/3" in err  # the progress bar
    assert [chat["success"] for chat in chats] == [True, True]
    assert all(chat["messages"][0] == {"role": "system", "content": "You count."} for chat in chats)  # type: ignore[index]  # a list
    assert run(capsys, "export", folder, tmp_path / "all.jsonl", "--all")[0] == 0
    assert [chat["success"] for chat in lines(tmp_path / "all.jsonl")] == [True, True, False]


def test_rows_of_every_turn_with_discount_and_window(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    turns = sum(len(episode.turns) for episode in TrajectoryStore(folder))
    status, out, _ = run(capsys, "export", folder, tmp_path / "rl.jsonl", "--rows", "rl", "--gamma", "0.5", "--window", "1")
    rows = lines(tmp_path / "rl.jsonl")
    assert status == 0
    assert f"{turns} turns written to" in out
    assert len(rows) == turns
    last = next(i for i, row in enumerate(rows) if row["done"])
    assert rows[last - 1]["return_to_go"] == pytest.approx(rows[last - 1]["reward"] + 0.5 * rows[last]["return_to_go"])  # type: ignore[operator]  # numbers
    assert all(len(row["prompt"]) == 1 for row in rows)  # type: ignore[arg-type]  # a list


@pytest.mark.parametrize("rows", ["sft", "rl"])
def test_parquet_has_the_rows_of_the_jsonl(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, rows: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow")
    for suffix in ("jsonl", "parquet"):
        assert run(capsys, "export", folder, tmp_path / f"data.{suffix}", "--rows", rows)[0] == 0
    table = parquet.read_table(tmp_path / "data.parquet").to_pylist()
    expected = lines(tmp_path / "data.jsonl")
    assert [row["task_id"] for row in table] == [row["task_id"] for row in expected]
    text = "messages" if rows == "sft" else "prompt"
    assert [json.loads(row[text]) for row in table] == [row[text] for row in expected]


def test_pictures_travel_as_data_where_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    words: list[str | Path] = ["--task", "own/1/0", "--set", "obs_mode=text+vision", "--out", runs]
    assert run(capsys, "rollout", "HeroBench", *words)[0] == 0
    assert run(capsys, "export", runs, tmp_path / "sft.jsonl", "--images", "data")[0] == 0
    assert "data:image/png;base64," in (tmp_path / "sft.jsonl").read_text()
    next((runs / "images").iterdir()).unlink()
    status, _, err = run(capsys, "export", runs, tmp_path / "again.jsonl", "--images", "data")
    assert (status, (tmp_path / "again.jsonl").exists()) == (2, False)
    assert "is not there; a trajectory in" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["{here}/nowhere", "{here}/x.jsonl"], "holds no trajectories.jsonl: record trajectories first"),
        (["{runs}", "{here}/x.csv"], "there is no format '.csv'; name a file that ends in .jsonl or .parquet"),
        (["{runs}", "{here}/x"], "there is no format ''"),
        (["{runs}", "{runs}/trajectories.jsonl"], "is the store itself"),
        (["{runs}", "{here}/x.jsonl", "--gamma", "0.9"], "--gamma belongs to --rows rl"),
        (["{runs}", "{here}/x.jsonl", "--rows", "rl", "--all"], "--all belongs to --rows sft"),
        (["{runs}", "{runs}/trajectories.jsonl/x.jsonl"], "cannot be written"),
    ],
    ids=["no-store", "format", "no-ending", "itself", "gamma", "all", "no-place"],
)
def test_mistakes_are_named(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, words: list[str], message: str) -> None:
    before = (folder / "trajectories.jsonl").read_bytes()
    status, _, err = run(capsys, "export", *(word.format(here=tmp_path, runs=folder) for word in words))
    assert status == 2
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "nowhere").exists()
    assert (folder / "trajectories.jsonl").read_bytes() == before


@pytest.mark.parametrize("text", ["1.5", "-0.1", "nan", "much"])
def test_a_discount_is_from_0_to_1(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "runs", "rl.jsonl", "--rows", "rl", f"--gamma={text}"])
    assert ended.value.code == 2
    assert "--gamma" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_nothing_to_learn_from_is_an_error_and_leaves_no_file(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, suffix: str
) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    path = folder / "trajectories.jsonl"
    path.write_text(path.read_text().splitlines(keepends=True)[-1])
    status, _, err = run(capsys, "export", folder, tmp_path / f"x.{suffix}")
    assert status == 2
    assert "--all takes the others too" in err
    assert list(tmp_path.glob("x.*")) == []


def test_parquet_without_pyarrow_says_what_installs_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    status, _, err = run(capsys, "export", folder, tmp_path / "x.parquet")
    assert status == 2
    assert 'pip install "mtenvs[export]"' in err


def test_a_torn_line_is_left_out_and_named(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    path = folder / "trajectories.jsonl"
    path.write_bytes(path.read_bytes()[:-100])
    status, out, _ = run(capsys, "export", folder, tmp_path / "x.jsonl", "--all")
    assert status == 0
    assert len(lines(tmp_path / "x.jsonl")) == 2
    assert "line 3: torn" in out
