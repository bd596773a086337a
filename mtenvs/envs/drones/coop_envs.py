"""`mtenvs/DroneBumpAndPass-v0` and `mtenvs/DroneSetAndSpike-v0`: one policy flies both drones. The PettingZoo forms are in `parallel`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.drones.coop import BumpAndPass
from mtenvs.envs.drones.env import DroneEnv
from mtenvs.envs.drones.skills.playbook import Swing
from mtenvs.envs.drones.spike import DIFFICULTIES, TARGET, SetAndSpike
from mtenvs.envs.drones.striker import Striker

BUMP = Swing((1.7, 1.85, 2.0, 2.15, 2.3), (1.34, 1.38, 1.42, 1.5), 2.0, 1.38)
SET = Swing((1.8, 2.0, 2.2, 2.5), (1.3, 1.4, 1.5), 2.2, 1.4)
SHORT_SPOT = np.array([2.2, 2.4, 3.4])
SHORT_CORNER = np.array([-2.2, 3.6, 0.1])
"""Near the net and the side line, 4 m from the defender's start: in the 1.1 s of a short flight it runs 3 m."""
HIT = Swing((2.6, 3.0, 3.4), (1.1, 1.3, 1.5), 3.0, 1.3, 0.4)
SHORT = Swing((3.1, 3.3, 3.5, 3.7), (1.0, 1.05, 1.1, 1.15, 1.2), 3.5, 1.1, 0.25)


