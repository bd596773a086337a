"""The one-shot prompt of ``mode="program"``: the official one word for word, or ours in the same layout."""

from __future__ import annotations

from typing import Any, Final

from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.records import SLOTS
from mtenvs.envs.rpg.spec import HeroTask
from mtenvs.envs.rpg.state import HeroState

_FIGHTING: Final = """Gear:
A weapon's attack_<element> is the damage of that element that the hero deals each round. dmg_<element> raises it by that many per cent,
res_<element> lowers what the hero takes of it by that many per cent, hp adds to his health.

Fights:
Stand on the monster's tile and call fight. Hero and monster strike in turn, the hero first, each with all elements that they have:
hero_damage = attack * (1 + dmg / 100 - monster_res / 100), monster_damage = attack * (1 - hero_res / 100), summed over the elements.
Whoever has no health left loses; after 49 rounds without a winner the hero loses. Both are at full health before every fight.

"""
_CRAFTING: Final = """Crafting:
{gathering} An item is made at the workshop of its skill, if the hero's skill
is high enough and the ingredients are in his bag.
"""


def one_shot_prompt(task: HeroTask, data: WorldData, hero: HeroState) -> str:
    """The whole task in one text, as the original lays it out: rules, functions, world, hero, goal, form of the answer.

    Args:
        task: an official task gives its own prompt unchanged.
        data: the task's world.
        hero: the hero at the start.
    """
    if task.prompt is not None:
        return task.prompt
    kill = task.kind == "kill"
    rules = task.rules
    gathering = (
        "Gathering gives each of a spot's resources by chance." if rules.drop_rates else "Gathering gives each of a spot's resources."
    )
    functions = ["move(character_name: str, x: int, y: int)", "gather(character_name: str)"]
    functions += ["craft(character_name: str, item_name: str, quantity: int)", "buy(character_name: str, item_name: str, quantity: int)"]
    if kill:
        functions[1:1] = [
            "fight(character_name: str)",
            "equip(character_name: str, slot: str, item_name: str, quantity: int = 1)",
            "unequip(character_name: str, slot: str, quantity: int = 1)",
        ]
    notes = [f"Slots: {', '.join(SLOTS)}. A slot must be empty before something is put into it." if kill else ""]
    notes.append("The two rings must differ." if rules.ring_rule else "")
    notes.append(f"The bag holds {rules.inventory_limit} units." if rules.inventory_limit is not None else "")
    notes.append("Skills and the hero grow with use: 50 xp for a gathering or a fight, 150 for a craft." if _levels(task) else "")
    goal = f"win one fight against {data.monsters[task.target].name}" if kill else f"craft 1 {data.items[task.target].name}"
    return "\n".join(
        [
            "This is all that is known about a game world, and a task in it.\n",
            (_FIGHTING if kill else "") + _CRAFTING.format(gathering=gathering),
            "Functions:\n" + "\n".join(functions),
            "Items are named by their codes. Use these functions and for loops and nothing else, without parameter names.",
            "\n".join(note for note in notes if note),
            str(_world(task, data)),
            f"Character Stats:\n{hero.to_character()}\nThey include what the gear gives.\n",
            f"Your task is to {goal}. It cannot be done as things stand: work out what is needed.",
            'End your answer with "Final answer:" and the Python code.',
        ]
    )


def _levels(task: HeroTask) -> bool:
    return task.level in (10, 13, 14)


def _world(task: HeroTask, data: WorldData) -> dict[str, Any]:
    """The listed part of the world as the literals of an official prompt; a program cannot look things up, so fog hides nothing here."""
    items = [data.items[code] for code in (task.items if task.items is not None else data.items)]
    monsters = task.monsters if task.monsters is not None else tuple(data.monsters)
    tiles = [data.tiles[place] for place in (task.locations if task.locations is not None else data.content_tiles)]
    return {
        **({"Monsters": [data.monsters[code].to_json() for code in monsters]} if task.kind == "kill" else {}),
        "Craftable items": [item.to_json() for item in items if item.craft is not None],
        "Resources": [item.to_json() for item in items if item.craft is None and not item.effects],
        "Locations": [tile.to_json() for tile in tiles],
        "Items stats": [*(item.to_json() for item in items if item.effects), *(dict(item) for item in task.noise_items)],
    }
