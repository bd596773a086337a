"""Play a recorded trajectory again and say where it differs, if it does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gymnasium as gym
import numpy as np

from mtenvs.core.errors import MtenvsError
from mtenvs.core.trajectory import Trajectory, Turn, jsonable
from mtenvs.registry import find
from mtenvs.rollout.record import own_version, pictures
from mtenvs.rollout.rewrap import Wrap, again
from mtenvs.rollout.store import TrajectoryStore, picture_name

_TAMPERED = "the file itself: its hash chain is not that of its turns"


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


def replay(
    trajectory: Trajectory, chain: str = "", store: TrajectoryStore | None = None, *, wrappers: Sequence[Wrap] | None = None
) -> Replay:
    """Replay from id, keywords, wrappers, task, seed and actions.

    Environments with a real program in the loop are compared by rewards and verdict, all others bit for bit. An episode that
    an error ended is compared up to the error.

    Args:
        trajectory: the recording.
        chain: the hash chain that was stored with it; empty to leave that check out.
        store: where its pictures are; None to leave them out.
        wrappers: functions from the environment to the wrapped one, the innermost first, in place of all that are recorded;
            for wrappers that a recording cannot make again. None for those of the recording.

    Raises:
        UnknownOption: the environment, task or a keyword does not exist here.
        MissingRequirement: the family is not installed.
        WrapperNeeded: the recording does not say how to wrap the environment again, or may not decide it.
    """
    try:
        result, versions = _play(trajectory, store, wrappers)
    except MtenvsError as e:
        if chain and trajectory.chain() != chain:
            return Replay(same=False, turns=0, differs_at=0, what=f"{_TAMPERED}; nor can it be played: {e}")
        raise
    if chain and trajectory.chain() != chain:
        found = f"{_TAMPERED}; played again it differs at turn {result.differs_at}: {result.what}" if not result.same else _TAMPERED
        return Replay(same=False, turns=result.turns, differs_at=max(0, result.differs_at), what=found)
    other = [f"{name} {versions[name]}, recorded with {old}" for name, old in trajectory.versions.items() if versions.get(name, old) != old]
    if other and not result.same:
        return replace(result, what=f"{result.what} ({'; '.join(other)})")
    return result


def _play(trajectory: Trajectory, store: TrajectoryStore | None, wrappers: Sequence[Wrap] | None) -> tuple[Replay, dict[str, str]]:
    wraps = again(trajectory.wrappers) if wrappers is None else wrappers
    entry = find(trajectory.env_id)
    env: Any = gym.make(entry.id, disable_env_checker=True, **trajectory.make_kwargs)
    turns = trajectory.turns[:-1] if trajectory.failed else trajectory.turns
    try:
        for wrap in wraps:
            env = wrap(env)
        versions = {**own_version(), **env.unwrapped.versions()}
        obs, info = env.reset(seed=trajectory.seed, options={"task": _task(trajectory.task_id)})
        exact = not entry.nondeterministic
        if exact and trajectory.start_anchor and info["anchor"] != trajectory.start_anchor:
            return Replay(same=False, turns=0, differs_at=0, what="the first observation"), versions
        over = False
        for i, turn in enumerate(turns, 1):
            what = "the length: it is over before" if over else _view(turn, obs, store) if exact else ""
            if not what:
                obs, reward, terminated, truncated, info = env.step(_action(turn, env.action_space))
                over = bool(terminated or truncated)
                what = _difference(turn, float(reward), info, exact=exact)
            if what:
                return Replay(same=False, turns=i, differs_at=i, what=what), versions
    finally:
        env.close()
    if not trajectory.failed and not _same_end(trajectory, info):
        return Replay(same=False, turns=len(turns), differs_at=len(turns), what="the verdict"), versions
    return Replay(same=True, turns=len(turns)), versions


def _same_end(trajectory: Trajectory, info: dict[str, Any]) -> bool:
    recorded = trajectory.verdict.to_dict() if trajectory.verdict is not None else None
    now = info["verdict"].to_dict() if info["verdict"] is not None else None
    same = json.dumps(jsonable(recorded)) == json.dumps(jsonable(now))  # as text, where NaN is equal to itself
    return same and bool(info["stop_reason"] == trajectory.stop_reason)


def _view(turn: Turn, obs: dict[str, Any], store: TrajectoryStore | None) -> str:
    """What of the text and the pictures before an action is not as recorded."""
    if obs.get("text", "") != turn.text:
        return "the text before the action"
    if store is None or not turn.images:
        return ""
    for name, picture in zip(turn.images, pictures(obs), strict=False):
        if picture_name(picture) != name:
            return "the picture before the action"
        if not store.holds(name, picture):
            return f"the stored picture {name}.png"
    return ""


def _task(task_id: str) -> str | list[str]:
    return task_id.split("+") if "+" in task_id else task_id


def _action(turn: Turn, space: gym.Space[Any]) -> Any:
    return np.asarray(turn.action, space.dtype) if isinstance(space, gym.spaces.Box) else turn.action


def _difference(turn: Turn, reward: float, info: dict[str, Any], *, exact: bool) -> str:
    if repr(reward) != repr(turn.reward):  # NaN too
        return f"the reward: {reward!r}, recorded {turn.reward!r}"
    return "the observation" if exact and info["anchor"] != turn.anchor else ""
