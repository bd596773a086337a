"""Designs of new worlds, drawn from a seed: metals and woods by tier, part chains, gear, beasts with a weakness, lands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.rpg import names
from mtenvs.envs.rpg.design import ArmorSet, Consumable, Jewel, Material, Monster, Part, Source, Weapon, WorldDesign, code_of
from mtenvs.envs.rpg.draw_map import draw_lands, draw_places
from mtenvs.envs.rpg.records import ELEMENTS

if TYPE_CHECKING:
    from mtenvs.envs.rpg.design import Amounts, ArmorSlot, Biome, CraftSkill, Element, Role, Weight

_TOP: Final = 40  # the highest level of the rules
_STREAM: Final = 0x4E52  # keeps the streams of worlds apart from those of tasks with the same seed
_LAIRS: Final = {
    "fire": ("lava", "desert", "hills", "meadow"),
    "earth": ("forest", "hills", "barrow", "meadow"),
    "water": ("fen", "coast", "snow", "forest"),
    "air": ("snow", "hills", "meadow", "desert"),
}
_CHAIN_SKILLS: Final[tuple[CraftSkill, ...]] = ("gearcrafting", "weaponcrafting", "jewelrycrafting", "mining")
_PLATE: Final[tuple[ArmorSlot, ...]] = ("helmet", "body_armor", "leg_armor", "boots", "shield")
_LIGHT: Final[tuple[ArmorSlot, ...]] = ("helmet", "body_armor", "leg_armor", "boots")


@dataclass(frozen=True)
class WorldConfig:
    """The size of a generated world.

    Attributes:
        width: tiles from west to east, 11..60.
        height: tiles from north to south, 11..60.
        tiers: gear tiers between level 1 and level 40, 3..9.
        recipe_depth: crafting steps from the ground to the best gear, 1..6 (the original has 2).
        monsters: kinds of monsters, 8..40.
    """

    width: int = 17
    height: int = 21
    tiers: int = 9
    recipe_depth: int = 3
    monsters: int = 25

    def __post_init__(self) -> None:
        limits = {"width": (11, 60), "height": (11, 60), "tiers": (3, 9), "recipe_depth": (1, 6), "monsters": (8, 40)}
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise UnknownOption(f"WorldConfig.{name} must be a whole number from {low} to {high}, not {value!r}")

    @classmethod
    def of_seed(cls, seed: int) -> WorldConfig:
        """The size that a world of that seed has when nothing else is asked for: depth 2..6, 22..28 monsters."""
        rng = np.random.default_rng([_STREAM, 1, seed])
        return replace(cls(), recipe_depth=int(rng.integers(2, 7)), monsters=int(rng.integers(22, 29)))


def draw_design(seed: int, config: WorldConfig) -> WorldDesign:
    """The design of the world of that seed and size; the same on every machine."""
    return _Drawer(np.random.default_rng([_STREAM, 2, seed]), config).draw()


@dataclass
class _Tier:
    """What a level offers: codes of the metal part and the plank that its gear is made of, and of the trophies of its beasts."""

    level: int
    depth: int
    metal: str
    wood: str
    metal_name: str
    wood_name: str
    trophies: list[str]


class _Drawer:
    def __init__(self, rng: np.random.Generator, config: WorldConfig) -> None:
        self.rng, self.config = rng, config
        self.names = names.NameMaker(rng)
        self.sources: list[Source] = []
        self.parts: list[Part] = []
        self.gems = {element: self.names.coined("gem") for element in ELEMENTS}
        steps = config.tiers - 1
        self.levels = [max(1, 5 * round(_TOP * i / steps / 5)) for i in range(config.tiers)]

    def draw(self) -> WorldDesign:
        rng, config = self.rng, self.config
        lands = draw_lands(rng, self.names, config.width, config.height)
        monsters = self._monsters(lands.biomes)
        tiers = self._tiers(monsters)
        weapons, armor, jewels = self._weapons(tiers), self._armor(tiers), self._jewels(tiers)
        return WorldDesign(
            title=f"The {self.names.coined('land')} of {self.names.stem()}",
            biomes=lands.biomes,
            terrain=lands.terrain,
            origin=lands.origin,
            places=draw_places(rng, lands, monsters, tuple(self.sources)),
            sources=tuple(self.sources),
            parts=tuple(self.parts),
            weapons=tuple(weapons),
            armor=tuple(armor),
            jewels=tuple(jewels),
            consumables=tuple(self._consumables(tiers)),
            monsters=monsters,
            currency=self.names.unique(lambda: f"{self.names.stem()} Token"),
            subtypes={code_of(gem): "gem" for gem in self.gems.values()},
        )

    # -- beasts ------------------------------------------------------------------------------------------------------

    def _monsters(self, biomes: tuple[Biome, ...]) -> tuple[Monster, ...]:
        count = self.config.monsters
        return tuple(self._monster(i, 1 + round((_TOP - 1) * i / (count - 1)), biomes, last=i == count - 1) for i in range(count))

    def _monster(self, index: int, level: int, biomes: tuple[Biome, ...], *, last: bool) -> Monster:
        rng = self.rng
        order = [ELEMENTS[i] for i in rng.permutation(4)]
        several = 1 if level < 10 else int(rng.choice((1, 2, 4), p=(0.55, 0.39, 0.06)))
        attack: dict[Element, float] = dict.fromkeys(order[:several], 1 / several)
        res: dict[Element, int] = {}
        if level > 1:
            hide = 5 * round((15 + level * 0.7 + float(rng.uniform(0, 15))) / 5)
            res = dict.fromkeys(attack, hide if several < 4 else -5)
            if several < 4:
                res[order[several]] = -5 * int(rng.integers(3, 6))
        here = {biome.skin: biome for biome in biomes if biome.skin in names.BEASTS}
        lairs = [here[skin] for skin in _LAIRS[order[0]] if skin in here] or list(here.values())
        biome = lairs[int(rng.integers(len(lairs)))]
        first = names.FIRST_WORDS[order[0] if several < 4 else "none"]
        rank = min(4, level * 5 // (_TOP + 1))  # the lists go from the mild beasts to the dreaded ones
        beasts = names.BEASTS[biome.skin][rank : rank + 2]
        name = self.names.unique(lambda: f"{names.pick(rng, first)} {names.pick(rng, beasts)}")
        owner = name.split()[-1]
        drops = [Material(self.names.unique(lambda: f"{owner} {names.pick(rng, names.TROPHIES)}"), int(rng.integers(1, 4)))]
        if index % 2:
            drops.append(Material(self.names.unique(lambda: f"{owner} {names.pick(rng, names.RARE_TROPHIES)}"), int(rng.integers(3, 6))))
        roles: tuple[Role, ...] = ("minion", "brute", "striker")
        role: Role = "boss" if last else "minion" if level < 4 else roles[int(rng.integers(3))]
        return Monster(name, level, role, attack, res, tuple(drops), biome.key)

    # -- what the ground gives and what is made of it ------------------------------------------------------------------

    def _tiers(self, monsters: tuple[Monster, ...]) -> list[_Tier]:
        tiers: list[_Tier] = []
        top = len(self.levels) - 1
        for i, level in enumerate(self.levels):
            # Chains grow with the tier: newcomers need at most a bar, only the last tier has the full depth.
            depth = min(i + 2, 1 + round((self.config.recipe_depth - 1) * (0.4 + 0.6 * i / top)))
            near = sorted((m for m in monsters if m.level <= level and i > 0), key=lambda m: m.level)[-5:]
            trophies = [code_of(d.name) for m in near for d in m.drops]
            if i % 2 == 0:
                metal, wood = self._ground(i, level)
            else:
                metal, wood = tiers[-1].metal_name, tiers[-1].wood_name
            made = self._refined(metal, level, depth, trophies) if depth > 1 else code_of(f"{metal} Ore")
            plank = self._plank(wood, level) if depth > 1 else code_of(f"{wood} Log")
            tiers.append(_Tier(level, depth, made, plank, metal, wood, trophies))
        return tiers

    def _ground(self, index: int, level: int) -> tuple[str, str]:
        """A new metal, wood and fish; returns the names of metal and wood."""
        rng = self.rng
        metal, wood, fish = (self.names.coined(family) for family in ("metal", "wood", "fish"))
        gems = [self.gems[ELEMENTS[(index + i) % 4]] for i in range(2)]
        spot = {skill: names.pick(rng, words) for skill, words in names.SPOTS.items()}
        sap = Material(f"{wood} Resin", 12)
        self.sources += [
            Source(f"{metal} {spot['mining']}", "mining", level, (Material(f"{metal} Ore"), *(Material(gem, 20) for gem in gems))),
            Source(f"{wood} {spot['woodcutting']}", "woodcutting", level, (Material(f"{wood} Log"), sap)),
            Source(f"{fish} {spot['fishing']}", "fishing", level, (Material(fish),)),
        ]
        return metal, wood

    def _refined(self, metal: str, level: int, depth: int, trophies: list[str]) -> str:
        """The code of the deepest part of that metal that gear of `depth` is made of; makes the missing links of its chain."""
        known = {code_of(part.name) for part in self.parts}
        link, code = f"{metal} Bar", code_of(f"{metal} Bar")
        if code not in known:
            self.parts.append(Part(link, "mining", level, "bar", ((code_of(f"{metal} Ore"), 5),)))
        for step in range(depth - 2):
            last, link = code, f"{metal} {names.PART_NOUNS[step]}"
            code = code_of(link)
            if code not in known:
                extra = self._some(trophies or [code_of(gem) for gem in self.gems.values()], 1 + step % 2)
                skill = _CHAIN_SKILLS[step % len(_CHAIN_SKILLS)]
                made_of = ((last, 2), *((item, int(self.rng.integers(1, 3))) for item in extra))
                self.parts.append(Part(link, skill, level, "part", made_of))
        return code

    def _plank(self, wood: str, level: int) -> str:
        code = code_of(f"{wood} Plank")
        if code not in {code_of(part.name) for part in self.parts}:
            self.parts.append(Part(f"{wood} Plank", "woodcutting", level, "plank", ((code_of(f"{wood} Log"), 5),)))
        return code

    # -- gear ----------------------------------------------------------------------------------------------------------

    def _weapons(self, tiers: list[_Tier]) -> list[Weapon]:
        made: list[Weapon] = []
        for i, tier in enumerate(tiers):
            for j, element in enumerate(ELEMENTS):
                of_wood = (i + j) % 2 == 1
                kind = names.pick(self.rng, names.KINDS["wood" if of_wood else "metal"])
                first = names.FIRST_WORDS[element]
                name = self.names.unique(lambda: f"{names.pick(self.rng, first)} {kind.title()}")  # noqa: B023  # called at once
                other = ELEMENTS[(j + 1 + i % 3) % 4]
                elements = (element, other) if i % 3 == 2 and j % 2 == 0 else (element,)
                made.append(Weapon(name, tier.level, kind, elements, self._recipe(tier, wood=of_wood, gem=element)))
        return made

    def _armor(self, tiers: list[_Tier]) -> list[ArmorSet]:
        made: list[ArmorSet] = []
        for i, tier in enumerate(tiers):
            turn = [ELEMENTS[k] for k in self.rng.permutation(4)]
            makes: tuple[Weight, ...] = ("plate", "leather" if i % 2 else "cloth") if i else ("leather",)
            for weight in makes:
                slots = _PLATE if weight == "plate" else _LIGHT if i else ("helmet", "boots", "shield")
                pieces = {slot: names.PIECES[weight][slot] for slot in slots if i == 0 or slot == "body_armor" or self.rng.random() < 0.62}
                first = tier.metal_name if weight == "plate" else self.names.stem() + ("weave" if weight == "cloth" else "hide")
                made.append(
                    ArmorSet(
                        self._set_name(first, made),
                        tier.level,
                        weight,
                        () if weight == "plate" else tuple(turn[:2]),
                        tuple(turn[1:3] if weight == "plate" else turn[2:]),
                        pieces,
                        self._recipe(tier, wood=False, gem=None if weight == "plate" else turn[0]),
                    )
                )
        return made

    @staticmethod
    def _set_name(first: str, made: list[ArmorSet]) -> str:
        """The make's name; the second set of one metal is the "High" one, and so on."""
        taken = {armor.name for armor in made}
        return next(name for rank in ("", "High ", "Great ", "Noble ", "Royal ", "Elder ") if (name := rank + first) not in taken)

    def _jewels(self, tiers: list[_Tier]) -> list[Jewel]:
        made = [
            Jewel(f"{tiers[0].metal_name} Band", "ring", tiers[0].level, "power", ELEMENTS, self._recipe(tiers[0], wood=False, gem=None))
        ]
        bents: tuple[Literal["power", "life", "ward"], ...] = ("power", "life", "ward")
        for i, tier in enumerate(tiers[1:], start=1):
            pair = [ELEMENTS[k] for k in self.rng.permutation(4)]
            for element in pair[:2]:
                name = self.names.unique(lambda: f"{names.pick(self.rng, names.FIRST_WORDS[element])} Ring")  # noqa: B023  # called at once
                made.append(Jewel(name, "ring", tier.level, "power", (element,), self._recipe(tier, wood=False, gem=element)))
            bent = bents[i % 3]
            focus = () if bent == "life" else tuple(pair[2:])
            name = self.names.unique(lambda: f"{names.pick(self.rng, names.FIRST_WORDS[pair[2]])} Amulet")  # noqa: B023  # called at once
            made.append(Jewel(name, "amulet", tier.level, bent, focus, self._recipe(tier, wood=False, gem=pair[2])))
        return made

    def _consumables(self, tiers: list[_Tier]) -> list[Consumable]:
        fishes = [source for source in self.sources if source.skill == "fishing"]
        meals = [
            Consumable(f"{names.pick(self.rng, names.MEALS)} {s.drops[0].name}", s.level, "restore", ((code_of(s.drops[0].name), 1),))
            for s in fishes
        ]
        middle = tiers[len(tiers) // 2]
        brews = [
            Consumable(f"{names.FIRST_WORDS[e][0]} Draught", middle.level, "boost", ((code_of(fishes[1].drops[0].name), 1), (t, 2)), (e,))
            for e, t in zip(ELEMENTS, self._some(middle.trophies, 4), strict=False)
        ]
        return meals + brews

    def _recipe(self, tier: _Tier, *, wood: bool, gem: str | None) -> Amounts:
        """Main part, a second one, one to three trophies and now and then a gem."""
        main, second = (tier.wood, tier.metal) if wood else (tier.metal, tier.wood)
        deep = max(1, tier.depth - 1) if not wood else 1
        parts = [(main, max(2, 6 - 2 * (deep - 1)))]
        # Deep wooden gear has a metal fitting too, so that it goes through the end of the chain like the rest.
        if self.rng.random() < 0.5 or (wood and tier.depth > 2):
            parts.append((second, 2))
        parts += [(item, int(self.rng.integers(2, 5))) for item in self._some(tier.trophies, 1 + (tier.level >= 20))]
        if wood and tier.level >= 10 and self.rng.random() < 0.4:
            parts.append((code_of(f"{tier.wood_name} Resin"), 1))
        if gem is not None and tier.level >= 10:
            parts.append((code_of(self.gems[gem]), 1 + tier.level // 25))
        return tuple(parts)

    def _some(self, codes: list[str], count: int) -> list[str]:
        """`count` different codes, or all of them when there are fewer."""
        return [codes[i] for i in self.rng.permutation(len(codes))[:count]]
