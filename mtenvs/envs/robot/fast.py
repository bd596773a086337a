"""The fast step path: metaworld's base class with the per-step and per-reset work cut, and nothing of its results changed.

`recompose.py` puts it under each task class. Rewards, observations and the simulator's state stay bit-equal to metaworld's for
the same start and actions; `tests/envs/robot/test_fast.py` compares both on all tasks.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.robot.models import Blueprint, blueprint_of, write_welds
from mtenvs.envs.robot.numerics import norm
from mtenvs.envs.robot.upstream import SawyerXYZEnv, mujoco
from mtenvs.envs.robot.variables import Variables

Floats = npt.NDArray[np.float64]

_STATE: Final = mujoco.mjtState.mjSTATE_INTEGRATION
_PRIVATE: Final = ("_fast_", "_ezpickle", "_partially_observable", "mujoco_renderer", "observation_space", "action_space")
"""Attributes that are not part of an episode; `_fast_` are this module's own."""
_OPENING_SCALE: Final = 0.1
"""Distance of the open fingers in metres, metaworld's unit of gripper opening."""


class FastSawyer(SawyerXYZEnv):
    """What a step and a reset need from metaworld's base class, with equal results for less work.

    Names are looked up once, the observation is filled directly, contacts are read as arrays, and the hand reset is one call
    into MuJoCo. The methods that it overrides keep metaworld's meaning. Attributes of its own are named ``_fast_...``.
    """

    _fast_blueprint: Blueprint
    _fast_variables: Variables
    _fast_remembers = True
    """Whether hand resets may be remembered: a task from outside metaworld may change what the key does not hold."""

    # ---- construction --------------------------------------------------------------------------------------------

    def prepare(self, *, goal_observable: bool) -> None:
        """What follows the construction, once: make it ready for `begin`.

        Args:
            goal_observable: whether observations show the goal.
        """
        self._partially_observable = not goal_observable
        del self.sawyer_observation_space  # cached for a hidden goal
        self._set_task_called = True
        self._fast_variables = Variables(self, _PRIVATE)

    def _initialize_simulation(self) -> tuple[Any, Any]:
        self._fast_blueprint, model = blueprint_of(self.fullpath)
        data = mujoco.MjData(model)
        body = {model.body(i).name: i for i in range(model.nbody)}
        site = {model.site(i).name: i for i in range(model.nsite)}
        self._fast_body_view: dict[str, Floats] = {name: data.xpos[i] for name, i in body.items()}
        self._fast_site_view: dict[str, Floats] = {name: data.site_xpos[i] for name, i in site.items()}
        self._fast_mocap_view, self._fast_mocap_quat_view = data.mocap_pos[0], data.mocap_quat[0]
        self._fast_left_pad_geom, self._fast_right_pad_geom = model.geom("leftpad_geom").id, model.geom("rightpad_geom").id
        self._fast_settled: dict[bytes, Floats] = {}
        self._fast_rest: Floats | None = None
        self._fast_dry = False
        return model, data

    def reset_mocap_welds(self) -> None:
        """Tie the hand to the mocap body."""
        write_welds(self.model)

    # ---- reading the simulator -------------------------------------------------------------------------------------

    def get_body_com(self, body_name: str) -> Floats:
        """Position of a body, a live view, float64 ``(3,)``."""
        return self._fast_body_view[body_name]

    def get_endeff_pos(self) -> Floats:
        """Position of the hand, a live view, float64 ``(3,)``."""
        return self._fast_body_view["hand"]

    @property
    def tcp_center(self) -> Floats:
        """The point between the finger tips, float64 ``(3,)``."""
        return (self._fast_site_view["rightEndEffector"] + self._fast_site_view["leftEndEffector"]) / 2.0

    def _get_site_pos(self, site_name: str) -> Floats:
        return self._fast_site_view[site_name].copy()

    def touching_object(self, object_geom_id: int) -> bool:
        """Whether both finger pads press on a geom."""
        data = self.data
        left = right = 0
        contacts = data.contact
        for (first, second), address in zip(contacts.geom.tolist(), contacts.efc_address.tolist(), strict=True):
            if object_geom_id in (first, second):
                if self._fast_left_pad_geom in (first, second):
                    left += data.efc_force[address]
                if self._fast_right_pad_geom in (first, second):
                    right += data.efc_force[address]
        return bool(left > 0 and right > 0)

    def _get_curr_obs_combined_no_goal(self) -> Floats:
        now = np.zeros(18)
        now[:3] = self._fast_body_view["hand"]
        now[3] = min(max(norm(self._fast_body_view["rightclaw"] - self._fast_body_view["leftclaw"]) / _OPENING_SCALE, 0.0), 1.0)
        positions, quaternions = self._get_pos_objects(), self._get_quat_objects()
        if len(positions) == 3:
            now[4:7], now[7:11] = positions, quaternions
        else:
            now[4:7], now[7:11], now[11:14], now[14:18] = positions[:3], quaternions[:4], positions[3:], quaternions[4:]
        return now

    def _get_obs(self) -> Floats:
        now = self._get_curr_obs_combined_no_goal()
        observation = np.empty(39)
        observation[:18], observation[18:36] = now, self._prev_obs
        observation[36:] = 0.0 if self._partially_observable else self._get_pos_goal()
        self._prev_obs = now
        return observation

    # ---- step ----------------------------------------------------------------------------------------------------------

    def advance(self, action: npt.NDArray[np.float32]) -> tuple[Floats, Any, dict[str, Any]]:
        """Do metaworld's `step` without horizon: observation, reward and info of one action, float32 ``(4,)``."""
        model, data = self.model, self.data
        mocap = self._fast_mocap_view
        mocap += np.minimum(np.maximum(action[:3], -1), 1) * self.action_scale
        np.minimum(np.maximum(mocap, self.mocap_low, out=mocap), self.mocap_high, out=mocap)
        self._fast_mocap_quat_view[:] = (1, 0, 1, 0)
        grip = float(action[3])
        data.ctrl[0], data.ctrl[1] = grip, -grip
        mujoco.mj_step(model, data, nstep=self.frame_skip)
        # Its constraint solution warm-starts the next step, so leaving it out would change the last bits of what follows.
        mujoco.mj_forward(model, data)
        self.curr_path_length += 1
        observation = self._get_obs()
        space = self.sawyer_observation_space
        np.minimum(np.maximum(observation, space.low, out=observation), space.high, out=observation)
        reward, info = self.evaluate_state(observation, action)
        return observation, reward, info

    # ---- reset ---------------------------------------------------------------------------------------------------------

    def begin(self, source: np.random.Generator | Floats) -> Floats:
        """Start an episode as metaworld's `reset` of a new env does, whatever was played before.

        metaworld resets twice, and the second time starts from the model that the first has edited. The first is done here
        without moving the hand: it draws the start that the task accepts and edits the model.

        Args:
            source: draws the start and goal, or is the vector of both as `_last_rand_vec` holds it.

        Returns:
            The first observation, float64 ``(39,)``.
        """
        self._fast_blueprint.apply(self.model)
        self._fast_variables.reset(self)
        self._freeze_rand_vec, self.seeded_rand_vec = not isinstance(source, np.random.Generator), True
        if isinstance(source, np.random.Generator):
            self.np_random = source
        else:
            self._last_rand_vec = source.copy()
        self._fast_dry = True
        self._reset_data()
        mujoco.mj_forward(self.model, self.data)
        self.reset_model()
        self._fast_dry, self._freeze_rand_vec = False, True
        if self._last_rand_vec is not None:  # whatever else a task draws follows from its start vector
            self.np_random = np.random.default_rng(zlib.crc32(self._last_rand_vec.tobytes()))
        self._reset_data()
        observation = self.reset_model()
        self._prev_obs = observation[:18].copy()
        observation[18:36] = self._prev_obs
        return observation

    def checked_vector(self, vector: npt.NDArray[Any]) -> Floats:
        """A start vector as float64.

        Raises:
            UnknownOption: it has the wrong size.
        """
        space = self._random_reset_space
        size = 0 if space is None else space.low.size
        if vector.shape != (size,):
            raise UnknownOption(f"a start vector of this task has {size} numbers, not shape {vector.shape}")
        return vector.astype(np.float64)

    def start_vector(self) -> Floats:
        """The vector that this episode's start and goal were made from, a copy; empty for a task that draws none."""
        return np.array([] if self._last_rand_vec is None else self._last_rand_vec, np.float64)

    def visible_goal(self) -> Floats:
        """The goal as observations show it, also where they do not: within the task's goal space."""
        goal, space = self._get_pos_goal(), self.goal_space
        return np.array(goal, np.float64) if space is None else np.clip(goal, space.low, space.high)

    def _reset_data(self) -> None:
        mujoco.mj_resetData(self.model, self.data)
        self._fast_rest = self._integration_state()

    def _integration_state(self) -> Floats:
        state = np.empty(mujoco.mj_stateSize(self.model, _STATE))
        mujoco.mj_getState(self.model, self.data, state, _STATE)
        return state

    def _reset_hand(self, steps: int = 50) -> None:
        """Hold the hand at its start for ``steps`` steps.

        Where that was done before from the same state with the same model, the last substep is redone from its remembered
        start, which gives the same state and derived quantities.
        """
        model, data = self.model, self.data
        if not self._fast_dry:
            at_rest = self._fast_remembers and self._fast_rest is not None and np.array_equal(self._integration_state(), self._fast_rest)
            self._fast_mocap_view[:], self._fast_mocap_quat_view[:] = self.hand_init_pos, (1, 0, 1, 0)
            data.ctrl[0], data.ctrl[1] = -1, 1
            key = (
                self._fast_blueprint.dynamics_key(model) + np.asarray(self.hand_init_pos).tobytes() + str(steps).encode()
                if at_rest
                else b""
            )
            settled = self._fast_settled.get(key)
            if settled is None:
                mujoco.mj_step(model, data, nstep=steps * self.frame_skip - 1)
                if at_rest:
                    self._fast_settled = {key: self._integration_state()}
            else:
                mujoco.mj_setState(model, data, settled, _STATE)
            mujoco.mj_step(model, data)
        self.init_tcp = self.tcp_center

    # ---- save --------------------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Simulator state, edited model arrays and variables, for `mtenvs.core.wire`."""
        return {
            "state": self._integration_state(),
            "model": self._fast_blueprint.edits(self.model),
            "variables": self._fast_variables.save(self),
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Go to a saved state: what `save` gives now is equal to it. An error leaves the env as it was.

        Raises:
            KeyError, TypeError, ValueError: the state is damaged, or of another model.
        """
        state = np.array(saved["state"], np.float64)
        if state.shape != (mujoco.mj_stateSize(self.model, _STATE),):
            raise ValueError("the simulator state has the wrong size")
        edits = self._fast_blueprint.checked(saved["model"])
        variables = self._fast_variables.decode(self, saved["variables"])
        self._fast_blueprint.apply(self.model, edits)
        mujoco.mj_setState(self.model, self.data, state, _STATE)
        mujoco.mj_forward(self.model, self.data)
        mujoco.mj_setState(self.model, self.data, state, _STATE)  # forward has changed the solver's warm start
        self._fast_variables.load(self, variables)
