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
from mtenvs.sites.kit import Refused, Upload, pictures

if TYPE_CHECKING:
    from mtenvs.sites.kit import Visit

_FOLDER: Final = f"forum-{draw.VERSION}"
_KINDS: Final = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
THUMBNAIL: Final = {"1x": 70, "2x": 140}  # pixels


def keep(visit: Visit, upload: Upload) -> str:
    """Keep an uploaded picture and a small one of it, which are not drawn on each visit; its name.

    Raises:
        Refused: it is no picture, or there is no room for it.
    """
    suffix = upload.picture_suffix()
    try:
        name = visit.episode.keep_upload(upload.content, suffix)
    except ValueError as e:
        raise Refused(413, "There is no room for more pictures.") from e
    visit.episode.uploads[f"small/{name}"] = upload.small
    return name


def found(visit: Visit, name: str) -> bytes | None:
    """A picture's file by its name, None when there is no such picture."""
    upload = visit.episode.uploads.get(name)
    if upload is not None:
        return upload
    scene = _scene(visit, name)
    return None if scene is None else _drawn(name, scene)


def _scene(visit: Visit, name: str) -> str | None:
    row = visit.db.execute("SELECT scene FROM picture WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["scene"])


@lru_cache(maxsize=4096)
def _small_drawn(name: str, scene: str, size: int) -> bytes:
    """The same for a drawn picture; uploaded ones are not remembered beyond their episode."""
    return _small(_drawn(name, scene), size)


def _drawn(name: str, scene: str) -> bytes:
    return pictures.drawn(_FOLDER, name.removesuffix(".jpg"), lambda: draw.scene(json.loads(scene), name))


def _small(content: bytes, size: int) -> bytes:
    """A square of the middle."""
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
    upload, scene = visit.episode.uploads.get(f"small/{name}"), _scene(visit, name)
    if scale in THUMBNAIL and upload is not None:
        return _answer(_small(upload, THUMBNAIL[scale]), "jpg")
    if scale in THUMBNAIL and scene is not None:
        return _answer(_small_drawn(name, scene, THUMBNAIL[scale]), "jpg")
    raise Refused(404, "There is no such picture.")
