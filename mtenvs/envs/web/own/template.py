"""What a template of our own tasks gives: a goal, a start, checks, and plans that solve it or just miss it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any, Final

from mtenvs.core.tasks import Task

LISTED: Final = 20
"""Seeds of each template that are listed as tasks; any other number works too."""


@dataclass(frozen=True)
class Step:
    """One thing that the oracle does on the page that it sees.

    Args:
        do: ``goto``, ``click``, ``type``, ``select``, ``press``, ``upload``, ``back``, ``tab`` or ``stop``.
        name: accessible name of the element, address, key, or the answer of ``stop``.
        role: of the element; empty for any that fits ``do``.
        value: what is typed or selected.
        nth: which of several, from 0; -1 for the last.
        within: text that stands in the same row, list item or article as the element; for pages that repeat one button.
        exact: whether the name is meant whole; else it is contained.
    """

    do: str
    name: str = ""
    role: str = ""
    value: str = ""
    nth: int = 0
    within: str = ""
    exact: bool = True


@dataclass(frozen=True)
class Made:
    """One task of a template.

    Args:
        goal: what is asked.
        start: address of the first page; several are opened as tabs.
        checks: see `mtenvs.envs.web.verify`.
        plan: solves it.
        miss: looks like a solution and is not one.
        login: site -> user that is logged in from the start.
        images: names of pictures that belong to the goal, see `mtenvs.envs.web.goal_images`.
    """

    goal: str
    start: Sequence[str]
    checks: Sequence[Mapping[str, Any]]
    plan: Sequence[Step]
    miss: Sequence[Step]
    login: Mapping[str, str] = field(default_factory=dict)
    images: Sequence[str] = ()


@dataclass(frozen=True)
class Template:
    """A kind of task.

    Args:
        name: unique, such as ``"shop/cheapest"``.
        sites: that it needs.
        make: draws a task; ``ask(site, sql, *values)`` reads the data as they are at the start.
        visual: whether it cannot be solved without seeing pictures.
        turns: until truncation.
    """

    name: str
    sites: tuple[str, ...]
    make: Callable[[Ask, Random], Made]
    visual: bool = False
    turns: int = 30

    def task(self, seed: int, ask: Ask) -> Task:
        """The task of a seed."""
        made = self.make(ask, Random(f"{self.name} {seed}"))
        return Task(
            id=f"{self.name}/{seed}",
            goal=made.goal,
            setup={
                "sites": list(self.sites),
                "start": list(made.start),
                "login": dict(made.login),
                "images": list(made.images),
                "turns": self.turns,
                "plan": [asdict(step) for step in made.plan],
                "miss": [asdict(step) for step in made.miss],
            },
            checks=tuple(made.checks),
            tags=(*self.sites, "visual" if self.visual else "text", "read" if all(c["kind"] in _READ for c in made.checks) else "write"),
        )


Ask = Callable[..., "list[dict[str, Any]]"]
_READ: Final = frozenset({"answer", "url", "only"})
