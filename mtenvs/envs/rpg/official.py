"""The original benchmark's tasks, read unchanged from ``dataset_prompts.json`` and ``dataset_prompts_leveling.json``.

A prompt holds two Python literals, one a line: what the agent is told (``Monsters``, ``Craftable items``, ``Resources``,
``Locations``, ``Items stats``) and the character. They are read by `ast.literal_eval`. The published task files with the gear
that a hero lacks are not needed: it is what the prompt lists as wearable and not as an ingredient, which gives the published
ideal reward in all 180 tasks.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import DataError, UnknownTask, did_you_mean
from mtenvs.envs.rpg.combat import fight
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.records import CONSUMABLE_SLOTS, SKILLS, SLOT_TYPE, SLOTS, Monster, Position
from mtenvs.envs.rpg.schema import read_json
from mtenvs.envs.rpg.spec import HeroStart, HeroTask, TaskKind, TaskRules
from mtenvs.envs.rpg.state import FIRST_CONSUMABLE, HP_PER_LEVEL, SLOT_INDEX, HeroState, add_effects

PROMPTS: Final = "dataset_prompts.json"
LEVELING: Final = "dataset_prompts_leveling.json"
_GOAL: Final = re.compile(r"Your task is to (kill|craft) 1 ([^\n]{1,80}?)\. ?(?:Make sure|\n|$)")
_RING_RULE: Final = "The rings are unique"
_SAME_TYPE_SLOTS: Final = {kind: tuple(s for s in SLOTS if SLOT_TYPE[s] == kind) for kind in SLOT_TYPE.values()}


class _Entry(NamedTuple):
    """Where a task comes from."""

    level: int
    kind: TaskKind
    name: str
    prompt: str


class OfficialTasks(Mapping[str, HeroTask]):
    """The official tasks by id: ``"<level>/<number>_<name>_<kind>"``, and ``"leveling/..."`` for those with levelling.

    Listing costs nothing; a task is built when it is asked for, in a few milliseconds, and kept.

    Args:
        data: the official world.
        entries: id -> where it comes from.
    """

    def __init__(self, data: WorldData, entries: Mapping[str, _Entry]) -> None:
        self.data = data
        self._entries = dict(entries)
        self._build = lru_cache(maxsize=1024)(self._build_task)
        self._start = lru_cache(maxsize=1024)(lambda task_id: HeroState.from_character(self.character(task_id)))

    def __getitem__(self, task_id: str) -> HeroTask:
        return self._build(task_id)

    def __contains__(self, task_id: object) -> bool:
        return task_id in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return type(self), (self.data, self._entries)

    def level(self, task_id: str) -> int:
        """The difficulty level of a task, 1..9 (10 for two of the levelling ones), without building it."""
        return self._entry(task_id).level

    def character(self, task_id: str) -> dict[str, Any]:
        """The character object of a task's prompt, in the original's layout."""
        return _character(task_id, self._entry(task_id).prompt)

    def start(self, task_id: str) -> HeroState:
        """The hero of a task's prompt, figure by figure as it says; `HeroState.from_start` gives the same."""
        return self._start(task_id).copy()

    def _entry(self, task_id: str) -> _Entry:
        entry = self._entries.get(task_id)
        if entry is None:
            raise UnknownTask(f"there is no official task {task_id!r}: {did_you_mean(str(task_id), self._entries)}")
        return entry

    def _build_task(self, task_id: str) -> HeroTask:
        entry = self._entry(task_id)
        info = _info(task_id, entry.prompt)
        target = _target(task_id, entry, self.data)
        crafts, raws, stats = (_codes(task_id, info, key) for key in ("Craftable items", "Resources", "Items stats"))
        locations = _locations(task_id, info)
        ring_rule = _RING_RULE in entry.prompt
        lacking = _lacking((*crafts, *raws), self.data) if entry.kind == "kill" else ()
        hero = self._start(task_id)
        missing = _reference_gear(hero, lacking, self.data.monsters[target], self.data, ring_rule) if lacking else {}
        goal = _GOAL.search(entry.prompt)
        spots = (self.data.tiles[place].content for place in locations if place in self.data.tiles)
        return HeroTask(
            id=task_id,
            level=entry.level,
            kind=entry.kind,
            target=target,
            goal=f"{'Win one fight against' if entry.kind == 'kill' else 'Craft one'} {goal.group(2) if goal else target}.",
            start=_start(hero, self.data),
            missing=missing,
            difficulty=sum(map(self.data.difficulty, missing.values())) if missing else self.data.difficulty(target),
            rules=TaskRules(ring_rule=ring_rule),
            items=tuple(dict.fromkeys((*crafts, *raws, *stats))),
            monsters=_codes(task_id, info, "Monsters"),
            resources=tuple(dict.fromkeys(spot.code for spot in spots if spot is not None and spot.type == "resource")),
            locations=locations,
            prompt=entry.prompt,
            world="official",
        )


@lru_cache(maxsize=4)
def _load(root: Path) -> OfficialTasks:
    entries: dict[str, _Entry] = {}
    for name, prefix, needed in ((PROMPTS, "", True), (LEVELING, "leveling/", False)):
        if needed or (root / name).is_file():
            for entry, number in _read_prompts(root / name):
                entries[f"{prefix}{entry.level}/{number}_{entry.name}_{entry.kind}"] = entry
    return OfficialTasks(WorldData.load(root), entries)


def load_official(data_dir: str | Path) -> OfficialTasks:
    """The official tasks in a folder that also holds the official world's files.

    Raises:
        DataError: a file is missing, half-written or not in the original's layout.
    """
    return _load(Path(data_dir).resolve())


