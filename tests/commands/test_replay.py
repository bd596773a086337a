"""`mtenvs replay --import`: episodes through people's own wrappers."""

from __future__ import annotations

import importlib
import sys
from contextlib import closing
from pathlib import Path

import pytest

import mtenvs
from mtenvs.cli import main
from mtenvs.policies import named_policy
from mtenvs.rollout import TrajectoryStore, rollout

WRAPPERS = '''
import gymnasium as gym


class Halved(gym.RewardWrapper, gym.utils.RecordConstructorArgs):
    """Half of every reward."""

    def __init__(self, env, by=2.0):
        gym.utils.RecordConstructorArgs.__init__(self, by=by)
        super().__init__(env)
        self.by = by

    def reward(self, reward):
        return reward / self.by
'''


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, which is the current one, with somebody's module and a recording through its wrapper."""
    (tmp_path / "halving.py").write_text(WRAPPERS)
    (tmp_path / "broken_halving.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")  # one line for each episode
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p != str(tmp_path)])
    with monkeypatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path, str(tmp_path)])
        kind = importlib.import_module("halving").Halved
        with closing(mtenvs.make_vec(lambda: kind(mtenvs.make("mtenvs/LongExecution-v0", split=None), 4.0), 1, backend="sync")) as venv:
            rollout(venv, named_policy("oracle", venv), 2, tasks=["k1-t10/0"], store=TrajectoryStore(tmp_path / "runs"))
    monkeypatch.delitem(sys.modules, "halving")
    return tmp_path


def test_a_wrapper_of_ones_own_is_found_once_its_module_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "runs"]) == 1
    assert "import it first (mtenvs replay --import halving)" in capsys.readouterr().out
    assert main(["replay", str(place / "runs"), "--import", "json", "--import", "halving"]) == 0
    assert capsys.readouterr().out.count("the same") == 2


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("no_such_module_here", "ModuleNotFoundError: No module named 'no_such_module_here'"),
        ("broken_halving", "ZeroDivisionError"),
        (".x", "TypeError"),
    ],
    ids=["absent", "broken", "relative"],
)
def test_a_module_that_cannot_be_imported_is_named(place: Path, capsys: pytest.CaptureFixture[str], module: str, words: str) -> None:
    assert main(["replay", str(place / "runs"), "--import", module]) == 2
    assert f"--import {module}: {words}" in capsys.readouterr().err
