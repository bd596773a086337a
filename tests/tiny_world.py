"""A HeroBench world of a dozen items that fits in the head: what the tests of the rules play in."""

from __future__ import annotations

from typing import Any

from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.spec import HeroStart, HeroTask

MAP = {
    (0, 0): None,
    (1, 0): ("resource", "tree"),
    (2, 0): ("resource", "rocks"),
    (3, 0): ("monster", "chick"),
    (4, 0): ("monster", "boar"),
    (0, 1): ("workshop", "woodcutting"),
    (1, 1): ("workshop", "weaponcrafting"),
    (2, 1): ("workshop", "gearcrafting"),
    (3, 1): ("workshop", "jewelrycrafting"),
    (4, 1): ("workshop", "cooking"),
    (0, 2): ("grand_exchange", "grand_exchange"),
    (1, 2): ("monster", "ghost"),
    (2, 2): ("bank", "bank"),
}


def raw_world() -> dict[str, Any]:
    """The world in the official schema, new each time."""
    return {
        "maps": [
            {"name": "Field", "skin": "field", "x": x, "y": y, "content": c and {"type": c[0], "code": c[1]}} for (x, y), c in MAP.items()
        ],
        "items": [
            _item("wood", "resource"),
            _item("ore", "resource"),
            _item("gem", "resource"),
            _item("feather", "resource"),
            _item("plank", "resource", craft=("woodcutting", 1, {"wood": 2})),
            _item("stick", "weapon", {"attack_earth": 4}),
            _item("club", "weapon", {"attack_earth": 10}, craft=("weaponcrafting", 1, {"plank": 2, "feather": 1, "stick": 1})),
            _item("helm", "helmet", {"hp": 30, "haste": 5}, level=5, craft=("gearcrafting", 3, {"ore": 3})),
            _item("band", "ring", {"dmg_earth": 10}, craft=("jewelrycrafting", 1, {"gem": 1})),
            _item("apple", "consumable", {"restore": 20}, craft=("cooking", 1, {"wood": 1}), subtype="restore"),
            _item("tonic", "consumable", {"boost_hp": 30, "boost_dmg_earth": 20}, craft=("cooking", 1, {"ore": 1}), subtype="boost"),
            _item("charm", "artifact", {"hp": 25}),
        ],
        "monsters": [
            _monster("chick", level=1, hp=20, attack={"water": 2}, drops={"feather": 5}),
            _monster("boar", level=4, hp=80, attack={"earth": 12}, res={"earth": -10}, drops={"charm": 20}),
            _monster("ghost", level=12, hp=50, attack={"fire": 1}, res={"earth": 100}, drops={}),
        ],
        "resources": [
            {"name": "Tree", "code": "tree", "skill": "woodcutting", "level": 1, "drops": _drops({"wood": 1, "gem": 10})},
            {"name": "Rocks", "code": "rocks", "skill": "mining", "level": 5, "drops": _drops({"ore": 1})},
        ],
    }


def tiny_world() -> WorldData:
    """The loaded world."""
    return WorldData.from_json(raw_world())


def kill_task(**changes: Any) -> HeroTask:
    """Beat the boar; the reference gear lacks the club and the charm."""
    fields: dict[str, Any] = {
        "id": "tiny/boar",
        "level": 1,
        "kind": "kill",
        "target": "boar",
        "goal": "Beat the boar.",
        "start": HeroStart(level=1, slots={"weapon": "stick"}),
        "missing": {"weapon": "club", "artifact1": "charm"},
    }
    return HeroTask(**{**fields, **changes})


def craft_task(**changes: Any) -> HeroTask:
    """Make the club."""
    fields: dict[str, Any] = {"id": "tiny/club", "level": 1, "kind": "craft", "target": "club", "goal": "Make a club."}
    return HeroTask(**{**fields, **changes})


def _item(
    code: str, kind: str, effects: dict[str, int] | None = None, *, level: int = 1, craft: Any = None, subtype: str = ""
) -> dict[str, Any]:
    recipe = craft and {
        "skill": craft[0],
        "level": craft[1],
        "items": [{"code": part, "quantity": n} for part, n in craft[2].items()],
        "quantity": 1,
    }
    return {
        "name": code.title(),
        "code": code,
        "level": level,
        "type": kind,
        "subtype": subtype,
        "description": "",
        "effects": [{"name": name, "value": value} for name, value in (effects or {}).items()],
        "craft": recipe,
    }


def _monster(
    code: str, *, level: int, hp: int, attack: dict[str, int], drops: dict[str, int], res: dict[str, int] | None = None
) -> dict[str, Any]:
    elements = ("fire", "earth", "water", "air")
    return {
        "name": code.title(),
        "code": code,
        "level": level,
        "hp": hp,
        **{f"attack_{element}": attack.get(element, 0) for element in elements},
        **{f"res_{element}": (res or {}).get(element, 0) for element in elements},
        "min_gold": 0,
        "max_gold": 0,
        "drops": _drops(drops),
    }


def _drops(rates: dict[str, int]) -> list[dict[str, Any]]:
    return [{"code": code, "rate": rate, "min_quantity": 1, "max_quantity": 1} for code, rate in rates.items()]
