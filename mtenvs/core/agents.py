"""Several agents in one world: a PettingZoo `ParallelEnv` around it, its turn-by-turn (AEC) form, and one team as a Gymnasium environment.

The world says what happens (`AgentsWorld`); everything that PettingZoo asks for is here, once. Importing this module imports PettingZoo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import gymnasium as gym
import numpy as np
from gymnasium.utils import seeding
from numpy.typing import NDArray

from mtenvs.core.errors import MissingRequirement, ResetNeeded, UnknownOption, did_you_mean

try:
    from pettingzoo import AECEnv, ParallelEnv
    from pettingzoo.utils.conversions import parallel_to_aec_wrapper
    from pettingzoo.utils.wrappers import OrderEnforcingWrapper
except ImportError as missing:
    raise MissingRequirement("drones", "pettingzoo", "pip install 'mtenvs[drones]'") from missing

Infos: TypeAlias = dict[str, dict[str, Any]]
TeamPolicy: TypeAlias = Callable[[NDArray[Any]], Any]
"""Observations of a team, (agents, ...), to its actions, (agents, ...)."""

_SEEDS: Final = 2**31


class AgentsTurn(NamedTuple):
    """What a turn of the world gives; rows in the order of its agents.

    Attributes:
        obs: (agents, ...) observations.
        rewards: (agents,) floats.
        terminated: over by the rules, for all.
        truncated: over by time, for all.
        infos: one for each agent; the same keys and types on every turn.
    """

    obs: NDArray[Any]
    rewards: NDArray[Any]
    terminated: bool
    truncated: bool
    infos: Sequence[dict[str, Any]]


class AgentsWorld(Protocol):
    """What a world of several agents offers. All agents have equal spaces and end together.

    Attributes:
        name: such as ``"volleyball_3v3_v0"``.
        agents: ``team0_0``, ..., ``team1_2``.
        metadata: ``render_modes`` and ``render_fps``.
    """

    name: str
    agents: tuple[str, ...]
    metadata: dict[str, Any]

    @property
    def observation_space(self) -> gym.Space[Any]:
        """Of each agent."""

    @property
    def action_space(self) -> gym.Space[Any]:
        """Of each agent."""

    @property
    def state_space(self) -> gym.Space[Any]:
        """Of the whole."""

    def begin(self, seed: int) -> AgentsTurn:
        """Start an episode."""

    def play(self, actions: Sequence[Any]) -> AgentsTurn:
        """One turn of all agents; a bad action is told in its agent's info, a wrong shape raises."""

    def state(self) -> NDArray[Any]:
        """The whole state, for critics that see everything."""

    def picture(self) -> NDArray[np.uint8]:
        """What is visible now."""


