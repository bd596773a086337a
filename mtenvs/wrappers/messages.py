"""Chat messages as the views see them: a prompt, then assistant turns and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtenvs.core.errors import UnknownOption

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One training sequence.

    Args:
        messages: what the model is given, in order.
        trainable: numbers of the assistant turns (0 is the episode's first) whose tokens carry loss.
        positions: where these turns stand in ``messages``.
    """

    messages: tuple[Message, ...]
    trainable: tuple[int, ...]
    positions: tuple[int, ...]


def prompt_length(messages: Sequence[Message]) -> int:
    """How many messages stand before the first assistant turn.

    Raises:
        UnknownOption: there is no prompt.
    """
    length = next((i for i, m in enumerate(messages) if m["role"] == "assistant"), len(messages))
    if length == 0:
        raise UnknownOption("the messages begin with an assistant turn; put the prompt (system, user) before it")
    return length


def assistant_turns(messages: Sequence[Message]) -> list[int]:
    """Where the assistant turns stand."""
    return [i for i, m in enumerate(messages) if m["role"] == "assistant"]
