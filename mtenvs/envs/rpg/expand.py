"""From a world design to the records of the official schema: items, monsters, resources, map tiles, distractors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mtenvs.envs.rpg import balance
from mtenvs.envs.rpg.design import code_of
from mtenvs.envs.rpg.names import noise_name
from mtenvs.envs.rpg.records import ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np

    from mtenvs.envs.rpg.design import Amounts, ArmorSlot, Material, WorldDesign

Record = dict[str, Any]

_EFFECT_ORDER: Final = ("attack", "hp", "dmg", "res", "restore", "boost")
_RES_LIMITS: Final = (-30, 60)  # percent; beyond them a fight is decided by the weapon alone
_NOISE_TYPES: Final = ("weapon", "helmet", "body_armor", "leg_armor", "boots", "shield", "ring", "amulet")
_NOISE_LEVELS: Final = (5, 10, 15, 20, 25, 30, 35, 40)
_RESTORE_RULE: Final = "Restores {} health at the start of a round when less than half is left."


def build_records(design: WorldDesign, rng: np.random.Generator) -> dict[str, list[Record]]:
    """All records of a world.

    Args:
        design: the tables.
        rng: draws the distractor items only.

    Returns:
        File name without ".json" -> records in the official schema.
    """
    items = [*_wearables(design), *_consumables(design), *_parts(design), *_materials(design), _currency(design)]
    items.sort(key=lambda item: (_TYPE_ORDER[item["type"]], item["level"], item["code"]))
    return {
        "maps": list(_tiles(design)),
        "items": items,
        "monsters": [_monster(design, i) for i in range(len(design.monsters))],
        "resources": [
            {"name": s.name, "code": code_of(s.name), "skill": s.skill, "level": s.level, "drops": [_drop(m) for m in s.drops]}
            for s in design.sources
        ],
        "noise_items": _noise(items, rng),
    }


_TYPE_ORDER: Final = {
    name: i
    for i, name in enumerate(
        (
            "weapon",
            "shield",
            "helmet",
            "body_armor",
            "leg_armor",
            "boots",
            "ring",
            "amulet",
            "artifact",
            "consumable",
            "resource",
            "currency",
        )
    )
}


def _item(name: str, level: int, kind: str, **more: Any) -> Record:
    return {
        "name": name,
        "code": code_of(name),
        "level": level,
        "type": kind,
        "subtype": "",
        "description": "",
        "effects": [],
        "craft": None,
        **more,
    }


def _effects(values: Mapping[str, int]) -> list[Record]:
    order = sorted(values, key=lambda name: (_EFFECT_ORDER.index(name.split("_")[0]), -values[name], _element_rank(name)))
    return [{"name": name, "value": values[name]} for name in order]


def _element_rank(effect: str) -> int:
    element = effect.rsplit("_", 1)[-1]
    return ELEMENTS.index(element) if element in ELEMENTS else 0


def _craft(skill: str, level: int, made_of: Amounts) -> Record | None:
    if not made_of:
        return None
    return {"skill": skill, "level": level, "items": [{"code": code, "quantity": n} for code, n in made_of], "quantity": 1}


def _wearables(design: WorldDesign) -> Iterator[Record]:
    for weapon in design.weapons:
        says = f"A {weapon.kind} of {' and '.join(weapon.elements)}." if weapon.made_of else f"A {weapon.kind} that no forge makes."
        yield _item(
            weapon.name,
            weapon.level,
            "weapon",
            subtype=weapon.kind,
            description=says,
            effects=_effects(balance.weapon_effects(weapon)),
            craft=_craft("weaponcrafting", weapon.level, weapon.made_of),
        )
    for armor in design.armor:
        for slot, noun in armor.pieces.items():
            made_of = _scaled(armor.made_of, slot)
            yield _item(
                f"{armor.name} {noun}",
                armor.level,
                slot,
                subtype=armor.weight,
                effects=_effects(balance.armor_effects(armor, slot)),
                craft=_craft("gearcrafting", armor.level, made_of),
            )
    for jewel in design.jewels:
        yield _item(
            jewel.name,
            jewel.level,
            jewel.slot,
            effects=_effects(balance.jewel_effects(jewel)),
            craft=_craft("jewelrycrafting", jewel.level, jewel.made_of),
        )


def _scaled(made_of: Amounts, slot: ArmorSlot) -> Amounts:
    """The ingredients of a piece; small pieces leave out the last rare one of a long recipe."""
    kept = made_of if balance.PIECE_SIZE[slot] > 0.5 or len(made_of) < 4 else made_of[:-1]
    return tuple((code, balance.piece_amount(n, slot)) for code, n in kept)


def _consumables(design: WorldDesign) -> Iterator[Record]:
    for meal in design.consumables:
        values = balance.consumable_effects(meal)
        text = _RESTORE_RULE.format(values["restore"]) if meal.kind == "restore" else "Drunk at the start of a fight; lasts for that fight."
        yield _item(
            meal.name,
            meal.level,
            "consumable",
            subtype=meal.kind,
            description=text,
            effects=_effects(values),
            craft=_craft("cooking", meal.level, meal.made_of),
        )


def _parts(design: WorldDesign) -> Iterator[Record]:
    for part in design.parts:
        yield _item(part.name, part.level, "resource", subtype=part.subtype, craft=_craft(part.skill, part.level, part.made_of))


def _materials(design: WorldDesign) -> Iterator[Record]:
    """Every material once, at the level of the first thing that gives it; dropped weapons and jewels are items already."""
    seen = {code_of(name) for name in (*(w.name for w in design.weapons), *(j.name for j in design.jewels))}
    gathered = [(s.level, s.skill, m) for s in design.sources for m in s.drops]
    dropped = [(m.level, "mob", d) for m in design.monsters for d in m.drops]
    for level, kind, material in (*gathered, *dropped):
        code = code_of(material.name)
        if code not in seen:
            seen.add(code)
            yield _item(material.name, level, "resource", subtype=design.subtypes.get(code, kind))


def _currency(design: WorldDesign) -> Record:
    return _item(design.currency, 1, "currency", description="Paid by the task masters; buys nothing yet.")


def _drop(material: Material) -> Record:
    return {"code": code_of(material.name), "rate": material.rate, "min_quantity": 1, "max_quantity": material.most}


def _monster(design: WorldDesign, index: int) -> Record:
    monster = design.monsters[index]
    tiers = sorted({w.level for w in design.weapons if w.level <= monster.level} or {1})
    hp, attack = balance.monster_stats(monster, tiers[-1])
    low, high = _RES_LIMITS
    return {
        "name": monster.name,
        "code": code_of(monster.name),
        "level": monster.level,
        "hp": hp,
        **{f"attack_{e}": attack[e] for e in ELEMENTS},
        **{f"res_{e}": min(high, max(low, monster.res.get(e, 0))) for e in ELEMENTS},
        "min_gold": monster.level // 10,
        "max_gold": 1 + monster.level // 4,
        "drops": [_drop(material) for material in monster.drops],
    }


def _tiles(design: WorldDesign) -> Iterator[Record]:
    biomes = {biome.key: biome for biome in design.biomes}
    left, top = design.origin
    for y, row in enumerate(design.terrain, start=top):
        for x, key in enumerate(row, start=left):
            place = design.places.get((x, y))
            biome = biomes[key]
            art = place[1] if place else str(1 + (x * 7 + y * 13) % 4)  # four pictures per land, scattered
            content = {"type": place[0], "code": place[1]} if place else None
            yield {"name": biome.name, "skin": f"{biome.skin}_{art}", "x": x, "y": y, "content": content}


def _noise(items: list[Record], rng: np.random.Generator) -> list[Record]:
    """Distractors: two of each kind of gear per three tiers, stronger than the real ones, made of things that are nowhere."""
    known = {item["code"] for item in items}
    noise: list[Record] = []
    for level in _NOISE_LEVELS:
        for kind in _NOISE_TYPES:
            model = [item for item in items if item["type"] == kind and item["level"] <= level]
            if not model or rng.random() > 0.7:
                continue
            best = model[-1]
            name, essence = noise_name(rng, kind, known)
            known |= {code_of(name), code_of(essence)}
            effects = [{"name": e["name"], "value": max(1, round(e["value"] * (1.1 + 0.3 * rng.random())))} for e in best["effects"]]
            craft = best["craft"] or _craft("gearcrafting", level, ())
            parts = [{"code": code_of(essence), "quantity": int(rng.integers(1, 4))}]
            parts += [dict(part) for part in (craft["items"] if craft else [])[:2]]
            skill = craft["skill"] if craft else "gearcrafting"
            made = {"skill": skill, "level": level, "items": parts, "quantity": 1}
            noise.append(_item(name, level, kind, subtype=best["subtype"], effects=effects, craft=made))
    return noise
