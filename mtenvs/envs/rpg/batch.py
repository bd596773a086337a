"""Many heroes at once: one turn of a whole batch without what a single `step` costs around the rules.

The turns that end an episode, that are refused or that have to be parsed go through the environment itself, all others take the
short way. Both give the same observations, rewards and info, which a test compares over whole episodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import BadAction
from mtenvs.core.spaces import UText
from mtenvs.envs.rpg import text
from mtenvs.envs.rpg.plan import PARAMETERS
from mtenvs.envs.rpg.world import Refusal

HeroEnv: TypeAlias = Any  # a `HeroBenchEnv`; its module imports this one
_CALLS: Final[dict[str, tuple[str, tuple[Any, ...], str]]] = {}  # action text -> world method, arguments, canonical text
_CALLS_KEPT: Final = 1 << 16


class Turn(NamedTuple):
    """One turn of a batch, column by column.

    Attributes:
        obs: an observation for each environment.
        rewards: float64 ``(n,)``.
        terminated: bool ``(n,)``.
        truncated: bool ``(n,)``.
        infos: info key -> array ``(n,)``; ``reward_components`` is a dict of arrays.
    """

    obs: list[dict[str, Any]]
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    infos: dict[str, Any]


def fits(env: HeroEnv) -> bool:
    """Whether the short way knows this environment: text calls, text observations, nothing asked for on every turn."""
    plain = env.mode == "interactive" and env.control == "calls" and env.obs_mode == "text"
    return plain and not env.verdict_every_turn and not env.extended


def step_many(envs: Sequence[HeroEnv], actions: Sequence[Any]) -> Turn:
    """Play one turn in each environment; all of them must be running and pass `fits`.

    Raises:
        TypeError: an action that is neither text nor a mapping.
    """
    n = len(envs)
    out = Turn([{}] * n, np.zeros(n), np.zeros(n, bool), np.zeros(n, bool), {})
    rows: list[tuple[Any, ...]] = []
    for i, (env, action) in enumerate(zip(envs, actions, strict=True)):
        done = _act(env, action) if isinstance(action, str) else None
        limit = env.turn_limit
        if done is None or env.won or (limit is not None and done[2] >= limit):
            step = env.step(action) if done is None else env.close_turn(done[0])
            out.obs[i], out.rewards[i], out.terminated[i], out.truncated[i], info = step
            components = info["reward_components"]
            rows.append((*(info[key] for key in _KEYS), components["progress"], components["invalid_action"]))
        else:
            out.obs[i], row = _pass_on(env, limit, *done)
            out.rewards[i] = row[-2]
            rows.append(row)
    out.infos.update(_columns(rows))
    return out


_KEYS: Final = (
    "env_id", "task_id", "seed", "turn", "turns_left", "action", "success", "action_error", "verdict", "stop_reason", "anchor",
)  # fmt: skip
_DTYPES: Final[dict[str, Any]] = {"seed": np.int64, "turn": np.int64, "turns_left": np.int64, "success": np.bool_}


def _act(env: HeroEnv, action: str) -> tuple[str, str, int] | None:
    """Carry out a call: feedback, canonical text and number of the turn; None, with nothing changed, when the environment itself has to."""
    known = _CALLS.get(action) or _learn(env, action)
    if known is None:
        return None
    name, arguments, canonical = known
    result = getattr(env.world, name)(env.hero, *arguments)
    if isinstance(result, Refusal):  # refusals change nothing, so the environment may find out again
        return None
    turn = env.begin_turn(canonical)
    return str(env.settle(result)), canonical, turn


def _learn(env: HeroEnv, action: str) -> tuple[str, tuple[Any, ...], str] | None:
    try:
        call, canonical = env.read_action(action)
    except BadAction:
        return None
    if call.name not in PARAMETERS:
        return None
    known = call.name, tuple(call.arguments[name] for name in PARAMETERS[call.name] if name in call.arguments), canonical
    if len(action) <= 200 and len(_CALLS) < _CALLS_KEPT:
        _CALLS[action] = known
    return known


def _pass_on(env: HeroEnv, limit: int | None, feedback: str, canonical: str, turn: int) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """Observation and info of a turn that went well and ended nothing."""
    share, task = env.share, env.task
    gain, env.paid = share - env.paid, share
    known = env.batch_cache
    goal, digest, env_id, space = known[1] if known is not None and known[0] is task.goal else _goal(env)
    words = f"{feedback}\n\n{text.report(env.world, env.hero)}"
    env.last_text = words = words if len(words) <= space.max_chars else space.fit(words)
    raw = words.encode("utf-8", "surrogatepass")
    digest = digest.copy()
    digest.update(b"text:%d:%b" % (len(raw), raw))
    left = -1 if limit is None else limit - turn
    row = (env_id, task.id, env.episode_seed, turn, left, canonical, False, None, None, "", digest.hexdigest(), gain, 0.0)
    return {"goal": goal, "text": words}, row


def _goal(env: HeroEnv) -> tuple[str, Any, str, UText]:
    """The goal as shown, a hash that has read it, the environment's id, the space of its texts; kept while the goal is the same."""
    spaces: Any = env.observation_space
    space: UText = spaces["goal"]
    shown = space.fit(env.task.goal)
    raw = shown.encode("utf-8", "surrogatepass")
    digest = blake2b(b"goal:%d:%b" % (len(raw), raw), digest_size=8)
    env_id = env.spec.id if env.spec is not None else type(env).__name__
    known: tuple[str, Any, str, UText] = (shown, digest, env_id, spaces["text"])
    env.batch_cache = env.task.goal, known
    return known


def _columns(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    columns = list(zip(*rows, strict=True))
    infos: dict[str, Any] = {}
    for key, column in zip(_KEYS, columns, strict=False):
        if key in _DTYPES:
            infos[key] = np.array(column, _DTYPES[key])
        else:
            infos[key] = np.empty(len(rows), object)
            infos[key][:] = column
    infos["reward_components"] = {"progress": np.array(columns[-2]), "invalid_action": np.array(columns[-1])}
    return infos
