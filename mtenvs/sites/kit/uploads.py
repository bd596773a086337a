"""`Upload`: a file that a form brought, and whether it is a picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from mtenvs.sites.kit.refused import Refused

MAX_UPLOAD: Final = 5 * 2**20
SMALL: Final = 280  # pixels
_SUFFIXES: Final = {"PNG": ".png", "JPEG": ".jpg", "GIF": ".gif", "WEBP": ".webp"}
_MAX_PIXELS: Final = 24_000_000
_MAX_SIDE: Final = 12_000


@dataclass(frozen=True)
class Upload:
    """A file that a form brought.

    Args:
        name: as the visitor's computer calls it.
        content: of the file, `MAX_UPLOAD` bytes at most.
        suffix: ``.png``, ``.jpg``, ``.gif`` or ``.webp``, by content; empty where it is no such picture.
        small: the middle of the picture as a JPEG of `SMALL` by `SMALL` pixels.
        problem: why it is no picture, for the visitor.
    """

    name: str
    content: bytes
    suffix: str = ""
    small: bytes = b""
    problem: str = ""

    @classmethod
    def examined(cls, name: str, content: bytes) -> Upload:
        """A file, looked into. A large picture takes a second, so the server does this beside its other work."""
        try:
            with Image.open(io.BytesIO(content)) as picture:
                suffix, (width, height) = _SUFFIXES.get(picture.format or "", ""), picture.size
                if not suffix or width * height > _MAX_PIXELS or max(width, height) > _MAX_SIDE:
                    return cls(name, content, problem="Pictures are PNG, JPEG, GIF or WebP, of 24 megapixels at most.")
                picture.load()  # only now is it known whether the file is whole
                small = ImageOps.fit(picture.convert("RGB"), (SMALL, SMALL))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            return cls(name, content, problem="The file is not a picture that we can read.")
        file = io.BytesIO()
        small.save(file, "JPEG", quality=90)
        return cls(name, content, suffix, file.getvalue())

    def picture_suffix(self) -> str:
        """``.png``, ``.jpg``, ``.gif`` or ``.webp``, by content.

        Raises:
            Refused: it is no such picture.
        """
        if not self.suffix:
            raise Refused(422, self.problem)
        return self.suffix
