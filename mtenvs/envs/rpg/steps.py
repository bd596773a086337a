"""The steps that a plan is made of before it becomes calls: each says what has to hold when it is over, not how often to act.

``keep`` is what the bag must not lose during a step; the rest may be thrown away when room is short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mtenvs.envs.rpg.gear_search import Outfit


class Collect(NamedTuple):
    """Gather at a resource (``way`` is "gather") or fight a monster ("fight") until the bag holds so many units of each wanted item."""

    way: str
    code: str
    wants: Mapping[str, int]
    keep: Mapping[str, int]


class Make(NamedTuple):
    """Craft so many units at the workshop."""

    code: str
    units: int
    keep: Mapping[str, int]


class Buy(NamedTuple):
    """Buy so many units at the exchange."""

    code: str
    units: int
    keep: Mapping[str, int]


class Train(NamedTuple):
    """Gather at a spot until a skill has a level."""

    skill: str
    level: int
    spot: str
    keep: Mapping[str, int]


class Grow(NamedTuple):
    """Beat a monster until the character has a level."""

    level: int
    monster: str
    keep: Mapping[str, int]


class Wear(NamedTuple):
    """Put an outfit on."""

    outfit: Outfit
    keep: Mapping[str, int]


class Beat(NamedTuple):
    """Win one fight, in whatever gear of his the hero wins it."""

    monster: str
    keep: Mapping[str, int]


Errand: TypeAlias = "Collect | Make | Buy"
Step: TypeAlias = "Errand | Train | Grow | Wear | Beat"
