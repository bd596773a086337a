"""Reading some tracks of a file and passing over the others."""

from __future__ import annotations

from collections.abc import Collection

import av.stream
from av.container import InputContainer


def read_only(container: InputContainer, numbers: Collection[int]) -> None:
    """Let the packets of all other tracks be skipped unread, where PyAV can do that (14 cannot; it only reads more)."""
    if hasattr(av.stream, "Discard"):
        for stream in container.streams:
            stream.discard = av.stream.Discard.default if stream.index in numbers else av.stream.Discard.all
