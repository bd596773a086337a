"""What one HeroBench task is: the same data whether it comes from the official prompts or from our generator."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

TaskKind = Literal["kill", "craft"]


@dataclass(frozen=True)
class HeroStart:
    """The hero when the episode begins.

    Attributes:
        level: character level, 1..40.
        xp: experience inside that level.
        base_hp: health of a naked hero at level 0; 5 more a level. The official craft tasks have 85, all others 115.
        skills: skill -> level, 1..40; a skill that is not named starts at 1.
        skill_xp: skill -> experience inside its level; 0 where not named.
        slots: slot -> code of the equipped item; a slot that is not named is empty.
        slot_quantities: consumable slot -> how many are in it; 1 where not named.
        inventory: item code -> quantity, in the order in which the bag shows them.
        position: tile (x, y) where the hero stands.
    """

    level: int = 1
    xp: int = 0
    base_hp: int = 115
    skills: Mapping[str, int] = field(default_factory=dict)
    skill_xp: Mapping[str, int] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    slot_quantities: Mapping[str, int] = field(default_factory=dict)
    inventory: Mapping[str, int] = field(default_factory=dict)
    position: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class TaskRules:
    """Rules that a task may set; the defaults are those of the original simulator.

    Attributes:
        ring_rule: the two ring slots refuse two rings of the same code.
        drop_rates: True draws each drop with chance 1/rate; False drops everything each time, as the original does.
        inventory_limit: most units that the bag holds in all; None is unlimited, as in the original.
        fog: only queried items, monsters and recipes and visited tiles are shown.
        exchange: codes that the grand exchange sells (free, as in the original); None sells every item.
    """

    ring_rule: bool = False
    drop_rates: bool = False
    inventory_limit: int | None = None
    fog: bool = False
    exchange: tuple[str, ...] | None = None


@dataclass(frozen=True)
class HeroTask:
    """One task: where the hero starts, what to reach, and what the agent is told.

    Attributes:
        id: "level/name" for official tasks, "own/level/seed" and "gen/world_seed/level/seed" for generated ones.
        level: difficulty level, 1..9 as the official ones, 10..14 beyond them.
        kind: "kill" (win one fight against target) or "craft" (make one target).
        target: code of the monster or of the item.
        goal: the instruction in one or two sentences.
        start: the hero at the beginning.
        missing: slot -> code of the gear that the reference loadout has there and the start has not (empty for craft tasks).
        difficulty: sum over the missing items (or of the target) of the crafting-tree difficulty: 1 for a leaf, 2 + sum for a craft.
        rules: the rules that hold in this task.
        items: codes of the items that the agent is told about; None means all.
        monsters: codes of the monsters listed; None means all.
        resources: codes of the gathering spots listed; None means all.
        locations: tiles (x, y) listed; None means all.
        noise_items: official-schema records of items that are shown but cannot be had.
        prompt: the official prompt, word for word, where the task comes from one.
        oracle_steps: length in primitive actions of the plan that solved it by replay; None if it was not measured.
        world: "official", "own" or "gen/<world_seed>".
    """

    id: str
    level: int
    kind: TaskKind
    target: str
    goal: str
    start: HeroStart = field(default_factory=HeroStart)
    missing: Mapping[str, str] = field(default_factory=dict)
    difficulty: int = 0
    rules: TaskRules = field(default_factory=TaskRules)
    items: tuple[str, ...] | None = None
    monsters: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    locations: tuple[tuple[int, int], ...] | None = None
    noise_items: tuple[Mapping[str, Any], ...] = ()
    prompt: str | None = None
    oracle_steps: int | None = None
    world: str = "own"

    def to_dict(self) -> dict[str, Any]:
        """The task as plain data that `json.dumps` takes (mappings become dicts)."""
        start = {key: dict(value) if hasattr(value, "items") else value for key, value in vars(self.start).items()}
        return {
            **vars(self),
            "start": start,
            "missing": dict(self.missing),
            "rules": asdict(self.rules),
            "noise_items": [dict(item) for item in self.noise_items],
        }
