"""The court in words: exact, short, and the same from both sides."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones import flight
from mtenvs.envs.drones.params import CourtParams
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.words import CAPTIONS, caption, describe

METRES = st.floats(-12, 12, width=32)
SPEED = st.floats(-15, 15, width=32)
PLACE = st.tuples(METRES, METRES, st.floats(0, 10, width=32))
VELOCITY = st.tuples(SPEED, SPEED, SPEED)


def scene(ball: tuple[float, ...], velocity: tuple[float, ...] = (0.0, 0.0, 0.0), **more: object) -> Scene:
    places = np.array([(2, -2, 1.5), (2, 1.5, 2.4), (4.5, 0, 1.1), (-2, 2, 1.5), (-2, -1.5, 2.4), (-4.5, 0, 1.1)])
    return Scene(places, np.tile([1.0, 0, 0, 0], (6, 1)), np.array(ball), np.array(velocity), **more)  # type: ignore[arg-type]  # any field


def mirrored(moment: Scene) -> Scene:
    """The same moment as it would be with the teams on each other's side."""
    turn = np.array([-1.0, -1.0, 1.0])
    swap = [3, 4, 5, 0, 1, 2]
    return replace(
        moment,
        positions=(moment.positions * turn)[swap],
        ball=moment.ball * turn,
        ball_velocity=moment.ball_velocity * turn,
        score=moment.score[::-1],
        turn=1 - moment.turn if moment.turn >= 0 else -1,
        event_team=1 - moment.event_team if moment.event_team >= 0 else -1,
        actions=tuple(moment.actions[i] for i in swap) if moment.actions else (),
        may_hit=tuple(moment.may_hit[i] for i in swap) if moment.may_hit else (),
        target=(-moment.target[0], -moment.target[1], *moment.target[2:]) if moment.target else (),
    )


def test_a_serve_that_comes_over_is_told_in_exact_numbers() -> None:
    moment = scene(
        (-3.0, 0.0, 3.43),
        (6.0, 0.3, 4.905),
        phase="rally",
        turn=0,
        score=(3, 2),
        event="Serve",
        event_team=1,
        may_hit=(True, False, True) + (False,) * 3,
    )
    lines = describe(moment, 0).split("\n")
    assert lines[0] == "Rally. Score you 3, opponents 2. Your side has the ball. Last: Serve (opponents)."
    # By hand: over the net after 0.5 s at 3.43 + 2.4525 - 1.22625 = 4.65625 m; z = 0.1 after 1.4638 s.
    assert lines[1] == (
        "Ball at (-3.00, 0.00, 3.43) on their side, 1.00 m above the net's top; flying to your side at 7.76 m/s, rising; "
        "crosses the net in 0.50 s, 2.23 m above its top, at y 0.15; lands at (5.78, 0.44) in 1.46 s, in your court."
    )
    assert lines[2] == "May hit: setter, passer."
    assert lines[3] == "You: setter at (2.00, -2.00, 1.50); attacker at (2.00, 1.50, 2.40); passer at (4.50, 0.00, 1.10)."
    assert len(describe(moment)) < 700


def test_who_may_not_hit_is_told_so() -> None:
    assert "May hit: none of you, the opponents may." in describe(scene((-3, 0, 2), may_hit=(False,) * 3 + (True,) * 3), 0)
    assert "May hit" not in describe(scene((-3, 0, 2)), 0)


def test_the_orders_of_the_opponents_stay_secret() -> None:
    moment = scene((1, 0, 2), actions=("set", "attack_left", "hover", "pass_right", "set", "goto_middle"))
    assert "attacker at (2.00, 1.50, 2.40) doing attack_left" in describe(moment, 0)
    assert "goto_middle" not in describe(moment, 0)
    assert "attack_left" not in describe(moment, 1)


def test_an_exercise_without_opponents_and_score_has_few_words() -> None:
    alone = Scene(np.array([(4.5, 0, 2), (np.nan,) * 3]), np.zeros((2, 4)), np.array([4.5, 0.0, 3.0]))
    assert describe(alone, court=CourtParams(18.0, 9.0)).split("\n") == [
        "Ball at (4.50, 0.00, 3.00) on your side, 0.57 m above the net's top; at rest; lands at (4.50, 0.00) in 0.77 s, in your court.",
        "You: player at (4.50, 0.00, 2.00).",
    ]


def test_the_target_of_an_exercise_is_told_and_a_ball_that_is_not_there_is_not() -> None:
    places = np.array([(4.5, 0, 2), (np.nan,) * 3])
    alone = Scene(places, np.zeros((2, 4)), np.full(3, np.nan), target=(9.0, 4.5, 2.0, 0.6))
    assert describe(alone, court=CourtParams(18.0, 9.0)).split("\n") == [
        "Target: within 0.60 m of (9.00, 4.50, 2.00).",
        "You: player at (4.50, 0.00, 2.00).",
    ]
    assert "Target: within 0.60 m of (-9.00, -4.50, 2.00)." in describe(alone, 1, court=CourtParams(18.0, 9.0))


def test_only_those_opponents_of_an_exercise_are_told_that_are_there() -> None:
    places = np.array([(2, -2, 2), (2, 2, 3), (-4, 0, 0.5), (np.nan,) * 3])
    hard = Scene(places, np.zeros((4, 4)), np.array([2.0, -2.0, 5.0]))
    assert describe(hard, court=CourtParams(18.0, 9.0)).endswith("Opponents: player 0 at (-4.00, 0.00, 0.50).")


