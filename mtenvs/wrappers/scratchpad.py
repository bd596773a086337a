"""A memory scratchpad: two tools with which the agent keeps notes outside its context."""

from __future__ import annotations

from typing import Annotated, Any

import gymnasium as gym

from mtenvs.core.actions import MaxLen, action
from mtenvs.core.env import Obs
from mtenvs.core.errors import BadAction
from mtenvs.wrappers.base import checked_count
from mtenvs.wrappers.tools import ToolWrapper

MAX_NOTE = 4000


class Scratchpad(ToolWrapper):
    """Tools ``remember(text, replace=False)`` and ``recall()`` over notes that live for one episode.

    The tool form of the external memories of the seed papers (MEM1's state, arXiv 2506.15841, kept by the environment instead of
    the context): with `constant_memory` the agent sees its last turn only, and what it needs later it writes down. Each
    call spends a turn. ``sum of lengths of the notes <= max_chars`` always holds: a note that does not fit is refused, and the
    agent may rewrite the pad with ``replace=True``.

    Args:
        env: the environment, with text actions.
        max_chars: size of the pad in characters.

    Raises:
        UnknownOption: a size below 1, or an environment without text actions.
    """

    def __init__(self, env: gym.Env[Obs, Any], *, max_chars: int = 2000) -> None:
        self._max_chars = checked_count("max_chars", max_chars)
        self.notes: list[str] = []
        super().__init__(env, max_chars=max_chars)

    @action
    def remember(self, text: Annotated[str, MaxLen(MAX_NOTE)], *, replace: bool = False) -> str:
        """Write a note on the scratchpad.

        Args:
            text: the note.
            replace: wipe the pad first.
        """
        kept = [] if replace else self.notes
        used = sum(map(len, kept))
        if used + len(text) > self._max_chars:
            left = self._max_chars - used
            raise BadAction(
                f"the note has {len(text)} characters and the pad has room for {left}",
                legal="a shorter note, or remember(text, replace=true) with what matters",
            )
        self.notes = [*kept, text]
        return f"Noted; {self._max_chars - used - len(text)} characters of room are left."

    @action
    def recall(self) -> str:
        """Read the scratchpad."""
        return "\n".join(f"{i}. {note}" for i, note in enumerate(self.notes, 1)) or "The scratchpad is empty."

    def _episode_begins(self) -> None:
        self.notes = []

    def _save_own(self) -> Any:
        return list(self.notes)

    def _load_own(self, data: Any) -> None:
        self.notes = [str(note) for note in data]
