"""The persistent Python runtime: what it keeps, what it returns, what it is cut off from, and what it leaves behind."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from toy import CounterEnv

from mtenvs.core.errors import MissingRequirement, MtenvsError, SnapshotError, UnknownOption
from mtenvs.wrappers import PythonRuntime, Scratchpad, python_process
from mtenvs.wrappers.python_process import namespaces

needs_namespaces = pytest.mark.skipif(not namespaces(), reason="this system allows no unprivileged user namespaces (unshare)")


def runtime(env: gym.Env[Any, Any] | None = None, **options: Any) -> PythonRuntime:
    made = PythonRuntime(
        env or CounterEnv(max_turns=500), **{"allow_code": True, "require_isolation": bool(namespaces()), "timeout": 20.0, **options}
    )
    made.reset(seed=0)
    return made


def run(env: PythonRuntime, code: str) -> str:
    obs, _, _, _, info = env.step({"name": "python", "arguments": {"code": code}})
    assert info["action_error"] is None
    return str(obs["text"]).split("\n\n0 of")[0]


@pytest.fixture(scope="module")
def shared() -> Iterator[PythonRuntime]:
    env = runtime()
    yield env
    env.close()


def test_variables_functions_and_imports_stay(shared: PythonRuntime) -> None:
    assert run(shared, "import math\nx = 20\ndef double(n):\n    return 2 * n") == "(no output)"
    assert run(shared, "print('is'); double(x) + math.floor(2.5)") == "is\n42\n"


def test_errors_come_back_as_text_and_change_nothing_else(shared: PythonRuntime) -> None:
    run(shared, "kept = 1")
    out = run(shared, "1/0")
    assert "ZeroDivisionError" in out
    assert "python_child" not in out
    assert "SyntaxError" in run(shared, "def f(:")
    assert "EOFError" in run(shared, "input()")
    assert "exit() does nothing" in run(shared, "exit()")
    assert run(shared, "print('\\ud800 \\x00')") == "\ud800 \x00\n"
    assert run(shared, "kept") == "1\n"


def test_output_is_cut_with_a_mark() -> None:
    env = runtime(max_output=100)
    out = run(env, "print('a' * 1000)")
    assert out.startswith("a" * 100)
    assert "[... 901 characters cut ...]" in out
    env.close()


def test_prints_behind_pythons_back_cannot_break_the_conversation(shared: PythonRuntime) -> None:
    assert run(shared, "import os; os.write(1, b'{\"id\": 1}\\n'); os.system('echo hello')") in ("0\n", "32512\n")
    assert run(shared, "'still here'") == "'still here'\n"


def test_data_goes_in_and_comes_out(shared: PythonRuntime) -> None:
    shared.inject("prices", {"ash": [1, 2], "é": None})
    run(shared, "total = sum(prices['ash']); fn = print")
    assert shared.retrieve("total") == 3
    assert shared.retrieve("nothing_of_that_name", -1) == -1
    with pytest.raises(UnknownOption, match="'fn'"):
        shared.retrieve("fn")
    with pytest.raises(UnknownOption, match="JSON"):
        shared.inject("bad", object())
    with pytest.raises(UnknownOption, match="name"):
        shared.inject("not a name", 1)


def test_a_loop_without_end_is_interrupted_and_variables_survive() -> None:
    env = runtime(timeout=0.3)
    run(env, "x = 7")
    assert "TimeoutError" in run(env, "while True: pass")
    assert run(env, "x") == "7\n"
    env.close()


@pytest.mark.parametrize(
    "code",
    ["import os; os._exit(3)", "import os; os.close(3); os.close(4)\nimport gc", "import os; os.kill(os.getpid(), 9)"],
    ids=["exit", "pipes", "kill"],
)
def test_an_interpreter_that_dies_is_replaced(code: str) -> None:
    env = runtime(timeout=1.0)
    run(env, "x = 7")
    first = run(env, code)
    if "All variables are gone" not in first:  # it died after its answer, or could not die
        first = run(env, "1")
    assert run(env, "1 + 1") == "2\n" or "All variables are gone" in first
    assert run(env, "2 + 2") == "4\n"
    env.close()


def test_code_that_will_not_be_interrupted_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_process, "_GRACE", 0.3)
    env = runtime(timeout=0.3)
    assert "All variables are gone" in run(env, "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass")
    assert run(env, "1 + 1") == "2\n"
    env.close()


def test_memory_is_limited(shared: PythonRuntime) -> None:
    assert "MemoryError" in run(shared, "a = bytearray(8 << 30)")


@needs_namespaces
def test_there_is_no_network_no_other_process_and_nowhere_to_write(shared: PythonRuntime, tmp_path: Path) -> None:
    assert {"network", "processes", "files", "capabilities"} <= set(shared.isolated)
    assert "OSError" in run(shared, "import socket; socket.create_connection(('192.0.2.1', 80), 1)")
    assert run(shared, "import os; os.getpid()") == "1\n"
    assert f"{os.getpid()}" not in run(shared, "[p for p in os.listdir('/proc') if p.isdigit()]")
    tmp_path.chmod(0o777)
    assert "Read-only" in run(shared, f"open({str(tmp_path / 'x')!r}, 'w')")
    assert run(shared, "open('own.txt', 'w').write('mine'), open('own.txt').read()") == "(4, 'mine')\n"
    assert run(shared, "import ctypes; ctypes.CDLL(None).mount(b'none', b'/', None, 32, None)") == "-1\n"
    assert not list(tmp_path.iterdir())


@needs_namespaces
def test_what_it_starts_dies_with_it() -> None:
    env = runtime()
    mark = f"mtenvs-orphan-{os.getpid()}"
    program = "import time; print('up', flush=True); time.sleep(60)"
    code = (
        "import subprocess, sys\n"
        f"p = subprocess.Popen([sys.executable, '-c', {program!r}, {mark!r}], stdout=subprocess.PIPE, start_new_session=True)\n"
        "p.stdout.readline()"
    )
    assert "up" in run(env, code)
    assert living(mark)
    env.close()
    assert not living(mark)


def living(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def test_the_environments_own_variables_are_not_passed_on(shared: PythonRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTENVS_SECRET", "hush")
    env = runtime()
    assert "hush" not in run(env, "import os; dict(os.environ)")
    env.close()
    assert run(shared, "1") == "1\n"


def open_files() -> set[str]:
    return {p.name for p in Path("/proc/self/fd").iterdir()}


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = open_files()
    env = runtime()
    run(env, "x = 1")
    assert list(tmp_path.iterdir())
    env.reset(seed=1)
    assert not list(tmp_path.iterdir())  # an episode ends, and so does its interpreter
    assert "NameError" in run(env, "x")
    env.close()
    env.close()
    assert not list(tmp_path.iterdir())
    assert open_files() == before


def test_an_environment_that_is_forgotten_takes_its_interpreter_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    env = runtime()
    run(env, "x = 1")
    del env
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_the_same_seed_draws_the_same_numbers() -> None:
    drawn = []
    for _ in range(2):
        env = runtime()
        drawn.append(run(env, "import random; random.random(), list({'a', 'b', 'c', 'd'})"))
        env.close()
    assert drawn[0] == drawn[1]


def test_it_is_off_by_default_and_says_so() -> None:
    with pytest.raises(UnknownOption, match="allow_code=True"):
        PythonRuntime(CounterEnv())
    for wrong in ("timeout", "memory_mb", "cpu_seconds", "max_output"):
        with pytest.raises(UnknownOption, match=wrong):
            runtime(None, **{wrong: 0})


def test_without_namespaces_it_refuses_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtenvs.wrappers.python_runtime.namespaces", tuple)
    with pytest.raises(MissingRequirement, match="require_isolation=False"):
        runtime(require_isolation=True)
    monkeypatch.setattr(python_process, "namespaces", tuple)
    env = runtime(require_isolation=False)
    assert env.isolated == ()
    assert run(env, "1 + 1") == "2\n"
    env.close()


def test_an_interpreter_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "child.py"
    broken.write_text("raise SystemExit('no python today')")
    monkeypatch.setattr(python_process, "_CHILD", broken)
    env = runtime()
    with pytest.raises(MtenvsError, match="no python today"):
        run(env, "1")
    env.close()


def test_a_process_is_in_no_snapshot_and_notes_are_kept_beside_it() -> None:
    env = runtime(Scratchpad(CounterEnv()))
    core: Any = env.unwrapped
    assert {"python", "remember"} <= {t["function"]["name"] for t in core.tools}
    with pytest.raises(SnapshotError):
        core.snapshot()
    env.close()


def test_a_hero_does_his_sums() -> None:
    env = runtime(gym.make("mtenvs/HeroBench-v0", task="own/1/0"))
    obs, _, _, _, info = env.step('```json\n{"name": "python", "arguments": {"code": "need = 3 * 4\\nneed"}}\n```')
    assert obs["text"].startswith("12\n")
    assert info["turn"] == 1
    assert obs in env.observation_space
    env.close()
