"""Clips are made once per run, when a test first asks for them; nothing goes to the user's cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from backends.video.clips import KINDS, Clip

ClipOf = Callable[[str], Path]


@pytest.fixture(scope="session")
def clip_of(tmp_path_factory: pytest.TempPathFactory) -> ClipOf:
    """Name of a clip -> its file, which no test may change."""
    folder = tmp_path_factory.mktemp("clips")
    kinds: dict[str, Clip] = {kind.name: kind for kind in KINDS}

    def of(name: str) -> Path:
        path = folder / name
        return path if path.exists() else kinds[name].make(folder)

    return of
