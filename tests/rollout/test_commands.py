"""`mtenvs rollout`, `eval` and `replay` as a person or a script runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chat_server import Canned, ChatServer, says

from mtenvs.cli import main
from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout import TrajectoryStore
from mtenvs.rollout.session import Session

ENV = "LongExecution"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_eval_plays_every_task_of_the_split_and_writes_both_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page, data = tmp_path / "reports" / "r.md", tmp_path / "reports" / "r.json"
    words = ["eval", ENV, "--policy", "random", "--split", "val", "--max-tasks", "3", "--k", "1", "2", "--num-envs", "2"]
    status, out, err = run(capsys, *words, "--markdown", str(page), "--json", str(data), "--prices", "1", "2")
    assert status == 0
    assert "not solved: " in out
    assert "6/6" in err  # the progress bar
    found = json.loads(data.read_text())
    assert (found["episodes"], len(found["tasks"]), found["pass_at"]) == (6, 3, {"1": 0.0, "2": 0.0})
    assert found["cost"] is None  # nobody reported tokens
    assert "## 6 episodes that did not succeed" in page.read_text()


def test_a_report_for_a_pipe_is_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "eval", ENV, "--max-tasks", "2", "--json")
    assert status == 0
    assert json.loads(out)["success"] == 1.0
    assert "Success 100.0%" in err
    status, out, _ = run(capsys, "rollout", ENV, "--split", "test", "--markdown")
    assert out.startswith("# mtenvs/LongExecution-v0 with oracle\n")


def test_long_lists_of_failures_are_cut_in_the_terminal_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "eval", ENV, "--policy", "idle", "--max-tasks", "13", "--set", "max_turns=2")
    assert out.count("not solved: ") == 10
    assert "and 3 more" in out


def test_groups_and_several_tasks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["rollout", ENV, "-n", "4", "--group-size", "2", "--task", "k1-t10/0", "--task", "k2-t10/0", "--out", str(tmp_path)]
    assert run(capsys, *words)[0] == 0
    assert sorted((t.task_id, t.seed) for t in TrajectoryStore(tmp_path)) == [("k1-t10/0", 0)] * 2 + [("k2-t10/0", 1)] * 2


def test_resume_goes_on_where_it_stopped(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["eval", ENV, "--out", str(tmp_path), "--max-tasks"]
    assert run(capsys, *words, "2")[0] == 0
    status, out, err = run(capsys, *words, "5", "--resume")
    assert status == 0
    assert "over 5 episodes" in out
    assert "5/5" in err
    assert len(TrajectoryStore(tmp_path)) == 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rollout", ENV, "--resume"], "name it with --out"),
        (["eval", ENV, "--k", "3", "--attempts", "2"], "needs at least 3 attempts"),
        (["rollout", ENV, "--policy-set", "seed"], "--policy-set 'seed' is not of the form"),
        (["rollout", ENV, "--policy", "random", "--policy-set", "sead=1"], "sead"),
        (["rollout", ENV, "--policy", "chat", "--api-key-env", "NO_SUCH_KEY_HERE"], "no such environment variable"),
        (["eval", ENV, "--task", "k9-t9"], "there is no task 'k9-t9'"),
    ],
    ids=["resume", "attempts", "pair", "keyword", "key", "task"],
)
def test_mistakes_are_named(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    status, _, err = run(capsys, *words)
    assert status == 2
    assert message in err
    assert "Traceback" not in err


def test_an_error_that_ends_an_episode_is_an_exit_status(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    original = Session._finish

    def spoilt(self: Session, env: int) -> None:
        trajectory = self.running[env][1]
        trajectory.stop_reason, trajectory.error, trajectory.verdict = "env_error", "Traceback\nOSError: gone\n", None
        original(self, env)

    monkeypatch.setattr(Session, "_finish", spoilt)
    status, out, _ = run(capsys, "eval", ENV, "--max-tasks", "2")
    assert status == 1
    assert "2 episodes were ended by an error" in out
    assert "OSError: gone" in out


def test_a_full_disk_stops_with_a_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mtenvs.rollout.store.os.fsync", full)
    status, _, err = run(capsys, "rollout", ENV, "--out", str(tmp_path))
    assert status == 2
    assert "No space left on device. Everything recorded before is whole" in err
    assert len(TrajectoryStore(tmp_path)) == 0


def test_replay_names_torn_lines_and_what_cannot_be_played(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "rollout", ENV, "-n", "3", "--out", str(tmp_path))
    store = TrajectoryStore(tmp_path)
    stranger = Trajectory("elsewhere/Thing-v3", {}, "t", 0)
    os.truncate(store.path, store.path.stat().st_size - 100)
    status, out, _ = run(capsys, "replay", str(tmp_path))
    assert status == 0
    assert out.count("the same") == 2
    assert "line 3: torn" in out
    store.append(stranger)
    status, out, _ = run(capsys, "replay", str(tmp_path))
    assert status == 1
    assert "cannot be" in out


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    """An evaluation that would go on for long."""
    command = [sys.executable, "-m", "mtenvs.cli", "eval", ENV]
    words = [*command, "--split", "all", "--attempts", "1000", "--num-envs", "2", "--out", str(folder), *more]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, start_new_session=True)  # noqa: S603 - ours


def wait_for_lines(store: TrajectoryStore, process: subprocess.Popen[str], count: int) -> None:
    deadline = time.monotonic() + 60
    while len(store) < count:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline


@pytest.mark.parametrize("backend", ["sync", "process"])
def test_ctrl_c_prints_what_is_done_and_resume_takes_it_from_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, backend: str
) -> None:
    store = TrajectoryStore(tmp_path)
    with start(tmp_path, "--backend", backend) as process:
        wait_for_lines(store, process, 3)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "stopped after" in out
    assert "--resume goes on" in out
    done = len(store)
    assert store.problems() == []
    status, out, _ = run(capsys, "eval", ENV, "--split", "all", "--max-tasks", "4", "--out", str(tmp_path), "--resume", "--json")
    assert (status, json.loads(out)["episodes"]) == (0, 4)
    assert len(store) == max(4, done)


def test_a_killed_run_is_resumed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    with start(tmp_path) as process:
        wait_for_lines(store, process, 2)
        process.kill()
    whole = len(store)
    assert len(store.problems()) <= 1
    status, out, _ = run(capsys, "eval", ENV, "--split", "all", "--max-tasks", str(whole + 2), "--out", str(tmp_path), "--resume", "--json")
    found = json.loads(out)
    assert (status, found["episodes"], found["success"]) == (0, whole + 2, 1.0)
    assert whole + 1 <= len(store) <= whole + 3


def test_a_chat_model_is_evaluated_with_its_tokens_and_cost(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("httpx", reason="chat policies need httpx")
    monkeypatch.setenv("MY_KEY", "secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ChatServer()
    server.answer = lambda _: says("repeat()")
    chat = ["--policy", "chat", "--policy-set", f"base_url={server.url}", "--policy-set", "model=m", "--api-key-env", "MY_KEY"]
    words = ["eval", ENV, "--max-tasks", "2", "--set", "max_turns=3", "--out", str(tmp_path), "--prices", "10", "100", "--json", *chat]
    try:
        status, out, _ = run(capsys, *words)
        found = json.loads(out)
        assert status == 0
        assert (found["prompt_tokens"], found["completion_tokens"], found["priced"]) == (2 * 3 * 7, 2 * 3 * 3, 2)
        assert found["cost"] == pytest.approx((42 * 10 + 18 * 100) / 1e6)
        assert server.headers[0]["authorization"] == "Bearer secret"
        server.answer = lambda _: Canned(b"who are you?", status=401)
        status, out, err = run(capsys, *words, "--seed", "50")
    finally:
        server.close()
    found = json.loads(out)
    assert status == 1
    assert (found["errors"], found["stops"], found["failures"]) == (2, {"policy_error": 2}, {"given_up": 2})
    assert all("401" in failed["error"] for failed in found["failed"])
    assert "2 episodes were ended by an error" in err
    assert "secret" not in out + err + TrajectoryStore(tmp_path).path.read_text()
