"""From the rows of a batch to turns and trajectories."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.trajectory import Reply, Trajectory, Turn, jsonable
from mtenvs.rollout.store import TrajectoryStore
from mtenvs.vector.messages import WorkerFailed


def describe(venv: Any, index: int) -> dict[str, Any]:
    """``env_id``, ``make_kwargs`` and ``wrappers`` of one environment of a batch, the keywords as JSON.

    Keywords of the environment that JSON cannot carry, such as functions, are left out: an episode played with them replays
    only by hand. For wrappers see `mtenvs.core.wrapping.wrappers_of`.
    """
    found = venv.describe(index)
    kwargs = {k: str(v) if isinstance(v, Path) else v for k, v in found["make_kwargs"].items()}
    kept = {k: jsonable(v) for k, v in kwargs.items() if isinstance(v, (str, int, float, list, tuple, np.generic, type(None)))}
    return {"env_id": str(found["env_id"]), "make_kwargs": kept, "wrappers": found["wrappers"]}


def wrappers_at_start(venv: Any, envs: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The wrappers of these environments as they were when their episodes began; empty when their worker died meanwhile, for good."""
    try:
        return dict(zip(envs, venv.wrappers_at_start(envs), strict=True))
    except WorkerFailed:  # it ends these episodes, not the rollout
        return {}


def rows(obs: Any, index: Sequence[int]) -> Any:
    """These rows of a batch of observations, in this order: arrays stay arrays, tuples stay tuples."""
    if isinstance(obs, dict):
        return {k: rows(v, index) for k, v in obs.items()}
    return obs[list(index)] if isinstance(obs, np.ndarray) else tuple(obs[i] for i in index)


def pictures(obs: Any) -> list[NDArray[np.uint8]]:
    """The pictures of one observation: ``image``, then as many of ``frames`` as there are."""
    if not isinstance(obs, dict):
        return []
    out = [obs["image"]] if "image" in obs else []
    return out + list(obs["frames"][: int(obs["num_frames"])] if "frames" in obs else ())


def seen(obs: Any, row: int, store: TrajectoryStore | None) -> tuple[str, list[str]]:
    """What a turn begins with: the text, and the names of its pictures. Kept now, because a batch may reuse its memory."""
    if not isinstance(obs, dict):
        return "", []
    names: list[str] = []
    if store is not None:
        names = [store.save_image(p) for p in pictures({k: obs[k][row] for k in ("image", "frames", "num_frames") if k in obs})]
    return (obs["text"][row] if "text" in obs else ""), names


def reply_of(answer: Any) -> Reply:
    """What a policy gave for one environment, a bare action or a `Reply`."""
    return answer if isinstance(answer, Reply) else Reply(answer)


def played(view: tuple[str, list[str]], reply: Reply, reward: Any, infos: dict[str, Any], row: int) -> Turn:
    """The turn that the environment answered."""
    error = entry(infos, "action_error", row)
    return Turn(
        text=view[0],
        images=view[1],
        action=jsonable(reply.action),
        parsed=str(entry(infos, "action", row, "")),
        reward=float(reward),
        components=_components(infos, row),
        error=None if error is None else error.to_dict(),
        anchor=str(entry(infos, "anchor", row, "")),
        trainable=reply.trainable and reply.failure is None and bool(entry(infos, "trainable", row, True)),
        **_passed_through(reply),
    )


def unanswered(view: tuple[str, list[str]], reply: Reply) -> Turn:
    """The last turn of an episode whose policy gave up: nothing was played."""
    return Turn(view[0], jsonable(reply.action), "", 0.0, {}, None, "", images=view[1], trainable=False, **_passed_through(reply))


def close(trajectory: Trajectory, infos: dict[str, Any], row: int) -> None:
    """Write the end of an episode into its trajectory."""
    trajectory.verdict = entry(infos, "verdict", row)
    trajectory.stop_reason = str(entry(infos, "stop_reason", row, "") or ("env_error" if entry(infos, "error", row, "") else ""))
    trajectory.error = str(entry(infos, "error", row, "") or "")


def entry(infos: dict[str, Any], key: str, row: int, default: Any = None) -> Any:
    """One environment's value of an info key; the default where this environment gave none."""
    given = infos.get(f"_{key}")
    return infos[key][row] if key in infos and (given is None or given[row]) else default


def versions(venv: Any, index: int) -> dict[str, str]:
    """The versions that decide what happens in one environment, that of mtenvs included."""
    try:
        found = venv.call_one(index, "versions")
    except AttributeError:  # an environment from elsewhere
        found = {}
    return {**own_version(), **found}


@cache
def own_version() -> dict[str, str]:
    """The version of mtenvs itself; empty where it runs uninstalled."""
    try:
        return {"mtenvs": metadata.version("mtenvs")}
    except metadata.PackageNotFoundError:
        return {}


def _components(infos: dict[str, Any], row: int) -> dict[str, float]:
    found = infos.get("reward_components", {})
    return {k: float(entry(found, k, row)) for k in found if not k.startswith("_") and entry(found, k, row) is not None}


def _passed_through(reply: Reply) -> dict[str, Any]:
    return {
        "token_ids": None if reply.token_ids is None else [int(t) for t in reply.token_ids],
        "logprobs": None if reply.logprobs is None else [float(p) for p in reply.logprobs],
        "usage": None if reply.usage is None else dict(reply.usage),
        "reply": reply.text,
        "failure": None if reply.failure is None else dict(reply.failure),
    }
