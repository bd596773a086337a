"""A pinhole camera that looks at the court and always shows all of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_NEAREST = 0.2  # metres in front of the lens; what is nearer is held there, so that nothing divides by zero


@dataclass(frozen=True, eq=False)
class Camera:
    """A perspective projection.

    Args:
        eye: (3,) metres, where the camera is.
        axes: (3, 3) rows are its right, down and forward directions in the world.
        focal: pixels.
        centre: pixel on the optical axis.
    """

    eye: Array
    axes: Array
    focal: float
    centre: tuple[float, float]

    @classmethod
    def fit(cls, points: Array, box: tuple[float, float, float, float], azimuth: float, elevation: float, distance: float) -> Camera:
        """The camera that shows points as large as a box in the picture allows.

        Args:
            points: (n, 3) metres, all to be seen.
            box: left, top, right, bottom in pixels.
            azimuth: degrees; 0 looks along the net from its right-hand end, 90 from behind the end line of team 0.
            elevation: degrees above the ground.
            distance: metres from the court's middle; the lens is shifted and zoomed, the camera stays where it is.
        """
        a, e = radians(azimuth), radians(elevation)
        back = np.array([sin(a) * cos(e), -cos(a) * cos(e), sin(e)])
        right = np.array([cos(a), sin(a), 0.0])
        axes = np.stack([right, np.cross(-back, right), -back])
        plain = cls(back * distance, axes, 1.0, (0.0, 0.0))
        flat, _ = plain.project(points)
        low, high = flat.min(axis=0), flat.max(axis=0)
        focal = float(min((box[2] - box[0]) / (high[0] - low[0]), (box[3] - box[1]) / (high[1] - low[1])))
        middle = (low + high) / 2 * focal
        return cls(plain.eye, axes, focal, ((box[0] + box[2]) / 2 - float(middle[0]), (box[1] + box[3]) / 2 - float(middle[1])))

    def project(self, points: npt.ArrayLike) -> tuple[Array, Array]:
        """Where points are seen.

        Args:
            points: (..., 3) metres.

        Returns:
            (..., 2) pixels and (...) metres of depth along the optical axis.
        """
        local = (np.asarray(points, dtype=np.float64) - self.eye) @ self.axes.T
        depth = np.maximum(local[..., 2], _NEAREST)
        return local[..., :2] * (self.focal / depth)[..., None] + self.centre, depth

    def scale(self, point: npt.ArrayLike) -> float:
        """Pixels of a metre at a place."""
        return float(self.focal / self.project(point)[1])

    def scaled(self, factor: float) -> Camera:
        """The same view in a picture that is larger by a factor."""
        return Camera(self.eye, self.axes, self.focal * factor, (self.centre[0] * factor, self.centre[1] * factor))
