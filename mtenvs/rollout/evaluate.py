"""`evaluate`: figures over many episodes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout.run import rollout
from mtenvs.rollout.session import policy_name
from mtenvs.rollout.statistics import mean_pass_at_k, wilson


@dataclass(frozen=True, slots=True)
class Prices:
    """What tokens cost, in any currency, per million.

    Args:
        prompt: read by the model.
        completion: written by it.
    """

    prompt: float
    completion: float


@dataclass(frozen=True, slots=True)
class Row:
    """Figures over some episodes. One that an error ended counts as not successful, and in ``errors``.

    Args:
        id: environment.
        policy: name.
        episodes: how many were played.
        success: share of episodes that succeeded.
        score: mean of the verdicts' scores, over episodes that have one; None when none has.
        turns: mean number of turns.
        steps_per_s: turns of all environments over wall time, policy included.
        errors: episodes that a failure of the environment or of the policy's endpoint ended.
        interval: the 95 % interval of ``success``.
        pass_at: k -> pass@k, the mean over the tasks with at least k episodes; a k that no task has is left out.
        pass_tasks: k -> over how many tasks.
        prompt_tokens: of all episodes that report any; None when none does, as are the next two.
        completion_tokens: written by the model.
        cost: of those tokens; None also without prices.
        priced: episodes that report tokens.
        stops: stop reason -> episodes.
        bad_actions: kind -> turns whose action was bad.
        failures: kind -> turns for which the policy had no action of its own.
        task: the task that the row is about; empty for all.
    """

    id: str
    policy: str
    episodes: int
    success: float
    score: float | None
    turns: float
    steps_per_s: float
    errors: int
    interval: tuple[float, float] = (0.0, 1.0)
    pass_at: dict[int, float] = field(default_factory=dict)
    pass_tasks: dict[int, int] = field(default_factory=dict)
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    priced: int = 0
    stops: dict[str, int] = field(default_factory=dict)
    bad_actions: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    task: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Failed:
    """An episode that did not succeed.

    Args:
        index: its place among the episodes, from 0.
        task: what was played.
        seed: of the episode.
        stop_reason: why it ended.
        score: of the verdict; None without one.
        error: the last line of the error that ended it; empty when none did.
    """

    index: int
    task: str
    seed: int
    stop_reason: str
    score: float | None
    error: str


@dataclass(frozen=True, slots=True)
class Report(Row):
    """A `Row` over everything, with the tasks one by one and every episode that did not succeed by name.

    Args:
        tasks: one row each.
        failed: in the order of the episodes.
        planned: episodes that were asked for; more than ``episodes`` when it was interrupted.
    """

    tasks: tuple[Row, ...] = ()
    failed: tuple[Failed, ...] = ()
    planned: int = 0


def evaluate(
    venv: Any,
    policy: Callable[..., Sequence[Any]],
    n: int,
    *,
    k: Iterable[int] = (1,),
    prices: Prices | None = None,
    **options: Any,
) -> Report:
    """Play ``n`` episodes and sum them up.

    Args:
        venv: a batch.
        policy: as for `rollout`.
        n: how many episodes; ``len(tasks) * max(k)`` gives each task enough attempts for pass@k.
        k: which pass@k to tell.
        prices: of the tokens.
        options: further keywords of `rollout`, such as ``tasks``, ``store`` and ``resume``.
    """
    fresh, told = [0], options.pop("on_episode", None)

    def count(trajectory: Trajectory) -> None:
        fresh[0] += len(trajectory.turns)
        if told is not None:
            told(trajectory)

    began = time.perf_counter()
    episodes = rollout(venv, policy, n, on_episode=count, **options)
    seconds = time.perf_counter() - began
    return report(episodes, seconds, policy=policy_name(policy), k=k, prices=prices, steps=fresh[0])


def report(
    episodes: Sequence[Trajectory],
    seconds: float,
    *,
    env_id: str = "",
    policy: str = "",
    k: Iterable[int] = (1,),
    prices: Prices | None = None,
    steps: int | None = None,
    planned: int | None = None,
) -> Report:
    """The report on episodes that have been played, for example on those of a store.

    Args:
        episodes: at best in the order of their plan.
        seconds: wall time in which they were played.
        env_id: a name for the table; by default what the episodes say.
        policy: likewise.
        k: which pass@k to tell.
        prices: of the tokens.
        steps: turns that were played in ``seconds``, where not all were.
        planned: episodes that were asked for.

    Raises:
        UnknownOption: a ``k`` below 1.
    """
    ks = sorted(set(k))
    if any(each < 1 for each in ks):
        raise UnknownOption(f"pass@k needs k >= 1, not k={ks}")
    names = env_id or ", ".join(dict.fromkeys(t.env_id for t in episodes)), policy or ", ".join(dict.fromkeys(t.policy for t in episodes))
    by_task: dict[str, list[Trajectory]] = {}
    for trajectory in episodes:
        by_task.setdefault(trajectory.task_id, []).append(trajectory)
    whole = _figures(*names, episodes, seconds, ks, prices, steps)
    tasks = tuple(Row(**_figures(*names, group, seconds, ks, prices, None), task=task) for task, group in by_task.items())
    failed = tuple(_failed(i, t) for i, t in enumerate(episodes) if not t.success)
    return Report(**whole, tasks=tasks, failed=failed, planned=len(episodes) if planned is None else planned)


def summarise(env_id: str, policy: str, episodes: Sequence[Trajectory], seconds: float) -> Row:
    """The row of these episodes."""
    return Row(**_figures(env_id, policy, episodes, seconds, [1], None, None))


def _figures(
    env_id: str, policy: str, episodes: Sequence[Trajectory], seconds: float, ks: Sequence[int], prices: Prices | None, steps: int | None
) -> dict[str, Any]:
    n, wins = len(episodes), sum(t.success for t in episodes)
    scores = [t.verdict.score for t in episodes if t.verdict is not None and t.verdict.score is not None]
    turns = [turn for t in episodes for turn in t.turns]
    usages = [t.usage for t in episodes if t.usage is not None]
    read, written = (sum(u.get(name, 0) for u in usages) if usages else None for name in ("prompt_tokens", "completion_tokens"))
    tries, won = Counter(t.task_id for t in episodes), Counter(t.task_id for t in episodes if t.success)
    passes = {k: mean_pass_at_k([(tries[task], won[task]) for task in tries], k) for k in ks}
    return {
        "id": env_id,
        "policy": policy,
        "episodes": n,
        "success": wins / max(1, n),
        "score": sum(scores) / len(scores) if scores else None,
        "turns": len(turns) / max(1, n),
        "steps_per_s": (len(turns) if steps is None else steps) / max(seconds, 1e-9),
        "errors": sum(t.failed for t in episodes),
        "interval": wilson(wins, n),
        "pass_at": {k: value for k, (value, _) in passes.items() if value is not None},
        "pass_tasks": {k: count for k, (value, count) in passes.items() if value is not None},
        "prompt_tokens": read,
        "completion_tokens": written,
        "cost": None if prices is None or read is None else (read * prices.prompt + (written or 0) * prices.completion) / 1e6,
        "priced": len(usages),
        "stops": dict(Counter(t.stop_reason for t in episodes).most_common()),
        "bad_actions": dict(Counter(str(t.error["kind"]) for t in turns if t.error is not None).most_common()),
        "failures": dict(Counter(t.failure["kind"] for t in turns if t.failure is not None).most_common()),
    }


def _failed(index: int, trajectory: Trajectory) -> Failed:
    score = trajectory.verdict.score if trajectory.verdict is not None else None
    message = trajectory.error.strip().rsplit("\n", 1)[-1]
    return Failed(index, trajectory.task_id, trajectory.seed, trajectory.stop_reason, score, message)
