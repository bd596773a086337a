"""Frames to an MP4 file, through PyAV."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.core.errors import MissingRequirement, UnknownOption

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    import numpy.typing as npt

INSTALL: Final = 'pip install "mtenvs[video]"'
# One thread and a fixed quality, so that the same frames give the same file.
_OPTIONS: Final = {"crf": "18", "preset": "medium", "threads": "1"}


def save_mp4(frames: Iterable[npt.NDArray[np.uint8]], path: str | PathLike[str], fps: float = 25) -> int:
    """Write frames as H.264 in MP4, which every browser plays.

    The file appears under its name only when it is whole.

    Args:
        frames: (height, width, 3) uint8 each, all of one size; taken one by one. An odd last row or column is repeated once,
            as the format needs even sides.
        path: the file; what is there is overwritten.
        fps: frames per second, up to 240.

    Returns:
        How many frames were written.

    Raises:
        MissingRequirement: PyAV is not installed.
        UnknownOption: no frames, frames of several sizes or another type, or an impossible rate.
        OSError: the file cannot be written.
    """
    try:
        import av  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingRequirement("drones", "PyAV, to write films", INSTALL) from None
    if not 0 < fps <= 240:
        raise UnknownOption(f"fps must be above 0 and at most 240, not {fps}")
    rate = Fraction(fps).limit_denominator(1001)
    target = Path(path)
    part = target.with_name(target.name + ".part")
    count, size = 0, None
    try:
        with av.open(str(part), "w", format="mp4", options={"movflags": "faststart"}) as out:
            stream = out.add_stream("libx264", rate=rate, options=_OPTIONS)
            stream.pix_fmt = "yuv420p"
            for count, frame in enumerate(frames, start=1):
                picture = _even(frame)
                if size is None:
                    size = frame.shape
                    stream.height, stream.width = picture.shape[:2]
                elif frame.shape != size:
                    raise UnknownOption(f"frame {count} has the shape {frame.shape}, those before it {size}")
                out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            if size is None:
                raise UnknownOption("a film needs at least one frame")
            out.mux(stream.encode(None))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return count


def _even(frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or 0 in frame.shape:
        found = f"{frame.dtype} {frame.shape}" if isinstance(frame, np.ndarray) else type(frame).__name__
        raise UnknownOption(f"a frame must be (height, width, 3) uint8, not {found}")
    odd = ((0, frame.shape[0] % 2), (0, frame.shape[1] % 2), (0, 0))
    return np.ascontiguousarray(np.pad(frame, odd, mode="edge") if any(after for _, after in odd) else frame)
