"""Pictures of the seed, drawn from what their scene says."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from PIL import Image

VERSION: Final = "1"
SIZE: Final = (640, 480)


def scene(what: Mapping[str, str], name: str) -> Image.Image:
    """A picture of a scene; the same for the same name."""
    rng = random.Random(name)
    return Image.new("RGB", SIZE, (rng.randrange(256), rng.randrange(256), len(what) * 20))
