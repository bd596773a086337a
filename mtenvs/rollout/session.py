"""One call of `rollout`: which environment plays what, and what is done."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Reply, Trajectory
from mtenvs.rollout import record
from mtenvs.rollout.plan import Planned
from mtenvs.rollout.store import TrajectoryStore

Progress = Callable[[Trajectory], None]


class Session:
    """The books that both loops keep.

    Args:
        venv: the batch.
        policy: see `mtenvs.rollout.rollout`, as are the others.
        store: where finished episodes go.
        on_episode: called with each.
        on_step: called after each turn.

    Attributes:
        done: finished episodes, by their place in the plan.
        running: the environments whose episode is not over.
        picks_rows: whether the policy takes ``env_ids``.
        answers_later: whether it can be asked now and answer later, too.
        description: ``env_id``, ``make_kwargs`` and ``wrappers`` of each environment, as the rollout found them.
    """

    def __init__(
        self, venv: Any, policy: Any, store: TrajectoryStore | None, on_episode: Progress | None, on_step: Callable[[int], None] | None
    ) -> None:
        self.venv, self.policy = venv, policy
        self.name = policy_name(policy)
        self.description = [record.describe(venv, i) for i in range(venv.num_envs)]
        self.done: dict[int, Trajectory] = {}
        self.running: dict[int, tuple[int, Trajectory]] = {}
        self.picks_rows = takes_env_ids(policy)
        self.answers_later = self.picks_rows and hasattr(policy, "submit") and hasattr(policy, "poll")
        self._store, self._on_episode, self._on_step = store, on_episode, on_step
        self._views: dict[int, tuple[str, list[str]]] = {}  # what each running environment shows now
        self._versions = [record.versions(venv, i) for i in range(venv.num_envs)]

    def begin(self, begun: dict[int, Planned], obs: Any, infos: dict[str, Any], rows: dict[int, int]) -> None:
        """Open the books for episodes whose environments have been reset.

        Args:
            begun: environment -> episode.
            obs: the batch that the resets gave.
            infos: with it.
            rows: environment -> row.
        """
        broken = {env for env in begun if record.entry(infos, "error", rows[env], "")}  # not reset: what they show is not of this episode
        wrappers = record.wrappers_at_start(self.venv, [env for env in begun if env not in broken])
        for env, episode in begun.items():
            row, failed = rows[env], env in broken
            trajectory = Trajectory(
                env_id=str(record.entry(infos, "env_id", row, self.description[env]["env_id"])),
                make_kwargs=self.description[env]["make_kwargs"],
                task_id=episode.task_id or "" if failed else str(record.entry(infos, "task_id", row, "")),
                seed=episode.seed,
                goal=obs["goal"][row] if not failed and isinstance(obs, dict) and "goal" in obs else "",
                start_anchor="" if failed else str(record.entry(infos, "anchor", row, "")),
                policy=self.name,
                versions=dict(self._versions[env]),
                wrappers=wrappers.get(env, self.description[env]["wrappers"]),
            )
            self.running[env] = (episode.index, trajectory)
            if failed:
                record.close(trajectory, infos, row)
                self._finish(env)
        alive = [env for env in begun if env in self.running]
        self.forget(alive)
        self.look(obs, {env: rows[env] for env in alive})

    def forget(self, envs: Iterable[int]) -> None:
        """Let the policy forget what it knows and was asked about these environments."""
        reset, which = getattr(self.policy, "reset", None), list(envs)
        if reset is not None and which:
            reset(which)

    def look(self, obs: Any, rows: dict[int, int]) -> None:
        """Remember what these environments show now; ``rows`` says where in the batch."""
        for env, row in rows.items():
            self._views[env] = record.seen(obs, row, self._store)

    def ask(self, obs: Any, rows: dict[int, int]) -> dict[int, Reply]:
        """One reply for each of these environments; those whose policy gave up are ended and left out.

        Raises:
            UnknownOption: the policy gave another number of actions.
        """
        envs = list(rows)
        if self.picks_rows:
            answers, expected = list(self.policy(record.rows(obs, list(rows.values())), env_ids=envs)), len(envs)
        else:
            answers, expected = list(self.policy(obs)), self.venv.num_envs
        if len(answers) != expected:
            raise UnknownOption(f"the policy {self.name!r} gave {len(answers)} actions for {expected} observations: one for each is needed")
        return self._taken({env: answers[k if self.picks_rows else rows[env]] for k, env in enumerate(envs)})

    def submit(self, obs: Any, rows: dict[int, int]) -> None:
        """Hand the policy these environments' observations; `poll` gives its replies."""
        if rows:
            self.policy.submit(record.rows(obs, list(rows.values())), list(rows))

    def poll(self, thinking: Container[int], timeout: float | None) -> tuple[list[int], dict[int, Reply]]:
        """Who was answered, and the replies as those of `ask`.

        Args:
            thinking: about whom the policy has been asked.
            timeout: seconds to wait for the first; None waits as long as it takes.

        Raises:
            UnknownOption: the policy answered about another environment.
        """
        answers = self.policy.poll(timeout)
        strange = next((env for env in answers if env not in thinking), None)
        if strange is not None:
            raise UnknownOption(
                f"the policy {self.name!r} answered about environment {strange!r}, which it was not asked about: "
                "poll() gives one reply to each row of submit(), and none to what reset() has broken off"
            )
        return list(answers), self._taken(answers)

    def _taken(self, answers: dict[int, Any]) -> dict[int, Reply]:
        replies = {}
        for env, answer in answers.items():
            reply = record.reply_of(answer)
            if (reply.failure or {}).get("kind") == "given_up":
                self._give_up(env, reply)
            else:
                replies[env] = reply
        return replies

    def note(self, env: int, row: int, reply: Reply, reward: Any, *, ended: bool, infos: dict[str, Any]) -> None:
        """Write down one environment's turn, and the end of its episode."""
        trajectory = self.running[env][1]
        trajectory.turns.append(record.played(self._views[env], reply, reward, infos, row))
        if self._on_step is not None:
            self._on_step(env)
        if ended:
            record.close(trajectory, infos, row)
            self._finish(env)

    def _give_up(self, env: int, reply: Reply) -> None:
        trajectory = self.running[env][1]
        trajectory.turns.append(record.unanswered(self._views[env], reply))
        trajectory.stop_reason, trajectory.error = "policy_error", str((reply.failure or {}).get("message", ""))
        self._finish(env)

    def _finish(self, env: int) -> None:
        index, trajectory = self.running.pop(env)
        if self._store is not None:
            self._store.append(trajectory)
        self.done[index] = trajectory
        if self._on_episode is not None:
            self._on_episode(trajectory)


def policy_name(policy: Any) -> str:
    """The name for tables: its ``name``, else that of the function or class."""
    return str(getattr(policy, "name", "") or getattr(policy, "__name__", "") or type(policy).__name__)


def takes_env_ids(policy: Any) -> bool:
    """Whether a policy has a parameter ``env_ids``."""
    try:
        return "env_ids" in inspect.signature(policy).parameters
    except (TypeError, ValueError):  # some built-in callables have no signature
        return False


def same_rows(envs: Iterable[int]) -> dict[int, int]:
    """Environment -> row, for a whole batch."""
    return {env: env for env in envs}


def rows_of(env_ids: Sequence[int]) -> dict[int, int]:
    """Environment -> row, for a part of a batch."""
    return {int(env): row for row, env in enumerate(env_ids)}