class BumpAndPassEnv(DroneEnv):
    """Two drones bump a ball to each other.

    ## Description
    Two quadrotors with rackets, 5 m apart, hit a ball of 5 g in turns; half way it has to be above 4 m.

    ## Observation
    `state` (float32 2 x 43): drone state 23, place from the anchor 3, mate from here 3, ball from here 3, ball velocity 3, whose turn it
    is 2, number of the drone 2, four times the share of the episode that is over. `image` (uint8): the court. `goal`, `text`: the court in
    words.

    ## Actions
    float32 2 x 4 in [-1, 1]: `control="prt"` rotor commands, `"ctbr"` roll, pitch and yaw rate (1 is 144 degrees a second) and thrust.

    ## Rewards
    The mean of both drones': `hit` 1 for a legal hit, `crossing` 1 when the ball is over the middle line above 4 m, `aim` cosine to the
    mate at a legal hit, `near` 0.05 times the mean of +-1 / (1 + horizontal distance), `anchor` -0.05 times the mean distance beyond 0.5
    m; `wrong_hit`, `drone_misbehave`, `ball_misbehave` -10 each (the first two for the drone at fault).

    ## Start
    At rest within 0.1 m of the anchors (4.5, -2.5, 2) and (4.5, 2.5, 2), level; the ball at rest 2 m above the first drone, which begins.

    ## End
    A hit out of turn or not with the racket, a drone below 0.4 m or at the net, the ball below 0.2 m, above 16 m, in the net or outside:
    `goal_reached` if two passes had succeeded, else `goal_failed`. Truncated after 800 steps.

    ## Arguments
    `preset` = `"volleybots" | "realistic"`, `control`, `image_size`, and those of all environments.

    ## Tasks and splits
    One task, `bump-and-pass`; the seed draws the start. Score: passes / 2, at most 1; a pass counts when the mate has hit it. The oracle (a
    geometric pilot, `control="prt"` alone) succeeds on 17 of 20 seeds.

    ## Differences from the original
    The start's spread and the two passes of a success are ours; the source reports the number of passes (`passes`).

    ## Source and licence
    VolleyBots (MIT): constants, rewards and ends; the code is ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    exercise = BumpAndPass
    task_id = "bump-and-pass"
    goal: ClassVar[str] = "Bump the ball to your mate and back, each drone in turn, above 4 m half way: at least twice."

    def oracle(self) -> Iterator[Any]:
        """Each drone in turn sends the ball over the middle to its mate."""
        drill = self.drill
        if drill.control != "prt":
            raise NotImplementedError("the planner of swings gives rotor commands: use control='prt'")
        striker, places = Striker(drill.params, 2), np.array(drill.anchors)
        while self.drill.steps[0] < self.drill.max_steps:
            turn = int(drill.own["turn"][0])
            yield striker.command(drill.state, places, turn, places[1 - turn], BUMP)


class SetAndSpikeEnv(DroneEnv):
    """One drone sets the ball, the other spikes it over the net.

    ## Description
    Two quadrotors with rackets: the setter's hit gives the ball to the attacker, whose hit shall send it down into the far court.

    ## Observation
    `state` (float32 2 x 44): drone state 23, place from the anchor 3, mate from here 3, ball from here 3, ball velocity 3, phase (set,
    spike, over) 3, number of the drone 2, four times the share of the episode that is over. `image` (uint8): the court. `goal`, `text`:
    the court in words.

    ## Actions
    float32 2 x 4 in [-1, 1]: `control="prt"` rotor commands, `"ctbr"` roll, pitch and yaw rate (1 is 144 degrees a second) and thrust.

    ## Rewards
    The mean of both drones': `hit`, `spike` (the ball goes down), `crossing`, `landing` 5 each; `aim` cosine to where the ball shall go at
    a legal hit; `speed` 0.2 max(0, 5 - vz) at the spike; `place` 0.2 max(0, 10 - d) at the landing; `near` 0.05 / (1 + distance to the
    ball); `anchor` -0.05 times the mean distance beyond 0.5 m; `wrong_hit`, `drone_misbehave`, `ball_misbehave` -10 each.

    ## Start
    At rest within 0.1 m of the anchors (2, -2.5, 2.5) and (2, 2.5, 3.5), level; the ball at rest 3 m above the setter.

    ## End
    `goal_reached` when the ball has landed where it shall; `goal_failed` when it lands elsewhere, at a hit out of turn or not with the
    racket, a drone below 0.2 m or over the net, the ball in the net, outside, above 16 m, down in the near half, or caught by the
    defender. Truncated after 800 steps.

    ## Arguments
    `difficulty` = `"easy" | "hard"`: with `"hard"` a disc in the far half runs to where the ball comes down; `preset`, `control`,
    `image_size`, and those of all environments.

    ## Tasks and splits
    One task for each difficulty, `set-and-spike-easy` and `set-and-spike-hard`; the seed draws the start. Score: a third each for the
    setter's hit, the ball over the net after the attacker's, and its landing (easy: in the target circle; hard: in the far court, not
    caught). The oracle (`control="prt"` alone) hits in an arc, never down, so `spike` stays 0; where it is hard, short and to the side,
    out of the defender's reach: 20 of 20 seeds with `"easy"`, 30 of 30 with `"hard"`.

    ## Differences from the original
    Success does not ask for a downward hit; whether it was one is the metric `spike`, and is rewarded. The defender is a disc of the same
    size that runs to where the ball comes down, at up to 8 m/s and 4 m/s^2; what it reaches counts as returned, and its return is not
    played. The start's spread and the height of the ball are ours.

    ## Source and licence
    VolleyBots (MIT): constants, rewards and ends; the code is ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    exercise = SetAndSpike
    goal: ClassVar[str] = "Set the ball with the first drone, then spike it down over the net with the second."

    def __init__(self, *, difficulty: str = "easy", **options: Any) -> None:
        self._drill_options = {"difficulty": difficulty}
        super().__init__(**options)

    @classmethod
    def task_set(cls, data_dir: None = None) -> TaskSet:  # noqa: ARG003 - there are no files
        """One task for each difficulty."""
        names = [f"set-and-spike-{difficulty}" for difficulty in DIFFICULTIES]
        return TaskSet.of([Task(name, cls.goal, tags=("drones",), source="VolleyBots", licence="MIT") for name in names])

    @classmethod
    def task_set_of(cls, options: Mapping[str, Any]) -> TaskSet:
        """The task of the difficulty."""
        wanted = f"set-and-spike-{options.get('difficulty', 'easy')}"
        return cls.task_set().filter(lambda task_id: task_id == wanted)

    def oracle(self) -> Iterator[Any]:
        """Set the ball to the attacker, then hit it towards the target."""
        drill = self.drill
        if drill.control != "prt":
            raise NotImplementedError("the planner of swings gives rotor commands: use control='prt'")
        striker, places = Striker(drill.params, 2), np.array(drill.anchors)
        easy = self._drill_options["difficulty"] == "easy"
        spot, aim, hit = (places[1], TARGET.astype(np.float64), HIT) if easy else (SHORT_SPOT, SHORT_CORNER, SHORT)
        while self.drill.steps[0] < self.drill.max_steps:
            turn = int(drill.own["turn"][0])
            target = spot if turn == 0 else aim
            yield striker.command(drill.state, places, turn if turn < 2 else None, target, SET if turn == 0 else hit)
