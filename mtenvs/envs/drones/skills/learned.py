"""Policies of your own in the place of scripted skills: some skills are flown by them, the rest as before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.control import trim
from mtenvs.envs.drones.observe import DRONE_STATE, drone_states
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.skills.controller import SURPRISE, TEAM, SkillController
from mtenvs.envs.drones.skills.frames import half_turn
from mtenvs.envs.drones.skills.playbook import BLOCK_PLACE, HOVER_PLACE, PLACES, Skill

SkillPolicy = Callable[[NDArray[np.float32]], Any]
"""Observations (n, 26) or (n, 35) of n drones to their rotor commands (n, 4), -1 to 1: numpy, or a torch module's tensor."""

MOVE_SIZE = DRONE_STATE + 3
"""Of what a policy for Hover or Goto sees: the drone's state 23, and the waypoint from here 3, as HCSP's does; from the team's side."""

HIT_SIZE = MOVE_SIZE + 9
"""Of what a policy for a skill that hits sees: the same, the ball from here 3, its velocity 3, the aim (left, middle, right) 3."""

NEAR = 0.6
"""Whose hit it was: a drone nearer to the ball than this, m."""


class LearnedSkills(SkillController):
    """The scripted skills, some of them flown by policies.

    A policy flies every drone, of both teams, that has the order; after its hit a drone hovers, scripted or by the policy for Hover.
    Commands that are no numbers are flown as hovering.

    Args:
        params: constants of the physics, as in `HighLevelGame.engine.params`.
        games: how many.
        policies: skill -> policy; a `torch.nn.Module` is called with a tensor and without gradients.

    Raises:
        UnknownOption: no such skill.

    Example:
        >>> game = HighLevelGame(64)                                                               # doctest: +SKIP
        >>> game.skills = LearnedSkills(game.engine.params, 64, {Skill.GOTO: net})                 # doctest: +SKIP
    """

    def __init__(self, params: Preset, games: int, policies: Mapping[Skill, SkillPolicy]) -> None:
        super().__init__(params, games)
        unknown = [name for name in policies if name not in list(Skill)]
        if unknown:
            raise UnknownOption(f"there are no skills {unknown}; there are {', '.join(skill.name for skill in Skill)}")
        self._policies = {Skill(skill): _as_numpy(policy) for skill, policy in policies.items()}
        self._hover = trim(params)

    def command(self, state: State, games: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Rotor commands (6, 4, n); see `SkillController.command`.

        Raises:
            ValueError: a policy gives another shape.
        """
        which = np.arange(self.games) if games is None else games
        flown = np.isin(self.memory.skill[:, which], list(self._policies))
        if self._policies:
            self._note_hits(state, which, flown)
        commands = super().command(state, games)
        done = self.memory.spent[:, which] & (self.memory.skill[:, which] >= Skill.SERVE)
        skill = np.where(done, Skill.HOVER, self.memory.skill[:, which])
        for one, policy in self._policies.items():
            drone, game = np.nonzero(skill == one)
            if not len(drone):
                continue
            wanted = np.asarray(policy(self._seen_by(one, state, which)[drone, :, game]), np.float64)
            if wanted.shape != (len(drone), 4):
                raise ValueError(f"the policy for {one.name} gave commands of shape {wanted.shape} for {len(drone)} drones; pass (n, 4)")
            good = np.isfinite(wanted).all(1, keepdims=True)
            commands[drone, :, game] = np.clip(np.where(good, wanted, self._hover), -1.0, 1.0)
            self._let_go(state, drone, game, which)
        return commands

    def _note_hits(self, state: State, which: NDArray[np.int64], flown: NDArray[np.bool_]) -> None:
        """A ball that is not where it should have flown has been touched: by the drone beside it, whose hit is over then."""
        memory = self.memory
        ball = np.asarray(state.ball_pos, np.float64)
        touched = ~memory.fresh[which] & (np.abs(ball - memory.ball[:, which]).max(0) > SURPRISE)
        near = np.linalg.norm(np.asarray(state.pos, np.float64) - ball[None], axis=1) < NEAR
        memory.spent[:, which] |= flown & touched & near & ~memory.changed[:, which]

    def _let_go(self, state: State, drone: NDArray[np.int64], game: NDArray[np.int64], which: NDArray[np.int64]) -> None:
        """Scripted references follow drones that a policy flies, so that the next skill begins where they are."""
        memory, where = self.memory, which[game]
        memory.swinging[drone, where], memory.stopping[drone, where] = False, False
        sign = self._sign[drone, 0]
        memory.ref[2:, :, drone, where] = 0.0
        memory.ref[0, :, drone, where] = half_turn(np.asarray(state.pos, np.float64)[drone, :, game].T, sign).T
        memory.ref[1, :, drone, where] = half_turn(np.asarray(state.vel, np.float64)[drone, :, game].T, sign).T

    def _seen_by(self, skill: Skill, state: State, which: NDArray[np.int64]) -> NDArray[np.float32]:
        """(6, 26 or 35, n) what drones see that carry out a skill."""
        aim = self.memory.aim[:, which]
        own = drone_states(state, self._sign.astype(np.asarray(state.pos).dtype))
        index = np.full_like(aim, HOVER_PLACE)
        if skill == Skill.GOTO:
            index = aim
        elif skill == Skill.BLOCK:
            index = np.full_like(aim, BLOCK_PLACE)
        place = np.moveaxis(PLACES[self._role, index], 2, 0)
        parts = [*own, *(place[i] - own[i] for i in range(3))]
        if skill >= Skill.SERVE:
            sign = self._sign
            ball, vel = np.asarray(state.ball_pos), np.asarray(state.ball_vel)
            parts += [ball[0] * sign - own[0], ball[1] * sign - own[1], ball[2] + 0.0 * sign - own[2]]
            parts += [vel[0] * sign, vel[1] * sign, vel[2] + 0.0 * sign]
            parts += [(aim == side).astype(float) for side in range(TEAM)]
        return np.stack([np.asarray(part, np.float32) for part in parts], 1)


def _as_numpy(policy: SkillPolicy) -> SkillPolicy:
    """A torch module as a function of arrays; other policies as they are."""
    if not (hasattr(policy, "parameters") and hasattr(policy, "forward")):
        return policy
    import torch  # noqa: PLC0415 - only who brings a module has torch

    def act(obs: NDArray[np.float32]) -> Any:
        with torch.no_grad():
            return policy(torch.as_tensor(obs)).cpu().numpy()

    return act
