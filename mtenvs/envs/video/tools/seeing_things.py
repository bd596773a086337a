"""Things in a frame by their colour and shape: flat patches of a strong colour, told apart by size, form and height in the picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.envs.video.own.vocabulary import COLOURS
from mtenvs.envs.video.tools.ocr import requirement

WIDTH: Final = 640  # pixels across, in which sizes are measured
_SHARPEST: Final = 448  # pixels across that are used: the frames of long videos have no more, and the table of kinds is of such frames
_NEAR: Final = 42.0  # distance of a pixel from its colour in RGB, at most
_BITS_OFF: Final = 2  # of each channel, before a pixel is looked up
_GAINS: Final = (1.0, 0.9, 0.8)  # what evening and rain leave of a colour
_LEAST_AREA: Final = 90  # pixels of a patch


class Patch(NamedTuple):
    """A patch of one colour; sizes are in pixels of a frame 640 wide.

    Attributes:
        colour: a name of `COLOURS`.
        x, y: of its middle.
        width, height: of the box around it.
        area: pixels of the colour.
        outlined: share of the rim that is much darker than the patch: things have an outline, clouds and evening skies have none.
        moves: whether it goes its own way; None where that is not known, see `seeing_motion`.
    """

    colour: str
    x: float
    y: float
    width: float
    height: float
    area: float
    outlined: float
    moves: bool | None = None

    @property
    def features(self) -> tuple[float, float, float, float]:
        """What tells kinds apart: size and form of the box, how much of it is filled, and the height in the picture."""
        return (
            math.log(self.width * self.height) / 2,
            math.log(self.width / self.height),
            self.area / (self.width * self.height),
            self.y / 360,
        )


def patches_of(image: NDArray[np.uint8], *, only: str = "", where: NDArray[np.bool_] | None = None) -> list[Patch]:
    """The patches of strong colour in a frame.

    Args:
        image: uint8 ``(h, w, 3)``, RGB.
        only: one colour; all of them for none.
        where: bool ``(h, w)``, the pixels that count; None for all.

    Raises:
        MissingRequirement: OpenCV is not installed; it comes with the extra ``ocr``.
    """
    cv2 = opencv()
    for width in (min(_SHARPEST, image.shape[1]), WIDTH):
        if image.shape[1] != width:
            size = (width, max(2, round(image.shape[0] * width / image.shape[1])))
            image = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BILINEAR))
    cells = (image >> _BITS_OFF).astype(np.int32)
    side = 256 >> _BITS_OFF
    nearest = _nearest()[(cells[..., 0] * side + cells[..., 1]) * side + cells[..., 2]]
    bright = image.max(-1)
    if where is not None:
        within = cv2.resize(where.astype(np.uint8), (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST)
        nearest = np.where(within > 0, nearest, -1)
    found = []
    for k, colour in enumerate(COLOURS):
        if only not in {"", colour}:
            continue
        mask = (nearest == k).astype(np.uint8)
        if np.count_nonzero(mask) < _LEAST_AREA:
            continue
        whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        _, labels, stats, centres = cv2.connectedComponentsWithStats(whole, connectivity=8)
        areas = np.bincount(labels.ravel(), mask.ravel(), minlength=len(stats))
        for i in range(1, len(stats)):
            if areas[i] >= _LEAST_AREA:
                x, y, w, h, _ = (int(v) for v in stats[i])
                cut = slice(max(0, y - 3), y + h + 3), slice(max(0, x - 3), x + w + 3)
                rim = _rim(cv2, (labels[cut] == i).astype(np.uint8), bright[cut])
                found.append(Patch(colour, float(centres[i][0]), float(centres[i][1]), w, h, float(areas[i]), rim))
    return found


@lru_cache(maxsize=1)
def _nearest() -> NDArray[np.int8]:
    """For each cell of the RGB cube the number of the colour that it is near, or -1."""
    middles = (np.arange(256 >> _BITS_OFF, dtype=np.float32) + 0.5) * (1 << _BITS_OFF)
    cube = np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), -1).reshape(-1, 3)
    best, found = np.full(len(cube), _NEAR**2, np.float32), np.full(len(cube), -1, np.int8)
    for k, rgb in enumerate(COLOURS.values()):
        for gain in _GAINS:
            distance = np.square(cube - np.array(rgb, np.float32) * gain).sum(-1)
            closer = distance < best
            best[closer], found[closer] = distance[closer], k
    return found


def _rim(cv2: Any, patch: NDArray[np.uint8], bright: NDArray[np.uint8]) -> float:
    rim = cv2.dilate(patch, np.ones((5, 5), np.uint8)) - patch
    if not rim.any():
        return 0.0
    return float((bright[rim > 0] < 0.7 * np.median(bright[patch > 0])).mean())


def opencv() -> Any:
    """The module `cv2`.

    Raises:
        MissingRequirement: it is not installed.
    """
    try:
        import cv2  # noqa: PLC0415 - heavy, and comes with an extra
    except ImportError as e:
        raise requirement(e) from e
    return cv2


KINDS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    "airship": ((4.17, 1.00, 0.74, 0.32, 0.41), (0.11, 0.09, 0.06, 0.09, 0.30)),
    "ball": ((3.40, 0.00, 0.53, 0.83, 0.40), (0.12, 0.13, 0.15, 0.02, 0.40)),
    "balloon": ((3.73, -0.17, 0.70, 0.26, 0.34), (0.16, 0.17, 0.11, 0.11, 0.40)),
    "cat": ((3.89, 0.40, 0.43, 0.82, 0.34), (0.12, 0.13, 0.08, 0.02, 0.34)),
    "coat": ((3.53, -0.55, 0.76, 0.75, 0.40), (0.14, 0.19, 0.12, 0.02, 0.33)),
    "dog": ((4.07, 0.36, 0.43, 0.80, 0.34), (0.16, 0.14, 0.09, 0.02, 0.32)),
    "duck": ((3.57, 0.06, 0.58, 0.82, 0.03), (0.13, 0.12, 0.07, 0.02, 0.20)),
    "kite": ((3.53, -0.16, 0.61, 0.31, 0.06), (0.35, 0.17, 0.13, 0.06, 0.24)),
    "parcel": ((3.13, 0.26, 0.64, 0.85, 0.27), (0.12, 0.12, 0.09, 0.02, 0.34)),
    "parrot": ((3.53, 0.52, 0.50, 0.31, 0.17), (0.18, 0.24, 0.11, 0.08, 0.22)),
    "scooter": ((3.93, 0.37, 0.43, 0.80, 0.77), (0.11, 0.11, 0.06, 0.02, 0.24)),
    "van": ((4.48, 0.74, 0.75, 0.76, 0.67), (0.11, 0.09, 0.12, 0.02, 0.37)),
    "": ((3.76, 0.37, 0.53, 0.47, 0.13), (0.97, 1.07, 0.25, 0.24, 0.20)),
}
"""Kind -> middle and spread of the five features of its patches, measured on frames of training videos; "" is scenery."""
_SCENERY: Final = {"white": 40.0, "pink": 8.0, "purple": 3.0}  # patches of scenery for one of a thing, in such a colour
_MOONS: Final = 200.0  # more of them in the upper half, where the sun and the moon are
_MOVING_SCENERY: Final = 0.5  # and of patches that move, beside the root of the above: clouds also move against the ground
_MAY_STAND: Final = ("", "coat", "parcel")
_STANDING: Final = 0.03  # what goes by is not seen to stand
_FARTHEST: Final = 25.0  # squared distance in spreads: one odd feature does not decide alone


@lru_cache(maxsize=1 << 14)
def kinds_of(patch: Patch) -> Mapping[str, float]:
    """How likely a patch is of each kind; "" is scenery. The sum is 1."""
    features = (*patch.features, patch.outlined)
    moon = patch.colour == "white" and patch.y < WIDTH * 9 / 32  # or the sun, or a cloud
    scenery = _SCENERY.get(patch.colour, 1.0) * (_MOONS if moon else 1.0)
    if patch.moves:
        scenery = _MOVING_SCENERY * math.sqrt(scenery)
    logs = {}
    for kind, (middle, spread) in KINDS.items():
        far = sum(min(((f - m) / s) ** 2, _FARTHEST) for f, m, s in zip(features, middle, spread, strict=True))
        prior = 1.0 if kind == "" else 1 / (scenery * (len(KINDS) - 1) ** 0.5)
        if patch.moves is False and kind not in _MAY_STAND:
            prior *= _STANDING
        logs[kind] = math.log(prior) - far / 2 - sum(math.log(s) for s in spread)
    top = max(logs.values())
    weights = {kind: math.exp(value - top) for kind, value in logs.items()}
    total = sum(weights.values())
    return {kind: weight / total for kind, weight in weights.items()}


def hat_over(coat: Patch, patches: list[Patch]) -> str:
    """The colour of the hat of who wears a coat; empty for none."""
    above = [
        p for p in patches if abs(p.x - coat.x) < 16 and coat.height * 0.6 < coat.y - p.y < coat.height * 1.7 and p.area < coat.area / 2
    ]
    return max(above, key=lambda p: p.area).colour if above else ""
