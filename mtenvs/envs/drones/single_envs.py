"""`mtenvs/DroneBackAndForth-v0`, `mtenvs/DroneHitTheBall-v0` and `mtenvs/DroneSoloBump-v0`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from mtenvs.envs.drones.env import DroneEnv
from mtenvs.envs.drones.pilot import Pilot, falls_to, toss
from mtenvs.envs.drones.single import TARGETS, BackAndForth, HitTheBall, SoloBump


class BackAndForthEnv(DroneEnv):
    """Fly a drone back and forth between two places.

    ## Description
    A quadrotor with the mass, inertia, rotors and rotor lag of VolleyBots' Iris, on its own physics core at 50 Hz.

    ## Observation
    `state` (float32 26): drone state 19 (place, quaternion w x y z, velocity, angular velocity, heading, up), target from here 3, four
    times the share of the episode that is over. `image` (uint8): the court. `goal`, `text`: the court in words.

    ## Actions
    float32 4 in [-1, 1]: `control="prt"` rotor commands, `"ctbr"` roll, pitch and yaw rate (1 is 144 degrees a second) and thrust.

    ## Rewards
    `distance` 0.5 / (1 + d^2) * 0.02 * (50 - n), `near` 2.5 n, `misbehave` -10; d is the distance to the target, n the steps in a row
    within 0.6 m of it.

    ## Start
    At rest within 0.5 m (0.2 m in height) of (4.5, 0, 2), level; the first target is (9, 4.5, 2).

    ## End
    Below 0.4 m, above 5 m, or more than 7.5 m from the target: `goal_reached` if three targets had been reached, else `goal_failed`.
    Truncated after 800 steps. A target counts after 5 steps within 0.6 m, and then the other one is next.

    ## Arguments
    `preset` = `"volleybots" | "realistic"`, `control`, `image_size`, and those of all environments.

    ## Tasks and splits
    One task, `back-and-forth`; the seed draws the start. Score: targets / 3, at most 1. The oracle (a geometric pilot) succeeds on 20 of
    20 seeds.

    ## Differences from the original
    The start's spread and the three targets of a success are ours; the source reports the number of targets (`targets_reached`).

    ## Source and licence
    VolleyBots (MIT): constants, rewards and ends; the code is ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    exercise = BackAndForth
    task_id = "back-and-forth"
    goal: ClassVar[str] = "Fly to the target, stay there until it changes, fly to the next one, and so on: at least three times."

    def oracle(self) -> Iterator[Any]:
        """Fly to each target in turn."""
        pilot = Pilot(self.drill.params, self.drill.control)
        while self.drill.steps[0] < self.drill.max_steps:
            yield pilot.fly(self.drill.state, 0, TARGETS[int(self.drill.own["target"][0])].astype(float))


