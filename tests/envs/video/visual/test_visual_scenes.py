"""The scenes: the same seed gives the same pixels, what the world says is what is drawn, and nothing gives the answer away."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mtenvs.envs.video.visual.brush import font, spaced
from mtenvs.envs.video.visual.questions import KINDS
from mtenvs.envs.video.visual.scenes import paint, picture_of
from mtenvs.envs.video.visual.styles import COLOURS, PARTS, STYLES, Box
from mtenvs.envs.video.visual.tasks import own_tasks
from mtenvs.envs.video.visual.views import MAX_PIXELS, Frame, first_view
from mtenvs.envs.video.visual.world import SIZES, Scene, only_holders, scene_of

styles = pytest.mark.parametrize("style", STYLES)


def pixels(scene: Scene) -> NDArray[np.uint8]:
    return np.asarray(paint(scene))


@styles
def test_the_same_seed_gives_the_same_pixels(style: str) -> None:
    one, two, other = (pixels(scene_of(style, "easy", seed)) for seed in (5, 5, 6))
    assert hashlib.sha256(one.tobytes()).digest() == hashlib.sha256(two.tobytes()).digest()
    assert (one != other).mean() > 0.1


def test_a_picture_is_painted_once_and_kept() -> None:
    assert picture_of("street", "easy", 77) is picture_of("street", "easy", 77)


@pytest.mark.parametrize("size", SIZES)
@styles
def test_everything_asked_about_is_unique(style: str, size: str) -> None:
    scene = scene_of(style, size, 3)
    for values in (
        [scene.cue(t) for t in scene.things],
        [t.name for t in scene.things],
        [t.number for t in scene.things],
        [t.corner for t in scene.things],
    ):
        assert len(values) == len(set(values))
    if not scene.style.ordered:
        looks = [(frozenset((t.a, t.b)), t.mark) for t in scene.things]
        assert len(looks) == len(set(looks))
    held = Counter((p.item, p.item_colour) for p in scene.people if p.item)
    assert len(only_holders(scene)) >= 12
    assert all(held[p.item, p.item_colour] == 1 for p in only_holders(scene))
    for thing in scene.things:
        x0, y0, x1, y1 = scene.box_of(thing)
        assert 0 <= x0 < x1 <= scene.size.width
        assert 0 <= y0 < y1 <= scene.size.height


@pytest.mark.parametrize("size", SIZES)
@styles
def test_colours_are_drawn_as_the_world_says(style: str, size: str) -> None:
    scene = scene_of(style, size, 4)
    picture = pixels(scene)
    for colour, box in [(t.detail, scene.box_of(t, "detail")) for t in scene.things] + [
        (p.scarf, scene.box_of_scarf(p)) for p in scene.people
    ]:
        x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
        assert np.abs(picture[y, x].astype(int) - COLOURS[colour]).max() <= 3, (colour, box)


@pytest.mark.parametrize("part", PARTS)
@styles
def test_each_part_is_drawn_in_its_box_and_nothing_lies_over_it(style: str, part: str) -> None:
    scene = scene_of(style, "easy", 8)
    others = {
        "name": lambda t: replace(t, name="XXXXX XXXXX"),
        "number": lambda t: replace(t, number=888 if t.number != 888 else 111),
        "detail": lambda t: replace(t, detail="red" if t.detail != "red" else "blue"),
        "count": lambda t: replace(t, count=t.count % 6 + 1),
    }
    changed = replace(scene, things=tuple(others[part](t) for t in scene.things))
    different = (pixels(scene) != pixels(changed)).any(axis=2)
    for thing in scene.things:
        x0, y0, x1, y1 = scene.box_of(thing, part)
        assert different[y0:y1, x0:x1].any()
        different[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2] = False
    assert not different.any()


@styles
def test_names_and_numbers_fit_on_their_signs(style: str) -> None:
    look = STYLES[style]
    for size in SIZES.values():
        width = font(size.letters).getlength
        for part, texts in (("name", [spaced(f"{a} {b}") for a in look.first for b in look.second]), ("number", ["888"])):
            x0, y0, x1, y1 = look.parts[part]
            assert max(map(width, texts)) + 2 <= (x1 - x0) * size.scale
            assert size.letters <= (y1 - y0) * size.scale


# ---- nothing gives the answer away ---------------------------------------------------------------------------------


def capital(size: int) -> float:
    box = font(size).getbbox("H")
    return box[3] - box[1]


@pytest.mark.parametrize(
    ("size", "frame"),
    [("medium", Frame(1024, 768)), ("hard", Frame(1024, 768)), ("hard", Frame(4096, 4096, MAX_PIXELS))],
    ids=["medium", "hard", "hard-largest"],
)
def test_signs_cannot_be_read_in_the_first_view(size: str, frame: Frame) -> None:
    dims = SIZES[size]
    assert capital(dims.letters) * first_view((dims.width, dims.height), frame).sharpness < 4


@pytest.mark.parametrize("size", ["medium", "hard"])
def test_small_colours_are_no_more_than_two_pixels_in_the_first_view(size: str) -> None:
    dims = SIZES[size]
    sharpness = first_view((dims.width, dims.height), Frame(1024, 768)).sharpness

    def fits(box: Box) -> bool:
        return (box[2] - box[0]) * sharpness <= 2 and (box[3] - box[1]) * sharpness <= 2

    for style in STYLES:
        scene = scene_of(style, size, 0)
        assert all(fits(scene.box_of(t, "detail")) for t in scene.things)
        assert all(fits(scene.box_of_scarf(p)) for p in scene.people)


def test_targets_are_a_small_share_and_smaller_when_harder() -> None:
    shares = {size: float(np.median([t.checks[0]["area_share"] for t in own_tasks(size)])) for size in SIZES}
    assert 0.01 > shares["easy"] > shares["medium"] > shares["hard"]
    assert shares["hard"] < 0.0002


def test_letters_are_uniform() -> None:
    tasks = [t.checks[0] for t in own_tasks() if t.checks[0]["options"]]
    for n in (4, 5):
        found = Counter(c["answer"] for c in tasks if len(c["options"]) == n)
        total = sum(found.values())
        assert set(found) == set("ABCDE"[:n])
        chi = sum((found[letter] - total / n) ** 2 / (total / n) for letter in found)
        assert chi < 18.5  # 99.9 % of fair draws with five letters stay below


def test_the_question_does_not_tell_the_answer() -> None:
    by_kind: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for task in own_tasks():
        check = task.checks[0]
        truth = check["options"]["ABCDE".index(check["answer"])] if check["options"] else check["answer"]
        by_kind[task.tags[1]][truth] += 1
        question = task.goal.splitlines()[1]
        if task.tags[1] in ("name", "beside", "number"):
            assert truth not in question
        assert " a orange" not in question
    for kind, most in (("name", 0.05), ("beside", 0.05), ("number", 0.05), ("colour", 0.25), ("person", 0.25), ("count", 0.3)):
        assert by_kind[kind].most_common(1)[0][1] / by_kind[kind].total() <= most, kind


def test_likeness_among_options_does_not_tell_the_answer() -> None:
    right, all_ = 0, 0
    for task in own_tasks():
        options = task.checks[0]["options"]
        if task.tags[1] not in ("name", "beside") or not options:
            continue
        shared = [sum(bool(set(a.split()) & set(b.split())) for b in options) for a in options]
        right += shared.index(max(shared)) == "ABCD".index(task.checks[0]["answer"])
        all_ += 1
    assert all_ > 60
    assert right / all_ < 0.45


def test_the_seed_of_a_scene_tells_its_kind_but_not_its_looks() -> None:
    tasks = list(own_tasks("hard"))
    assert {t.tags[1] for t in tasks} == set(KINDS)
    assert {t.tags[2] for t in tasks} == set(STYLES)
    assert len({(t.tags[1], t.tags[2]) for t in tasks}) == len(KINDS) * len(STYLES)


def test_pictures_are_rgb_in_full_size() -> None:
    picture = paint(scene_of("market", "medium", 1))
    assert isinstance(picture, Image.Image)
    assert (picture.mode, picture.size) == ("RGB", (3200, 2400))
