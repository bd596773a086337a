"""Environments that raise, hang or die, and parents that do: nothing is lost, shifted or left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rough_env import RoughEnv, chaos, chaos_batch, rough

import mtenvs
from mtenvs.vector import BatchedVectorEnv, ProcessVectorEnv, WorkerFailed

BACKENDS = ("sync", "thread", "process")
TESTS = Path(__file__).resolve().parents[1]


def pids_of(venv: BatchedVectorEnv) -> list[int]:
    assert isinstance(venv, ProcessVectorEnv)
    return venv.worker_pids


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody has fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: list[int], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(alive(pid) for pid in pids)


@pytest.fixture
def process() -> Iterator[ProcessVectorEnv]:
    venv = mtenvs.make_vec(rough(), 4, backend="process", workers=2, context="forkserver", step_timeout=1.0, reset_timeout=30.0)
    assert isinstance(venv, ProcessVectorEnv)
    yield venv
    venv.close()


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_environment_that_raises_ends_its_own_episode(backend: str) -> None:
    venv = mtenvs.make_vec(rough(), 3, backend=backend)
    venv.reset(seed=0)
    venv.step(["a"] * 3)
    obs, rewards, terminated, truncated, infos = venv.step(["b", "raise", "shape"])
    assert obs["text"][:2] == ("b|2|0", "a|1|1")
    assert (rewards.tolist(), terminated.tolist(), truncated.tolist()) == ([2.0, 0.0, 0.0], [False] * 3, [False, True, True])
    assert "RuntimeError: as asked" in infos["error"][1]
    assert "has the shape (3,)" in infos["error"][2]
    assert infos["trainable"].tolist() == [True, False, False]
    assert infos["stop_reason"].tolist() == [None, "env_error", "env_error"]
    obs, _ = venv.reset(seed=9, options={"reset_mask": truncated})
    assert obs["text"] == ("b|2|0", "start|0|10", "start|0|11")
    assert not venv.step(["c"] * 3)[3].any()
    venv.close()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_failing_reset_ends_on_the_first_step(backend: str) -> None:
    venv = mtenvs.make_vec(rough(), 2, backend=backend)
    obs, infos = venv.reset(seed=0, options={"do": "raise"})
    assert infos["stop_reason"].tolist() == ["env_error"] * 2
    assert obs["text"] == ("", "")
    _, _, _, truncated, infos = venv.step(["a", "b"])
    assert truncated.all()
    assert "as asked" in infos["error"][0]
    venv.send_reset([0, 1], seed=3, options=[{"do": "raise"}, None])
    batch = venv.recv(2, timeout=30)
    rows = {int(i): (bool(t), bool(ok)) for i, t, ok in zip(batch.env_ids, batch.truncated, batch.infos["trainable"], strict=True)}
    assert rows == {0: (True, False), 1: (False, True)}
    venv.close()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", ["next_step", "same_step"])
def test_faults_under_autoreset(backend: str, mode: str) -> None:
    venv = mtenvs.make_vec(rough(), 2, backend=backend, autoreset=mode)
    venv.reset(seed=0)
    venv.step(["a", "a"])
    obs, _, _, truncated, infos = venv.step(["raise", "b"])
    assert truncated.tolist() == [True, False]
    assert infos["trainable"].tolist() == [False, True]
    if mode == "same_step":
        assert obs["text"][0].startswith("start|0|")
        assert infos["final_obs"][0]["text"] == "a|1|0"
        assert infos["final_info"]["stop_reason"][0] == "env_error"
    else:
        assert venv.step(["ignored", "b"])[0]["text"][0].startswith("start|0|")
    assert venv.step(["c", "c"])[0]["text"][0].startswith("c|1|")
    venv.close()


@pytest.mark.parametrize("what", ["exit", "kill", "hang"])
def test_a_worker_that_dies_takes_one_episode_with_it(process: ProcessVectorEnv, what: str) -> None:
    process.reset(seed=0)
    process.step(["a"] * 4)
    process.set_attr("turn", [11, 12, 13, 14])
    before = process.worker_pids
    obs, _, _, truncated, infos = process.step(["b", what, "b", "b"])
    assert truncated.tolist() == [False, True, False, False]
    assert obs["text"] == ("b|12|0", "a|1|1", "b|14|2", "b|15|3")
    assert infos["error"][1].startswith("the step took longer" if what == "hang" else "the worker process ended")
    obs, *_ = process.step(["c"] * 4)
    assert obs["text"] == ("c|13|0", "a|1|1", "c|15|2", "c|16|3")
    after = process.worker_pids
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert not alive(before[0])
    process.reset(seed=20, options={"reset_mask": truncated})
    assert process.step(["d"] * 4)[0]["text"][1] == "d|1|21"


def test_idle_neighbours_of_the_dead_go_on_as_well(process: ProcessVectorEnv) -> None:
    process.reset(seed=0)
    process.step(["a"] * 4)
    process.send(["exit"], [1])
    assert process.recv(timeout=30).truncated.tolist() == [True]
    process.send(["b"], [0])
    assert process.recv(timeout=30).obs["text"] == ("b|2|0",)


def test_a_worker_killed_from_outside_costs_nothing(process: ProcessVectorEnv) -> None:
    process.reset(seed=0)
    process.step(["a"] * 4)
    for pid in process.worker_pids:
        os.kill(pid, signal.SIGKILL)
    obs, _, _, truncated, _ = process.step(["b"] * 4)
    assert not truncated.any()
    assert obs["text"] == ("b|2|0", "b|2|1", "b|2|2", "b|2|3")


def test_an_episode_without_a_known_seed_ends_with_its_worker() -> None:
    venv = mtenvs.make_vec(Forgetful, 2, backend="process", workers=1, context="forkserver")
    venv.reset()
    _, _, _, truncated, infos = venv.step(["exit", "a"])
    assert truncated.all()
    assert "cannot be played again" in infos["error"][1]
    venv.close()


class Forgetful(RoughEnv):
    """Does not say with which seed it plays."""

    def _info(self, action: str) -> dict[str, Any]:
        return {"action": action}


def test_a_call_that_kills_is_the_callers_problem_and_ends_the_episode(process: ProcessVectorEnv) -> None:
    process.reset(seed=0)
    with pytest.raises(WorkerFailed, match="environment 2"):
        process.call_one(2, "_do", "exit")
    _, _, _, truncated, _ = process.step(["a"] * 4)
    assert truncated.tolist() == [False, False, True, False]


def test_a_thread_that_hangs_is_left_to_itself() -> None:
    venv = mtenvs.make_vec(rough(), 2, backend="thread", step_timeout=0.3)
    venv.reset(seed=0)
    obs, _, _, truncated, infos = venv.step(["wait 1.2", "a"])
    assert truncated.tolist() == [True, False]
    assert "took longer than 0.3 s" in infos["error"][0]
    venv.reset(seed=5, options={"reset_mask": truncated})
    for k in range(12):  # the late reply comes somewhere here
        obs, _, _, truncated, _ = venv.step(["wait 0.1", f"b{k}"])
        assert obs["text"] == (f"wait 0.1|{k + 1}|5", f"b{k}|{k + 2}|1")
        assert not truncated.any()
    venv.close()


def test_a_hanging_reset_is_ended() -> None:
    venv = mtenvs.make_vec(rough(), 2, backend="process", workers=2, context="forkserver", reset_timeout=0.5)
    venv.reset(seed=0)
    _, infos = venv.reset(seed=1, options={"do": "hang"})
    assert infos["stop_reason"].tolist() == ["env_error"] * 2
    assert "the reset took longer than 0.5 s" in infos["error"][0]
    obs, _ = venv.reset(seed=2)
    assert obs["text"] == ("start|0|2", "start|0|3")
    venv.close()


def test_closing_leaves_nothing(process: ProcessVectorEnv) -> None:
    process.reset(seed=0)
    *_, infos = process.step(["child"] * 4)
    pids = [*process.worker_pids, *(pid for some in infos["children"] for pid in some)]
    assert len(pids) == 6
    process.send(["hang"], [0])
    process.close()
    assert gone(pids, 2.0)


def test_collecting_leaves_nothing() -> None:
    venv = mtenvs.make_vec(rough(), 2, backend="process", context="forkserver")
    pids = pids_of(venv)
    del venv
    assert gone(pids)


SCRIPT = """
import sys, time
sys.path.insert(0, sys.argv[1])
from rough_env import RoughEnv
import mtenvs
class Mine(RoughEnv):
    pass
