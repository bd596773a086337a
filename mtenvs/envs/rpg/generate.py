"""Worlds: the one that we ship, rebuilt from its tables, and new ones from a seed.

``python -m mtenvs.envs.rpg.generate --out assets/rpg`` writes the shipped world's files; they never change by themselves.
"""

from __future__ import annotations

import argparse
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from mtenvs.envs.rpg import own_gear, own_lands
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.design import WorldDesign
from mtenvs.envs.rpg.draw_design import WorldConfig, draw_design
from mtenvs.envs.rpg.expand import build_records
from mtenvs.envs.rpg.loadout import Armory, best_outfit, fit_level, gear_before, monster_need
from mtenvs.envs.rpg.records import ELEMENTS

OWN_SEED: Final = 7  # draws the distractors of the shipped world, nothing else
_NOISE_STREAM: Final = 0x4E53
_TAME_EDGE: Final = 1.2  # the best gear beats every monster by this margin at least; one round in five or more is spare


def own_design() -> WorldDesign:
    """The design of the shipped world, the Vale of Emberfall."""
    return WorldDesign(
        title=own_lands.TITLE,
        biomes=own_lands.BIOMES,
        terrain=own_lands.TERRAIN,
        origin=own_lands.ORIGIN,
        places=own_lands.PLACES,
        sources=own_lands.SOURCES,
        parts=own_gear.PARTS,
        weapons=own_gear.WEAPONS,
        armor=own_gear.ARMOR,
        jewels=own_gear.JEWELS,
        consumables=own_gear.CONSUMABLES,
        monsters=own_lands.MONSTERS,
        currency=own_lands.CURRENCY,
        subtypes=own_lands.SUBTYPES,
    )


def own_records() -> dict[str, list[dict[str, Any]]]:
    """The shipped world's records: file name without ".json" -> entries in the official schema."""
    return build_records(own_design(), np.random.default_rng([_NOISE_STREAM, OWN_SEED]))


def generate_world(seed: int, config: WorldConfig | None = None) -> WorldData:
    """The world of a seed: its own names, lands, beasts, recipes and numbers; the same in every process.

    Args:
        seed: which world, 0 or more.
        config: its size; None takes `WorldConfig.of_seed(seed)`.

    Raises:
        ValueError: the seed is negative.
    """
    return _generated(seed, config or WorldConfig.of_seed(seed))


@lru_cache(maxsize=16)
def _generated(seed: int, config: WorldConfig) -> WorldData:
    records = build_records(draw_design(seed, config), np.random.default_rng([_NOISE_STREAM, seed]))
    _tame(records)
    return WorldData.from_json(records)


def _tame(records: dict[str, list[dict[str, Any]]]) -> None:
    """Weaken the monsters whom even the best gear that one can have before them would not beat (drawn gear has gaps)."""
    data = WorldData.from_json(records)
    need = monster_need(data)
    for record in records["monsters"]:
        monster = data.monsters[record["code"]]
        armory = Armory.of(data, gear_before(data, monster, fit_level(monster), need))
        outfit, best = best_outfit(armory, monster, fit_level(monster), weapons=6)
        if not outfit:
            continue
        for stat in (*(f"attack_{element}" for element in ELEMENTS), "hp"):
            record[stat] = max(1, int(record[stat] * min(1.0, best / _TAME_EDGE) ** 0.5)) if record[stat] else 0


def file_text(records: list[dict[str, Any]]) -> str:
    """One file's text: a JSON list with one record per line, so that a change shows as a line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"


def write_world(records: dict[str, list[dict[str, Any]]], out: Path) -> list[Path]:
    """Write every file of a world into a folder; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, entries in records.items():
        path = out / f"{name}.json"
        path.write_text(file_text(entries), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def main(argv: list[str] | None = None) -> int:
    """Write the shipped world, or with ``--seed`` the generated one of that seed."""
    parser = argparse.ArgumentParser(prog="python -m mtenvs.envs.rpg.generate", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder that gets maps.json, items.json, ...")
    parser.add_argument("--seed", type=int, default=None, help="write the generated world of this seed instead of the shipped one")
    options = parser.parse_args(argv)
    records = own_records() if options.seed is None else generate_world(options.seed).to_json()
    for path in write_world(records, options.out):
        print(path)  # noqa: T201  # a command's output
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
