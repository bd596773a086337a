"""`rollout`: play episodes with a policy and keep what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout.loops import as_answered, as_they_come, in_step
from mtenvs.rollout.plan import already_played, plan
from mtenvs.rollout.session import Progress, Session
from mtenvs.rollout.store import TrajectoryStore


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a rollout.

    Args:
        episodes: those that were finished, in the order of their plan.
        planned: how many were asked for.
    """

    def __init__(self, episodes: list[Trajectory], planned: int) -> None:
        self.episodes, self.planned = episodes, planned
        super().__init__(f"stopped after {len(episodes)} of {planned} episodes")


def rollout(
    venv: Any,
    policy: Callable[..., Sequence[Any]],
    n: int,
    *,
    seed: int = 0,
    tasks: Sequence[Any] | None = None,
    group_size: int = 1,
    store: TrajectoryStore | None = None,
    resume: bool = False,
    min_ready: int | None = None,
    on_episode: Progress | None = None,
    on_step: Callable[[int], None] | None = None,
) -> list[Trajectory]:
    """Play ``n`` episodes.

    An episode that an error of its environment or of the policy's endpoint ends is kept like any other, with
    ``stop_reason="env_error"`` or ``"policy_error"``, the error in words and its last turn not trainable. Whatever
    interrupts a rollout, such as Ctrl-C or a policy that raises, leaves every finished episode in the store.

    Args:
        venv: a batch with autoreset disabled, such as `mtenvs.make_vec` gives.
        policy: from a batch of observations to one action, or `Reply`, for each environment. ``policy.reset(env_ids)`` is
            called, if it exists, when episodes begin. A policy that takes the keyword ``env_ids`` is given only the rows of
            the environments that wait for an action, and their numbers; where environments run at the same time it is asked
            for those that are ready, so that a slow one holds nobody up. One that also has ``submit(obs, env_ids)`` and
            ``poll(timeout) -> {env: reply}`` may answer each environment in its own time, see `as_answered`. Any other policy
            is given the whole batch.
        n: how many episodes.
        seed: of the first group; group ``g`` is played with ``seed + g``.
        tasks: group ``g`` plays task ``g mod len(tasks)``; None lets the environments choose.
        group_size: copies of each start, for group-relative training; 1 gives each episode a seed of its own.
        store: where each finished episode is written, pictures included.
        resume: leave out what the store has already, and return it in its place; episodes that an error ended are played again.
        min_ready: environments to wait for before the policy is called, where it is asked for those that are ready; None waits
            for more of them no longer than half of the policy's last answer took, or for none where ``submit`` is used.
        on_episode: called with each finished episode, in the order in which they finish.
        on_step: called with the index of the environment after each of its turns, for recording pictures.

    Returns:
        The episodes in the order of their plan, whichever finished first.

    Raises:
        UnknownOption: nothing to play, ``min_ready`` below 1, ``resume`` without a store, or a policy that gives another number of
            actions, or answers about environments that it was not asked about.
        Interrupted: Ctrl-C; it carries the episodes that were finished.
        StoreWriteError: the store's disk is full; what was written before is whole.
    """
    if min_ready is not None and min_ready < 1:
        raise UnknownOption(f"min_ready={min_ready} is at least 1, or None")
    session = Session(venv, policy, store, on_episode, on_step)
    wanted = plan(n, seed=seed, tasks=tasks, group_size=group_size)
    if resume:
        if store is None:
            raise UnknownOption("resume=True needs the store that is to be continued")
        session.done = already_played(wanted, store, session.description, session.name)
    todo = [episode for episode in wanted if episode.index not in session.done]
    try:
        if session.picks_rows and not getattr(venv, "steps_together", True):  # other batches have no `send`
            if session.answers_later and min_ready is None:
                as_answered(session, todo)
            else:
                as_they_come(session, todo, min_ready)
        else:
            in_step(session, todo)
    except KeyboardInterrupt:
        raise Interrupted([session.done[k] for k in sorted(session.done)], n) from None
    return [session.done[k] for k in range(n)]
