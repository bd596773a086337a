"""`mtenvs/HeroBench-v0`: long plans in an RPG world. The environment is thin; rules are in `world`, tasks in `tasks`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mtenvs.core.actions import Call, Domain, Ge, Le, Tool, action
from mtenvs.core.dialects import python_dialect
from mtenvs.core.env import MultiTurnEnv
from mtenvs.core.errors import BadAction, UnknownOption
from mtenvs.core.spaces import UText
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.rpg import batch, text
from mtenvs.envs.rpg.combat import Fight
from mtenvs.envs.rpg.macro import ActionTable
from mtenvs.envs.rpg.oracle import HeroOracle, near_miss, solve
from mtenvs.envs.rpg.program import play_answer
from mtenvs.envs.rpg.prompt import one_shot_prompt
from mtenvs.envs.rpg.render import MapRenderer
from mtenvs.envs.rpg.scoring import Scorer
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.tasks import hero_task, official_tasks, own_tasks, world_data
from mtenvs.envs.rpg.vectorise import StateVector
from mtenvs.envs.rpg.world import MAX_QUANTITY, HeroWorld, Refusal, Result, Rules

ItemCode = Annotated[str, Domain("item")]
Quantity = Annotated[int, Ge(1), Le(MAX_QUANTITY)]
Slot = Literal[
    "weapon", "shield", "helmet", "body_armor", "leg_armor", "boots", "ring1", "ring2", "amulet",
    "artifact1", "artifact2", "artifact3", "consumable1", "consumable2",
]  # fmt: skip
MODES: Final = ("interactive", "program")
_PROGRAM_CHARS: Final = 200_000
_OFFICIAL_CALL: Final = re.compile(r"\s*(\w+)\s*\(\s*(['\"])Hero\2\s*(?:,\s*(.*))?\)\s*;?\s*", re.DOTALL)


def read_official_call(action_text: str, tools: Mapping[str, Tool]) -> Call | None:
    """The original's calls, which name the hero first: ``craft('Hero', 'gold', 7)``."""
    match = _OFFICIAL_CALL.fullmatch(action_text)
    return python_dialect(f"{match.group(1)}({match.group(3) or ''})", tools) if match else None


