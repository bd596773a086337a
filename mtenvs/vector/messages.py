"""What passes between a batch and the place where its environments run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

import gymnasium as gym
from numpy.typing import NDArray

from mtenvs.core.errors import MtenvsError, UnknownOption
from mtenvs.core.wrapping import wrappers_of
from mtenvs.vector.layout import Layout, Store

Column: TypeAlias = "Sequence[Any] | NDArray[Any] | dict[str, Column]"
"""The values of one key of an info in several environments; of dictionaries, the columns of their keys."""
Factory = Callable[[], "gym.Env[Any, Any]"]


class ClosedBatch(MtenvsError, gym.error.ClosedEnvironmentError):
    """The batch was closed; make a new one."""


class WorkerFailed(MtenvsError, RuntimeError):
    """A worker process could not start, or could not build its environments; the message ends with what it wrote to stderr."""


class Request(NamedTuple):
    """Something to do in one environment.

    Attributes:
        id: never used twice by one batch, so that a late reply cannot be taken for another one's.
        env: index in the batch.
        kind: ``"reset"`` (payload: seed and options), ``"step"`` (an action), ``"call"`` (name, arguments, keywords), ``"set"``
            (name, value), ``"render"`` (None), ``"wrappers"`` (None; the answer is of `wrappers_of`), ``"wrappers_at_start"`` (the
            same as it was when the last episode began), and in worker processes ``"recover"`` (see `Journal`).
        payload: what the kind needs.
    """

    id: int
    env: int
    kind: str
    payload: Any


class Transition(NamedTuple):
    """What a step or a reset gave.

    Attributes:
        reward: 0 for a reset.
        terminated: False for a reset.
        truncated: False for a reset.
        info: as the environment gave it.
        obs: the whole observation, or None when ``loose`` has it.
        loose: those parts of the observation that have no fixed size; the others are in shared memory already.
        seconds: time that the environment took.
        slot: in shared memory, where those parts are.
    """

    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, Any]
    obs: Any
    loose: Sequence[Any] | None
    seconds: float
    slot: int = 0


class Reply(NamedTuple):
    """The outcome of a request: a value, a fault of the environment, or an error for the caller.

    Attributes:
        id: of the request.
        env: index in the batch.
        value: a `Transition` for steps and resets; what the call returned for calls.
        fault: traceback or reason when the environment raised, hung or died; else empty.
        raised: a mistake of the caller, to be raised there.
    """

    id: int
    env: int
    value: Any = None
    fault: str = ""
    raised: Exception | None = None


class Turn(NamedTuple):
    """The outcome of one step in each of several neighbouring environments, none of which failed.

    Attributes:
        first: id of the request of the first one; ids count up.
        env: index of the first one.
        slot: in shared memory, where the parts of fixed size are.
        seconds: time inside all of them.
        rewards: one for each.
        terminated: one for each.
        truncated: one for each.
        loose: for each part of the observation without a fixed size, those of all.
        infos: info key -> the values of all.
    """

    first: int
    env: int
    slot: int
    seconds: float
    rewards: Sequence[float]
    terminated: Sequence[bool]
    truncated: Sequence[bool]
    loose: Sequence[Sequence[Any]]
    infos: dict[str, Column]

    def replies(self) -> list[Reply]:
        """The same one by one."""
        share = self.seconds / len(self.rewards)
        return [
            Reply(
                self.first + k,
                self.env + k,
                Transition(*three, info_of(self.infos, k), None, [column[k] for column in self.loose], share, self.slot),
            )
            for k, three in enumerate(zip(self.rewards, self.terminated, self.truncated, strict=True))
        ]


class Deadlines(NamedTuple):
    """Seconds that a step and a reset may take; None for no limit."""

    step: float | None
    reset: float | None

    def of(self, request: Request) -> float | None:
        """The limit of a request; an episode that is played again has that of all its turns."""
        if request.kind == "step":
            return self.step
        if request.kind == "recover" and None not in (self.step, self.reset):
            return self.reset + self.step * len(request.payload[2])  # type: ignore[operator]  # neither is None
        return self.reset if request.kind == "reset" else None

    def check(self) -> None:
        """Refuse what is no limit.

        Raises:
            UnknownOption: a number that is not above 0.
        """
        for limit in self:
            if limit is not None and not limit > 0:
                raise UnknownOption(f"a timeout is a number of seconds above 0, or None; not {limit!r}")


class Facts(NamedTuple):
    """What a batch has to know about one of its environments."""

    observation_space: gym.Space[Any]
    action_space: gym.Space[Any]
    metadata: dict[str, Any]
    render_mode: str | None
    env_id: str
    make_kwargs: dict[str, Any]
    spec: Any
    nondeterministic: bool
    wrapped: bool  # in anything that `wrappers_of` names


class Transport(Protocol):
    """Where the environments of a batch run. Requests for one environment are carried out in the order of `submit`."""

    facts: list[Facts]

    def open(self, layout: Layout, *, copy: bool) -> Store:
        """Make the store that observations go into, and are copied from or shown in place; nothing is submitted before."""

    def submit(self, requests: Sequence[Request]) -> None:
        """Take requests; never waits for an environment."""

    def submit_turn(self, first: int, actions: Sequence[Any]) -> None:
        """Take a step of every environment, with ids that count up from ``first``."""
        self.submit([Request(first + i, i, "step", action) for i, action in enumerate(actions)])

    def poll(self, timeout: float | None) -> Sequence[Reply | Turn]:
        """Replies since the last poll; waits up to ``timeout`` seconds (None: as long as it takes) for the first."""

    def close(self) -> None:
        """End everything; doing it again changes nothing."""


def info_of(infos: Mapping[str, Column], row: int) -> dict[str, Any]:
    """The info of one environment."""
    return {key: info_of(column, row) if isinstance(column, dict) else column[row] for key, column in infos.items()}


def facts_of(env: gym.Env[Any, Any]) -> Facts:
    """The facts of an environment."""
    spec = env.spec
    kwargs = {} if spec is None else {k: v for k, v in spec.kwargs.items() if _plain(v)}
    name = type(env.unwrapped).__name__ if spec is None else spec.id
    return Facts(
        env.observation_space,
        env.action_space,
        dict(env.metadata),
        env.render_mode,
        name,
        kwargs,
        spec,
        bool(spec is not None and spec.nondeterministic),
        bool(wrappers_of(env)),
    )


def _plain(value: Any) -> bool:
    """Whether a keyword can be written into a trajectory."""
    if isinstance(value, (list, tuple)):
        return all(_plain(v) for v in value)
    if isinstance(value, dict):
        return all(isinstance(k, str) and _plain(v) for k, v in value.items())
    return value is None or isinstance(value, (str, int, float, bool))
