"""What happened in an episode so far, from which a new process can play it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtenvs.vector.messages import Request, Transition


class Journal:
    """The running episode of one environment.

    Several environments share a worker, and when one of them takes the worker down the others must not notice: they are
    played again, from seed and actions, in the next worker.

    Args:
        exact: whether the same seed and actions give the same episode.
        same_step: episodes begin in the step that ends the one before.
    """

    def __init__(self, *, exact: bool, same_step: bool) -> None:
        self._exact, self._same_step = exact, same_step
        self.running = False
        self.anchor = ""
        self._seed: int | None = None
        self._options: dict[str, Any] | None = None
        self._entries: list[tuple[str, Any]] = []

    @property
    def repeatable(self) -> bool:
        """Whether the episode can be played again."""
        return self._exact and self._seed is not None

    @property
    def payload(self) -> tuple[Any, ...]:
        """Of a ``"recover"`` request: seed, options, and what followed."""
        return self._seed, self._options, list(self._entries)

    def note(self, request: Request, value: Any) -> None:
        """Take down a request that was carried out."""
        if request.kind == "reset":
            seed, options = request.payload
            self._begin(value.info.get("seed") if seed is None else seed, options)
        elif not self.running:
            return
        elif request.kind == "step" and (value.terminated or value.truncated):
            if self._same_step:
                self._begin(value.info.get("seed"), None)
            else:
                self.forget()
        else:
            self._entries.append((request.kind, request.payload))
        if isinstance(value, Transition):
            self.anchor = str(value.info.get("anchor", ""))

    def note_turns(self, actions: Sequence[Any], anchor: str) -> None:
        """Take down steps that ended nothing, and the anchor after the last one."""
        if self.running:
            self._entries += [("step", action) for action in actions]
            self.anchor = anchor

    def forget(self) -> None:
        """The episode is over."""
        self.running, self._seed, self._options, self.anchor = False, None, None, ""
        self._entries = []

    def _begin(self, seed: Any, options: dict[str, Any] | None) -> None:
        self.running, self._seed, self._options = True, None if seed is None else int(seed), options
        self._entries = []
