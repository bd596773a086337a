"""What moves in neighbouring frames: cuts and the camera's own way by the whole picture, things by where their patches go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.video.tools.seeing_things import WIDTH, Patch, opencv, patches_of

Picture = NDArray[np.uint8]
_SMALL: Final = (320, 180)  # pixels in which two whole pictures are compared
_SMALLER: Final = (160, 90)  # same, to find a cut
_STEP: Final = 24  # of 255: a pixel that differs by less from all that was around it is the same
_CUT: Final = 0.12  # share of pixels that nothing around them explains, from which on two frames are of two shots
_APART_S: Final = 3.0  # frames further apart say nothing of what moves
_STILL: Final = (6.0, 22.0)  # pixels, and pixels a second, by which what stands still may seem to move when the camera zooms
_LIKE: Final = 0.3  # difference of the logarithms of two sizes, up to which two patches may be the same thing
_LEVEL: Final = 40.0  # pixels by which what goes by may rise or fall from one frame to the next
_EDGE: Final = 2.0  # pixels from the picture's side at which a patch may be cut off
_NEW: Final = 0.3  # share of a patch's box that the frames beside do not explain, from which on it came and went
_PALE: Final = "white"  # the one colour that scenery has too


class Step(NamedTuple):
    """What the whole pictures of two neighbouring frames say.

    Attributes:
        same: whether they are of one shot.
        x, y: how far the picture went, in pixels of a frame 640 wide.
        dt: seconds between them.
        new: of the later frame, bool ``(180, 320)``: what nothing in the earlier one explains; None for two shots.
        gone: of the earlier frame, what nothing in the later one explains.
    """

    same: bool
    x: float
    y: float
    dt: float
    new: NDArray[np.bool_] | None = None
    gone: NDArray[np.bool_] | None = None


def small_picture(image: Picture) -> Picture:
    """A frame as `step_between` compares it, uint8 ``(180, 320, 3)``.

    Args:
        image: uint8 ``(h, w, 3)``, RGB.

    Raises:
        MissingRequirement: OpenCV is not installed; it comes with the extra ``ocr``.
    """
    cv2 = opencv()
    small: Picture = cv2.resize(image, _SMALL, interpolation=cv2.INTER_AREA)
    return small


def step_between(before: Picture, after: Picture, dt: float) -> Step:
    """Compare two frames.

    Args:
        before: of `small_picture`.
        after: of `small_picture`, of a later frame.
        dt: seconds between them.
    """
    cv2 = opencv()
    if not 0 < dt <= _APART_S:
        return Step(same=False, x=0.0, y=0.0, dt=dt)
    a, b = (cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), _SMALLER, interpolation=cv2.INTER_AREA) for image in (before, after))
    (x, y), _ = cv2.phaseCorrelate(a.astype(np.float32), b.astype(np.float32), cv2.createHanningWindow(_SMALLER, cv2.CV_32F))
    shifts = [(0.0, 0.0), (x, y)] if abs(x) < _SMALLER[0] / 3 and abs(y) < _SMALLER[1] / 6 else [(0.0, 0.0)]
    strange, (x, y) = min((float(_unexplained(cv2, a, b, shift).mean()), shift) for shift in shifts)
    scale = WIDTH / _SMALLER[0]
    if strange >= _CUT:
        return Step(same=False, x=0.0, y=0.0, dt=dt)
    there, back = ((sign * x * _SMALL[0] / _SMALLER[0], sign * y * _SMALL[1] / _SMALLER[1]) for sign in (1, -1))
    new, gone = _unexplained(cv2, before, after, there), _unexplained(cv2, after, before, back)
    return Step(same=True, x=x * scale, y=y * scale, dt=dt, new=new, gone=gone)


def _unexplained(cv2: Any, a: Picture, b: Picture, shift: tuple[float, float]) -> NDArray[np.bool_]:
    """Which of b's pixels are lighter or darker, in some channel, than all of a's around their place; none where a does not reach."""
    size, way = (a.shape[1], a.shape[0]), np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    moved = cv2.warpAffine(a, way, size, borderMode=cv2.BORDER_REPLICATE)
    around = np.ones((5, 5), np.uint8)
    far = cv2.max(cv2.subtract(b, cv2.dilate(moved, around)), cv2.subtract(cv2.erode(moved, around), b)) > _STEP
    reached = cv2.warpAffine(np.ones(a.shape[:2], np.uint8), way, size) > 0
    found: NDArray[np.bool_] = reached & (far.any(-1) if far.ndim == 3 else far)
    return found


def with_motion(patches: Sequence[Sequence[Patch]], pictures: Sequence[Picture], steps: Sequence[Step]) -> list[list[Patch]]:
    """Patches of neighbouring frames, each told whether it moves, and with the size and form of the whole of its way.

    White patches that move are found anew, in what the frames beside do not explain: white things stand before white walls.

    Args:
        patches: of each frame, in the order of time.
        pictures: of `small_picture`, of each frame.
        steps: between each frame and the next, so one fewer.
    """
    fresh = [_fresh(k, steps) for k in range(len(patches))]
    found = []
    for of_frame, picture, new in zip(patches, pictures, fresh, strict=True):
        if new is None:
            found.append(list(of_frame))
        else:
            still = [p._replace(moves=False) if p.colour == _PALE else p for p in of_frame]
            found.append(still + [p._replace(moves=True) for p in patches_of(picture, only=_PALE, where=new)])
    out: list[list[Patch]] = [[] for _ in patches]
    for track in _tracks(found, steps):
        for k, patch in track.told(fresh):
            out[k].append(patch)
    return out


def _fresh(k: int, steps: Sequence[Step]) -> NDArray[np.bool_] | None:
    """What in a frame is in none of those beside that are of its shot; None where there are none."""
    masks = [m for m in ([steps[k - 1].new] if k else []) + ([steps[k].gone] if k < len(steps) else []) if m is not None]
    return np.logical_and.reduce(masks) if masks else None


class _Track:
    """One thing in neighbouring frames of a shot."""

    def __init__(self, k: int, patch: Patch) -> None:
        self.members = [(k, patch)]
        self._far = self._near = 0  # steps in which it went further than the camera, and those in which it did not

    def add(self, k: int, patch: Patch, step: Step) -> None:
        """Go on with a patch of the next frame."""
        last = self.members[-1][1]
        far = math.hypot(patch.x - last.x - step.x, patch.y - last.y - step.y) > _STILL[0] + _STILL[1] * step.dt
        self._far, self._near = self._far + far, self._near + (not far)
        self.members.append((k, patch))

    def told(self, fresh: Sequence[NDArray[np.bool_] | None]) -> list[tuple[int, Patch]]:
        """Its patches, with what the whole track says of them."""
        if len(self.members) == 1:
            k, patch = self.members[0]
            mask = fresh[k]
            if patch.moves is not None or mask is None:
                return self.members
            return [(k, patch._replace(moves=True if _share(patch, mask) > _NEW else None))]
        moves = self._far > self._near if self._far != self._near else None
        known = self.members[0][1].moves
        if known is not None:
            moves = known
        if moves is False:
            return [(k, p._replace(moves=False)) for k, p in self.members]
        whole = [p for _, p in self.members if not _cut_off(p)] or [p for _, p in self.members]
        form: dict[str, Any] = {
            name: float(np.median([getattr(p, name) for p in whole])) for name in ("width", "height", "area", "outlined")
        }
        return [(k, p._replace(moves=moves, **form)) for k, p in self.members]


def _tracks(patches: Sequence[Sequence[Patch]], steps: Sequence[Step]) -> list[_Track]:
    """The patches as things that stay or go from frame to frame; each patch is in one of them."""
    tracks: list[_Track] = []
    ends: list[_Track] = []
    for k, found in enumerate(patches):
        went: dict[int, _Track] = {}  # number of a patch of this frame -> what it goes on with
        if k and steps[k - 1].same:
            step = steps[k - 1]
            pairs = sorted((_cost(t.members[-1][1], p, step), n, i) for n, t in enumerate(ends) for i, p in enumerate(found))
            for cost, n, i in pairs:
                if math.isfinite(cost) and i not in went and ends[n] not in went.values():
                    ends[n].add(k, found[i], step)
                    went[i] = ends[n]
        begun = [_Track(k, p) for i, p in enumerate(found) if i not in went]
        tracks += begun
        ends = [*went.values(), *begun]
    return tracks


def _cost(before: Patch, after: Patch, step: Step) -> float:
    """How ill two patches go together as one thing; infinite for two that cannot."""
    if before.colour != after.colour or before.moves is not after.moves:
        return math.inf
    cut = _cut_off(before) or _cut_off(after)
    x, y = after.x - before.x - step.x, after.y - before.y - step.y
    size = max(abs(math.log(after.height / before.height)), 0.0 if cut else abs(math.log(after.width / before.width)))
    if size > _LIKE * (2 if cut else 1) or abs(y) > _LEVEL:
        return math.inf
    return math.hypot(x, y) / WIDTH + size


def _cut_off(patch: Patch) -> bool:
    return patch.x - patch.width / 2 < _EDGE or patch.x + patch.width / 2 > WIDTH - _EDGE


def _share(patch: Patch, mask: NDArray[np.bool_]) -> float:
    """The share of a patch's box that is set in a mask."""
    scale = mask.shape[1] / WIDTH
    x0, x1 = (max(0, round((patch.x + s * patch.width / 2) * scale)) for s in (-1, 1))
    y0, y1 = (max(0, round((patch.y + s * patch.height / 2) * scale)) for s in (-1, 1))
    box = mask[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
    return float(box.mean()) if box.size else 0.0
