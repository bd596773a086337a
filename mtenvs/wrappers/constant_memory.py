"""Constant memory (MEM1): the agent sees the prompt, its own last turn and what came back, and nothing older."""

from __future__ import annotations

from collections.abc import Sequence

from mtenvs.wrappers.messages import Message, Sample, assistant_turns, prompt_length


def constant_memory(messages: Sequence[Message]) -> list[Message]:
    """What the model is given for its next turn.

    Paper: "MEM1: Learning to Synergize Memory and Reasoning for Efficient Long-Horizon Agents" (arXiv 2506.15841). The
    context of turn ``t`` is ``prompt + assistant turn t-1 + observation t-1``: what the agent wants to keep, it has to write into
    its own turn (the paper's internal state), so the context does not grow with ``t``.

    Args:
        messages: the whole episode so far, beginning with its prompt, as `Trajectory.messages` makes them.

    Raises:
        UnknownOption: there is no prompt.
    """
    head = prompt_length(messages)
    turns = assistant_turns(messages)
    return [*messages[:head], *(messages[turns[-1] :] if turns else ())]


def constant_memory_samples(messages: Sequence[Message]) -> list[Sample]:
    """One training sequence for each assistant turn: its context and the turn itself, which alone carries loss.

    The paper masks attention over the one flattened trajectory; separate sequences give each token the same context.

    Args:
        messages: the whole episode.
    """
    samples = []
    for number, place in enumerate(assistant_turns(messages)):
        context = constant_memory(messages[:place])
        samples.append(Sample((*context, messages[place]), (number,), (len(context),)))
    return samples