class HeroBenchEnv(MultiTurnEnv):
    """Gather, craft, equip and fight your way to one goal that takes tens to hundreds of actions.

    ## Description
    A hero on a map is to win one fight or to make one item. The fight is lost with the gear that he has: better gear has to
    be made, from ingredients that are gathered or dropped by other monsters, at workshops that ask for skill. Moves go
    anywhere at once and a lost fight costs only the way back, so what is tested is the plan.

    ## Observation
    `goal` (text): what to reach. `text` (text): what the last action did and where the hero stands, what he wears and has;
    at the start also the codex: monsters, gathering spots, items with recipes, places. `image` (uint8 640x960x3): the map
    and the hero's sheet. `state` (float32): position, level, skills, figures, worn items, bag; see `vectorise.StateVector`.
    `action_mask` (int8): which of the countable actions are legal now.

    ## Actions
    `mode="interactive"`: `move(x, y)`, `gather(quantity)`, `fight()`, `craft(item, quantity)`, `equip(slot, item, quantity)`,
    `unequip(slot, quantity)`, `buy(item, quantity)`, `delete(item, quantity)`, `inspect(code)`; also with the hero's name
    first, as the original writes them. `control="discrete"`: a number in the table `env.unwrapped.table`, one unit at a time.
    `mode="program"`: one text with a whole program of such calls and `for` loops, in a code fence or after "Final answer:";
    it is read by `ast` and never executed, and the episode ends with it.

    ## Rewards
    Component `progress`: the growth of the verdict's score; an episode's rewards sum up to its score.

    ## Start
    The hero of the task: level, skills, worn gear and bag.

    ## End
    Terminated when the goal is reached (`goal_reached`) or the program was played (`goal_failed` if in vain). Truncated
    after `max_turns`; by default three times the oracle's single actions, or 100 + 60 a level for official tasks.

    ## Arguments
    `mode`, `control` = `"calls"` | `"discrete"`, `level` (one or several of 1 to 14), `world` = `"own"` | `"gen/<seed>"`,
    `rules` = `"task"` (what the task says) | `"official"` (the original simulator, quirks included), `data_dir` (folder with the
    official files; rules are then official unless said otherwise).

    ## Tasks and splits
    `own/<level>/<seed>`, `gen/<world_seed>/<level>/<seed>`; with `data_dir` the official `<level>/<name>` and
    `leveling/<level>/<name>`. Levels 1 to 9 are as hard as the original's; 10 adds levelling and distractors, 11 drop rates, 12 a
    small bag, 13 fog, 14 all of it. Splits by a stable hash.

    ## Differences from the original
    Own world, names and numbers. The verdict's score is 1 for a success and the share of milestones, below 1, otherwise; the
    original's score is in the metrics (`official_score`, `official_reward`, `ideal_reward`). What only beasts drop is a
    milestone of our own craft tasks when the beast is beaten; the original asks to gather it, which nobody can. Under
    `rules="official"` a refused craft of the target loses a craft task, as the original counts it; no other refused action leaves a trace.

    ## Source and licence
    Rules and scoring from HeroBench (arXiv 2508.12782, code MIT); own code Apache-2.0, own world CC0-1.0.

    ## Version history
    v0: first version.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 4}
    dialects = (read_official_call,)
    has_snapshots = True

    def __init__(
        self,
        *,
        mode: str = "interactive",
        control: str = "calls",
        level: int | Iterable[int] | None = None,
        world: str | None = None,
        rules: str | None = None,
        data_dir: str | Path | None = None,
        task: Any = None,
        **options: Any,
    ) -> None:
        chosen = rules or ("official" if data_dir is not None else "task")
        if mode not in MODES or control not in ("calls", "discrete") or chosen not in ("task", "official"):
            raise UnknownOption(
                f"mode={mode!r} is 'interactive' or 'program', control={control!r} is 'calls' or 'discrete', "
                f"rules={rules!r} is 'task' or 'official'"
            )
        self.mode, self.control, self.official = mode, control, chosen == "official"
        name = world or _world_named(task)
        self.data = world_data(data_dir, name)
        self.table = ActionTable(self.data)
        self._vector = StateVector(self.data)
        self._renderer: MapRenderer | None = None
        self._chars = UText(_PROGRAM_CHARS)
        self.batch_cache: tuple[str, tuple[str, Any, str, UText]] | None = None  # see batch.py
        space: spaces.Space[Any] | None = None
        if mode == "program":
            space = self._chars
        elif control == "discrete":
            space = spaces.Discrete(len(self.table))
        super().__init__(
            tasks=self.task_set(data_dir, world=name, level=level),
            task=task,
            observations={
                "goal": UText(2000),
                "text": UText(60_000),
                "image": spaces.Box(0, 255, (640, 960, 3), np.uint8),
                "state": self._vector.space,
                **({"action_mask": spaces.MultiBinary(len(self.table))} if mode == "interactive" else {}),
            },
            action_space=space,
            domains={"item": tuple(self.data.items), "code": (*self.data.monsters, *self.data.resources, *self.data.items)},
            first_invalid_ends=mode == "program",
            **options,
        )

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, world: str = "own", level: int | Iterable[int] | None = None) -> TaskSet:
        """Own tasks of a world, or the official ones in a folder; of one or several levels."""
        levels = [level] if isinstance(level, int) else level
        return own_tasks(world, levels) if data_dir is None else official_tasks(data_dir, levels)

    step_many = staticmethod(batch.step_many)

    def fits_batch(self) -> bool:
        """Whether the batched engine plays this environment as it was made."""
        return batch.fits(self)

    # ---- the episode -------------------------------------------------------------------------------------------

    def _begin(self, task: Task) -> str:
        self.hero_task = hero_task(task)
        rules = Rules.official() if self.official else Rules.for_task(self.hero_task.rules)
        self.world = HeroWorld(self.data, rules, self.rng)
        self.hero = HeroState.from_start(self.hero_task.start, self.data)
        self.scorer = Scorer(self.hero_task, self.data, official=self.official)
        self.share, self.paid, self.won = 0.0, 0.0, False  # score so far, what of it rewards have paid, whether the goal is reached
        self._counts = True
        self._seen = {self.hero.pos}
        self._fight: Fight | None = None
        self._outcome, self._good = "", True
        return one_shot_prompt(self.hero_task, self.data, self.hero) if self.mode == "program" else text.codex(self.data, self.hero_task)

    def _task_limit(self, task: Task) -> int | None:
        if self.mode == "program":
            return 1
        hero = hero_task(task)
        return 3 * hero.oracle_steps if hero.oracle_steps is not None else 100 + 60 * hero.level

    def _report(self) -> str:
        return "" if self.mode == "program" and not self._turn else text.report(self.world, self.hero)

    def _ended(self) -> str:
        return "goal_reached" if self.won else ""

    def _verdict(self) -> Verdict:
        return self.scorer.verdict(counts=self._counts)

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        share = self.share if verdict is None or verdict.score is None else verdict.score
        gain, self.paid = share - self.paid, share
        return {"progress": gain}

    def _note(self, result: Result) -> None:
        """Tell the scorer; the share grows with milestones and reaches 1 with the goal alone."""
        if self.scorer.observe(result):
            self.share = min(self.scorer.reward / self.scorer.milestones.ideal_reward, 0.99)
        if self.scorer.success:
            self.won, self.share = True, 1.0

    # ---- actions -----------------------------------------------------------------------------------------------

    def settle(self, result: Result) -> str:
        """Score what an action led to and say it.

        Raises:
            BadAction: the world refused the action.
        """
        self._note(result)
        if isinstance(result, Refusal):
            self._fight = None
            self._outcome, self._good = result.message, False
            raise BadAction(result.message, legal=text.legal(result, self.data), code=result.code)
        self._seen.add(self.hero.pos)
        self._fight = fight = result.fight
        self._outcome, self._good = text.answer(result), fight is None or fight.won
        return self._outcome

    @action
    def move(self, x: int, y: int) -> str:
        """Go to a tile of the map, however far it is.

        Args:
            x: column.
            y: row.
        """
        return self.settle(self.world.move(self.hero, x, y))

    @action
    def gather(self, quantity: Quantity = 1) -> str:
        """Work the gathering spot of this tile.

        Args:
            quantity: how many times.
        """
        return self.settle(self.world.gather(self.hero, quantity))

    @action
    def fight(self) -> str:
        """Fight the monster of this tile, at full health."""
        return self.settle(self.world.fight(self.hero))

    @action
    def craft(self, item: ItemCode, quantity: Quantity = 1) -> str:
        """Make an item at the workshop of this tile.

        Args:
            item: code of the item.
            quantity: how many.
        """
        return self.settle(self.world.craft(self.hero, item, quantity))

    @action
    def equip(self, slot: Slot, item: ItemCode, quantity: Quantity = 1) -> str:
        """Put an item from the bag into an empty slot.

        Args:
            slot: where to.
            item: code of the item.
            quantity: for consumables, how many.
        """
        return self.settle(self.world.equip(self.hero, slot, item, quantity))

    @action
    def unequip(self, slot: Slot, quantity: Quantity = 1) -> str:
        """Put what is in a slot into the bag.

        Args:
            slot: which slot.
            quantity: for consumables, how many.
        """
        return self.settle(self.world.unequip(self.hero, slot, quantity))

    @action
    def buy(self, item: ItemCode, quantity: Quantity = 1) -> str:
        """Take an item at the grand exchange, for free.

        Args:
            item: code of the item.
            quantity: how many.
        """
        return self.settle(self.world.buy(self.hero, item, quantity))

    @action(tags=["irreversible"])
    def delete(self, item: ItemCode, quantity: Quantity = 1) -> str:
        """Throw items of the bag away.

        Args:
            item: code of the item.
            quantity: how many.
        """
        return self.settle(self.world.delete(self.hero, item, quantity))

    @action
    def inspect(self, code: Annotated[str, Domain("code")]) -> str:
        """Look something up in the codex.

        Args:
            code: of a monster, gathering spot, item or workshop skill.
        """
        found = text.inspect(self.data, code, self.hero_task)
        if found is None:
            raise BadAction(f"the codex has nothing on {code[:60]!r}", code=404)
        return found

    def _apply(self, action: Any) -> str:
        if self.mode == "program":
            return self._play_program(action)
        index = int(action)
        if not 0 <= index < len(self.table):
            raise ValueError(f"action {index} is not in 0 ... {len(self.table) - 1}")
        return self.settle(self.table.apply(self.hero, index, self.world))

    def _play_program(self, action: Any) -> str:
        if not isinstance(action, str):
            raise TypeError(f"in mode='program' an action is the answer's text, not {type(action).__name__}")
        if not self._chars.contains(action):
            raise BadAction(f"the answer has {len(action)} characters; at most {_PROGRAM_CHARS} are read", kind="parse")
        played = play_answer(action, self.world, self.hero, self.scorer.observe)
        self._counts = played.counts
        self.won = self.scorer.result(counts=self._counts).success
        self.stop("goal_reached" if self.won else "goal_failed")
        return f"The program ended: {played.end.kind}. {played.end.message}".strip()

    def _name_action(self, action: Any) -> str:
        if self.mode == "program":
            return str(action)
        return str(self.table.actions[int(action)]) if 0 <= int(action) < len(self.table) else str(action)

    # ---- what is seen ------------------------------------------------------------------------------------------

    def _value(self, key: str) -> Any:
        if key == "state":
            return self._vector(self.hero)
        return self.table.mask(self.hero, self.world) if key == "action_mask" else self._image()

    def _image(self) -> NDArray[np.uint8]:
        if self._renderer is None:
            self._renderer = MapRenderer(self.data)
        seen = self._seen if self.hero_task.rules.fog else None
        fight = self._fight
        return self._renderer.render(
            self.hero,
            goal=self.task.goal,
            task=self.hero_task,
            outcome=self._outcome,
            good=self._good,
            hp_left=fight.hero_hp if fight is not None else None,
            seen=seen,
        )

    def _save(self) -> Any:
        counts = [self.share, self.paid, self.won, self._counts]
        return {"hero": self.hero.to_json(), "scorer": self.scorer.to_json(), "counts": counts, "seen": sorted(map(list, self._seen))}

    def _load(self, data: Any) -> None:
        self.hero = HeroState.from_json(data["hero"])
        self.scorer.restore(data["scorer"])
        self.share, self.paid, self.won, self._counts = data["counts"]
        self._seen = {(x, y) for x, y in data["seen"]}

    # ---- solutions ---------------------------------------------------------------------------------------------

    def oracle(self) -> Iterator[Any]:
        """The planner's actions, planned anew wherever chance decided otherwise; in program mode its whole program."""
        if self.mode == "program":
            plan = solve(self.world, self.hero_task, self.hero)
            yield _answer(plan.to_program() if plan is not None else "")
            return
        planner = HeroOracle(self.world, self.hero_task, many=self.control == "calls")
        while (call := planner.next(self.hero)) is not None:
            yield self._form(call.name, call.arguments)

    def near_miss(self) -> Iterator[Any]:
        """A plan that does everything but the one thing that counts."""
        plan = solve(self.world, self.hero_task, self.hero, many=self.control == "calls")
        if plan is not None:
            missed = near_miss(plan)
            if self.mode == "program":
                yield _answer(missed.to_program())
            else:
                yield from (self._form(call.name, call.arguments) for call in missed.calls)

    def idle_action(self) -> Any:
        """Look at the goal's codex entry, move between two empty places, or submit a program that does nothing."""
        if self.mode == "program":
            return _answer("")
        x, y = next(place for place in self.data.content_tiles if place != self.hero.pos)
        return (
            self._form("inspect", {"code": self.hero_task.target})
            if self.control == "calls"
            else self.table.number("move", {"x": x, "y": y})
        )

    def _form(self, name: str, arguments: Mapping[str, Any]) -> Any:
        return Call(name, dict(arguments)).text if self.control == "calls" else self.table.number(name, arguments)


def _answer(program: str) -> str:
    return f"Final answer:\n```python\n{program or 'pass'}\n```"


def _world_named(task: Any) -> str:
    """The world that a task id names, so that ``task="gen/3/5/0"`` needs no ``world``."""
    first = task if isinstance(task, str) else task.id if isinstance(task, Task) else ""
    match = re.match(r"(gen/\d+)/", first)
    return match.group(1) if match else "own"
