"""The drone examples run as a user runs them, with tiny budgets."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mtenvs.envs.drones.engine import VolleyEngine

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
pytestmark = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="not installed: torch")


def run(name: str, *arguments: str, folder: Path) -> str:
    """What the example prints with ``--quick``."""
    command = [sys.executable, str(EXAMPLES / name), "--quick", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280, check=False)  # noqa: S603 - our own script
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_equilibrium_and_ratings_of_known_games(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    league = importlib.import_module("_league")
    circle = np.array([[0.5, 1.0, 0.0], [0.0, 0.5, 1.0], [1.0, 0.0, 0.5]])  # rock, paper, scissors
    assert league.equilibrium(circle) == pytest.approx([1 / 3] * 3, abs=0.02)
    assert league.elo(circle, 100) == pytest.approx([1000.0] * 3)
    strengths = np.array([800.0, 1000.0, 1200.0])
    rates = 1.0 / (1.0 + 10.0 ** ((strengths[None] - strengths[:, None]) / 400.0))
    assert league.elo(rates, 100_000) == pytest.approx(strengths, abs=1.0)
    assert league.equilibrium(rates) == pytest.approx([0.0, 0.0, 1.0], abs=0.01)


def test_the_aim_prefers_serves_that_cross_the_net(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    league = importlib.import_module("_league")
    engine = VolleyEngine(teams="1v1", games=3)
    engine.reset(0)
    velocities = np.array([[-2.5, 0.0, 6.0], [-2.5, 0.0, 1.0], [2.5, 0.0, 6.0]], np.float32).T  # over the net, into it, backwards
    engine.state = engine.state._replace(ball_pos=np.tile(np.array([[1.5], [0.0], [2.1]], np.float32), 3), ball_vel=velocities)
    over, into, back = league.aim(engine.state, engine.params)
    assert over == pytest.approx(40.0)
    assert over > into > 0 > back == pytest.approx(-10.0)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("av") is None, reason="not installed: av")
@pytest.mark.parametrize("task", ["solo-bump", "hit-the-ball"])
def test_training_reports_both_policies_and_leaves_curve_and_film(task: str, tmp_path: Path) -> None:
    said = run("train_drones.py", "--task", task, folder=tmp_path)
    returns = {who: float(value) for who, value in re.findall(r"^(untrained|trained) +return +(-?[\d.]+)", said, re.MULTILINE)}
    assert returns.keys() == {"untrained", "trained"}
    assert re.search(r"return x -?[\d.]+$" if returns["untrained"] > 0 else r"it began below 0", said, re.MULTILINE)
    rows = list(csv.DictReader((tmp_path / "drones" / "curve.csv").open()))
    assert [int(row["steps"]) for row in rows] == sorted(int(row["steps"]) for row in rows) != []
    assert len((tmp_path / "drones" / "curve.txt").read_text().splitlines()) == len(rows)
    assert (tmp_path / "drones" / "film.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.slow
def test_the_league_prints_tables_that_agree_and_repeat(tmp_path: Path) -> None:
    tables = [run("drone_league.py", folder=tmp_path).partition("\npoints of")[2].rpartition("\n")[0].rpartition("\n")[0] for _ in range(2)]
    assert tables[0] == tables[1]
    rates = np.array([row.split() for row in re.findall(r"^  g\d +((?:[\d.]+ *){3})$", tables[0], re.MULTILINE)][:3], float)
    assert np.allclose(rates + rates.T, 1.0, atol=0.011)  # both are rounded
    ratings = [float(rating) for rating in re.findall(r"^  g\d +(\d+)   [\d.]+$", tables[0], re.MULTILINE)]
    assert ratings == sorted(ratings, reverse=True)
    assert np.mean(ratings) == pytest.approx(1000, abs=1)
    assert float(tables[0].rsplit("at least ", 1)[1].split()[0]) >= 0.0
