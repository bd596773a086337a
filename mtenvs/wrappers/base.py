"""What the wrappers share: finding the environment underneath, and adding a note to what the agent reads."""

from __future__ import annotations

from typing import Any, ClassVar, SupportsFloat

import gymnasium as gym
import numpy as np

from mtenvs.core.env import MultiTurnEnv, Obs, anchor_of
from mtenvs.core.errors import UnknownOption
from mtenvs.core.spaces import UText

Info = dict[str, Any]
StepResult = tuple[Obs, SupportsFloat, bool, bool, Info]


class MultiTurnWrapper(gym.Wrapper[Obs, Any, Obs, Any], gym.utils.RecordConstructorArgs):
    """A Gymnasium wrapper around a `MultiTurnEnv`, with other wrappers in between or not.

    The constructor's keywords are kept in the spec, so that ``gymnasium.make(env.spec)`` wraps again.

    Args:
        env: the environment to wrap.
        arguments: the keywords of the wrapper's own constructor.

    Raises:
        UnknownOption: there is no `MultiTurnEnv` underneath.
    """

    replay_refusal: ClassVar[str] = ""  # why a recording may not wrap an environment in this by itself

    def __init__(self, env: gym.Env[Obs, Any], **arguments: Any) -> None:
        gym.utils.RecordConstructorArgs.__init__(self, _disable_deepcopy=True, **arguments)
        gym.Wrapper.__init__(self, env)
        core = env.unwrapped
        if not isinstance(core, MultiTurnEnv):
            raise UnknownOption(f"{type(self).__name__} wraps environments of mtenvs, not {type(core).__name__}")
        self.core = core

    # ---- a state that lives for one episode: a subclass calls _keep_state() and fills in the other three ---------

    def _keep_state(self) -> None:
        """Have the state cleared when an episode begins, also by ``env.unwrapped``, and put into snapshots."""
        inner: gym.Env[Any, Any] = self.env
        depth = 0
        while isinstance(inner, gym.Wrapper):
            depth, inner = depth + (type(inner) is type(self)), inner.env
        name = f"{type(self).__name__}/{depth}"
        self.core.keep_state(name, begin=self._episode_begins, save=self._save_own, load=self._load_own)

    def _episode_begins(self) -> None:
        """Forget the last episode."""

    def _save_own(self) -> Any:
        """The state as JSON-able data."""
        return None

    def _load_own(self, data: Any) -> None:
        """Take back what `_save_own` gave."""

    # ---- what the agent reads ------------------------------------------------------------------------------------

    def require_text(self) -> None:
        """Refuse observations without text.

        Raises:
            UnknownOption: ``obs_mode`` is ``"state"``.
        """
        space = self.env.observation_space
        if not isinstance(space, gym.spaces.Dict) or not isinstance(space.spaces.get("text"), UText):
            raise UnknownOption(f"{type(self).__name__} writes into obs['text'], which this obs_mode has not: choose another one")

    def noted(self, obs: Obs, info: Info, note: str) -> Obs:
        """The observation with a note after its text; ``info["anchor"]`` is brought up to date in place."""
        space = self.observation_space.spaces["text"]  # type: ignore[attr-defined]  # a Dict, see require_text
        out = {**obs, "text": with_note(space, obs["text"], note)}
        info["anchor"] = anchor_of(out)
        return out


def with_note(space: UText, text: str, note: str) -> str:
    """``text``, an empty line and ``note``, cut to the space; what is cut is the text, because the note is what must be read."""
    if not text:
        return space.fit(note)
    room = space.max_chars - len(note) - 2
    return f"{UText(room).fit(text)}\n\n{note}" if room >= 1 else space.fit(note)


def with_limit(options: dict[str, Any] | None, turns: int) -> dict[str, Any]:
    """Options of reset with this turn limit, unless they name one themselves."""
    given = dict(options or {})
    if given.get("max_turns") is None:
        given["max_turns"] = turns
    return given


def checked_count(name: str, value: Any, least: int = 1) -> int:
    """A whole number that a programmer gave.

    Raises:
        UnknownOption: not a whole number, or below ``least``.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise UnknownOption(f"{name} is a whole number of at least {least}, not {value!r}")
    return int(value)
