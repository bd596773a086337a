"""Drawn pictures of the sites' data: made when they are first asked for, kept in the cache folder for all episodes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mtenvs.core.assets import cache_dir
from mtenvs.sites.kit.image import replace_file

if TYPE_CHECKING:
    from PIL import Image

_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\Z")


@lru_cache(maxsize=2048)
def _kept(path: Path) -> bytes:
    return path.read_bytes()


def drawn(folder: str, name: str, draw: Callable[[], Image.Image], *, quality: int = 88) -> bytes:
    """A picture as a JPEG file, the same for ever.

    Args:
        folder: of the cache, with a version in it that changes when ``draw`` would draw something else, such as ``"shop-1"``.
        name: of the picture in it, without folders.
        draw: makes it; called only when it is not there yet.
        quality: of the JPEG.

    Raises:
        ValueError: the name would lead elsewhere.
    """
    if not _NAME.match(name):
        raise ValueError(f"{name!r} is no name of a picture")
    path = cache_dir() / "sites" / "pictures" / folder / f"{name}.jpg"
    try:
        return _kept(path)
    except FileNotFoundError:
        pass
    file = io.BytesIO()
    draw().convert("RGB").save(file, "JPEG", quality=quality)
    with suppress(OSError):
        replace_file(path, file.getvalue())
    return file.getvalue()
