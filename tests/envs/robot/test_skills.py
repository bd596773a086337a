"""Skills on a made-up arm (quick, exact) and on the real tasks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import BadAction
from mtenvs.envs.robot.skill_calls import SkillCall
from mtenvs.envs.robot.skills import CLOSED_OPENING, STEP_M, SkillController, SkillResult

Array = npt.NDArray[np.float64]
LOW, HIGH = np.array([-0.5, 0.4, 0.05]), np.array([0.5, 1.0, 0.5])
START = (0.0, 0.6, 0.2)


class FakeArm:
    """A hand that follows its setpoint a quarter of the way a step, a wall at `wall` (y), and a puck that is carried while gripped."""

    def __init__(self, wall: float = np.inf, *, puck: tuple[float, float, float] = (0.1, 0.7, 0.02), horizon: int = 10_000) -> None:
        self.hand, self.setpoint, self.opening = np.array(START), np.array(START), 1.0
        self.puck, self.goal, self.wall, self.horizon = np.array(puck), np.array([0.1, 0.8, 0.1]), wall, horizon
        self.actions: list[npt.NDArray[np.float32]] = []

    @property
    def obs(self) -> Array:
        obs = np.zeros(39)
        obs[:3], obs[3], obs[4:7], obs[36:39] = self.hand, self.opening, self.puck, self.goal
        return obs

    def step(self, action: npt.NDArray[np.float32]) -> tuple[Array, bool]:
        assert action.shape == (4,)
        assert action.dtype == np.float32
        assert np.abs(action).max() <= 1.0
        self.actions.append(action)
        self.setpoint = np.clip(self.setpoint + STEP_M * np.clip(action[:3], -1, 1), LOW, HIGH)
        before, near = self.hand.copy(), bool(np.linalg.norm(self.hand - self.puck) < 0.05)
        self.hand = self.hand + 0.25 * (self.setpoint - self.hand)
        self.hand[1] = min(self.hand[1], self.wall)
        self.opening = float(np.clip(self.opening - 0.04 * np.sign(action[3]), 0.45 if near else 0.3, 1.0))
        if near and self.opening < 0.5:
            self.puck = self.puck + self.hand - before
        return self.obs, len(self.actions) >= self.horizon


def ready(arm: FakeArm) -> SkillController:
    controller = SkillController(LOW, HIGH, ("puck",))
    controller.start(arm.obs, arm.step)
    arm.actions.clear()
    return controller


def play(arm: FakeArm, controller: SkillController, name: str, **arguments: Any) -> SkillResult:
    return controller.run(SkillCall(name, arguments), arm.obs, arm.step)


def test_move_to_arrives_and_says_where() -> None:
    arm = FakeArm()
    result = play(arm, ready(arm), "move_to", x=0.2, y=0.8, z=0.3)
    assert result.reached
    assert not result.blocked
    assert np.linalg.norm(arm.hand - (0.2, 0.8, 0.3)) == pytest.approx(result.distance)
    assert result.distance < 0.01
    assert result.steps == len(arm.actions) < 50
    assert "move_to: reached (0." in result.text


def test_move_by_goes_as_far_as_asked() -> None:
    arm = FakeArm()
    play(arm, ready(arm), "move_by", dx=-0.1, dy=0.0, dz=0.05)
    assert arm.hand == pytest.approx([-0.1, 0.6, 0.25], abs=0.01)


def test_move_above_finds_objects_by_name() -> None:
    arm = FakeArm()
    controller = ready(arm)
    play(arm, controller, "move_above", object="puck", height=0.15)
    assert arm.hand == pytest.approx([0.1, 0.7, 0.17], abs=0.01)
    play(arm, controller, "move_above", object="goal")
    assert arm.hand == pytest.approx([0.1, 0.8, 0.2], abs=0.01)


def test_a_hidden_goal_cannot_be_gone_to() -> None:
    arm = FakeArm()
    controller = ready(arm)
    arm.goal[:] = 0.0
    with pytest.raises(BadAction, match="not shown"):
        play(arm, controller, "move_above", object="goal")


def test_slow_motion_takes_more_steps() -> None:
    fast, slow = FakeArm(), FakeArm()
    quick = play(fast, ready(fast), "move_by", dx=0.2, dy=0.0, dz=0.0)
    careful = play(slow, ready(slow), "move_by", dx=0.2, dy=0.0, dz=0.0, speed=0.4)
    assert careful.reached
    assert careful.steps > 1.8 * quick.steps


def test_a_wall_blocks_soon_and_is_not_pressed_on_afterwards() -> None:
    arm = FakeArm(wall=0.7)
    controller = ready(arm)
    result = play(arm, controller, "move_to", x=0.0, y=0.9, z=0.2)
    assert result.blocked
    assert not result.reached
    assert result.distance == pytest.approx(0.2, abs=0.005)
    assert "0.2" in result.text
    assert "blocked" in result.text
    assert result.steps < 100
    assert np.abs(arm.setpoint - arm.hand).max() < 0.03
    assert play(arm, controller, "move_to", x=0.0, y=0.6, z=0.2).steps < 30


def test_grasp_lift_and_release_are_told_in_words_and_numbers() -> None:
    arm = FakeArm(puck=(0.0, 0.6, 0.18))
    controller = ready(arm)
    held = play(arm, controller, "grasp")
    assert held.holding
    assert held.opening > CLOSED_OPENING
    assert "closed on something" in held.text
    carried = play(arm, controller, "move_by", dx=0.1, dy=0.0, dz=0.1)
    assert carried.moved["puck"] == pytest.approx((0.1, 0.0, 0.1), abs=0.02)
    assert "puck moved by" in carried.text
    assert "with the hand" in carried.text
    assert not play(arm, controller, "release").holding
    assert arm.opening == 1.0


def test_closing_on_nothing_does_not_hold() -> None:
    arm = FakeArm()
    result = play(arm, ready(arm), "grasp")
    assert not result.holding
    assert "nothing" in result.text


def test_push_closes_first_and_keeps_the_force_of_a_grasp() -> None:
    arm = FakeArm()
    controller = ready(arm)
    play(arm, controller, "push", x=0.2, y=0.6, z=0.2)
    assert arm.opening < CLOSED_OPENING
    play(arm, controller, "release")
    play(arm, controller, "grasp", force=0.5)
    play(arm, controller, "push", x=0.1, y=0.6, z=0.2)
    assert arm.actions[-1][3] == np.float32(0.5)


@pytest.mark.parametrize("call", [SkillCall("grasp"), SkillCall("push", {"x": 0.3, "y": 0.9, "z": 0.1}), SkillCall("wait", {"steps": 50})])
def test_the_end_of_the_episode_stops_a_skill_at_once(call: SkillCall) -> None:
    arm = FakeArm(horizon=5)
    controller = SkillController(LOW, HIGH, ("puck",))
    result = controller.run(call, arm.obs, arm.step)
    assert result.done
    assert len(arm.actions) == 5


def test_a_restored_controller_goes_on_as_the_first() -> None:
    arm = FakeArm()
    controller = ready(arm)
    play(arm, controller, "push", x=0.1, y=0.7, z=0.3)
    twin_arm, twin = FakeArm(), SkillController(LOW, HIGH, ("puck",))
    twin_arm.hand, twin_arm.setpoint, twin_arm.opening, twin_arm.puck = arm.hand, arm.setpoint, arm.opening, arm.puck
    twin.restore(controller.snapshot())
    arm.actions.clear()
    for one, other in ((controller, arm), (twin, twin_arm)):
        play(other, one, "move_to", x=-0.2, y=0.8, z=0.1)
    assert np.array_equal(arm.actions, twin_arm.actions)
    fresh = SkillController(LOW, HIGH)
    fresh.restore(SkillController(LOW, HIGH).snapshot())
    assert fresh.snapshot() == (-1.0,)


def test_results_are_json_data() -> None:
    arm = FakeArm()
    data = play(arm, ready(arm), "wait", steps=3).to_dict()
    assert data["steps"] == 3
    assert "obs" not in data


GOOD: dict[str, dict[str, Any]] = {
    "move_to": {"x": 0.1, "y": 0.7, "z": 0.2, "speed": 0.5},
    "move_by": {"dx": 0.1, "dy": -0.1, "dz": 0.0},
    "move_above": {"object": "puck", "height": 0.1},
    "push": {"x": 0.1, "y": 0.7, "z": 0.2},
    "grasp": {"force": 0.5},
    "release": {},
    "wait": {"steps": 5},
}
GARBAGE: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [float("nan"), float("inf"), -float("inf"), 10**400, -(10**12), 7.5, "0.1", True, None, [], {}, np.float32("nan"), np.int64(999)]
    ),
    st.floats(min_value=1.01).map(lambda value: -value),
    st.text(max_size=20),
    st.binary(max_size=5),
)


def refused(call: SkillCall) -> BadAction:
    """The refusal; nothing has moved, and the controller is as before."""
    arm = FakeArm()
    controller = ready(arm)
    before = controller.snapshot()
    with pytest.raises(BadAction) as refusal:
        controller.run(call, arm.obs, arm.step)
    assert arm.actions == []
    assert controller.snapshot() == before
    return refusal.value


@given(name=st.sampled_from([name for name in GOOD if GOOD[name]]), data=st.data())
def test_a_bad_argument_is_refused_before_anything_moves(name: str, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(GOOD[name])))
    value = data.draw(GARBAGE.filter(lambda value: not isinstance(value, str) or value not in ("puck", "goal")))
    refusal = refused(SkillCall(name, {**GOOD[name], key: value}))
    assert refusal.kind == "arguments"
    assert name in refusal.legal


@given(name=st.text(max_size=30).filter(lambda name: name not in GOOD), arguments=st.dictionaries(st.text(max_size=5), GARBAGE, max_size=3))
def test_an_unknown_skill_is_refused(name: str, arguments: dict[str, Any]) -> None:
    assert refused(SkillCall(name, arguments)).kind == "tool"


@pytest.mark.parametrize(
    "call",
    [
        SkillCall("move_to", {"x": 0.1, "y": 0.7}),
        SkillCall("move_to", {"x": 0.1, "y": 0.7, "z": 0.0}),
        SkillCall("move_to", {"x": 0.1, "y": 0.7, "z": 0.2, "force": 1}),
        SkillCall("move_by", {"dx": 0.9, "dy": 0.0, "dz": 0.0}),
        SkillCall("move_above", {"object": "teapot"}),
        SkillCall("move_above", {"height": 0.1}),
        SkillCall("move_above", {"object": "goal", "height": 0.45}),
        SkillCall("wait", {"steps": 2.5}),
        SkillCall("wait", {"steps": 101}),
        SkillCall("release", {"now": 1}),
        SkillCall("grasp", [1]),  # type: ignore[arg-type]
        SkillCall(None),  # type: ignore[arg-type]
        SkillCall(["move_to"]),  # type: ignore[arg-type]
    ],
)
def test_a_call_that_does_not_fit_is_refused(call: SkillCall) -> None:
    refused(call)


@given(
    st.floats(-0.5, 0.5),
    st.floats(0.4, 1.0),
    st.floats(0.05, 0.5),
    st.sampled_from(["move_to", "push"]),
    st.floats(0.1, 1.0),
    st.sampled_from([np.inf, 0.7]),
)
def test_any_motion_ends_and_keeps_its_word(x: float, y: float, z: float, name: str, speed: float, wall: float) -> None:
    arm = FakeArm(wall=wall)
    result = play(arm, ready(arm), name, x=x, y=y, z=z, speed=speed)
    assert result.steps <= 100 + 12 + 30
    assert result.reached == (result.distance < 0.006)
    assert not (result.reached and result.blocked)
    assert np.isfinite(result.obs).all()
