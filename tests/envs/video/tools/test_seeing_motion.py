"""What the baseline tells from neighbouring frames: shots, the camera's way, and what goes its own way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mtenvs.envs.video.tools.seeing_answers import Seen, choose, read_question
from mtenvs.envs.video.tools.seeing_motion import Step, small_picture, step_between, with_motion
from mtenvs.envs.video.tools.seeing_things import Patch, kinds_of, patches_of

pytest.importorskip("cv2")

RED, WHITE, PALE, OUTLINE = (214, 40, 46), (246, 244, 238), (219, 217, 212), (40, 36, 44)
Picture = NDArray[np.uint8]


def street(left: int = 0, seed: int = 0, *, van: int | None = None, colour: tuple[int, int, int] = RED, wall: bool = False) -> Picture:
    """A window of a wide street of houses in grey and brown, with a van at x; before a pale wall with `wall`."""
    rng = np.random.default_rng(seed)
    wide = Image.new("RGB", (1000, 360), (150 - 50 * seed, 160 - 30 * seed, 150))
    draw = ImageDraw.Draw(wide)
    for x in range(0, 1000, 50):
        grey = tuple(int(v) for v in rng.integers(60, 180, 3) // 3 + 60)
        draw.rectangle((x, int(rng.integers(60, 160)), x + 44, 230), grey, OUTLINE)
    if wall:
        draw.rectangle((0, 150, 1000, 320), PALE)
    picture = wide.crop((left, 0, left + 640, 360))
    if van is not None:
        ImageDraw.Draw(picture).rectangle((van - 61, 240, van + 61, 301), colour, None if wall else OUTLINE, 3)
    return np.asarray(picture)


def watch(*pictures: Picture, dt: float = 0.5) -> tuple[list[list[Patch]], list[Step]]:
    small = [small_picture(p) for p in pictures]
    steps = [step_between(a, b, dt) for a, b in pairwise(small)]
    return with_motion([patches_of(p) for p in pictures], small, steps), steps


@pytest.mark.parametrize("pan", [0, 10, -30, 60])
def test_a_camera_that_moves_makes_no_cut_and_its_way_is_known(pan: int) -> None:
    _, (step,) = watch(street(200), street(200 + pan))
    assert step.same
    assert step.x == pytest.approx(-pan, abs=3)


def test_another_street_is_another_shot_and_so_is_what_lies_too_far_apart() -> None:
    assert not watch(street(seed=1), street(seed=2))[1][0].same
    assert not watch(street(), street(), dt=30.0)[1][0].same
    assert not watch(street(), street(), dt=0.0)[1][0].same


def test_what_drives_moves_and_what_stands_does_not_even_as_the_camera_turns() -> None:
    driving, _ = watch(street(van=200), street(van=260), street(van=320))
    assert [[p.moves for p in frame] for frame in driving] == [[True]] * 3
    turning, _ = watch(street(200, van=300), street(220, van=280), street(240, van=260))
    assert [[p.moves for p in frame] for frame in turning] == [[False]] * 3


def test_what_is_seen_once_in_a_shot_came_and_went() -> None:
    frames, _ = watch(street(), street(van=300), street())
    assert [[p.moves for p in frame] for frame in frames] == [[], [True], []]
    alone, _ = watch(street(seed=1), street(van=300), street(seed=2))
    assert [p.moves for p in alone[1]] == [None], "between two cuts nothing is known"


def test_a_thing_that_is_cut_off_has_the_form_it_has_elsewhere_on_its_way() -> None:
    frames, _ = watch(street(van=30), street(van=150), street(van=270))
    widths = [frame[0].width for frame in frames]
    assert max(widths) - min(widths) < 3
    assert widths[0] == pytest.approx(118, abs=8)


def test_a_white_thing_is_seen_before_a_white_wall_by_its_motion_alone() -> None:
    still = patches_of(street(van=300, colour=WHITE, wall=True))
    assert not any(p.width < 600 for p in still), "it is one with the wall"
    frames, _ = watch(street(wall=True), street(van=300, colour=WHITE, wall=True), street(wall=True))
    found = [p for p in frames[1] if p.moves and p.colour == "white"]
    assert [(round(p.x, -1), round(p.width, -1)) for p in found] == [(300, 110)], "its rim may be lost"


def test_motion_speaks_for_things_and_standing_against_what_goes_by() -> None:
    (patch,) = patches_of(street(van=300))
    likely = {moves: kinds_of(patch._replace(moves=moves)) for moves in (True, None, False)}
    assert likely[True]["van"] >= likely[None]["van"] > likely[False]["van"]
    assert all(sum(kinds.values()) == pytest.approx(1) for kinds in likely.values())


COUNTED = "How many vans go by in the whole film, of whatever colour?\nA. 1\nB. 2\nC. 3"


def test_shots_are_counted_and_not_frames() -> None:
    van = patches_of(street(van=300))
    frames = [Seen(k, van if k in {1, 2, 7} else [], shot=k // 5) for k in range(10)]
    assert choose(read_question(COUNTED), frames).option == 1
    shotless = [Seen(s.time, s.patches) for s in frames]
    assert choose(read_question(COUNTED), shotless).sure == 0, "without shots nothing can be counted"


def test_the_coat_of_who_loses_a_parcel_is_not_the_colour_of_the_parcel() -> None:
    coat = Patch("blue", 200, 268, 26, 45, 900, 0.4, moves=True)
    parcel = Patch("pink", 320, 306, 26, 20, 330, 0.3, moves=False)
    other = Patch("green", 300, 268, 26, 45, 900, 0.4, moves=True)
    seen = [Seen(10.0, [coat]), Seen(11.0, [parcel]), Seen(40.0, [other])]
    asked = read_question("What colour is the coat of the person who loses a pink parcel?\nA. pink\nB. green\nC. blue")
    assert choose(asked, seen).option == 2
