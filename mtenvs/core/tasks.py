"""Tasks as data, and the sets that they come in.

A `TaskSet` knows its ids at once and builds a task only when it is asked for, so that a set of a million generated tasks
costs nothing until one is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, overload

import numpy as np

from mtenvs.core.errors import UnknownOption, UnknownTask, did_you_mean

SPLITS: Final = ("train", "val", "test")
_VAL_FROM, _TEST_FROM = 80, 90  # of 100 buckets: 80 % train, 10 % val, 10 % test


@dataclass(frozen=True, slots=True)
class Task:
    """One task: what is asked, where it starts, how it is checked.

    Args:
        id: unique in its set, stable for ever.
        goal: the instruction that the agent reads; may be empty when the world writes it at reset.
        setup: JSON-able data from which the world builds the start.
        checks: JSON-able data that the verifier reads.
        split: ``"train"``, ``"val"`` or ``"test"``.
        tags: for filtering.
        source: where the task comes from.
        licence: licence of the task's data, as an SPDX id where there is one.
        parts: the tasks that `compose` joined, in order; empty for a plain task.
    """

    id: str
    goal: str = ""
    setup: Mapping[str, Any] = field(default_factory=dict)
    checks: Sequence[Any] = ()
    split: str = "train"
    tags: tuple[str, ...] = ()
    source: str = "mtenvs"
    licence: str = "Apache-2.0"
    parts: tuple[Task, ...] = ()


def split_of(task_id: str) -> str:
    """The split of a task by a stable hash of its id: 80 % train, 10 % val, 10 % test."""
    bucket = int.from_bytes(hashlib.blake2b(task_id.encode(), digest_size=4).digest(), "little") % 100
    return "train" if bucket < _VAL_FROM else "val" if bucket < _TEST_FROM else "test"


class TaskSet(Sequence[Task]):
    """An ordered, immutable set of tasks that are built when they are asked for.

    Args:
        ids: the ids, in order.
        build: makes the task of an id; called again for each request, so it must be a pure function.
        split_of: tells an id's split without building the task; what it says is written into the task.
        open_build: makes the task of an id that is not listed (a generator whose ids are endless), or returns None.
    """

    def __init__(
        self,
        ids: Iterable[str],
        build: Callable[[str], Task],
        *,
        split_of: Callable[[str], str] = split_of,
        open_build: Callable[[str], Task | None] | None = None,
    ) -> None:
        self._ids = tuple(ids)
        self._known = frozenset(self._ids)
        self._build, self._split_of, self._open_build = build, split_of, open_build

    @classmethod
    def of(cls, tasks: Iterable[Task]) -> TaskSet:
        """A set of tasks that exist already; their own ``split`` counts.

        Raises:
            UnknownOption: two tasks have the same id.
        """
        by_id: dict[str, Task] = {}
        for task in tasks:
            if task.id in by_id:
                raise UnknownOption(f"two tasks have the id {task.id!r}; ids must be unique in a set")
            by_id[task.id] = task
        return cls(by_id, by_id.__getitem__, split_of=lambda i: by_id[i].split)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id, in order."""
        return self._ids

    def get(self, task_id: str) -> Task:
        """The task of an id.

        Raises:
            UnknownTask: there is none; the message names near ids.
        """
        if task_id in self._known:
            return self._made(self._build(task_id))
        task = self._open_build(task_id) if self._open_build is not None else None
        if task is None:
            raise UnknownTask(f"there is no task {task_id!r}: {did_you_mean(task_id, self._ids)}")
        return self._made(task)

    def sample(self, rng: np.random.Generator) -> Task:
        """One task, uniformly.

        Raises:
            UnknownTask: the set is empty.
        """
        if not self._ids:
            raise UnknownTask("the task set is empty: choose another split or source")
        return self._made(self._build(self._ids[int(rng.integers(len(self._ids)))]))

    def split(self, name: str | None) -> TaskSet:
        """The tasks of one split; None gives the whole set.

        Raises:
            UnknownOption: the split does not exist.
        """
        if name is None:
            return self
        if name not in SPLITS:
            raise UnknownOption(f"split={name!r} does not exist; choose one of {', '.join(SPLITS)} or None for all")
        return self._with(i for i in self._ids if self._split_of(i) == name)

    def filter(self, keep: Callable[[str], bool]) -> TaskSet:
        """The tasks whose id passes ``keep``."""
        return self._with(i for i in self._ids if keep(i))

    def _made(self, task: Task) -> Task:
        split = self._split_of(task.id) if task.id in self._known else split_of(task.id)
        return task if task.split == split else replace(task, split=split)

    def _with(self, ids: Iterable[str]) -> TaskSet:
        return TaskSet(ids, self._build, split_of=self._split_of, open_build=self._open_build)

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> TaskSet: ...
    def __getitem__(self, index: int | slice) -> Task | TaskSet:
        if isinstance(index, slice):
            return self._with(self._ids[index])
        return self._made(self._build(self._ids[index]))

    def __iter__(self) -> Iterator[Task]:
        return (self._made(self._build(i)) for i in self._ids)

    def __contains__(self, item: object) -> bool:
        return (item.id if isinstance(item, Task) else item) in self._known

    def __repr__(self) -> str:
        first = ", ".join(self._ids[:3])
        return f"TaskSet({len(self)} tasks: {first}{', ...' if len(self) > 3 else ''})"


def compose(tasks: Sequence[Task]) -> Task:
    """Join several tasks into one episode with one objective after the other (MEM1's composition).

    The environment plays the parts in order, each in its own world; the verdict is the mean over the parts, and a success
    only if every part is one.

    Args:
        tasks: at least one task, none of them composed already.

    Raises:
        UnknownOption: there is no task, or one is composed.
    """
    if not tasks or any(t.parts for t in tasks):
        raise UnknownOption("compose() joins one or more plain tasks; a composed task cannot be composed again")
    if len(tasks) == 1:
        return tasks[0]
    goals = "\n".join(f"{i}. {t.goal}" for i, t in enumerate(tasks, 1))
    return replace(
        tasks[0],
        id="+".join(t.id for t in tasks),
        goal=f"There are {len(tasks)} objectives, one after the other.\n{goals}",
        setup={},
        checks=(),
        tags=tuple(dict.fromkeys(tag for t in tasks for tag in t.tags)),
        parts=tuple(tasks),
    )
