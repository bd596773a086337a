"""Progress and success as the original benchmark counts them.

The original reads its server's log afterwards; here the same findings are made from the results as they come. One point for
the first time of each: the target reached, another monster beaten, a needed item made, worn or dropped, an intermediate made, a
needed raw material gathered, and (craft tasks) bought. The progress score is 100 * reward / ideal reward.

Quirks of the original that count (``official=True``): it keeps the newest 4000 log lines only; a kill task is won when any
won fight's line contains the target's name; a craft task is lost when any failed craft's line contains the target's code, and won
when a made item's code contains it; taking a needed item off counts as wearing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mtenvs.core.errors import SnapshotError
from mtenvs.core.verdict import Verdict
from mtenvs.envs.rpg.records import CONSUMABLE_SLOTS
from mtenvs.envs.rpg.world import Outcome, Refusal, Result

if TYPE_CHECKING:
    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.spec import HeroTask

LOG_LINES: Final = 4000
"""Lines of the log that the original keeps."""


class Event(NamedTuple):
    """Something that can earn a point: ``kind`` is "won", "made", "worn", "got", "gathered" or "bought", ``code`` what."""

    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class Milestones:
    """What earns points in one task.

    Attributes:
        target: the event that is the task's goal.
        ideal: the events of a perfect run, one point each, in the order raw materials, drops, intermediates, gear, target.
        extra: further events that earn a point although a perfect run does not count them.
        foes: monster code -> needed items that it drops.
    """

    target: Event
    ideal: tuple[Event, ...]
    extra: frozenset[Event]
    foes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, task: HeroTask, data: WorldData) -> Milestones:
        """The milestones of a task in its (unrestricted) world."""
        return _kill_milestones(task, data) if task.kind == "kill" else _craft_milestones(task, data)

    @property
    def ideal_reward(self) -> int:
        """The reward of a perfect run."""
        return len(self.ideal)


def _split(data: WorldData, roots: Iterable[str]) -> tuple[dict[str, None], dict[str, None]]:
    """The made and the raw items in the crafting trees of ``roots``, each once."""
    made: dict[str, None] = {}
    raw: dict[str, None] = {}
    for root in roots:
        for code in data.tree(root):
            item = data.items.get(code)
            (raw if item is None or item.craft is None else made)[code] = None
    return made, raw


def _kill_milestones(task: HeroTask, data: WorldData) -> Milestones:
    missing = tuple(dict.fromkeys(task.missing.values()))
    made, raw = _split(data, missing)
    # What only the exchange has is in the hero's hands in kill tasks, so a perfect run does not gather it.
    needed = [code for code in raw if any(data.sources_of(code))]
    dropped = {code: data.sources_of(code).monsters for code in needed}
    foes = dict.fromkeys(monster for monsters in dropped.values() for monster in monsters if monster != task.target)
    between = [code for code in made if code not in missing]
    target = Event("won", task.target)
    ideal = (
        *(Event("gathered", code) for code in needed if not dropped[code]),
        *(Event("won", monster) for monster in foes),
        *(Event("made", code) for code in between),
        *(Event(*pair) for code in missing for pair in (("made" if code in made else "got", code), ("worn", code))),
        target,
    )
    extra = {Event("won", code) for code in data.monsters} | {Event("gathered", code) for code in raw}
    extra |= {Event("made", code) for code in missing}
    drops: dict[str, list[str]] = {}
    for code in missing:
        for monster in data.sources_of(code).monsters:
            drops.setdefault(monster, []).append(code)
            extra.add(Event("got", code))
    frozen = MappingProxyType({monster: tuple(codes) for monster, codes in drops.items()})
    return Milestones(target, ideal, frozenset(extra - set(ideal)), frozen)


def _craft_milestones(task: HeroTask, data: WorldData) -> Milestones:
    made, raw = _split(data, (task.target,))
    sold = task.rules.exchange or ()
    buyable = {code for code in raw if not any(data.sources_of(code)) or code in sold}
    # The original asks a perfect run to gather even what only beasts drop; our own tasks ask it to beat them, as in kill tasks.
    prey = {} if task.prompt is not None else {code: data.sources_of(code).monsters for code in raw if code not in buyable}
    hunted = {code for code, foes in prey.items() if foes and not data.sources_of(code).resources}
    target = Event("made", task.target)
    ideal = (
        *(Event("bought" if code in buyable else "gathered", code) for code in raw if code not in hunted),
        *dict.fromkeys(Event("won", foe) for code in raw if code in hunted for foe in prey[code]),
        *(Event("made", code) for code in made if code != task.target),
        target,
    )
    extra = {Event(kind, code) for code in raw for kind in ("gathered", "bought")}
    return Milestones(target, ideal, frozenset(extra - set(ideal)), MappingProxyType({}))


class Score(NamedTuple):
    """A task's result in the original's figures.

    Attributes:
        success: whether the task counts as won.
        reward: points earned.
        ideal: points of a perfect run.
        score: 100 * reward / ideal.
    """

    success: bool
    reward: int
    ideal: int
    score: float


class Scorer:
    """Watches one episode and counts.

    Args:
        task: the task.
        data: its whole world (not the restricted one: the original counts in the whole world too).
        official: the original's quirks as above; False counts every line and takes names literally, with no veto for failed
            crafts.

    Attributes:
        milestones: what earns points.
        reward: points so far; past 4000 log lines only `result` knows what the original still sees.
    """

    def __init__(self, task: HeroTask, data: WorldData, *, official: bool = True) -> None:
        self.official = official
        self.milestones = Milestones.of(task, data)
        self.reward = 0
        self._kind, self._target = task.kind, task.target
        self._counted = frozenset(self.milestones.ideal) | self.milestones.extra
        self._lines = 0
        self._last: dict[Event, int] = {}  # the line on which an event was seen last
        self._wins = self._taken_for_target(data, "win") if task.kind == "kill" else frozenset()
        self._false_wins = self._taken_for_target(data, "lost") if task.kind == "kill" and official else frozenset()

    def _taken_for_target(self, data: WorldData, outcome: str) -> frozenset[str]:
        """The monsters of whom the original takes a fight's line with that outcome for the target's defeat."""
        if not self.official:
            return frozenset({self._target})
        name = data.monsters[self._target].name.lower()
        lines = {code: f"hero {outcome} his fight against {foe.name}.".lower() for code, foe in data.monsters.items()}
        return frozenset(code for code, line in lines.items() if name in line and "win" in line)

    def observe(self, result: Result) -> int:
        """Take note of one action's result; returns the points that it earned."""
        before = self.reward
        if isinstance(result, Refusal):
            if self.official and result.kind == "craft" and result.code == 500:
                self._lines += 1
                self._note_failed_craft(result)
            return 0
        self._lines += 1
        kind, code = result.kind, result.code
        if kind == "fight":
            self._note_fight(result)
        elif kind == "gather":
            for item, _ in (*result.items, *result.lost):
                self._see(_event("gathered", item))
        elif kind == "craft":
            self._see(_event("made", code))
            if self._kind == "craft" and (self._target in code.lower() if self.official else self._target == code):
                self._see(_SUCCESS)
        elif kind == "buy":
            self._see(_event("bought", code))
        elif (kind == "equip" or (kind == "unequip" and self.official)) and result.slot not in CONSUMABLE_SLOTS:
            self._see(_event("worn", code))
        return self.reward - before

    def _note_fight(self, result: Outcome) -> None:
        code = result.code
        if not result.won:
            # The way back to the start has a line of its own.
            self._lines += result.fight is not None and not result.fight.undecided
            if code in self._false_wins:
                self._see(_SUCCESS)
            return
        self._see(_event("won", code))
        for item in self.milestones.foes.get(code, ()):
            self._see(_event("got", item))
        if code in self._wins:
            self._see(_SUCCESS)

    def _note_failed_craft(self, refusal: Refusal) -> None:
        """A craft task is lost by any line about a failed craft with the target's code in it."""
        if self._kind != "craft" or not self.official:
            return
        detail = refusal.detail
        named = [detail["item"], *detail["missing_items"], *((detail["skill"][0],) if not detail["needed_skill_level"] else ())]
        if any(self._target in name.lower() for name in named):
            self._see(_FAILURE)

    def _see(self, event: Event) -> None:
        if event in self._counted and event not in self._last:
            self.reward += 1
        self._last[event] = self._lines

    def _seen(self, event: Event) -> bool:
        """Whether the event is in the part of the log that counts."""
        line = self._last.get(event)
        return line is not None and (not self.official or line > self._lines - LOG_LINES)

    @property
    def success(self) -> bool:
        """Whether the task counts as won as of now."""
        return _SUCCESS in self._last and self._seen(_SUCCESS) and not self._seen(_FAILURE)

    def result(self, *, counts: bool = True) -> Score:
        """The figures as of now.

        Args:
            counts: False when the program broke off: the original then sees an empty log.
        """
        ideal = self.milestones.ideal_reward
        if not counts:
            return Score(False, 0, ideal, 0.0)
        reward = sum(1 for event in self._last if event in self._counted and self._seen(event))
        return Score(self.success, reward, ideal, 100.0 * reward / ideal)

    def checkpoints(self) -> dict[str, bool]:
        """The events of a perfect run by name, such as ``"made:iron_ring"``, and whether each has happened."""
        return {str(event): self._seen(event) for event in self.milestones.ideal}

    def verdict(self, *, counts: bool = True) -> Verdict:
        """The verdict: score is the share of the perfect run's reward, at most 1; a success is 1."""
        success, reward, ideal, score = self.result(counts=counts)
        done = self.checkpoints() if counts else dict.fromkeys(map(str, self.milestones.ideal), False)
        share = 1.0 if success else min(reward / ideal, _BELOW_ONE)
        return Verdict(share, success, done, {"official_score": score, "official_reward": reward, "ideal_reward": ideal})

    def to_json(self) -> dict[str, Any]:
        """Plain data of what was seen, for a snapshot."""
        return {"lines": self._lines, "seen": [[event.kind, event.code, line] for event, line in self._last.items()]}

    def restore(self, raw: Mapping[str, Any]) -> None:
        """Take over what `to_json` gave.

        Raises:
            SnapshotError: the data is damaged.
        """
        try:
            lines = int(raw["lines"])
            last = {Event(str(kind), str(code)): int(line) for kind, code, line in raw["seen"]}
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotError(f"this is not a scorer's snapshot, or a damaged one ({error!r}); take a new one") from error
        self._lines, self._last = lines, last
        self.reward = sum(1 for event in last if event in self._counted)


_event: Final = lru_cache(maxsize=4096)(Event)  # every turn names some, and they are few
_SUCCESS: Final = Event("task", "success")
_FAILURE: Final = Event("task", "failure")
_BELOW_ONE: Final = 0.99  # the original's reward can reach the ideal without the target
