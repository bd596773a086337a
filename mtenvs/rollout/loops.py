"""The ways through a rollout: all environments in step, each as soon as it is ready, or each as soon as it is answered."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mtenvs.core.trajectory import Reply
from mtenvs.rollout.plan import Assignment, Planned
from mtenvs.rollout.session import Session, rows_of, same_rows

_GLANCE = 0.01  # seconds between looks at the answers while environments are at work


def in_step(session: Session, wanted: Sequence[Planned]) -> None:
    """Ask the policy for the whole batch and step all environments; one whose episode is over starts the next at once."""
    venv, assignment, obs = session.venv, Assignment(wanted, session.description), None
    last = len(session.done) + len(wanted)
    while len(session.done) < last:
        begun = {i: e for i in range(venv.num_envs) if i not in session.running and (e := assignment.next_for(i)) is not None}
        if begun:
            obs, infos = _reset(session, begun, everything=obs is None)
            session.begin(begun, obs, infos, same_rows(begun))
        replies = session.ask(obs, same_rows(sorted(session.running))) if session.running else {}
        if not replies:
            continue
        filler = None if len(replies) == venv.num_envs else venv.single_action_space.sample()  # ended episodes do not read it
        actions = [replies[i].action if i in replies else filler for i in range(venv.num_envs)]
        obs, rewards, terminated, truncated, infos = venv.step(actions)
        for i, reply in replies.items():
            session.note(i, i, reply, rewards[i], ended=bool(terminated[i] or truncated[i]), infos=infos)
        session.look(obs, same_rows(session.running))


class _Flow:
    """Environments that reset, play and wait for an action, each on its own.

    Attributes:
        starting: environments whose reset is under way, and what they will play.
        sent: environments whose turn is under way, and the reply that they play.
    """

    def __init__(self, session: Session, wanted: Sequence[Planned]) -> None:
        self.session, self.venv = session, session.venv
        self.starting: dict[int, Planned] = {}
        self.sent: dict[int, Reply] = {}
        self._assignment = Assignment(wanted, session.description)
        self._last = len(session.done) + len(wanted)

    @property
    def over(self) -> bool:
        """Whether every episode has been played."""
        return len(self.session.done) >= self._last

    @property
    def under_way(self) -> int:
        """How many environments are at their turn or their reset."""
        return len(self.starting) + len(self.sent)

    def start(self, envs: Iterable[int]) -> None:
        """Let these environments begin their next episodes, where there are any."""
        begun = {i: e for i in envs if (e := self._assignment.next_for(i)) is not None}
        self.starting.update(begun)
        if begun:
            options = [{} if e.task is None else {"task": e.task} for e in begun.values()]
            self.venv.send_reset(list(begun), seed=[e.seed for e in begun.values()], options=options)

    def take(self, batch: Any) -> dict[int, int]:
        """Book what came back; returns the environments that wait for an action, with their rows."""
        session, rows = self.session, rows_of(batch.env_ids)
        begun = {i: self.starting.pop(i) for i in list(rows) if batch.started[rows[i]]}
        for i, row in rows.items():
            if i not in begun:
                ended = bool(batch.terminated[row] or batch.truncated[row])
                session.note(i, row, self.sent.pop(i), batch.rewards[row], ended=ended, infos=batch.infos)
        session.look(batch.obs, {i: row for i, row in rows.items() if i in session.running})
        session.begin(begun, batch.obs, batch.infos, rows)
        self.start(i for i in rows if i not in session.running)  # they reset while the policy thinks
        return {i: row for i, row in rows.items() if i in session.running}

    def play(self, asked: Iterable[int], replies: dict[int, Reply]) -> None:
        """Send the replies; an environment that was asked about and has none was given up, and begins anew."""
        self.start(i for i in asked if i not in replies)
        if replies:
            self.venv.send([r.action for r in replies.values()], list(replies))
            self.sent.update(replies)


def as_they_come(session: Session, wanted: Sequence[Planned], min_ready: int | None) -> None:
    """Ask the policy for whoever is ready while the others are still at their turn or their reset.

    With ``min_ready=None`` it waits for more environments, but no longer than half of the policy's last answer took: a slow
    policy is then asked for many at once, and an environment that hangs costs the others little.
    """
    flow, patience = _Flow(session, wanted), 0.0  # seconds
    flow.start(range(session.venv.num_envs))
    while not flow.over:
        batch = _recv(session.venv, flow.under_way, min_ready, patience)
        waiting = flow.take(batch)
        began = time.perf_counter()
        replies = session.ask(batch.obs, waiting) if waiting else {}
        patience = (time.perf_counter() - began) / 2
        flow.play(waiting, replies)


def as_answered(session: Session, wanted: Sequence[Planned]) -> None:
    """Play each answer as soon as it is there: neither a slow environment nor a slow answer holds the others up.

    The policy's ``submit(obs, env_ids)`` returns at once; its ``poll(timeout) -> {env: reply}`` gives one reply to each of the
    environments, in any order. Its ``reset(env_ids)`` drops what has not been answered: it is called when an episode begins,
    and when something breaks the rollout off.
    """
    flow, thinking = _Flow(session, wanted), set[int]()
    flow.start(range(session.venv.num_envs))
    try:
        while not flow.over:
            if thinking:
                asked, replies = session.poll(thinking, 0 if flow.under_way else None)
                thinking.difference_update(asked)
                flow.play(asked, replies)
            if flow.under_way:
                batch = session.venv.recv(min_ready=1, timeout=_GLANCE if thinking else None)
                if len(batch.env_ids):
                    waiting = flow.take(batch)
                    thinking.update(waiting)
                    session.submit(batch.obs, waiting)
    finally:
        session.forget(thinking)


def _recv(venv: Any, under_way: int, min_ready: int | None, patience: float) -> Any:
    if min_ready is not None:
        return venv.recv(min_ready=min(min_ready, under_way))
    batch = venv.recv(min_ready=under_way, timeout=patience)
    return batch if len(batch.env_ids) else venv.recv(min_ready=1)


def _reset(session: Session, begun: dict[int, Planned], *, everything: bool) -> tuple[Any, dict[str, Any]]:
    """Start these episodes; the first time every environment is reset, as Gymnasium wants."""
    count = session.venv.num_envs
    seeds: list[int | None] = [None] * count
    mask = np.full(count, everything)
    chosen = [next(e.task for e in begun.values())] * count
    for i, episode in begun.items():
        seeds[i], mask[i], chosen[i] = episode.seed, True, episode.task
    options: dict[str, Any] = {"reset_mask": mask}
    if any(task is not None for task in chosen):
        options["tasks"] = chosen
    found: tuple[Any, dict[str, Any]] = session.venv.reset(seed=seeds, options=options)
    return found