def _read_prompts(path: Path) -> Iterator[tuple[_Entry, int]]:
    raw = read_json(path)
    if not isinstance(raw, dict) or not all(isinstance(prompts, list) for prompts in raw.values()):
        raise DataError(f"{path.name} must map levels to lists of prompts; copy the original again")
    for level, prompts in raw.items():
        for number, prompt in enumerate(prompts, 1):
            where = f"{path.name}, level {level}, prompt {number}"
            match = _GOAL.search(prompt) if isinstance(prompt, str) else None
            if match is None or not level.isdecimal():
                raise DataError(f"{where}: it does not say what to kill or craft; copy the original again")
            yield _Entry(int(level), "kill" if match.group(1) == "kill" else "craft", match.group(2), prompt), number


def _info(task_id: str, prompt: str) -> dict[str, Any]:
    """What the agent is told, as data."""
    return _literal(task_id, _data_lines(task_id, prompt)[0])


def _character(task_id: str, prompt: str) -> dict[str, Any]:
    """The character, as data."""
    return _literal(task_id, _data_lines(task_id, prompt)[1])


def _data_lines(task_id: str, prompt: str) -> list[str]:
    lines = [line for line in prompt.splitlines() if line.startswith("{'")]
    if len(lines) != 2:
        raise DataError(f"the prompt of {task_id} has {len(lines)} data lines instead of 2; copy the original again")
    return lines


def _literal(task_id: str, line: str) -> dict[str, Any]:
    try:
        value = ast.literal_eval(line)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise DataError(f"a data line in the prompt of {task_id} cannot be read ({error}); copy the original again") from error
    if not isinstance(value, dict):
        raise DataError(f"a data line in the prompt of {task_id} is not an object; copy the original again")
    return value


def _target(task_id: str, entry: _Entry, data: WorldData) -> str:
    known: Mapping[str, Any] = data.monsters if entry.kind == "kill" else data.items
    code = next((code for code, record in known.items() if record.name == entry.name), None)
    if code is None:
        raise DataError(f"the target of {task_id} is not in the world's files; prompts and world must be of one version")
    return code


def _records(task_id: str, info: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    records = info.get(key, [])
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise DataError(f"{key!r} in the prompt of {task_id} is not a list of objects; copy the original again")
    return records


def _codes(task_id: str, info: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(record.get("code")) for record in _records(task_id, info, key)))


def _locations(task_id: str, info: Mapping[str, Any]) -> tuple[Position, ...]:
    try:
        return tuple((int(record["x"]), int(record["y"])) for record in _records(task_id, info, "Locations"))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"a location in the prompt of {task_id} has no x and y; copy the original again") from error


def _start(hero: HeroState, data: WorldData) -> HeroStart:
    from_gear = sum(data.items[code].effect("hp") for code in hero.slots[:FIRST_CONSUMABLE] if code in data.items)
    return HeroStart(
        level=hero.level,
        xp=hero.xp,
        base_hp=hero.hp - HP_PER_LEVEL * hero.level - from_gear,
        skills=dict(zip(SKILLS, hero.skills, strict=True)),
        skill_xp=dict(zip(SKILLS, hero.skill_xp, strict=True)),
        slots={slot: code for slot, code in zip(SLOTS, hero.slots, strict=True) if code},
        slot_quantities={slot: units for slot, units in zip(CONSUMABLE_SLOTS, hero.quantities, strict=True) if units},
        inventory=dict(hero.bag),
        position=hero.pos,
    )


def _lacking(listed: Sequence[str], data: WorldData) -> tuple[str, ...]:
    """The gear that the hero lacks: what is listed, can be worn and is no ingredient of anything listed."""
    records = [data.items[code] for code in listed if code in data.items]
    parts = {part.code for item in records if item.craft is not None for part in item.craft.items}
    return tuple(dict.fromkeys(item.code for item in records if item.slots and item.code not in parts))


def _reference_gear(hero: HeroState, lacking: Sequence[str], foe: Monster, data: WorldData, ring_rule: bool) -> dict[str, str]:
    """Slot -> lacking item, so that the fight is won: each item once, and again in empty slots of its kind where it takes that.

    The prompt does not say how often a ring or an artifact is lacking; the fewest that win are taken.
    """
    base: dict[str, str] = {}
    for code in lacking:
        free = [slot for slot in _SAME_TYPE_SLOTS[data.items[code].type] if slot not in base]
        if free:
            base[min(free, key=lambda slot: hero.slots[SLOT_INDEX[slot]] != "")] = code
    spare = [slot for slot in SLOTS if slot not in base and not hero.slots[SLOT_INDEX[slot]] and SLOT_TYPE[slot] in ("ring", "artifact")]
    options = [("", *(code for code in lacking if data.items[code].type == SLOT_TYPE[slot])) for slot in spare]
    choices = sorted(itertools.product(*options), key=lambda codes: sum(map(bool, codes)))
    for codes in choices:
        gear = base | {slot: code for slot, code in zip(spare, codes, strict=True) if code}
        if not (ring_rule and _twin_rings(hero, gear)) and _wins(hero, gear, foe, data):
            return gear
    return base


def _twin_rings(hero: HeroState, gear: Mapping[str, str]) -> bool:
    one, two = (gear.get(slot, hero.slots[SLOT_INDEX[slot]]) for slot in ("ring1", "ring2"))
    return one == two != ""


def _wins(hero: HeroState, gear: Mapping[str, str], foe: Monster, data: WorldData) -> bool:
    stats = hero.stats
    for slot, code in gear.items():
        worn = hero.slots[SLOT_INDEX[slot]]
        if worn in data.items:
            stats = add_effects(stats, data.items[worn], -1)
        stats = add_effects(stats, data.items[code], 1)
    return fight(stats, foe).won
