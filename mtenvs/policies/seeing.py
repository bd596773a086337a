"""The baseline of `mtenvs/FrameThinker-v0` that only sees frames, by name: ``mtenvs eval FrameThinker --policy seeing``."""

from __future__ import annotations

from typing import Any

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.video.tools.seeing import SeeingPolicy


def seeing_policy(venv: Any, turns: int = 5, *, motion: bool = True) -> SeeingPolicy:
    """The policy for a batch.

    Args:
        venv: a batch of `mtenvs/FrameThinker-v0`.
        turns: of an episode, as ``max_turns``; the last one answers.
        motion: see `SeeingPolicy`.

    Raises:
        UnknownOption: another environment, or one that does not show frames.
    """
    if "frames" not in getattr(venv.single_observation_space, "spaces", {}):
        raise UnknownOption("the policy 'seeing' looks at frames: use it with FrameThinker in a mode with vision")
    return SeeingPolicy(turns, motion=motion)
