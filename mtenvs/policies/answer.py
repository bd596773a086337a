"""What a model said, as an action and as the message that goes back to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mtenvs.core.trajectory import Reply
from mtenvs.policies.conversation import Message, whole_unicode


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a chat model.

    Args:
        reply: what goes to the environment and into the trajectory.
        message: the assistant's message for the next request; None when the model said nothing.
        finish_reason: why the model stopped, such as ``"stop"`` or ``"length"``; empty when unknown.
        left_out: tool calls behind the first, which are not played: one call a turn.
    """

    reply: Reply
    message: Message | None
    finish_reason: str = ""
    left_out: int = 0


def read_answer(data: Mapping[str, Any]) -> Answer:
    """The first choice of a chat completion, whatever else is in it. Never raises: what makes no sense counts as not said.

    Args:
        data: the body of the answer; ``choices[0].message`` is a mapping.
    """
    choice = data["choices"][0]
    message = choice["message"]
    said = _words(message.get("content"))
    calls = _calls(message)
    action: Any = said
    text = ""
    back: Message | None = {"role": "assistant", "content": whole_unicode(said)} if said else None
    if calls:
        name, arguments, call_id = calls[0]
        action = {"name": name, "arguments": arguments}
        text = f"{said}\n{json.dumps(action)}" if said else ""
        function = {"name": whole_unicode(name), "arguments": _echo(arguments)}
        back = {
            "role": "assistant",
            "content": whole_unicode(said) or None,
            "tool_calls": [{"id": call_id, "type": "function", "function": function}],
        }
    token_ids, logprobs = _tokens(choice)
    reply = Reply(action, token_ids=token_ids, logprobs=logprobs, usage=read_usage(data.get("usage")), text=text)
    reason = choice.get("finish_reason")
    return Answer(reply, back, reason if isinstance(reason, str) else "", max(0, len(calls) - 1))


def read_usage(data: Any) -> dict[str, int] | None:
    """The whole numbers in the ``usage`` of a chat completion; None when there are none that make sense."""
    if not isinstance(data, Mapping):
        return None
    counts = {str(k): v for k, v in data.items() if isinstance(v, int) and not isinstance(v, bool) and v >= 0}
    return counts or None


def _words(content: Any) -> str:
    """The text of a message's content: a string, or parts of which some are text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part.get("text") for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
    return "".join(text for text in parts if isinstance(text, str))


def _calls(message: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """Name, arguments and id of each tool call that has a name."""
    given = message.get("tool_calls")
    if not isinstance(given, list):
        legacy = message.get("function_call")
        given = [{"function": legacy}] if isinstance(legacy, Mapping) else []
    out = []
    for number, call in enumerate(given):
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping) and isinstance(function.get("name"), str):
            call_id = call.get("id")
            out.append(
                (function["name"], function.get("arguments", {}), call_id if isinstance(call_id, str) and call_id else f"call_{number}")
            )
    return out


def _echo(arguments: Any) -> str:
    """Arguments as the JSON text that goes back; servers refuse a whole request for one old call whose arguments are no object."""
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            return "{}"
    return whole_unicode(json.dumps(arguments)) if isinstance(arguments, Mapping) else "{}"


def _tokens(choice: Mapping[str, Any]) -> tuple[list[int] | None, list[float] | None]:
    """The sampled tokens and their log-probabilities, from servers that send both for every token; else None."""
    ids, content = choice.get("token_ids"), choice.get("logprobs")
    content = content.get("content") if isinstance(content, Mapping) else None
    if not isinstance(ids, list) or not ids or not all(isinstance(t, int) and not isinstance(t, bool) for t in ids):
        return None, None
    if not isinstance(content, list) or len(content) != len(ids):
        return ids, None
    logprobs = [entry.get("logprob") if isinstance(entry, Mapping) else None for entry in content]
    whole = [float(p) for p in logprobs if isinstance(p, (int, float)) and not isinstance(p, bool)]
    return ids, whole if len(whole) == len(ids) else None
