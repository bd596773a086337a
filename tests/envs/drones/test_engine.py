"""The batched engine: seeds, masks, threads, array libraries, and what it does with bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones import batch
from mtenvs.envs.drones.arrays import to_numpy
from mtenvs.envs.drones.engine import Outcome, VolleyEngine

COMPILED = pytest.param("jax", id="jax", marks=pytest.mark.slow)  # compiling takes seconds
LIBRARIES = ["numpy", "torch", COMPILED]


def made(xp: str = "numpy", teams: str = "3v3", games: int = 4, **options: Any) -> VolleyEngine:
    if xp != "numpy":
        pytest.importorskip(xp)
    return VolleyEngine(teams=teams, games=games, xp=xp, **options)


def commands(engine: VolleyEngine, steps: int, seed: int = 0, spread: float = 0.1) -> list[Any]:
    rng = np.random.default_rng(seed)
    shape = (engine.games, engine.drones, 4)
    return [(np.array(engine.setup.neutral) + rng.uniform(-spread, spread, shape)).astype(np.float32) for _ in range(steps)]


def leaves(tree: Any) -> list[Any]:
    return [leaf for part in tree for leaf in leaves(part)] if isinstance(tree, tuple) else [to_numpy(tree)]


@pytest.mark.parametrize(
    ("xp", "teams"),
    [("torch", "1v1"), ("torch", "3v3"), ("jax", "1v1"), pytest.param("jax", "3v3", marks=pytest.mark.slow), ("torch", "6v6")],
)
def test_libraries_agree_over_50_steps(xp: str, teams: str) -> None:
    ours, theirs = made("numpy", teams, 32), made(xp, teams, 32)
    np.testing.assert_allclose(to_numpy(theirs.reset(seed=3)), ours.reset(seed=3), atol=1e-6)
    for command in commands(ours, 50):
        a, b = ours.step(command), theirs.step(command)
        np.testing.assert_allclose(to_numpy(b.obs), a.obs, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(to_numpy(b.reward), a.reward, rtol=1e-5, atol=1e-5)
        assert (to_numpy(b.done) == a.done).all()
        assert (to_numpy(b.contacts.hit) == a.contacts.hit).all()
    assert ours.rules.hits.sum() >= 20, "balls were hit on the way"


@pytest.mark.parametrize("xp", LIBRARIES)
def test_same_seed_same_games(xp: str) -> None:
    runs = []
    for _ in range(2):
        engine = made(xp, "1v1", 5, autoreset=True)
        engine.reset(seed=7)
        for command in commands(engine, 120):
            out = engine.step(command)
        runs.append((to_numpy(out.obs), to_numpy(out.reward)))
    assert (runs[0][0] == runs[1][0]).all()
    assert (runs[0][1] == runs[1][1]).all()
    engine = made(xp, "1v1", 5)
    assert not (to_numpy(engine.reset(seed=8)) == to_numpy(engine.reset(seed=9))).all()


def test_a_game_alone_is_the_same_as_among_others() -> None:
    many, one = made(teams="1v1", games=6, autoreset=True), made(teams="1v1", games=1, autoreset=True)
    everyone = many.reset(seed=10)
    assert (one.reset(seed=13) == everyone[3:4]).all()
    for command in commands(many, 150):
        whole, single = many.step(command), one.step(command[3:4])
        assert (whole.obs[3] == single.obs[0]).all()
        assert (whole.reward[3] == single.reward[0]).all()


def test_chunks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(games=50, autoreset=True)
    monkeypatch.setattr(batch, "CHUNK", 16)
    cut = made(games=50, autoreset=True, threads=2)
    assert (whole.reset(seed=1) == cut.reset(seed=1)).all()
    for command in commands(whole, 60, spread=1.0):
        monkeypatch.setattr(batch, "CHUNK", 1024)
        a = whole.step(command)
        monkeypatch.setattr(batch, "CHUNK", 16)
        b = cut.step(command)
        assert all((x == y).all() for x, y in zip(leaves(a), leaves(b), strict=True))


@pytest.mark.parametrize("xp", LIBRARIES)
def test_a_mask_starts_only_its_games(xp: str) -> None:
    engine = made(xp, "1v1")
    start = to_numpy(engine.reset(seed=0)).copy()
    for command in commands(engine, 10):
        out = engine.step(command)
    moved = to_numpy(out.obs).copy()
    after = to_numpy(engine.reset(mask=[True, False, False, True]))
    assert after[1:3] == pytest.approx(moved[1:3], abs=1e-6), "compiled code rounds in another order"
    assert not (after[0] == moved[0]).all()
    assert not (after[0] == start[0]).all(), "the next episode differs from the first"
    assert (to_numpy(engine.reset(seed=0)) == start).all()


def test_both_teams_serve_about_as_often() -> None:
    engine = made(games=2000)
    engine.reset(seed=0)
    far = engine.rules.side.mean()
    assert 0.45 < far < 0.55
    assert (engine.state.ball_pos[0] < 0).mean() == far
    engine.reset()
    assert (engine.rules.side == (engine.state.ball_pos[0] < 0)).all()


@pytest.mark.parametrize("xp", LIBRARIES)
def test_autoreset_starts_over_in_the_same_step(xp: str) -> None:
    engine = made(xp, "3v3", 3, autoreset=True)
    engine.reset(seed=0)
    done = np.zeros(3, bool)
    for _ in range(120):
        out = engine.step(np.full((3, 6, 4), -1.0))
        done |= to_numpy(out.done)
        again = to_numpy(out.done)
        if again.any():
            assert (to_numpy(engine.rules.steps)[again] == 0).all()
            assert to_numpy(out.obs)[again][:, 0, 2] == pytest.approx(2.0)
            assert to_numpy(out.terminated)[again].all()
    assert done.all()


def poison(engine: VolleyEngine, value: float) -> tuple[Outcome, Outcome]:
    clean = np.broadcast_to(engine.setup.neutral, (engine.games, engine.drones, 4)).astype(np.float32)
    bad = clean.copy()
    bad[1, 2, 0] = value
    world = engine.world
    expected = engine.step(clean)
    engine.world = world
    return expected, engine.step(bad)


@pytest.mark.parametrize("xp", LIBRARIES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=["nan", "inf", "minus-inf"])
@pytest.mark.parametrize("control", ["prt", "ctbr"])
def test_a_command_that_is_no_number_flies_the_neutral_one(xp: str, value: float, control: str) -> None:
    engine = made(xp, control=control)
    engine.reset(seed=0)
    expected, got = poison(engine, value)
    assert (to_numpy(got.obs) == to_numpy(expected.obs)).all()
    flags = to_numpy(got.bad_action)
    assert flags[1, 2]
    assert flags.sum() == 1


@pytest.mark.parametrize("xp", LIBRARIES)
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30], ids=["nan", "inf", "huge"])
def test_a_broken_game_ends_alone(xp: str, value: float) -> None:
    engine = made(xp)
    engine.reset(seed=0)
    vel = to_numpy(engine.state.vel).copy()
    vel[0, 1, 2] = value
    engine.state = engine.state._replace(vel=engine.xp.asarray(vel))
    for command in commands(engine, 3):
        out = engine.step(command)
        assert not to_numpy(out.done)[[0, 1, 3]].any()
        assert to_numpy(out.done)[2]
        assert np.isfinite(to_numpy(out.obs)[[0, 1, 3]]).all()
        assert np.isfinite(to_numpy(out.reward)).all()
        assert to_numpy(out.result)[2] == 0


def test_a_broken_game_is_well_after_a_reset() -> None:
    engine = made(autoreset=True)
    engine.reset(seed=0)
    engine.state.omega[0, 0, 2] = np.nan
    out = engine.step(commands(engine, 1)[0])
    assert out.broken.tolist() == [False, False, True, False]
    assert out.terminated[2]
    assert np.isfinite(out.obs).all()


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 3), (3, 6, 4), (4, 5, 4), (6, 4, 4)])
def test_wrong_shapes_are_refused(shape: tuple[int, ...]) -> None:
    engine = made()
    engine.reset(seed=0)
    before = leaves(engine.world)
    with pytest.raises(UnknownOption, match=r"\(games, drones, 4\)"):
        engine.step(np.zeros(shape))
    assert all((a == b).all() for a, b in zip(before, leaves(engine.world), strict=True))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"teams": "2v3"}, "same size"),
        ({"teams": "4v4"}, "1v1"),
        ({"preset": "moon"}, "volleybots"),
        ({"games": 0}, "at least one"),
        ({"control": "pid"}, "ctbr"),
        ({"dtype": "float16"}, "float32"),
        ({"xp": "cupy"}, "numpy"),
    ],
    ids=["odd-teams", "no-format", "no-preset", "no-games", "no-control", "no-dtype", "no-library"],
)
def test_unknown_options_say_what_there_is(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownOption, match=message):
        VolleyEngine(**options)


def test_misuse_is_named() -> None:
    engine = made()
    with pytest.raises(ResetNeeded):
        engine.step(np.zeros((4, 6, 4)))
    with pytest.raises(UnknownOption, match="3 seeds for 4 games"):
        engine.reset(seed=[1, 2, 3])
    with pytest.raises(UnknownOption, match="mask"):
        engine.reset(seed=0, mask=[True])


def test_outcomes_are_not_overwritten_by_later_steps() -> None:
    engine = made()
    engine.reset(seed=0)
    first = engine.step(commands(engine, 1)[0])
    kept = [leaf.copy() for leaf in leaves(first)]
    for command in commands(engine, 5, seed=1):
        engine.step(command)
    assert all((a == b).all() for a, b in zip(kept, leaves(first), strict=True))


def test_a_world_can_be_put_back() -> None:
    engine = made(teams="1v1")
    engine.reset(seed=0)
    orders = commands(engine, 20)
    for command in orders[:10]:
        engine.step(command)
    world = engine.world
    first = [engine.step(command).obs for command in orders[10:]]
    engine.world = world
    again = [engine.step(command).obs for command in orders[10:]]
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
