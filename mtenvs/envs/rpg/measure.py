"""Work to measure: a mixed stream of actions for the bare core, and the replay of published answers to the official tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtenvs.core.errors import DataError
from mtenvs.envs.rpg.program import play_answer
from mtenvs.envs.rpg.schema import read_json
from mtenvs.envs.rpg.scoring import Score, Scorer
from mtenvs.envs.rpg.world import HeroWorld, Rules

if TYPE_CHECKING:
    from pathlib import Path

    from mtenvs.envs.rpg.macro import ActionTable
    from mtenvs.envs.rpg.official import OfficialTasks
    from mtenvs.envs.rpg.pysubset import End
    from mtenvs.envs.rpg.state import HeroState


def mixed_stream(table: ActionTable, world: HeroWorld, hero: HeroState, length: int, seed: int = 0) -> list[int]:
    """A walk of legal actions from a hero's state: each time a kind of action that is legal, then one of that kind, both uniform.

    The hero himself is left as he is.

    Returns:
        ``length`` numbers of the table, for `play_stream`.
    """
    rng = np.random.default_rng(seed)
    walker = hero.copy()
    kinds = np.array([action.kind for action in table.actions])
    stream: list[int] = []
    for _ in range(length):
        legal = np.flatnonzero(table.mask(walker, world))
        kind = rng.choice(np.unique(kinds[legal]))
        number = int(rng.choice(legal[kinds[legal] == kind]))
        table.apply(walker, number, world)
        stream.append(number)
    return stream


def play_stream(table: ActionTable, world: HeroWorld, hero: HeroState, stream: Sequence[int]) -> HeroState:
    """Carry out a stream on a copy of the hero; the work that "core actions per second" counts.

    Returns:
        The hero afterwards.
    """
    walker = hero.copy()
    apply = table.apply
    for number in stream:
        apply(walker, number, world)
    return walker


class Published(NamedTuple):
    """One published answer with its published result."""

    task_id: str
    answer: str
    success: bool
    reward: int
    ideal: int
    score: float


class Replayed(NamedTuple):
    """One published answer and what came of it here."""

    published: Published
    score: Score
    end: End

    @property
    def same_outcome(self) -> bool:
        """Whether both say win, or both say loss."""
        return self.published.success == self.score.success


def read_published(path: Path) -> list[Published]:
    """Published answers: a list of objects with ``level, task, answer, result, reward, ideal, score``.

    Raises:
        DataError: the file is missing, half-written or not of that form.
    """
    rows: Any = read_json(path)
    try:
        return [_published(row) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path.name} does not hold published answers ({error!r}); copy it again") from error


def _published(row: Mapping[str, Any]) -> Published:
    success, ideal = row["result"] == "win", int(row["ideal"])
    return Published(f"{row['level']}/{row['task']}", str(row["answer"]), success, int(row["reward"]), ideal, float(row["score"]))


def replay(tasks: OfficialTasks, answers: Iterable[Published]) -> list[Replayed]:
    """Play each answer in the original's rules from its task's start, and score it as the original does."""
    found = []
    world = HeroWorld(tasks.data, Rules.official())
    for published in answers:
        scorer = Scorer(tasks[published.task_id], tasks.data)
        played = play_answer(published.answer, world, tasks.start(published.task_id), scorer.observe)
        found.append(Replayed(published, scorer.result(counts=played.counts), played.end))
    return found
