"""The two ways through a rollout: all environments in step, or each as soon as it is ready."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from mtenvs.core.trajectory import Reply
from mtenvs.rollout.plan import Assignment, Planned
from mtenvs.rollout.session import Session, rows_of, same_rows


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


def as_they_come(session: Session, wanted: Sequence[Planned], min_ready: int | None) -> None:
    """Ask the policy for whoever is ready while the others are still at their turn or their reset.

    With ``min_ready=None`` it waits for more environments, but no longer than half of the policy's last answer took: a slow
    policy is then asked for many at once, and an environment that hangs costs the others little.
    """
    venv, assignment = session.venv, Assignment(wanted, session.description)
    last = len(session.done) + len(wanted)
    starting: dict[int, Planned] = {}
    sent: dict[int, Reply] = {}
    patience = 0.0  # seconds

    def start(envs: Sequence[int]) -> None:
        begun = {i: e for i in envs if (e := assignment.next_for(i)) is not None}
        starting.update(begun)
        if begun:
            options = [{} if e.task is None else {"task": e.task} for e in begun.values()]
            venv.send_reset(list(begun), seed=[e.seed for e in begun.values()], options=options)

    start(range(venv.num_envs))
    while len(session.done) < last:
        batch = _recv(venv, len(starting) + len(sent), min_ready, patience)
        rows = rows_of(batch.env_ids)
        begun = {i: starting.pop(i) for i in list(rows) if batch.started[rows[i]]}
        for i, row in rows.items():
            if i not in begun:
                ended = bool(batch.terminated[row] or batch.truncated[row])
                session.note(i, row, sent.pop(i), batch.rewards[row], ended=ended, infos=batch.infos)
        session.look(batch.obs, {i: row for i, row in rows.items() if i in session.running})
        session.begin(begun, batch.obs, batch.infos, rows)
        start([i for i in rows if i not in session.running])  # they reset while the policy thinks
        waiting = {i: row for i, row in rows.items() if i in session.running}
        began = time.perf_counter()
        replies = session.ask(batch.obs, waiting) if waiting else {}
        patience = (time.perf_counter() - began) / 2
        start([i for i in waiting if i not in replies])
        if replies:
            venv.send([r.action for r in replies.values()], list(replies))
            sent.update(replies)


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
