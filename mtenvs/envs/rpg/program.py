"""Program mode: find the program in an answer and play it on a world, as the original's pipeline does, without running it.

The original takes the program text out of the answer, runs it against its server with seven functions in reach, and throws
the whole log away when Python raises an exception or 100 seconds pass. Here the text is walked by `pysubset`; each call goes
straight to the world. How a call's arguments are taken follows the original's Python functions (a wrong number of arguments is
a TypeError, which ends the program) and its server (a value that does not fit is refused, and the program goes on).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mtenvs.envs.rpg.pysubset import Call, End, Lazy, Limits, ProgramError, run_program
from mtenvs.envs.rpg.records import SLOTS
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.world import HeroWorld, Refusal, Result

__all__ = [
    "HERO_NAME",
    "SIGNATURES",
    "Call",
    "End",
    "Limits",
    "Played",
    "ProgramError",
    "dispatch",
    "extract_program",
    "play_answer",
    "play_program",
]

HERO_NAME: Final = "Hero"
_FENCE: Final = "```"
_FENCE_HEAD: Final = re.compile(r"[\w.+-]*\s*")  # a language tag and the white space after it
_CODE_OPEN: Final = re.compile(r"<code", re.IGNORECASE)
_CODE_CLOSE: Final = re.compile(r"</code>", re.IGNORECASE)
_MARKER: Final = re.compile(r"final answer\s*:?\s*", re.IGNORECASE)
_WHOLE: Final = re.compile(r"\s*[+-]?\d{1,18}(\.0+)?\s*")


def extract_program(answer: str) -> str | None:
    """The program in an answer, found as the original finds it; None if there is none. Linear in the answer's length.

    The last fenced block counts (a first word right after the fence is taken for a language tag); else the first HTML code
    element; else all that follows the first "final answer". Angle brackets around the whole of it are taken off.
    """
    block: str | None = None
    at = answer.find(_FENCE)
    while at >= 0:
        end = answer.find(_FENCE, at + 3)
        if end < 0:
            break
        block = answer[at + 3 : end]
        at = answer.find(_FENCE, end + 3)
    if block is not None:
        head = _FENCE_HEAD.match(block)
        return _unwrapped(block[head.end() if head else 0 :])
    opened = _CODE_OPEN.search(answer)
    start = answer.find(">", opened.end()) if opened else -1
    closed = _CODE_CLOSE.search(answer, start + 1) if start >= 0 else None
    if closed:
        return _unwrapped(answer[start + 1 : closed.start()])
    marker = _MARKER.search(answer)
    return _unwrapped(answer[marker.end() :]) if marker else None


def _unwrapped(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == "<" and text[-1] == ">" else text


_NEEDED: Final = object()
SIGNATURES: Final[Mapping[str, Mapping[str, Any]]] = {
    "move": {"name": _NEEDED, "x": _NEEDED, "y": _NEEDED},
    "fight": {"name": _NEEDED},
    "equip": {"name": _NEEDED, "slot": _NEEDED, "code": _NEEDED, "quantity": 1},
    "unequip": {"name": _NEEDED, "slot": _NEEDED, "quantity": 1},
    "gather": {"name": _NEEDED, "quantity": 1},
    "craft": {"name": _NEEDED, "code": _NEEDED, "quantity": _NEEDED},
    "buy": {"name": _NEEDED, "code": _NEEDED, "quantity": 1},
}
"""The functions in a program's reach: parameter -> default, as in the original's Python client."""


@dataclass(frozen=True, slots=True)
class Played:
    """What became of an answer.

    Attributes:
        program: the program text that was found; None if there was none.
        end: how it ended; kind "no_program" when there was none.
    """

    program: str | None
    end: End

    @property
    def counts(self) -> bool:
        """Whether the log counts: the original throws it away unless the program came to its end."""
        return self.end.kind == "done"


def play_answer(
    answer: str,
    world: HeroWorld,
    hero: HeroState,
    observe: Callable[[Result], object] | None = None,
    limits: Limits | None = None,
) -> Played:
    """Play the program in an answer on a world; ``hero`` is changed in place.

    Total: any text gives a `Played`, within seconds.

    Args:
        answer: what the agent wrote, prose and all.
        world: the rules and the map.
        hero: where he starts; afterwards, where he ended.
        observe: is told every result in order, such as a scorer's ``observe``.
        limits: see `Limits`; past them the original would have run into its 100 seconds.
    """
    program = extract_program(answer)
    if program is None:
        return Played(None, End("no_program", "no fenced block, no code element and no 'final answer' in the answer"))
    return Played(program, play_program(program, world, hero, observe, limits))


def play_program(
    program: str,
    world: HeroWorld,
    hero: HeroState,
    observe: Callable[[Result], object] | None = None,
    limits: Limits | None = None,
) -> End:
    """Play a bare program on a world; like `play_answer` without the search for it."""

    def carry_out(call: Call) -> tuple[int, Lazy] | None:
        result = dispatch(world, hero, call)
        if observe is not None:
            observe(result)
        return _response(result, hero) if call.wanted else None

    return run_program(program, dict.fromkeys(SIGNATURES, carry_out), limits)


def dispatch(world: HeroWorld, hero: HeroState, call: Call) -> Result:
    """Carry out one call of a program.

    Raises:
        ProgramError: the call does not fit the function's signature, or a value cannot be sent.
    """
    values = _bound(call)
    for value in values.values():
        _check_sendable(call.name, value)
    name = values.pop("name")
    for key in ("x", "y", "quantity"):
        if key in values:
            number = _whole(values[key])
            if number is None:
                return Refusal(call.name, 422, f"{key} must be a whole number", {"field": key})
            values[key] = number
    for key in ("slot", "code"):
        if key in values and not isinstance(values[key], str):
            return Refusal(call.name, 422, f"{key} must be a text", {"field": key})
    if "slot" in values and values["slot"] not in SLOTS:
        return Refusal(call.name, 422, f"there is no such slot; there are {', '.join(SLOTS)}", {"field": "slot"})
    if name != HERO_NAME:
        return Refusal(call.name, 498, f"there is no character of that name; the hero is called {HERO_NAME!r}", {})
    method: Callable[..., Result] = getattr(world, call.name)
    return method(hero, **values)


def _bound(call: Call) -> dict[str, Any]:
    """Parameter -> value; a call that does not fit is a TypeError of the program."""
    parameters = SIGNATURES[call.name]
    values = dict(zip(parameters, call.args, strict=False))
    if len(call.args) > len(parameters) or any(name not in parameters or name in values for name in call.kwargs):
        raise ProgramError(f"TypeError: {call.name}() takes {', '.join(parameters)}", TypeError)
    values.update(call.kwargs)
    for name, default in parameters.items():
        if name not in values:
            if default is _NEEDED:
                raise ProgramError(f"TypeError: {call.name}() misses {name}", TypeError)
            values[name] = default
    return values


def _check_sendable(function: str, value: Any) -> None:
    """What cannot be written as JSON raises in the original's client, before anything is sent."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ProgramError(f"InvalidJSONError: {function}() got {value}", ValueError)
    if not isinstance(value, (int, float, str, bool, type(None), list, tuple, dict)):
        raise ProgramError(f"TypeError: {function}() got a {type(value).__name__}, which cannot be sent", TypeError)


def _whole(value: Any) -> int | None:
    """The whole number that the original's server reads from a JSON value; None if it refuses it."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value.strip().split(".")[0])
    return None


def _response(result: Result, hero: HeroState) -> tuple[int, Lazy]:
    """What a program that looks at a call's value sees: status code and body, in the original's layout as far as plans ask for it."""
    code = result.code if isinstance(result, Refusal) else 200
    twin = hero.copy()
    return code, Lazy(lambda: _body(result, twin))


def _body(result: Result, hero: HeroState) -> dict[str, Any]:
    if isinstance(result, Refusal):
        return {"error": {"code": result.code, "message": result.message}}
    items = [{"code": code, "quantity": units} for code, units in result.items]
    body: dict[str, Any] = {"character": hero.to_character(HERO_NAME)}
    if result.fight is not None:
        body["fight"] = {"result": "win" if result.won else "lose", "xp": result.xp, "drops": items, "turns": result.fight.rounds}
    elif result.kind in ("gather", "craft"):
        body["details"] = {"skill": result.skill, "xp": result.xp, "items": items}
    return body