class HitTheBallEnv(DroneEnv):
    """Hit a falling ball once, as far as possible towards the net.

    ## Description
    A quadrotor whose upper side is a racket of 0.2 m radius, and a ball of 5 g that falls from 3 m above it.

    ## Observation
    `state` (float32 32): drone state 19 (place, quaternion w x y z, velocity, angular velocity, heading, up), place from the anchor 3, ball
    from here 3, ball velocity 3, four times the share of the episode that is over. `image` (uint8): the court. `goal`, `text`: the court
    in words.

    ## Actions
    float32 4 in [-1, 1]: `control="prt"` rotor commands, `"ctbr"` roll, pitch and yaw rate (1 is 144 degrees a second) and thrust.

    ## Rewards
    `hit` +1 for a true hit; `anchor` -0.05 while more than 1 m from the anchor; `distance` twice (anchor x - ball x) when the ball has
    come down; `wrong_hit`, `drone_misbehave`, `ball_misbehave` -10 each.

    ## Start
    At rest within 0.5 m (0.2 m in height) of the anchor (4.5, 0, 2), level; the ball at rest 3 m above the drone.

    ## End
    `goal_reached` when the ball comes down to 2 m after one hit, at least 2 m towards the net; `goal_failed` when it does nearer, at a
    second touch within 25 steps, with the drone below 0.4 m or at the net, with the ball below 0.15 m or above 16 m. Truncated after 500
    steps.

    ## Arguments
    `preset` = `"volleybots" | "realistic"`, `control`, `image_size`, and those of all environments.

    ## Tasks and splits
    One task, `hit-the-ball`; the seed draws the start. Score: distance / 2 m, from 0 to 1. The oracle (a geometric pilot) succeeds on
    20 of 20 seeds with either control, by 3.4 to 4.1 m.

    ## Differences from the original
    Contacts are exact and swept in time. The 2 m of a success are ours; the source reports the distance (`hit_distance`, m).

    ## Source and licence
    VolleyBots (MIT): constants, rewards and ends; the code is ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    exercise = HitTheBall
    task_id = "hit-the-ball"
    goal: ClassVar[str] = "Hit the falling ball once with the upper side of your drone, as far as you can towards the net (x = 0)."

    def oracle(self) -> Iterator[Any]:
        """Wait below the ball, and meet it tilted towards the net."""
        pilot = Pilot(self.drill.params, self.drill.control)
        home = np.array(self.drill.anchors[0])
        while self.drill.steps[0] < self.drill.max_steps:
            hit = int(self.drill.own["hits"][0]) > 0
            yield pilot.fly(self.drill.state, 0, home) if hit else pilot.strike(self.drill.state, 0, 2.0, np.array([-3.5, 0.0, 5.0]), home)


class SoloBumpEnv(DroneEnv):
    """Bump a ball again and again, each time above 3.5 m.

    ## Description
    A quadrotor whose upper side is a racket of 0.2 m radius keeps a ball of 5 g in the air; a ball loses a fifth of its speed on a racket
    at rest.

    ## Observation
    `state` (float32 32): drone state 19 (place, quaternion w x y z, velocity, angular velocity, heading, up), place from the anchor 3, ball
    from here 3, ball velocity 3, four times the share of the episode that is over. `image` (uint8): the court. `goal`, `text`: the court
    in words.

    ## Actions
    float32 4 in [-1, 1]: `control="prt"` rotor commands, `"ctbr"` roll, pitch and yaw rate (1 is 144 degrees a second) and thrust.

    ## Rewards
    `hit` 2 for a true hit; `height` 8 more when the mean height of the bumps so far is above 3.5 m; `near` 1 / (1 + horizontal distance to
    the ball); `above` 0.5 clip(ball height - max(drone height, 1), 0, 2); `wrong_hit`, `drone_misbehave`, `ball_misbehave` -10 each.

    ## Start
    At rest within 0.5 m (0.2 m in height) of the anchor (4.5, 0, 2), level; the ball at rest 2 m above the drone.

    ## End
    A second touch within 25 steps; the drone below 0.4 m, above 2.5 m or at the net; the ball below 0.15 m, above 4.5 m or outside of the
    court: `goal_reached` if three bumps had gone above 3.5 m, else `goal_failed`. Truncated after 800 steps.

    ## Arguments
    `preset` = `"volleybots" | "realistic"`, `control`, `image_size`, and those of all environments.

    ## Tasks and splits
    One task, `solo-bump`; the seed draws the start. Score: bumps above 3.5 m / 3, at most 1. The oracle (a geometric pilot) succeeds on
    20 of 20 seeds with `"prt"`, on 5 of 6 with `"ctbr"`.

    ## Differences from the original
    A bump counts when the next one begins, so that its height is known; three of them make a success (ours; the source reports `bumps`).

    ## Source and licence
    VolleyBots (MIT): constants, rewards and ends; the code is ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    exercise = SoloBump
    task_id = "solo-bump"
    goal: ClassVar[str] = (
        "Keep the ball in the air with the upper side of your drone; every bump must take it above 3.5 m, and none above 4.5 m."
    )

    def oracle(self) -> Iterator[Any]:
        """Meet the ball at 1.9 m and send it back over the anchor, 4 m high."""
        pilot = Pilot(self.drill.params, self.drill.control)
        home = np.array([*self.drill.anchors[0][:2], 1.9])
        gravity, radius = self.drill.params.gravity, self.drill.params.ball.radius
        while self.drill.steps[0] < self.drill.max_steps:
            meeting = falls_to(self.drill.state, home[2] + radius, gravity)
            start = home if meeting is None else meeting[1]
            leave = toss(start, np.array([*home[:2], start[2]]), 4.0, gravity)
            yield pilot.strike(self.drill.state, 0, home[2], leave, home)
