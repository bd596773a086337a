"""What a batch gives, and what it keeps of turns that it has not given yet."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Batch(NamedTuple):
    """What `BatchedVectorEnv.recv` gives, one row for each environment that has finished, in the order in which they did.

    Attributes:
        env_ids: int64 ``(k,)``, the index of each in the batch.
        obs: observations in the form of `reset`, with ``k`` rows.
        rewards: float64 ``(k,)``; 0 for a reset.
        terminated: bool ``(k,)``.
        truncated: bool ``(k,)``; True with ``infos["stop_reason"] == "env_error"`` for an environment that failed.
        infos: as of `step`, with ``k`` rows.
        started: bool ``(k,)``; True for the answer to `send_reset` (and to an automatic reset on the next step).
    """

    env_ids: NDArray[np.int64]
    obs: Any
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    infos: dict[str, Any]
    started: NDArray[np.bool_]


class Result(NamedTuple):
    """What came of a turn or a reset of one environment, as far as `step` and `recv` have not told it yet."""

    env: int
    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, Any]
    fault: str = ""
    started: bool = False


class Ticket(NamedTuple):
    """What a request is for.

    Attributes:
        env: index in the batch.
        kind: that of the request; for resets who asked: ``"reset"``, ``"start"`` (`send_reset`), ``"again"`` (autoreset on the
            next step) or ``"restart"`` (autoreset on the same step, after a fault).
        after: the failed turn that a restart follows.
    """

    env: int
    kind: str
    after: Result | None = None


def after(failed: Result, info: dict[str, Any]) -> Result:
    """The failed turn as ``same_step`` shows it: its own end under ``final_...``, the new episode's start beside it."""
    return failed._replace(info={**info, **failed.info})
