"""Play a recorded trajectory again and say where it differs, if it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np

from mtenvs.core.trajectory import Trajectory, Turn, jsonable
from mtenvs.registry import find


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay.

    Args:
        same: whether every observation, reward and the verdict came out as recorded.
        turns: how many turns were played.
        differs_at: the first turn that differs, from 1; 0 for the start; -1 for none.
        what: which part differs, in words.
    """

    same: bool
    turns: int
    differs_at: int = -1
    what: str = ""


def replay(trajectory: Trajectory, chain: str = "") -> Replay:
    """Replay from id, keywords, task, seed and actions.

    Environments with a real program in the loop are compared by rewards and verdict, all others bit for bit.

    Args:
        trajectory: the recording.
        chain: the hash chain that was stored with it; empty to leave that check out.
    """
    if chain and trajectory.chain() != chain:
        return Replay(same=False, turns=0, differs_at=0, what="the file itself: its hash chain is not that of its turns")
    entry = find(trajectory.env_id)
    env = gym.make(entry.id, disable_env_checker=True, **trajectory.make_kwargs)
    try:
        _, info = env.reset(seed=trajectory.seed, options={"task": _task(trajectory.task_id)})
        exact = not entry.nondeterministic
        if exact and info["anchor"] != trajectory.start_anchor:
            return Replay(same=False, turns=0, differs_at=0, what="the first observation")
        for i, turn in enumerate(trajectory.turns, 1):
            _, reward, _, _, info = env.step(_action(turn, env.action_space))
            what = _difference(turn, float(reward), info, exact=exact)
            if what:
                return Replay(same=False, turns=i, differs_at=i, what=what)
    finally:
        env.close()
    recorded = trajectory.verdict.to_dict() if trajectory.verdict is not None else None
    now = info["verdict"].to_dict() if info["verdict"] is not None else None
    if recorded != now or info["stop_reason"] != trajectory.stop_reason:
        return Replay(same=False, turns=len(trajectory.turns), differs_at=len(trajectory.turns), what="the verdict")
    return Replay(same=True, turns=len(trajectory.turns))


def _task(task_id: str) -> str | list[str]:
    return task_id.split("+") if "+" in task_id else task_id


def _action(turn: Turn, space: gym.Space[Any]) -> Any:
    action = jsonable(turn.action)
    return np.asarray(action, space.dtype) if isinstance(space, gym.spaces.Box) else action


def _difference(turn: Turn, reward: float, info: dict[str, Any], *, exact: bool) -> str:
    if reward != turn.reward:
        return f"the reward: {reward!r}, recorded {turn.reward!r}"
    return "the observation" if exact and info["anchor"] != turn.anchor else ""
