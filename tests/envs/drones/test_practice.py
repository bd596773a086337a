"""Exercises as a batched engine: array libraries, seeds, bad input, and the same through `make_vec`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mtenvs
from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones import batch
from mtenvs.envs.drones.arrays import to_numpy
from mtenvs.envs.drones.coop import BumpAndPass
from mtenvs.envs.drones.exercise import Exercise
from mtenvs.envs.drones.practice import ExerciseEngine, Practice
from mtenvs.envs.drones.single import BackAndForth, HitTheBall, SoloBump
from mtenvs.envs.drones.spike import SetAndSpike

EXERCISES: list[Exercise] = [BackAndForth(), HitTheBall(), SoloBump(control="ctbr"), BumpAndPass(), SetAndSpike(difficulty="hard")]
SLOW = pytest.mark.slow  # compiling takes seconds
LIBRARIES = ["numpy", "torch", pytest.param("jax", marks=SLOW)]


def made(exercise: Exercise, xp: str = "numpy", games: int = 4) -> ExerciseEngine:
    if xp != "numpy":
        pytest.importorskip(xp)
    return ExerciseEngine(exercise, games, xp=xp)


def commands(engine: ExerciseEngine, steps: int, spread: float = 0.1) -> list[Any]:
    rng = np.random.default_rng(0)
    shape = (engine.games, engine.drones, 4)
    return [(np.array(engine.exercise.neutral) + rng.uniform(-spread, spread, shape)).astype(np.float32) for _ in range(steps)]


@pytest.mark.parametrize(
    ("exercise", "xp"),
    [(exercise, "torch") for exercise in EXERCISES]
    + [pytest.param(one, "jax", marks=() if one == EXERCISES[2] else SLOW) for one in EXERCISES],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_libraries_agree_over_50_steps(exercise: Exercise, xp: str) -> None:
    ours, theirs = made(exercise, "numpy", 32), made(exercise, xp, 32)
    np.testing.assert_allclose(to_numpy(theirs.reset(seed=3)), ours.reset(seed=3), atol=1e-6)
    for command in commands(ours, 50):
        a, b = ours.step(command), theirs.step(command)
        np.testing.assert_allclose(to_numpy(b.obs), a.obs, rtol=1e-5, atol=1e-5)
        for name, part in a.components.items():
            np.testing.assert_allclose(to_numpy(b.components[name]), part, rtol=1e-5, atol=1e-5, err_msg=name)
        assert (to_numpy(b.done) == a.done).all()
    own = ours.world.own
    assert "hits" not in own or own["hits"].sum() >= 8, "balls were hit on the way"
    for name, part in own.items():
        np.testing.assert_allclose(to_numpy(theirs.world.own[name]), part, rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("xp", LIBRARIES)
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30], ids=["nan", "inf", "huge"])
def test_what_is_no_number_stays_in_its_game(xp: str, value: float) -> None:
    clean, other = made(SoloBump(), xp), made(SoloBump(), xp)
    clean.reset(seed=5), other.reset(seed=5)
    vel = to_numpy(other.state.vel).copy()
    vel[0, 1, 2] = value
    other.state = other.state._replace(vel=other.place(vel))
    for i, command in enumerate(commands(clean, 4)):
        bad = command.copy()
        bad[1, 0, i] = np.nan if value != np.inf else value
        hover = command.copy()
        hover[1, 0] = clean.exercise.neutral
        a, b = clean.step(hover), other.step(bad)
        alone = [0, 1, 3]
        assert (to_numpy(a.obs)[alone] == to_numpy(b.obs)[alone]).all()
        assert (to_numpy(a.reward)[alone] == to_numpy(b.reward)[alone]).all()
        assert to_numpy(b.bad_action).tolist() == [[False], [True], [False], [False]]
        assert to_numpy(b.done).tolist() == [False, False, True, False]
        assert to_numpy(b.broken)[2] == (i == 0)
        assert i == 0 or to_numpy(b.reward)[2] == 0.0


@pytest.mark.parametrize("xp", LIBRARIES)
def test_autoreset_starts_over_and_begin_starts_only_some(xp: str) -> None:
    engine = made(HitTheBall(autoreset=True), xp, 3)
    first = to_numpy(engine.reset(seed=0)).copy()
    done = np.zeros(3, bool)
    for _ in range(60):
        out = engine.step(np.full((3, 1, 4), -1.0))
        now = to_numpy(out.done)
        done |= now
        assert (to_numpy(engine.world.steps)[now] == 0).all()
        assert (to_numpy(out.components["drone_misbehave"])[now] == -10.0).all()
    assert done.all()
    before = to_numpy(engine.observe()).copy()
    engine.begin([2, 1], np.array([2, 1]))
    after = to_numpy(engine.observe())
    np.testing.assert_allclose(after[1:], first[1:], atol=1e-6)
    np.testing.assert_allclose(after[0], before[0], atol=1e-6)


def test_time_is_up() -> None:
    engine = made(SoloBump())
    engine.reset(seed=0)
    engine.world = engine.world._replace(steps=engine.world.steps + 798)
    hover = np.tile(np.array(engine.exercise.neutral, np.float32), (4, 1, 1))
    assert not engine.step(hover).truncated.any()
    out = engine.step(hover)
    assert out.truncated.all()
    assert not out.terminated.any()


def test_chunks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 16)
    cut = ExerciseEngine(BumpAndPass(autoreset=True), 50, threads=2)
    start = cut.reset(seed=1)
    parts = [cut.step(command) for command in commands(cut, 60, 1.0)]
    monkeypatch.setattr(batch, "CHUNK", 1024)
    whole = made(BumpAndPass(autoreset=True), games=50)
    assert (whole.reset(seed=1) == start).all()
    for command, part in zip(commands(whole, 60, 1.0), parts, strict=True):
        out = whole.step(command)
        assert (out.obs == part.obs).all()
        assert (out.reward == part.reward).all()
        assert (out.done == part.done).all()


@pytest.mark.parametrize(
    ("env_id", "options", "xp"),
    [
        ("DroneSetAndSpike", {"difficulty": "hard"}, "torch"),
        ("Volleyball", {"opponent": "random", "teams": "1v1"}, "torch"),
        ("Volleyball", {"opponent": ["hover", "rule"]}, "torch"),
        pytest.param("DroneSoloBump", {}, "jax", marks=SLOW),
        pytest.param("Volleyball", {"opponent": lambda obs: 0.3 + 0.0 * obs[..., :4]}, "jax", marks=SLOW),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else str(value),
)
def test_make_vec_computes_on_other_libraries(env_id: str, options: dict[str, Any], xp: str) -> None:
    pytest.importorskip(xp)
    ours, theirs = (
        mtenvs.make_vec(f"mtenvs/{env_id}-v0", 6, backend="native", autoreset="same_step", **options, **library)
        for library in ({}, {"xp": xp})
    )
    first, _ = ours.reset(seed=2)
    second, _ = theirs.reset(seed=2)
    np.testing.assert_allclose(second["state"], first["state"], atol=1e-5)
    rng = np.random.default_rng(0)
    ended = 0
    for turn in range(60):
        actions = rng.uniform(-0.3, 0.4, ours.action_space.shape).astype(np.float32)
        actions[turn % 6] = np.nan if turn % 7 == 3 else actions[turn % 6]
        a, b = ours.step(actions), theirs.step(actions)
        np.testing.assert_allclose(b[0]["state"], a[0]["state"], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(b[1], a[1], rtol=1e-4, atol=1e-4)
        assert (a[2] == b[2]).all()
        assert (a[3] == b[3]).all()
        assert (a[4]["seed"] == b[4]["seed"]).all()
        assert [e and e.kind for e in a[4]["action_error"]] == [e and e.kind for e in b[4]["action_error"]]
        ended += int(a[2].sum())
    assert ended > 0, "games ended and began on the way"


def test_a_saved_game_goes_on_the_same_on_torch() -> None:
    pytest.importorskip("torch")
    drill = Practice(BumpAndPass(), 3, xp="torch")
    drill.start([1, 2, 3])
    rng = np.random.default_rng(0)
    actions = rng.uniform(-0.2, 0.6, (40, 3, 2, 4)).astype(np.float32)
    for action in actions[:20]:
        drill.play(action)
    kept = drill.save()
    first = [(drill.play(action).means()["near"], drill.observe()) for action in actions[20:]]
    again = Practice(BumpAndPass(), 3, xp="torch")
    again.load(kept)
    for action, (near, seen) in zip(actions[20:], first, strict=True):
        assert (again.play(action).means()["near"] == near).all()
        assert (again.observe() == seen).all()


def test_misuse_is_named() -> None:
    engine = made(SoloBump())
    with pytest.raises(ResetNeeded):
        engine.step(np.zeros((4, 1, 4)))
    engine.reset(seed=0)
    with pytest.raises(UnknownOption, match=r"\(games, drones, 4\)"):
        engine.step(np.zeros((4, 4)))
    for wrong in ({"control": "rope"}, {"preset": "moon"}, {"preset": ["moon"]}):
        with pytest.raises(UnknownOption):
            SoloBump(**wrong)
    with pytest.raises(UnknownOption):
        SetAndSpike(difficulty="middling")
    for games in (0, True, 2.5):
        with pytest.raises(UnknownOption):
            ExerciseEngine(SoloBump(), games)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(UnknownOption, match="main memory"):
        ExerciseEngine(SoloBump(), 2, device="cuda")
    with pytest.raises(UnknownOption, match="cupy"):
        mtenvs.make_vec("mtenvs/DroneSoloBump-v0", 2, backend="native", xp="cupy")
