"""A sliding window over tool outputs (DeepMiner): old ones are left out, the agent's own turns stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers.messages import Message, Sample, assistant_turns, prompt_length

PLACEHOLDER: Final = "[An older tool output was left out.]"


@dataclass(frozen=True)
class ToolWindow:
    """Keep at most ``window`` tool outputs: when so many are there, the oldest ``slide`` give way to a placeholder.

    Paper: "Beyond Turn Limits: Training Deep Search Agents with Dynamic Context Window" (DeepMiner, arXiv 2510.08276; its figure
    has ``window=3, slide=2``). Between two slides the context only grows, so that a prefix cache stays useful. For training,
    each context between two slides is one sequence, and only the turns that were written under it carry loss: turns under
    earlier windows are there as context, or they would be learnt with the wrong context and more than once.

    Args:
        window: tool outputs at which the window slides; at least 1.
        slide: how many of the oldest it leaves out then; 1 ... window.
        placeholder: what stands in their place.

    Raises:
        UnknownOption: numbers out of range.
    """

    window: int
    slide: int
    placeholder: str = PLACEHOLDER

    def __post_init__(self) -> None:
        if not 1 <= self.slide <= self.window:
            raise UnknownOption(f"window={self.window}, slide={self.slide}: 1 <= slide <= window must hold")

    def __call__(self, messages: Sequence[Message]) -> list[Message]:
        """What the model is given for its next turn.

        Args:
            messages: the whole episode so far, beginning with its prompt. Whatever follows the prompt and is no assistant
                turn is a tool output.
        """
        return self._with_omissions(messages, self._omitted(len(self._outputs(messages))))

    def samples(self, messages: Sequence[Message]) -> list[Sample]:
        """The training sequences of an episode, one for each state of the window; every assistant turn is trainable in one.

        Args:
            messages: the whole episode.
        """
        groups: dict[int, list[tuple[int, int]]] = {}  # outputs left out -> (number, place) of the turns written then
        outputs = self._outputs(messages)
        for number, place in enumerate(assistant_turns(messages)):
            seen = sum(o < place for o in outputs)
            groups.setdefault(self._omitted(seen), []).append((number, place))
        return [
            Sample(
                tuple(self._with_omissions(messages[: turns[-1][1] + 1], omitted)),
                tuple(number for number, _ in turns),
                tuple(place for _, place in turns),
            )
            for omitted, turns in groups.items()
        ]

    def _omitted(self, outputs: int) -> int:
        """How many of the oldest outputs are left out once there are ``outputs``: a slide each time ``window`` are visible."""
        return self.slide * (1 + (outputs - self.window) // self.slide) if outputs >= self.window else 0

    def _outputs(self, messages: Sequence[Message]) -> list[int]:
        head = prompt_length(messages)
        return [i for i, m in enumerate(messages) if i >= head and m["role"] != "assistant"]

    def _with_omissions(self, messages: Sequence[Message], omitted: int) -> list[Message]:
        hidden = set(self._outputs(messages)[:omitted])
        return [self._emptied(m) if i in hidden else m for i, m in enumerate(messages)]

    def _emptied(self, message: Message) -> dict[str, Any]:
        return {**message, "content": self.placeholder}
