"""The referee: every fault by a scripted scene, possession, turns, crossings, and games without a winner."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mtenvs.envs.drones.engine import Outcome, VolleyEngine
from mtenvs.envs.drones.rules import Fault

PLACES: dict[str, list[tuple[float, float, float]]] = {
    "1v1": [(1.5, 0, 2), (-1.5, 0, 2)],
    "3v3": [(3, -1.5, 2), (3, 1.5, 2), (6, 0, 2), (-3, 1.5, 2), (-3, -1.5, 2), (-6, 0, 2)],
}


class Scene:
    """One game in which drones hover and balls and drones are put where a test wants them."""

    def __init__(self, teams: str = "3v3", preset: str = "volleybots") -> None:
        self.engine = VolleyEngine(preset, teams, 1, dtype="float64", random_serve=False)
        self.engine.reset(seed=0)
        self.drones = self.engine.drones
        for i, place in enumerate(PLACES.get(teams, [])):
            self.drone(i, place)
        self.ball((0.0, 50.0, 100.0))

    def drone(self, i: int, place: Any, *, level: bool = False) -> None:
        self.engine.state.pos[i, :, 0] = place
        if level:
            self.engine.state.quat[i, :, 0] = 1.0, 0.0, 0.0, 0.0

    def ball(self, place: Any, velocity: Any = (0.0, 0.0, 0.0)) -> None:
        self.engine.state.ball_pos[:, 0], self.engine.state.ball_vel[:, 0] = place, velocity

    def over(self, i: int, *, aside: float = 0.0) -> None:
        """Put the ball over drone ``i``, so that it is touched in the next step."""
        x, y, z = self.engine.state.pos[i, :, 0]
        self.ball((x + aside, y, z + 0.14), (0.0, 0.0, -4.0))

    def step(self, times: int = 1) -> Outcome:
        command = np.broadcast_to(self.engine.setup.neutral, (1, self.drones, 4))
        for _ in range(times):
            out = self.engine.step(command)
            if out.done[0]:
                break
        return out

    def hit(self, i: int) -> Outcome:
        """Drone ``i`` touches the ball with its racket; then the ball hangs high over its own side for four steps."""
        self.over(i)
        out = self.step()
        assert out.contacts.hit[i, 0]
        if not out.done[0]:
            x, y, _ = self.engine.state.pos[i, :, 0]
            self.ball((x, y, 8.0))
            self.step(4)
        return out

    def cross(self) -> Outcome:
        """The ball goes to the other side, high."""
        self.engine.state.ball_pos[:, 0] *= -1.0, 1.0, 0.0
        self.engine.state.ball_pos[2, 0] = 8.0
        self.engine.state.ball_vel[:] = 0.0
        return self.step()


def serve(scene: Scene) -> Outcome:
    scene.ball((6.0, 0.0, 8.0))
    scene.step()
    return scene.hit(2)


def faults(out: Outcome) -> list[tuple[str, int]]:
    return [(Fault(case).name, int(team)) for case, team in np.argwhere(out.events.faults[..., 0])]


def test_a_legal_serve_pass_set_and_attack() -> None:
    scene = Scene()
    assert serve(scene).events.legal[:, 0].tolist() == [False, False, True, False, False, False]
    assert scene.cross().events.crossed[0]
    for touch in (5, 3, 4):
        assert not scene.hit(touch).done[0]
    assert scene.cross().events.crossed[0]
    assert scene.engine.rules.hits[:, 0].tolist() == [0, 0, 1, 1, 1, 1]
    assert scene.engine.rules.crossings[0] == 2
    assert not scene.engine.rules.done[0]


def test_a_serve_by_another_than_the_server_loses() -> None:
    scene = Scene()
    scene.ball((3.0, 1.5, 8.0))
    scene.step()
    out = scene.hit(1)
    assert faults(out) == [("TURN", 0)]
    assert out.result[0] == -1


def test_a_serve_must_cross_in_one_touch() -> None:
    scene = Scene()
    serve(scene)
    out = scene.hit(0)
    assert faults(out) == [("TURN", 0)]


def test_a_double_hit_loses() -> None:
    scene = Scene()
    serve(scene)
    scene.cross()
    assert not scene.hit(5).done[0]
    out = scene.hit(5)
    assert faults(out) == [("TURN", 1)]
    assert out.result[0] == 1


def test_touching_the_ball_when_it_is_the_others_loses() -> None:
    scene = Scene()
    serve(scene)
    scene.cross()
    scene.hit(5)
    scene.drone(0, (0.05, 1.0, 4.0))
    scene.ball((-0.05, 1.0, 4.14), (0.0, 0.0, -4.0))
    out = scene.step()
    assert faults(out) == [("TURN", 0)]


def test_contacts_within_three_steps_of_a_hit_do_not_count_again() -> None:
    scene = Scene()
    serve(scene)
    scene.cross()
    scene.over(5)
    assert scene.step().events.legal[5, 0]
    for _ in range(3):
        scene.over(5)
        out = scene.step()
        assert out.contacts.hit[5, 0]
        assert not out.done[0]
    scene.over(5)
    assert faults(scene.step()) == [("TURN", 1)]


def test_the_body_instead_of_the_racket_loses() -> None:
    scene = Scene()
    scene.ball((6.0, 0.0, 8.0))
    scene.step()
    scene.over(2, aside=0.23)
    out = scene.step()
    assert out.contacts.body[2, 0]
    assert faults(out) == [("BODY", 0)]


def test_the_underside_is_no_racket() -> None:
    scene = Scene()
    scene.ball((-6.0, 0.0, 1.86), (0.0, 0.0, 6.0))
    out = scene.step()
    assert out.contacts.body[5, 0]
    assert ("BODY", 1) in faults(out)


@pytest.mark.parametrize(("drone", "x", "result"), [(0, -0.01, -1), (4, 0.01, 1)])
def test_a_drone_through_the_plane_of_the_net_loses(drone: int, x: float, result: int) -> None:
    scene = Scene()
    scene.drone(drone, (x, 0.0, 2.0))
    out = scene.step()
    assert faults(out) == [("CROSSED", 0 if result < 0 else 1)]
    assert out.result[0] == result


@pytest.mark.parametrize(("x", "result"), [(5.9, -1), (-5.9, 1)])
def test_a_ball_on_the_ground_of_a_half_is_lost_by_that_team(x: float, result: int) -> None:
    scene = Scene()
    scene.ball((x, 2.9, 0.21), (0.0, 0.0, -1.0))
    out = scene.step()
    assert faults(out) == [("LANDED", 0 if result < 0 else 1)]
    assert out.result[0] == result
    assert out.reward[0].tolist()[0] == pytest.approx(100.0 * result, abs=1.0)
    assert out.reward[0].tolist()[5] == pytest.approx(-100.0 * result, abs=1.0)


@pytest.mark.parametrize("place", [(6.1, 0.0), (2.0, -3.1), (-2.0, 3.1)])
def test_a_ball_out_is_lost_by_who_hit_it_last(place: tuple[float, float]) -> None:
    scene = Scene()
    serve(scene)
    scene.ball((*place, 5.0))
    assert not scene.step().done[0], "out only counts on the ground"
    scene.ball((*place, 0.21), (0.0, 0.0, -1.0))
    out = scene.step()
    assert faults(out) == [("OUT", 0)]
    assert out.result[0] == -1


@pytest.mark.parametrize("x", [0.29, -0.29])
def test_a_ball_near_the_net_below_its_edge_is_lost_by_who_hit_it_last(x: float) -> None:
    scene = Scene()
    serve(scene)
    scene.cross()
    scene.hit(5)
    scene.ball((x, 2.9, 2.4))
    out = scene.step()
    assert faults(out) == [("NET", 1)]


def test_over_the_net_and_beside_it_is_no_fault() -> None:
    scene = Scene()
    serve(scene)
    scene.ball((0.1, 0.0, 2.5))
    assert not scene.step().done[0]
    scene.ball((0.1, 3.01, 2.0))
    assert not scene.step().done[0]


def test_a_solid_net_stops_the_ball() -> None:
    scene = Scene(preset="realistic")
    serve(scene)
    scene.ball((0.2, 0.0, 2.0), (-8.0, 0.0, 0.0))
    out = scene.step()
    assert out.contacts.ball_net[0]
    assert faults(out) == [("NET", 0)]
    assert scene.engine.state.ball_pos[0, 0] > 0.0
    assert scene.engine.state.ball_vel[0, 0] > 0.0


def test_both_at_fault_in_one_step_is_a_draw() -> None:
    scene = Scene()
    scene.drone(0, (-0.01, 0.0, 2.0))
    scene.drone(3, (0.01, 2.0, 2.0))
    out = scene.step()
    assert sorted(faults(out)) == [("CROSSED", 0), ("CROSSED", 1)]
    assert out.events.draw[0]
    assert out.terminated[0]
    assert out.result[0] == 0
    assert np.abs(out.reward).max() < 1.0


def test_a_crash_ends_the_game_without_a_winner() -> None:
    scene = Scene()
    scene.drone(1, (3.0, 1.5, 0.29))
    out = scene.step()
    assert out.terminated[0]
    assert out.result[0] == 0
    assert faults(out) == []
    assert out.reward[0, 1] < -99.0
    assert out.reward[0, 0] > -1.0


@pytest.mark.parametrize(("gap", "over"), [(0.79, True), (0.81, False)])
def test_teammates_too_close_end_the_game_without_a_winner(gap: float, over: bool) -> None:
    scene = Scene()
    scene.drone(0, (4.0, 0.0, 2.0))
    scene.drone(1, (4.0, gap, 2.0))
    out = scene.step()
    assert bool(out.terminated[0]) == over
    assert out.events.too_close[:, 0].tolist() == [over, over, False, False, False, False]
    assert out.result[0] == 0
    assert (out.reward[0, 0] < -99.0) == over


def test_opponents_may_be_close() -> None:
    scene = Scene()
    scene.drone(0, (0.2, 0.0, 2.0))
    scene.drone(3, (-0.2, 0.0, 2.0))
    assert not scene.step().done[0]


def test_time_runs_out() -> None:
    scene = Scene("1v1")
    scene.engine.rules.steps[:] = 998
    scene.ball((1.0, 0.0, 100.0))
    assert not scene.step().done[0]
    out = scene.step()
    assert out.truncated[0]
    assert not out.terminated[0]


def test_1v1_alternates() -> None:
    scene = Scene("1v1")
    scene.drone(0, (1.5, 0.0, 2.0), level=True)
    scene.drone(1, (-1.5, 0.0, 2.0), level=True)
    scene.ball((1.5, 0.0, 8.0))
    scene.step()
    out = scene.hit(0)
    assert out.reward[0, 0] > 5.0
    assert scene.engine.rules.turn[0] == 1
    scene.drone(0, (1.5, 0.0, 2.0), level=True)
    out = scene.hit(0)
    assert faults(out) == [("TURN", 0)]
    assert out.result[0] == -1


def test_1v1_out_counts_at_any_height_and_by_turn() -> None:
    scene = Scene("1v1")
    scene.drone(0, (1.5, 0.0, 2.0), level=True)
    scene.hit(0)
    scene.ball((-3.1, 0.0, 5.0))
    out = scene.step()
    assert faults(out) == [("OUT", 0)]


def test_6v6_has_the_same_faults() -> None:
    scene = Scene("6v6")
    scene.ball((9.0, 0.0, 8.0))
    scene.step()
    out = scene.hit(4)
    assert out.events.legal[4, 0]
    scene.cross()
    assert not scene.hit(7).done[0]
    assert faults(scene.hit(7)) == [("TURN", 1)]


def test_a_legal_hit_pays_the_whole_team_and_nearness_only_who_may_hit() -> None:
    scene = Scene()
    scene.ball((6.0, 0.0, 8.0))
    before = scene.step().reward[0]
    assert before[2] == pytest.approx(0.5 / 7.0 + 0.05, abs=0.01)
    assert before[0] == pytest.approx(0.05, abs=1e-3)
    scene.over(2)
    out = scene.step().reward[0]
    assert (out[:3] > 10.0).all()
    assert (out[3:] < 1.0).all()


def test_nothing_happens_to_a_game_that_is_over() -> None:
    scene = Scene()
    scene.drone(0, (-0.01, 0.0, 2.0))
    scene.step()
    frozen = [part.copy() for part in scene.engine.state]
    out = scene.engine.step(np.ones((1, 6, 4)))
    assert out.done[0]
    assert not out.terminated[0]
    assert out.result[0] == 0
    assert not out.events.faults.any()
    assert (out.reward == 0.0).all()
    assert all((a == b).all() for a, b in zip(frozen, scene.engine.state, strict=True))