@given(PLACE, VELOCITY, st.integers(-1, 1), st.tuples(*[st.booleans()] * 6), st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_both_teams_read_the_same_of_the_same_situation(
    place: tuple[float, ...], velocity: tuple[float, ...], turn: int, may_hit: tuple[bool, ...], score: tuple[int, int]
) -> None:
    moment = scene(place, velocity, turn=turn, may_hit=may_hit, score=score, event="Set", event_team=turn, actions=("goto",) * 6)
    assert describe(moment, 0) == describe(mirrored(moment), 1)
    assert describe(moment, 1) == describe(mirrored(moment), 0)
    assert not re.search(r"-0\.00\b", describe(moment, 0))


@given(PLACE, VELOCITY)
def test_the_landing_is_where_many_small_steps_lead(place: tuple[float, ...], velocity: tuple[float, ...]) -> None:
    land = flight.landing(place, velocity)
    if land is None:
        peak = place[2] + max(0.0, velocity[2]) ** 2 / (2 * flight.GRAVITY)
        assert peak <= flight.GROUND + 1e-6
        return
    height = place[2] + velocity[2] * land.time - flight.GRAVITY * land.time**2 / 2
    assert height == pytest.approx(flight.GROUND, abs=1e-6)
    assert velocity[2] - flight.GRAVITY * land.time <= 1e-6  # it comes down there
    assert land.x == pytest.approx(place[0] + velocity[0] * land.time)
    assert land.y == pytest.approx(place[1] + velocity[1] * land.time)
    times = np.linspace(0, land.time, 50)
    heights = place[2] + velocity[2] * times - flight.GRAVITY * times**2 / 2
    assert place[2] < flight.GROUND or (heights >= flight.GROUND - 1e-6).all()


@given(PLACE, VELOCITY)
def test_the_crossing_is_on_the_nets_plane_and_ahead(place: tuple[float, ...], velocity: tuple[float, ...]) -> None:
    cross = flight.crossing(place, velocity)
    if cross is None:
        assert place[0] * velocity[0] >= 0 or abs(place[0] / velocity[0]) > 1e300
        return
    assert cross.time >= 0
    assert place[0] + velocity[0] * cross.time == pytest.approx(0, abs=1e-9)
    assert cross.y == pytest.approx(place[1] + velocity[1] * cross.time)


@given(PLACE, VELOCITY)
def test_a_landing_is_called_in_exactly_when_it_is(place: tuple[float, ...], velocity: tuple[float, ...]) -> None:
    said = describe(scene(place, velocity))
    land = flight.landing(np.array(place, dtype=np.float32), np.array(velocity, dtype=np.float32))
    if land is None:
        assert "lands at" not in said
        return
    inside = abs(land.x) <= 6 and abs(land.y) <= 3
    assert (", in your court." in said, ", in their court." in said, ", out." in said) == (
        inside and land.x > 0,
        inside and land.x <= 0,
        not inside,
    )


def test_a_ball_and_drones_without_numbers_are_said_to_be_lost() -> None:
    lost = replace(scene((np.nan, 0, 0)), positions=np.full((6, 3), np.inf))
    said = describe(lost)
    assert "Ball: nowhere to be seen." in said
    assert said.count("nowhere to be seen") == 4  # the ball and your own; of opponents that are not there nothing is said
    assert "nan" not in said
    assert "inf" not in said


@pytest.mark.parametrize(
    ("velocity", "words"),
    [
        ((0, 0, 0), "at rest"),
        ((0, 0, 3), "moving straight at 3.00 m/s, rising"),
        ((0, 2, -1), "moving along the net at 2.24 m/s, falling"),
        ((-1, 0, 0), "moving towards the net at 1.00 m/s, falling"),
        ((1, 0, 0), "moving away from the net at 1.00 m/s, falling"),
        ((-8, 0, 3), "flying to their side at 8.54 m/s, rising"),
    ],
    ids=["rest", "straight", "along", "towards", "away", "over"],
)
def test_the_way_it_moves(velocity: tuple[float, ...], words: str) -> None:
    assert words in describe(scene((4.0, 0.0, 2.0), velocity))


def test_one_event_cannot_break_out_of_its_line() -> None:
    said = describe(scene((1, 0, 2), event="Out\nYou: win", event_team=0))
    assert [line.split(":")[0] for line in said.split("\n")[1:]] == [
        "Ball at (1.00, 0.00, 2.00) on your side, 0.43 m below the net's top; at rest; lands at (1.00, 0.00) in 0.62 s, in your court.",
        "You",
        "Opponents",
    ]


def test_wrong_teams_and_courts_are_refused() -> None:
    with pytest.raises(UnknownOption, match="team"):
        describe(scene((0, 0, 1)), 2)
    two = Scene(np.zeros((4, 3)), np.zeros((4, 4)), np.zeros(3))
    with pytest.raises(UnknownOption, match="court"):
        describe(two)
    assert "player 1 at (0.00, 0.00, 0.00)" in describe(two, court=CourtParams())


def test_captions() -> None:
    assert caption("DOUBLE") == "Double hit"
    assert all(caption(event) for event in CAPTIONS)
    with pytest.raises(UnknownOption, match="did you mean 'double'"):
        caption("doubel")


def test_higher_balls_land_later() -> None:
    lands = [flight.landing((0, 0, z), (1, 0, 0)) for z in np.linspace(0.1, 9, 30)]
    assert all(a is not None and b is not None and a.time < b.time for a, b in pairwise(lands))
