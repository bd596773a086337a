"""A spectator tells what the engine plays."""

from __future__ import annotations

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.engine import Outcome, VolleyEngine
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.spectator import Spectator
from mtenvs.envs.drones.view import CourtView


def hover(engine: VolleyEngine) -> np.ndarray:
    return np.tile(np.asarray(engine.setup.neutral), (engine.games, engine.drones, 1))


def throw(engine: VolleyEngine, place: tuple[float, ...], velocity: tuple[float, ...]) -> None:
    """Put the balls somewhere."""
    state = engine.state
    balls = [np.repeat(np.array(values, dtype=state.ball_pos.dtype)[:, None], engine.games, axis=1) for values in (place, velocity)]
    engine.state = state._replace(ball_pos=balls[0], ball_vel=balls[1])


def play(engine: VolleyEngine, spectator: Spectator, steps: int) -> list[Scene]:
    scenes = []
    for _ in range(steps):
        outcome: Outcome = engine.step(hover(engine))
        scenes.append(spectator.watch(outcome))
        if scenes[-1].phase == "over":
            break
    return scenes


def started(teams: str = "3v3", *, autoreset: bool = False) -> tuple[VolleyEngine, Spectator]:
    engine = VolleyEngine("volleybots", teams, games=3, random_serve=False, autoreset=autoreset)
    engine.reset(seed=5)
    return engine, Spectator(engine, 1)


@pytest.mark.parametrize("teams", ["1v1", "3v3", "6v6"])
def test_the_start_of_a_game(teams: str) -> None:
    engine, spectator = started(teams)
    scene = spectator.watch()
    assert np.allclose(scene.positions, np.asarray(engine.state.pos)[:, :, 1])
    assert np.allclose(scene.ball, np.asarray(engine.state.ball_pos)[:, 1])
    assert (scene.phase, scene.turn, scene.score, scene.event) == ("serve", 0, (0, 0), "")
    assert sum(scene.may_hit) == 1
    assert scene.may_hit[engine.setup.game.server]
    assert CourtView(teams=teams).draw(scene).any()


def test_a_serve_over_the_net_that_nobody_answers_is_an_ace() -> None:
    engine, spectator = started()
    spectator.watch()
    server = np.asarray(engine.state.pos)[2, :, 1]
    throw(engine, (server[0], server[1], server[2] + 0.15), (0.0, 0.0, -3.0))
    scenes = play(engine, spectator, 6)
    assert (scenes[-1].event, scenes[-1].event_team, scenes[-1].phase) == ("Serve", 0, "serve")
    throw(engine, (0.4, 0.0, 3.2), (-6.0, 0.0, 0.0))
    scenes = play(engine, spectator, 60)
    assert {scene.turn for scene in scenes[:-1]} == {0, 1}
    assert [scene.phase for scene in scenes][-2:] == ["rally", "over"]
    assert (scenes[-1].event, scenes[-1].event_team, scenes[-1].score, scenes[-1].turn) == ("Ace", 0, (1, 0), -1)
    last = spectator.watch(engine.step(hover(engine)))
    assert (last.score, last.event) == ((1, 0), "Ace")  # counted once


@pytest.mark.parametrize(
    ("place", "velocity", "event", "team"),
    [
        ((3.0, 0.0, 0.4), (0.0, 0.0, -1.0), "Ball dropped", 0),
        ((8.5, 4.0, 0.4), (0.0, 0.0, -1.0), "Out", 0),
        ((0.5, 0.0, 1.0), (-6.0, 0.0, 0.0), "Into the net", 0),
        ((3.0, -1.5, 2.15), (0.0, 0.0, -3.0), "Hit out of turn", 0),
    ],
    ids=["dropped", "out", "net", "turn"],
)
def test_how_games_are_lost(place: tuple[float, ...], velocity: tuple[float, ...], event: str, team: int) -> None:
    engine, spectator = started()
    spectator.watch()
    throw(engine, place, velocity)
    last = play(engine, spectator, 30)[-1]
    assert (last.phase, last.event, last.event_team, last.score) == ("over", event, team, (0, 1))


@pytest.mark.parametrize("teams", ["1v1", "3v3"])
def test_a_drone_that_hits_twice_makes_a_double_hit(teams: str) -> None:
    engine, spectator = started(teams)
    spectator.watch()
    server = np.asarray(engine.state.pos)[engine.setup.game.server, :, 1]
    for _ in range(2):
        throw(engine, (server[0], server[1], server[2] + 0.15), (0.0, 0.0, -3.0))
        last = play(engine, spectator, 6)[-1]
    assert (last.phase, last.event, last.event_team, last.score) == ("over", "Double hit", 0, (0, 1))


def test_a_drone_on_the_ground_ends_a_game_without_a_winner() -> None:
    engine, spectator = started()
    spectator.watch()
    place = np.array(engine.state.pos)
    place[4, 2] = 0.28
    engine.state = engine.state._replace(pos=place)
    last = play(engine, spectator, 3)[-1]
    assert (last.event, last.event_team, last.score) == ("Drone on the ground", 1, (0, 0))


def test_the_trail_follows_the_ball_and_begins_anew_with_each_game() -> None:
    engine, spectator = started()
    first = spectator.watch()
    scenes = [first, *play(engine, spectator, 60)]
    assert len(scenes[-1].trail) == 40
    assert np.array_equal(scenes[-1].trail, np.array([scene.ball for scene in scenes[-40:]]))
    engine.reset(seed=6)
    again = spectator.watch()
    assert len(again.trail) == 1
    assert again.event == ""


def test_a_game_that_starts_again_by_itself_keeps_the_score() -> None:
    engine, spectator = started(autoreset=True)
    spectator.watch()
    throw(engine, (3.0, 0.0, 0.3), (0.0, 0.0, -6.0))
    scene = spectator.watch(engine.step(hover(engine)))
    assert (scene.score, scene.event, scene.phase, len(scene.trail)) == ((0, 1), "Ball dropped", "serve", 1)


def test_games_that_are_not_there_are_refused() -> None:
    with pytest.raises(UnknownOption, match="game 3"):
        Spectator(started()[0], 3)
