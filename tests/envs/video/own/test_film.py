"""Pictures as they are drawn, before they are encoded."""

import numpy as np
import pytest
from PIL import Image

from mtenvs.envs.video.own.film import Backdrop, SceneFilm
from mtenvs.envs.video.own.geometry import SIZES
from mtenvs.envs.video.own.library import script_of
from mtenvs.envs.video.own.things import PHASES, thing
from mtenvs.envs.video.own.vocabulary import COLOURS, LIGHTS, PLACES, STYLES, SUBJECTS


@pytest.mark.parametrize("place", PLACES)
def test_scenery_has_none_of_the_colours_that_are_asked_for(place: str) -> None:
    for k, (light, style) in enumerate([*zip(LIGHTS, STYLES * 2, strict=True), ("dusk", "print")]):
        backdrop = Backdrop(place, light, style, seed=k)
        pixels = np.asarray(backdrop.window(180, 640, lambda _: None)).astype(int)
        for name, colour in COLOURS.items():
            share = float((np.abs(pixels - colour).max(axis=2) < 36).mean())
            assert share < 0.008 or name == "white", (light, name)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_thing_moves_and_faces_where_it_goes(subject: str) -> None:
    right = [thing(subject, "red", k, -1) for k in range(PHASES)]
    assert all(p.size == tuple(map(round, SIZES[subject])) for p in right)
    assert len({p.tobytes() for p in right}) > 1 or subject == "airship"
    left = thing(subject, "red", 3, 1)
    assert left.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes() == right[3].tobytes()


@pytest.mark.parametrize("name", ["clip-0", "clip-1", "clip-2"])
def test_the_same_frame_is_drawn_the_same_in_any_order_and_scenes_move(name: str) -> None:
    script = script_of(name)
    for scene in script.scenes[:4]:
        n = script.frame(scene.end) - script.frame(scene.start)
        forwards = SceneFilm(script, scene)
        pictures = [forwards.frame(k).tobytes() for k in (0, n // 2, n - 1)]
        backwards = SceneFilm(script, scene)
        assert [backwards.frame(k).tobytes() for k in (n - 1, n // 2, 0)] == pictures[::-1]
        assert len(set(pictures)) == 3