class ParallelWorld(ParallelEnv[str, Any, Any]):  # type: ignore[misc]  # mypy does not follow PettingZoo
    """A world of several agents as a PettingZoo `ParallelEnv`.

    Args:
        world: the world.
        render_mode: one of its ``metadata["render_modes"]``, or None.

    Raises:
        UnknownOption: no such render mode.
    """

    def __init__(self, world: AgentsWorld, render_mode: str | None = None) -> None:
        modes = world.metadata.get("render_modes", [])
        if render_mode is not None and render_mode not in modes:
            raise UnknownOption(f"render_mode={render_mode!r} does not exist here; choose None or one of: {', '.join(modes) or 'none'}")
        self.world, self.render_mode = world, render_mode
        self.metadata = {"name": world.name, "is_parallelizable": True, **world.metadata}
        self.possible_agents = list(world.agents)
        self.agents: list[str] = []
        # One space object for each agent, as each is seeded on its own.
        self.observation_spaces = {agent: deepcopy(world.observation_space) for agent in world.agents}
        self.action_spaces = {agent: deepcopy(world.action_space) for agent in world.agents}
        self.state_space = world.state_space
        self._rng: np.random.Generator | None = None
        self._begun = False

    def observation_space(self, agent: str) -> gym.Space[Any]:
        """The same object on every call.

        Raises:
            UnknownOption: no such agent.
        """
        return self._of(agent, self.observation_spaces)

    def action_space(self, agent: str) -> gym.Space[Any]:
        """The same object on every call.

        Raises:
            UnknownOption: no such agent.
        """
        return self._of(agent, self.action_spaces)

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], Infos]:  # noqa: ARG002 - PettingZoo's signature
        """Start an episode; the same seed and actions give the same episode. ``options`` are ignored."""
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**63):
            raise UnknownOption(f"seed={seed!r} must be a whole number from 0 to 2**63 - 1")
        if seed is not None or self._rng is None:
            self._rng, _ = seeding.np_random(None if seed is None else int(seed))
        turn = self.world.begin(int(self._rng.integers(_SEEDS)) if seed is None else int(seed))
        self.agents, self._begun = list(self.possible_agents), True
        return self._split(turn.obs), dict(zip(self.agents, turn.infos, strict=True))

    def step(self, actions: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """One turn of all agents; nothing once the episode is over.

        Raises:
            ResetNeeded: before the first `reset`.
            UnknownOption: an agent that does not play, or one without an action.
            ValueError: an action of another shape or dtype.
        """
        if not self._begun:
            raise ResetNeeded("the episode has not begun: call reset()")
        for agent in actions:
            if agent not in self.possible_agents:
                raise UnknownOption(f"there is no agent {agent!r}: {did_you_mean(str(agent), self.possible_agents)}")
        if not self.agents:
            return {}, {}, {}, {}, {}
        lacking = [agent for agent in self.agents if agent not in actions]
        if lacking:
            raise UnknownOption(f"every agent acts on every turn; there is no action for {', '.join(lacking)}")
        live = list(self.agents)
        for agent in live:
            self.check(agent, actions[agent])
        turn = self.world.play([actions[agent] for agent in live])
        if turn.terminated or turn.truncated:
            self.agents = []
        return (
            self._split(turn.obs),
            {agent: float(turn.rewards[i]) for i, agent in enumerate(live)},
            dict.fromkeys(live, bool(turn.terminated)),
            dict.fromkeys(live, bool(turn.truncated)),
            dict(zip(live, turn.infos, strict=True)),
        )

    def check(self, agent: str, action: Any) -> None:
        """Look at the form of an action, where actions are boxes; its numbers are the world's affair.

        Raises:
            ValueError: another shape, or another kind of numbers.
        """
        space, given = self.action_space(agent), np.asarray(action)
        if isinstance(space, gym.spaces.Box) and (given.shape != space.shape or given.dtype.kind != space.dtype.kind):
            raise ValueError(f"the action of {agent} is {space.dtype} {space.shape}, not {given.dtype} {given.shape}")

    def state(self) -> NDArray[Any]:
        """The whole state.

        Raises:
            ResetNeeded: before the first `reset`.
        """
        if not self._begun:
            raise ResetNeeded("the episode has not begun: call reset()")
        return self.world.state()

    def render(self) -> NDArray[np.uint8] | None:
        """What is visible now; None without a render mode."""
        return self.world.picture() if self.render_mode == "rgb_array" else None

    def close(self) -> None:
        """Nothing is held."""

    def _split(self, obs: NDArray[Any]) -> dict[str, Any]:
        return {agent: np.array(obs[i]) for i, agent in enumerate(self.possible_agents)}

    def _of(self, agent: str, spaces: Mapping[str, gym.Space[Any]]) -> gym.Space[Any]:
        if agent not in spaces:
            raise UnknownOption(f"there is no agent {agent!r}: {did_you_mean(str(agent), self.possible_agents)}")
        return spaces[agent]


def aec(world: AgentsWorld, render_mode: str | None = None) -> AECEnv[str, Any, Any]:
    """A world in PettingZoo's turn-by-turn form: agents act one after the other, and the world moves after the last."""
    return OrderEnforcingWrapper(_TurnByTurn(ParallelWorld(world, render_mode)))


class _TurnByTurn(parallel_to_aec_wrapper):  # type: ignore[misc]  # mypy does not follow PettingZoo
    """PettingZoo's turn-by-turn form, in which an action of a wrong form is told to who gives it, who may then give another."""

    def step(self, action: Any) -> None:
        """Act for the agent whose turn it is.

        Raises:
            ValueError: see `ParallelWorld.check`.
        """
        agent = self.agent_selection
        if not (self.terminations[agent] or self.truncations[agent]):
            self.env.check(agent, action)
        super().step(action)


class TeamEnv(gym.Env[NDArray[Any], NDArray[Any]]):
    """One team of a `ParallelWorld` as a Gymnasium environment; the other agents follow a given policy.

    Observations and actions are those of the team's agents, stacked; the reward is their mean. ``info`` has ``agents``: each agent's own.

    Args:
        env: the world.
        opponent: plays all other agents: their observations (agents, ...) to their actions (agents, ...).
        team: agents whose name begins with ``team{team}_`` are the environment's.

    Raises:
        UnknownOption: no agent of that team, or spaces that are no boxes.
    """

    def __init__(self, env: ParallelWorld, opponent: TeamPolicy, team: int = 0) -> None:
        self.env, self.opponent = env, opponent
        self.metadata, self.render_mode = env.metadata, env.render_mode
        self.mine = [agent for agent in env.possible_agents if agent.startswith(f"team{team}_")]
        self.others = [agent for agent in env.possible_agents if agent not in self.mine]
        if not self.mine:
            raise UnknownOption(f"team={team!r} has no agents; there are {', '.join(env.possible_agents)}")
        self.observation_space = _stacked(env.observation_space(self.mine[0]), len(self.mine))
        self.action_space = _stacked(env.action_space(self.mine[0]), len(self.mine))
        self._seen: dict[str, Any] = {}

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start an episode."""
        super().reset(seed=seed)
        self._seen, infos = self.env.reset(int(self.np_random.integers(_SEEDS)) if seed is None else seed, options)
        return self._obs(), {"agents": {agent: infos[agent] for agent in self.mine}}

    def step(self, action: NDArray[Any]) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """One turn.

        Raises:
            ValueError: one action for each agent of the team is needed.
        """
        if len(action) != len(self.mine):
            raise ValueError(f"{len(self.mine)} agents need as many actions, not {len(action)}")
        actions = dict(zip(self.mine, action, strict=True))
        if self.others:
            theirs = self.opponent(np.stack([self._seen[agent] for agent in self.others]))
            actions.update(zip(self.others, theirs, strict=True))
        self._seen, rewards, terminated, truncated, infos = self.env.step(actions)
        reward = float(np.mean([rewards[agent] for agent in self.mine]))
        first = self.mine[0]
        return self._obs(), reward, terminated[first], truncated[first], {"agents": {agent: infos[agent] for agent in self.mine}}

    def render(self) -> Any:
        """The world's picture."""
        return self.env.render()

    def _obs(self) -> NDArray[Any]:
        return np.stack([self._seen[agent] for agent in self.mine])


def _stacked(space: gym.Space[Any], count: int) -> gym.spaces.Box:
    if not isinstance(space, gym.spaces.Box):
        raise UnknownOption(f"a team is one array only where spaces are boxes, not {space}")
    low, high = np.stack([space.low] * count), np.stack([space.high] * count)
    return gym.spaces.Box(low, high, dtype=space.dtype.type)
