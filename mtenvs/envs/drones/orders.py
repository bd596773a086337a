"""Orders of the high level: three heads of choices per team, as numbers and as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import BadAction, UnknownOption, did_you_mean
from mtenvs.envs.drones.skills.playbook import Aim, Role, Skill

HEADS: dict[str, tuple[str, ...]] = {
    "passer": ("goto_left", "goto_middle", "goto_right", "pass_left", "pass_right", "hover"),
    "setter": ("goto", "set", "hover", "set_high", "block"),
    "attacker": ("goto", "attack_left", "attack_right", "hover", "spike_left", "spike_right", "block"),
}
"""Head -> its choices, numbered from 0 as in HCSP, followed by ours: a set that is high enough for a spike, the spike, and the block."""

NVEC = (6, 3, 4)
"""How many choices of each head are HCSP's: the action space is MultiDiscrete([6, 3, 4])."""

WIDE = tuple(len(choices) for choices in HEADS.values())
"""(6, 5, 7), all choices: MultiDiscrete(WIDE) for policies that spike and block."""

HOVER = (5, 2, 3)
"""Everybody stays at the waypoint where one waits after a hit."""

ROLES = (Role.FIRST_PASS, Role.SEC_PASS, Role.ATT)
"""Role of each head."""

_MEANING: tuple[tuple[tuple[Skill, Aim], ...], ...] = (
    (
        (Skill.GOTO, Aim.LEFT),
        (Skill.GOTO, Aim.MIDDLE),
        (Skill.GOTO, Aim.RIGHT),
        (Skill.PASS, Aim.LEFT),
        (Skill.PASS, Aim.RIGHT),
        (Skill.HOVER, Aim.MIDDLE),
    ),
    (
        (Skill.GOTO, Aim.MIDDLE),
        (Skill.SET, Aim.MIDDLE),
        (Skill.HOVER, Aim.MIDDLE),
        (Skill.SET_HIGH, Aim.MIDDLE),
        (Skill.BLOCK, Aim.MIDDLE),
    ),
    (
        (Skill.GOTO, Aim.MIDDLE),
        (Skill.ATTACK, Aim.LEFT),
        (Skill.ATTACK, Aim.RIGHT),
        (Skill.HOVER, Aim.MIDDLE),
        (Skill.SPIKE, Aim.LEFT),
        (Skill.SPIKE, Aim.RIGHT),
        (Skill.BLOCK, Aim.MIDDLE),
    ),
)
_TABLE = np.full((3, max(WIDE), 2), -1)
for _head, _choices in enumerate(_MEANING):
    for _number, _choice in enumerate(_choices):
        _TABLE[_head, _number] = _choice

LEGAL = "; ".join(f"{head}: {' | '.join(choices)}" for head, choices in HEADS.items())
"""What may be written, as shown to a policy."""

MAX_TEXT = 400
"""Longest text that is read, characters."""


def skills_of(actions: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Skills and aims of drones.

    Args:
        actions: (games, 2, 3) choices of both teams' heads.

    Returns:
        Skill and aim, each (6, games), in the order of the drones.

    Raises:
        UnknownOption: another shape, or a number that its head does not have.
    """
    actions = np.asarray(actions)
    if actions.ndim != 3 or actions.shape[1:] != (2, 3) or not np.issubdtype(actions.dtype, np.integer):
        raise UnknownOption(
            f"actions are {actions.dtype} of shape {actions.shape}; pass integers of shape (games, 2, 3): teams, then heads {WIDE}"
        )
    if ((actions < 0) | (actions >= np.array(WIDE))).any():
        raise UnknownOption(f"the heads have {WIDE} choices, numbered from 0; got numbers from {actions.min()} to {actions.max()}")
    skill, aim = np.empty((2, 6, len(actions)), np.int64)
    for team in range(2):
        for head, role in enumerate(ROLES):
            skill[3 * team + role], aim[3 * team + role] = _TABLE[head, actions[:, team, head]].T
    return skill, aim


def parse_orders(text: str, held: Sequence[int] = HOVER) -> tuple[int, int, int]:
    """Read orders such as ``passer: pass_left; setter: set; attacker: attack_right``.

    Case and spaces do not matter; lines may stand for semicolons. Whoever is not named goes on with what is ``held``.

    Args:
        text: what the policy wrote.
        held: choices that hold now.

    Raises:
        BadAction: nothing to read, somebody or something unknown, or somebody named twice.
    """
    if not isinstance(text, str) or not text.strip():
        raise BadAction("no orders given", kind="parse", legal=LEGAL)
    if len(text) > MAX_TEXT:
        raise BadAction(f"orders are longer than {MAX_TEXT} characters", kind="parse", legal=LEGAL)
    heads, chosen = list(HEADS), dict[str, int]()
    for part in text.replace("\n", ";").split(";"):
        if not part.strip():
            continue
        who, colon, what = (piece.strip().lower() for piece in part.partition(":"))
        if not colon or not what:
            raise BadAction(f"cannot read {part.strip()[:60]!r}; write who: what", kind="parse", legal=LEGAL)
        if who not in HEADS:
            raise BadAction(f"there is no {who[:40]!r} in the team. {did_you_mean(who, heads)}", kind="tool", legal=LEGAL)
        if what not in HEADS[who]:
            raise BadAction(f"the {who} cannot {what[:40]!r}. {did_you_mean(what, HEADS[who])}", kind="arguments", legal=LEGAL)
        if who in chosen:
            raise BadAction(f"two orders for the {who}", kind="parse", legal=LEGAL)
        chosen[who] = HEADS[who].index(what)
    if not chosen:
        raise BadAction("no orders given", kind="parse", legal=LEGAL)
    first, second, third = (chosen.get(head, int(old)) for head, old in zip(heads, held, strict=True))
    return first, second, third


def format_orders(action: Sequence[int]) -> str:
    """The text form of one team's choices; :func:`parse_orders` reads it back.

    Raises:
        UnknownOption: not three numbers, or one that its head does not have.
    """
    if len(action) != len(WIDE) or any(not 0 <= int(number) < count for number, count in zip(action, WIDE, strict=True)):
        raise UnknownOption(f"{tuple(action)} are not orders; pass one number for each of the heads {WIDE}")
    return "; ".join(f"{head}: {HEADS[head][int(number)]}" for head, number in zip(HEADS, action, strict=True))
