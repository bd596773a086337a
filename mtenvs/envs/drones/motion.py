"""One step of drones and balls under commands as policies give them: what is no number is replaced, what explodes is held."""

from __future__ import annotations

from typing import NamedTuple

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.arrays import Array, constant, namespace
from mtenvs.envs.drones.control import RateState, rates_to_rotors, trim
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import Contacts, State, step
from mtenvs.envs.drones.trees import keep

CONTROLS = ("prt", "ctbr")
"""Rotor thrusts, or collective thrust and body rates."""

LIMIT = 1e12
"""Of the sum of squares of all that moves in a game; beyond it, or at NaN, the game is broken and ends."""


class Motion(NamedTuple):
    """What a step does to things.

    Attributes:
        state: after it; that before it where a game is over or broken.
        memory: of the rate controllers, the same.
        contacts: what touched what.
        bad_action: (drones, games) bool, commands with NaN or infinity; the neutral command was flown instead.
        broken: (games,) bool, running games that left the numbers the physics can work with.
    """

    state: State
    memory: RateState
    contacts: Contacts
    bad_action: Array
    broken: Array


def check_control(control: str) -> None:
    """Raise `UnknownOption` for a control that does not exist."""
    if control not in CONTROLS:
        raise UnknownOption(f"control={control!r} is unknown; choose from {', '.join(CONTROLS)}")


def neutral(params: Preset, control: str) -> tuple[float, ...]:
    """The command that keeps a level drone where it is; it stands in for commands that are no numbers."""
    if control == "prt":
        return tuple(float(part) for part in trim(params))
    drone = params.drone
    return (0.0, 0.0, 0.0, 2.0 * drone.mass * params.gravity / (4.0 * drone.max_thrust) - 1.0)


def move(
    state: State, memory: RateState, commands: Array, done: Array, params: Preset, control: str, near_only: int | None = None
) -> Motion:
    """One step of all games.

    Args:
        state: of the physics.
        memory: of the rate controllers; unused with rotor commands.
        commands: (drones, 4, games), -1 to 1.
        done: (games,) bool, games that stand still.
        params: constants.
        control: ``"prt"`` or ``"ctbr"``.
        near_only: with ``"ctbr"``, so many drones command rates; those after them command rotors. None for all.
    """
    xp = namespace(state.pos)
    still = constant(xp, neutral(params, control), state.pos)[None, :, None]
    bad_action = ~xp.isfinite(commands).all(1)
    commands = xp.where(bad_action[:, None], still, commands)
    remembered = memory
    if control == "ctbr":
        rotors, memory = rates_to_rotors(commands, state.omega, memory, params)
        commands = rotors if near_only is None else xp.concatenate([rotors[:near_only], commands[near_only:]])
    moved, contacts = step(state, commands, params)
    broken = ~(_size(moved) < LIMIT) & ~done
    held = done | broken
    return Motion(keep(held, state, moved), keep(held, remembered, memory), contacts, bad_action, broken)


def _size(state: State) -> Array:
    """(games,) sum of squares of all that moves."""
    total = (state.ball_pos * state.ball_pos).sum(0) + (state.ball_vel * state.ball_vel).sum(0)
    for part in (state.pos, state.vel, state.omega, state.throttle, state.quat):
        total = total + (part * part).sum(0).sum(0)
    return total