venv = mtenvs.make_vec(Mine, 4, backend="process", workers=2, context=sys.argv[2])
venv.reset(seed=0)
infos = venv.step(["child"] * 4)[4]
print(*venv.worker_pids, *(p for some in infos["children"] for p in some), flush=True)
venv.step(["hang"] * 4)
"""


@pytest.mark.parametrize("context", ["spawn", "forkserver"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["SIGINT", "SIGKILL"])
def test_a_parent_that_is_ended_leaves_nothing(number: signal.Signals, context: str) -> None:
    parent = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT, str(TESTS), context], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 6
    assert all(alive(pid) for pid in pids)
    time.sleep(0.2)
    parent.send_signal(number)
    _, stderr = parent.communicate(timeout=30)
    assert parent.returncode != 0
    assert ("KeyboardInterrupt" in stderr) == (number == signal.SIGINT)
    assert gone(pids)


def test_chaos() -> None:
    with_children = _children()
    venv = chaos_batch()
    found = chaos(venv, 400, 25)
    pids = pids_of(venv)
    venv.close()
    assert (found.lost, found.shifted, found.innocent) == (0, 0, 0)
    assert found.faults == {"hang": 4, "raise": 4, "exit": 4}
    assert found.turns == 400 * 8 - 12
    assert gone(pids)
    assert _children() <= with_children


def _children() -> set[int]:
    """Our own child processes."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(path.parent.name))
    return found
