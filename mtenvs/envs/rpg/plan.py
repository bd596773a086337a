"""A plan: the calls that solve a task, as data, as official program text, and spoilt on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mtenvs.envs.rpg.state import HeroState
    from mtenvs.envs.rpg.world import HeroWorld, Result

PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "move": ("x", "y"),
        "gather": ("quantity",),
        "fight": (),
        "craft": ("item", "quantity"),
        "equip": ("slot", "item", "quantity"),
        "unequip": ("slot", "quantity"),
        "buy": ("item", "quantity"),
        "delete": ("item", "quantity"),
    }
)
"""The names of each call's arguments as an agent writes them, in the order that `HeroWorld`'s methods take."""


class Call(NamedTuple):
    """One call of a `HeroWorld` method, its arguments in order (without the hero)."""

    name: str
    args: tuple[Any, ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments by name."""
        return dict(zip(PARAMETERS[self.name], self.args, strict=False))

    @property
    def primitive_steps(self) -> int:
        """How many calls of the original's functions this is: a gather of n is n, everything else 1."""
        return int(self.args[0]) if self.name == "gather" and self.args else 1

    def apply(self, world: HeroWorld, hero: HeroState) -> Result:
        """Carry the call out; ``hero`` changes in place."""
        method: Callable[..., Result] = getattr(world, self.name)
        return method(hero, *self.args)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(repr, self.args))})"


@dataclass(frozen=True)
class Plan:
    """Calls that lead from a state to a task's goal.

    Attributes:
        calls: the calls, in order.
        outfit: slot -> code of the gear that the last fight is fought in; empty for craft tasks.
        milestones: what the plan reaches on its way, in order, such as "made:gold_helm" or "won:lich".
        dice: the world is random: the plan is one lucky line through it and repeats only with the same random stream.
    """

    calls: tuple[Call, ...]
    outfit: Mapping[str, str] = field(default_factory=dict)
    milestones: tuple[str, ...] = ()
    dice: bool = False

    @property
    def primitive_steps(self) -> int:
        """Length in calls of the original's functions, each gather and each fight counted singly."""
        return sum(call.primitive_steps for call in self.calls)

    @property
    def macro_steps(self) -> int:
        """Length when equal calls in a row count once, as in a program's loop."""
        return sum(1 for _ in groupby(self.calls, key=_looped))

    def replay(self, world: HeroWorld, hero: HeroState, observe: Callable[[Result], object] | None = None) -> bool:
        """Carry all calls out; ``hero`` changes in place.

        Args:
            world: the rules.
            hero: where the plan starts.
            observe: is told every result, such as a scorer's ``observe``.

        Returns:
            Whether no call was refused.
        """
        whole = True
        for call in self.calls:
            result = call.apply(world, hero)
            whole &= result.ok
            if observe is not None:
                observe(result)
        return whole

    def to_program(self, hero_name: str = "Hero") -> str:
        """The plan as a program in the original's call syntax: calls and ``for`` loops only.

        Calls that the original's programs do not have (``delete``) are written in the same way.
        """
        lines: list[str] = []
        for call, times in _runs(self.calls):
            text = f"{call.name}({', '.join(map(repr, (hero_name, *call.args)))})"
            lines += [text] if times == 1 else [f"for _ in range({times}):", f"    {text}"]
        return "\n".join(lines)


def near_miss(plan: Plan) -> Plan:
    """The plan without what decides it: it does nearly everything, but must not succeed.

    The last fight or craft is left out, and with it whatever came after it.
    """
    last = max((i for i, call in enumerate(plan.calls) if call.name in ("fight", "craft")), default=0)
    return replace(plan, calls=plan.calls[:last], milestones=plan.milestones[:-1])


def badly_dressed(plan: Plan) -> Plan:
    """The plan without its last equipping, a second kind of near miss for kill tasks: the hero fights in the wrong gear."""
    last = max((i for i, call in enumerate(plan.calls) if call.name == "equip"), default=len(plan.calls))
    return replace(plan, calls=plan.calls[:last] + plan.calls[last + 1 :], milestones=plan.milestones[:-1])


def _looped(call: Call) -> Call:
    return Call("gather") if call.name == "gather" else call


def _runs(calls: Sequence[Call]) -> Iterable[tuple[Call, int]]:
    """Equal calls in a row, with how often they are called singly."""
    for call, run in groupby(calls, key=_looped):
        yield call, sum(each.primitive_steps for each in run)
