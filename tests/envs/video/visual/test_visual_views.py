"""Boxes of boxes: which part of the picture a zoom shows, at which size, whatever was shown before."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from mtenvs.core.errors import BadAction
from mtenvs.envs.video.visual.views import Frame, View, first_view, framed, pixels_of, zoomed

FRAME = Frame(1024, 768)
SIZE = (4000, 3000)
SIDE = st.floats(0, 1)
BOX = st.tuples(SIDE, SIDE, SIDE, SIDE).map(lambda b: [*map(min, b[:2], b[2:]), *map(max, b[:2], b[2:])])


def test_the_first_view_is_the_whole() -> None:
    assert first_view(SIZE, FRAME) == View(-1, (0, 0, 4000, 3000), 1024, 768)
    assert first_view(SIZE, Frame(4096, 4096)) == View(-1, (0, 0, 4000, 3000), 1632, 1224)
    assert first_view((40, 40), FRAME) == View(-1, (0, 0, 40, 40), 200, 200)


def test_a_crop_is_enlarged_four_times_and_no_more_than_the_first() -> None:
    views = [first_view(SIZE, FRAME)]
    small = zoomed(views, 0, [0.5, 0.5, 0.55, 0.55], SIZE, FRAME)
    assert (small.region, small.width, small.height) == ((2000.0, 1500.0, 2200.0, 1650.0), 800, 600)
    large = zoomed(views, 0, [0, 0, 0.5, 0.5], SIZE, FRAME)
    assert (large.width, large.height) == (1024, 768)
    strip = zoomed(views, 0, [0, 0, 1, 0.01], SIZE, FRAME)
    assert strip.region == (0.0, 0.0, 3999.0, 30.0)
    assert (strip.width, strip.height) == (1024, 28)
    dot = zoomed(views, 0, [0, 0, 0.0005, 0.0005], SIZE, FRAME)
    assert dot.region == (0.0, 0.0, 2.0, 1.0)
    assert dot.width * dot.height >= 40_000 - 400


def test_a_box_is_cut_to_whole_pixels_of_its_source() -> None:
    views = [first_view(SIZE, FRAME)]
    views.append(zoomed(views, 0, [0.1, 0.1, 0.15, 0.15], SIZE, FRAME))  # 200 x 150 pixels at 800 x 600
    inner = zoomed(views, 1, [0.5, 0.5, 0.7501, 0.7501], SIZE, FRAME)
    assert inner.region == (500.0, 375.0, 550.0, 412.5)
    assert inner.source == 1


@settings(max_examples=300, deadline=None)
@given(st.lists(BOX, min_size=1, max_size=5), st.integers(1, 6000), st.integers(1, 6000))
def test_crops_of_crops_stay_inside_and_in_bounds(boxes: list[list[float]], width: int, height: int) -> None:
    views = [first_view((width, height), FRAME)]
    for box in boxes:
        with suppress(BadAction):
            views.append(zoomed(views, len(views) - 1, box, (width, height), FRAME))
    for outer, inner in pairwise(views):
        slack = 1e-6
        x0, y0, x1, y1 = outer.region
        assert View(0, (x0 - slack, y0 - slack, x1 + slack, y1 + slack), 1, 1).holds(inner.region)
        assert inner.region[2] - inner.region[0] >= 1
        assert inner.region[3] - inner.region[1] >= 1
        assert 1 <= inner.width <= 1024
        assert 1 <= inner.height <= 768


@settings(max_examples=200, deadline=None)
@given(BOX, BOX)
def test_two_steps_show_what_one_step_shows(outer: list[float], inner: list[float]) -> None:
    views = [first_view(SIZE, FRAME)]
    try:
        views.append(zoomed(views, 0, outer, SIZE, FRAME))
        two = zoomed(views, 1, inner, SIZE, FRAME)
        at_once = [two.region[0] / 4000, two.region[1] / 3000, two.region[2] / 4000, two.region[3] / 3000]
        one = zoomed(views, 0, at_once, SIZE, FRAME)  # whole pixels may make a box too slim that was not in two steps
    except BadAction:
        assume(False)
    for a, b in zip(one.region, two.region, strict=True):
        assert abs(a - b) <= 1 + 1e-6  # whole pixels of the picture in one step, of its crop in two
    x0, y0, x1, y1 = views[1].region
    wanted = [x0 + inner[0] * (x1 - x0), y0 + inner[1] * (y1 - y0), x0 + inner[2] * (x1 - x0), y0 + inner[3] * (y1 - y0)]
    pixel = max((x1 - x0) / views[1].width, (y1 - y0) / views[1].height)  # of the picture, for one of the crop
    for a, b in zip(two.region, wanted, strict=True):
        assert abs(a - b) <= pixel + 1e-6


def test_the_pixels_are_those_of_the_full_picture() -> None:
    y, x = np.mgrid[0:600, 0:800]
    picture = Image.fromarray(np.stack([x % 256, y % 256, (x // 256) * 60 + (y // 256) * 20], 2).astype(np.uint8))
    frame = Frame(400, 300)
    views = [first_view((800, 600), frame)]
    views.append(zoomed(views, 0, [0.25, 0.25, 0.75, 0.75], (800, 600), frame))
    assert np.array_equal(np.asarray(pixels_of(picture, views[1])), np.asarray(picture.crop((200, 150, 600, 450))))
    views.append(zoomed(views, 1, [0.25, 0.25, 0.5, 0.5], (800, 600), frame))
    direct = zoomed(views, 0, [300 / 800, 225 / 600, 400 / 800, 300 / 600], (800, 600), frame)
    assert views[2].region == direct.region == (300.0, 225.0, 400.0, 300.0)
    assert np.array_equal(np.asarray(pixels_of(picture, views[2])), np.asarray(pixels_of(picture, direct)))
    third = zoomed(views, 2, [0.5, 0.5, 1, 1], (800, 600), frame)
    shown = np.asarray(pixels_of(picture, third)).astype(float)
    x0, y0, x1, y1 = third.region
    assert abs(shown[:, :, 0].mean() - (((x0 + x1 - 1) / 2) % 256)) < 1
    assert abs(shown[:, :, 1].mean() - (((y0 + y1 - 1) / 2) % 256)) < 1


def test_a_frame_is_padded_at_the_right_and_below() -> None:
    out = framed(Image.new("RGB", (20, 10), (9, 8, 7)), Frame(64, 64))
    assert out.shape == (64, 64, 3)
    assert (out[:10, :20] == (9, 8, 7)).all()
    assert out.sum() == 20 * 10 * 24


def test_relative_boxes_are_kept_inside() -> None:
    view = View(0, (100, 100, 300, 200), 400, 200)
    assert view.relative((50, 150, 200, 400)) == [0.0, 0.5, 0.5, 1.0]
    assert view.sharpness == 2
    assert view.holds((100, 100, 300, 200))
    assert not view.holds((99, 100, 300, 200))
