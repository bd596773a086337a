"""Pictures of submissions: drawn ones of the seed, and those that visitors upload."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps
from starlette.responses import Response

from mtenvs.sites.forum import draw
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused, pictures

if TYPE_CHECKING:
    from mtenvs.sites.kit import Visit

_FOLDER: Final = f"forum-{draw.VERSION}"
_KINDS: Final = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
THUMBNAIL: Final = {"1x": 70, "2x": 140}


def found(visit: Visit, name: str) -> bytes | None:
    """A picture's file by its name, None when there is no such picture."""
    upload = visit.episode.uploads.get(name)
    if upload is not None:
        return upload
    row = visit.db.execute("SELECT scene FROM picture WHERE name = ?", (name,)).fetchone()
    if row is None:
        return None
    return pictures.drawn(_FOLDER, name.removesuffix(".jpg"), lambda: draw.scene(json.loads(row["scene"]), name))


@lru_cache(maxsize=4096)
def _small(content: bytes, size: int) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        small = ImageOps.fit(picture.convert("RGB"), (size, size))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=84)
    return file.getvalue()


def _answer(content: bytes, suffix: str) -> Response:
    return Response(content, media_type=_KINDS[suffix], headers={"cache-control": "max-age=3600"})


@SITE.get("/submission_images/{name}")
def picture(visit: Visit, name: str) -> Response:
    """A picture in full size."""
    content, suffix = found(visit, name), name.rpartition(".")[2]
    if content is None or suffix not in _KINDS:
        raise Refused(404, "There is no such picture.")
    return _answer(content, suffix)


@SITE.get("/media/cache/submission_thumbnail_{scale}/{name}")
def thumbnail(visit: Visit, scale: str, name: str) -> Response:
    """A picture as a square."""
    content = found(visit, name)
    if content is None or scale not in THUMBNAIL:
        raise Refused(404, "There is no such picture.")
    return _answer(_small(content, THUMBNAIL[scale]), "jpg")
