"""Small pictures have the colours that a direct conversion of the whole frame has."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from mtenvs.backends.video import VideoStore


def colours(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Bars of strong colours, with a soft ramp below."""
    bars = np.asarray(
        [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255), (255, 255, 255), (0, 0, 0)], np.uint8
    )
    picture = bars[np.arange(width) * 8 // width][None].repeat(height, axis=0)
    picture[height // 2 :] = (np.arange(width) * 255 // width).astype(np.uint8)[None, :, None]
    return picture


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p", "yuv422p10le"])
@pytest.mark.parametrize("space", ["bt709", "bt470bg", "untagged"])
def test_colours(tmp_path: Path, pix_fmt: str, space: str) -> None:
    path = tmp_path / "colours.mp4"
    tags = {} if space == "untagged" else {"x264-params": f"colorprim={space}:transfer={space}:colormatrix={space}"}
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": "10", **tags})
        stream.width, stream.height, stream.pix_fmt = 320, 180, pix_fmt
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(colours(320, 180), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            if space == "bt709":
                frame = frame.reformat(format=pix_fmt, dst_colorspace="ITU709")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    with VideoStore.open(path, cache_bytes=0) as store:
        whole, small = store.frames([1])[0], store.frames([1], (160, 90))[0]
    assert np.abs(whole.astype(int) - colours(320, 180)).mean() < 6
    expected = np.asarray(Image.fromarray(whole).resize((160, 90), Image.Resampling.BILINEAR)).astype(int)
    assert np.abs(small - expected).mean() < 4
    centres = np.arange(8) * 20 + 10
    assert np.abs(small[10, centres].astype(int) - colours(320, 180)[0, centres * 2]).max() < 30
