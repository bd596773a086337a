"""A person at the terminal as a policy."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np
from gymnasium import spaces
from PIL import Image

from mtenvs.core.errors import UnknownOption
from mtenvs.core.spaces import UText
from mtenvs.policies.asking import ask
from mtenvs.policies.conversation import pictures


class KeysToAction(Protocol):
    """What an environment may define where single keys make sense, as Gymnasium's `play` reads it too."""

    def get_keys_to_action(self) -> Mapping[Any, Any]:
        """Keys to the action that they mean; keys are a letter, a character code, or a tuple of them pressed together."""
        ...


class HumanPolicy:
    """Shows each turn in the terminal and reads the action from it.

    Text environments take any line that an agent could write. Where the environment defines ``get_keys_to_action()``, a line of
    these keys is their action. Numbers are typed for other spaces: one for `Discrete`, all of them for `Box`. ``hint`` shows
    the oracle's action, ``quit`` or the end of the input stops.

    Args:
        venv: the batch; its environments are played in turn.
        reading: where lines come from; None for the standard input.
        writing: where turns are shown; None for the standard output.
        picture_dir: folder for the pictures of each turn, whose paths are shown; None shows none.

    Raises:
        KeyboardInterrupt: from a turn, when the person stops.
    """

    name = "human"

    def __init__(
        self, venv: Any, *, reading: TextIO | None = None, writing: TextIO | None = None, picture_dir: str | Path | None = None
    ) -> None:
        self._venv = venv
        self._in, self._out = reading or sys.stdin, writing or sys.stdout
        self._pictures = Path(picture_dir) if picture_dir is not None else None
        self._space = venv.single_action_space
        self._keys: dict[int, dict[str, Any]] = {}
        self._turns: dict[int, int] = {}

    def reset(self, env_ids: Sequence[int]) -> None:
        """Introduce new episodes again."""
        for i in env_ids:
            self._turns.pop(i, None)

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Any]:
        """One action for each row; a person is not asked about episodes that are over."""
        if env_ids is not None:
            return [self._turn(obs, row, int(i)) for row, i in enumerate(env_ids)]
        running = [bool(ask(self._venv, i, "running")) for i in range(self._venv.num_envs)]
        return [self._turn(obs, i, i) if running[i] else ask(self._venv, i, "idle_action") for i in range(self._venv.num_envs)]

    def _turn(self, obs: Mapping[str, Any], row: int, env: int) -> Any:
        if env not in self._turns:
            self._turns[env] = 0
            self._introduce(obs, row, env)
        self._turns[env] += 1
        where = f"environment {env}, " if self._venv.num_envs > 1 else ""
        self._say(f"\n[{where}turn {self._turns[env]}]")
        if "text" in obs:
            self._say(obs["text"][row])
        if "state" in obs:
            self._say(f"state: {np.array2string(np.asarray(obs['state'][row]), precision=3, threshold=64)}")
        for number, picture in enumerate(pictures(obs, row) if self._pictures is not None else []):
            self._say(f"picture: {self._save(picture, env, number)}")
        while True:
            line = self._ask()
            if line == "hint":
                self._say(f"the oracle would play: {ask(self._venv, env, 'next_oracle_action')}")
                continue
            try:
                return self._read(line, self._keys[env])
            except ValueError as e:
                self._say(f"{e}; type 'quit' to stop")

    def _introduce(self, obs: Mapping[str, Any], row: int, env: int) -> None:
        self._keys[env] = keys_of(self._venv, env)
        if "goal" in obs:
            self._say(f"Goal: {obs['goal'][row]}")
        if isinstance(self._space, UText):
            self._say(f"Actions:\n{ask(self._venv, env, 'help')}")
        else:
            self._say(f"Actions: {self._space}")
        if self._keys[env]:
            self._say("Keys: " + ", ".join(f"{keys!r} {action}" for keys, action in self._keys[env].items()))
        self._say("Also: 'hint', 'quit'.")

    def _read(self, line: str, keys: Mapping[str, Any]) -> Any:
        """The action that a line means.

        Raises:
            ValueError: none.
        """
        if line in keys:
            return keys[line]
        if "".join(sorted(line)) in keys:  # pressed together means in any order
            return keys["".join(sorted(line))]
        return line if isinstance(self._space, UText) else read_numbers(line, self._space)

    def _ask(self) -> str:
        self._out.write("> ")
        self._out.flush()
        line = self._in.readline()
        if not line or line.strip() == "quit":
            raise KeyboardInterrupt("the person has stopped")
        return line.rstrip("\n")

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")

    def _save(self, picture: Any, env: int, number: int) -> Path:
        folder = self._pictures or Path()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"env{env}-turn{self._turns[env]:04d}-{number}.png"
        Image.fromarray(np.ascontiguousarray(picture)).save(path)
        return path


def keys_of(venv: Any, env: int) -> dict[str, Any]:
    """Keys to actions of one environment, each as the letters in alphabetical order; empty where it defines none."""
    try:
        found = ask(venv, env, "get_keys_to_action")
    except AttributeError:
        return {}
    out = {}
    for keys, action in found.items():
        pressed = keys if isinstance(keys, (tuple, list)) else (keys,)
        letters = [chr(k) if isinstance(k, (int, np.integer)) else str(k) for k in pressed]
        out["".join(sorted(letters)) if len(letters) > 1 else "".join(letters)] = action
    return out


def read_numbers(line: str, space: Any) -> Any:
    """A member of a `Discrete`, `Box`, `MultiDiscrete` or `MultiBinary` space from typed numbers.

    Raises:
        ValueError: not a member.
        UnknownOption: another kind of space.
    """
    if not isinstance(space, (spaces.Discrete, spaces.Box, spaces.MultiDiscrete, spaces.MultiBinary)):
        raise UnknownOption(f"a person cannot type a member of {space}")
    try:
        values = json.loads(f"[{','.join(line.replace(',', ' ').split())}]")
        array = np.asarray(values, space.dtype)
    except (ValueError, TypeError, OverflowError):
        raise ValueError(f"{line!r} is not written in numbers") from None
    if isinstance(space, spaces.Discrete):
        if array.shape != (1,) or not space.contains(int(array[0])):
            raise ValueError(f"one whole number is needed, of {space}")
        return int(array[0])
    if array.size != np.prod(space.shape) or not space.contains(array.reshape(space.shape)):
        raise ValueError(f"numbers of {space} are needed, {int(np.prod(space.shape))} of them")
    return array.reshape(space.shape)
