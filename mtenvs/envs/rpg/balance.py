"""How strong things are: every number of a designed world is a rule of level, kind and role, and the rules are here.

The scale is set so that a hero of level L in good gear of the tier at or below L just beats a monster of level L when the
gear fits the monster (weapon of its weakness, armour against its elements), and loses in gear that is two tiers older.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mtenvs.envs.rpg.records import ELEMENTS
from mtenvs.envs.rpg.state import BASE_HP, HP_PER_LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mtenvs.envs.rpg.design import ArmorSet, ArmorSlot, Consumable, Jewel, Monster, Weapon

# How much of a full outfit each piece gives: health, amplified damage, resistance.
_HP_SHARE: Final = {"body_armor": 0.34, "helmet": 0.26, "leg_armor": 0.22, "boots": 0.12, "shield": 0.06}
_DMG_SHARE: Final = {"body_armor": 0.26, "helmet": 0.20, "leg_armor": 0.16, "boots": 0.06, "shield": 0.0}
_RES_SHARE: Final = {"body_armor": 0.26, "helmet": 0.14, "leg_armor": 0.14, "boots": 0.10, "shield": 0.40}
# The makes trade health, damage and resistance against each other.
_WEIGHT: Final = {"cloth": (0.85, 1.35, 0.7), "leather": (1.0, 1.0, 0.9), "plate": (1.15, 0.8, 1.25)}
# An item that favours fewer elements favours each of them more.
_FOCUS: Final = {0: 0.0, 1: 1.3, 2: 1.0, 3: 0.85, 4: 0.65}
# Quick weapons hit less hard than slow ones; staffs make up for it with some amplification of their own.
_WEAPON_KIND: Final = {"dagger": 0.94, "wand": 0.95, "staff": 0.97, "hammer": 1.05, "halberd": 1.04, "scythe": 1.04}
_TWO_ELEMENTS: Final = 1.08  # a weapon of two elements meets a resistance more often, so it hits a little harder

PIECE_SIZE: Final[Mapping[ArmorSlot, float]] = {"body_armor": 1.0, "leg_armor": 0.75, "helmet": 0.6, "shield": 0.7, "boots": 0.5}
"""Ingredients of a piece, as a share of those of the body piece."""

# Role -> rounds that a fitting hero needs, and how hard the monster hits beside one that just kills that hero in that time.
_ROLE: Final = {"minion": (7, 0.90), "brute": (11, 0.90), "striker": (6, 0.95), "boss": (16, 1.1)}


def hero_hp(level: int) -> int:
    """Health of a hero without gear, by the rule of the original."""
    return BASE_HP + HP_PER_LEVEL * level


def attack(level: int) -> float:
    """Attack points of a plain weapon of that level."""
    return 9 + 2.1 * level


def gear_hp(level: int) -> float:
    """Health that a full outfit of that level gives."""
    return 20 + 11 * level


def gear_dmg(level: int) -> float:
    """Percent of damage that a full outfit of that level adds to an element it favours."""
    return 6 + 1.6 * level


def gear_res(level: int) -> float:
    """Percent of resistance that a full outfit of that level gives against an element it wards."""
    return 4 + 0.9 * level


def weapon_effects(weapon: Weapon) -> dict[str, int]:
    """Effect name -> value of a weapon."""
    kind = _WEAPON_KIND.get(weapon.kind, 1.0)
    total = attack(weapon.level) * kind * (_TWO_ELEMENTS if len(weapon.elements) > 1 else 1.0)
    effects = {f"attack_{e}": _whole(total / len(weapon.elements)) for e in weapon.elements}
    if weapon.kind in ("staff", "wand"):
        effects |= {f"dmg_{e}": _whole(gear_dmg(weapon.level) * 0.12) for e in weapon.elements}
    if not weapon.made_of:  # what only drops is worth the wait
        effects["hp"] = _whole(gear_hp(weapon.level) * 0.1, 5)
    return effects


def armor_effects(armor: ArmorSet, slot: ArmorSlot) -> dict[str, int]:
    """Effect name -> value of one piece of a set."""
    hp, dmg, res = _WEIGHT[armor.weight]
    effects = {"hp": _whole(gear_hp(armor.level) * _HP_SHARE[slot] * hp, 5)}
    effects |= {f"dmg_{e}": _whole(gear_dmg(armor.level) * _DMG_SHARE[slot] * dmg * _FOCUS[len(armor.focus)]) for e in armor.focus}
    effects |= {f"res_{e}": _whole(gear_res(armor.level) * _RES_SHARE[slot] * res * _FOCUS[len(armor.resist)]) for e in armor.resist}
    return {name: value for name, value in effects.items() if value > 0}


def jewel_effects(jewel: Jewel) -> dict[str, int]:
    """Effect name -> value of a ring, an amulet or an artifact."""
    size = {"ring": 0.14, "amulet": 0.18, "artifact": 0.2}[jewel.slot]
    focus = _FOCUS[len(jewel.focus)]
    if jewel.bent == "life":
        return {"hp": _whole(gear_hp(jewel.level) * size, 5)}
    if jewel.bent == "ward":
        ward = {f"res_{e}": _whole(gear_res(jewel.level) * size * focus) for e in jewel.focus}
        return {"hp": _whole(gear_hp(jewel.level) * size * 0.6, 5), **ward}
    power = {f"dmg_{e}": max(1, _whole(gear_dmg(jewel.level) * size * focus)) for e in jewel.focus}
    return power if jewel.slot == "ring" else {"hp": _whole(gear_hp(jewel.level) * size * 0.4, 5), **power}


def consumable_effects(consumable: Consumable) -> dict[str, int]:
    """Effect name -> value of food or of a draught."""
    if consumable.kind == "restore":
        return {"restore": _whole(hero_hp(consumable.level) * 0.06 + gear_hp(consumable.level) * 0.12)}
    if not consumable.focus:
        return {"boost_hp": _whole(gear_hp(consumable.level) * 0.2, 5)}
    return {f"boost_dmg_{e}": _whole(gear_dmg(consumable.level) * 0.35) for e in consumable.focus}


def monster_stats(monster: Monster, tier: int) -> tuple[int, dict[str, int]]:
    """Health and attack per element of a monster.

    Args:
        monster: the design.
        tier: the highest gear level at or below the monster's.

    Returns:
        Health points, and element -> attack points.
    """
    rounds, edge = _ROLE[monster.role]
    early = min(1.0, 0.45 + 0.055 * monster.level)  # below level 10 there is not a piece for every slot yet
    weak = -min(0, *monster.res.values()) if monster.res else 0
    dealt = attack(tier) * (1 + (0.8 * gear_dmg(tier) * early + weak) / 100)
    hp = hero_hp(monster.level) + 0.9 * gear_hp(tier) * early
    total = edge * hp / rounds / (1 - 0.6 * gear_res(tier) * early / 100)
    step = 5 if monster.level < 10 else 10
    return _whole(dealt * rounds * 0.95 * early, step), {e: _whole(total * early * monster.attack.get(e, 0)) for e in ELEMENTS}


def piece_amount(quantity: int, slot: ArmorSlot) -> int:
    """How many of an ingredient a piece takes when the body piece takes `quantity`."""
    return max(1, _whole(quantity * PIECE_SIZE[slot]))


def _whole(value: float, step: int = 1) -> int:
    """The nearest multiple of `step`; halves go up, on every machine."""
    return int(value / step + 0.5) * step
