"""The picture: its form, that it shows what changes, and that frames do not depend on the frames before."""

from __future__ import annotations

import numpy as np
import pytest

from mtenvs.core.assets import official_root
from mtenvs.core.errors import UnknownOption
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.draw_design import WorldConfig
from mtenvs.envs.rpg.generate import generate_world, own_design
from mtenvs.envs.rpg.generate_tasks import own_world, task_of
from mtenvs.envs.rpg.icons import NAMES, beast_shape, icon
from mtenvs.envs.rpg.map_ground import LANDS, MapGeometry, land_of
from mtenvs.envs.rpg.map_picture import draw_map, overlap
from mtenvs.envs.rpg.panel import fitted, text_width, wrapped
from mtenvs.envs.rpg.render import MapRenderer
from mtenvs.envs.rpg.state import MAX_LEVEL, HeroState
from mtenvs.envs.rpg.tasks import honest_length

MAP = (slice(36, 624), slice(24, 500))
PANEL = (slice(36, 640), slice(506, 960))


@pytest.fixture(scope="module")
def renderer() -> MapRenderer:
    return MapRenderer(own_world())


def changed(a: np.ndarray, b: np.ndarray, part: tuple[slice, slice]) -> bool:
    return bool((a[part] != b[part]).any())


def test_form_and_ownership(renderer: MapRenderer) -> None:
    first = renderer.render(HeroState())
    assert first.shape == (640, 960, 3)
    assert first.dtype == np.uint8
    kept = first.copy()
    first[:] = 0
    assert (renderer.render(HeroState()) == kept).all()


def test_two_renderers_draw_the_same(renderer: MapRenderer) -> None:
    task = task_of("own/3/0", honest_length)
    hero = HeroState.from_start(task.start, own_world())
    assert (renderer.render(hero, task=task) == MapRenderer(own_world()).render(hero, task=task)).all()


def test_a_frame_does_not_depend_on_the_frames_before() -> None:
    data = own_world()
    task = task_of("own/3/0", honest_length)
    used, hero, seen = MapRenderer(data), HeroState(), {(0, 0)}
    places = [*data.content_tiles, *((x, y) for x in (-8, 8) for y in (-10, 0, 10))]
    rng = np.random.default_rng(0)
    for i in range(24):
        hero.pos = places[int(rng.integers(len(places)))]
        seen.add(hero.pos)
        used.render(hero, outcome=str(i), seen=seen if i % 12 < 9 else None, task=task if i > 15 else None)
    for view in ({}, {"seen": seen}, {"task": task}, {"seen": seen, "task": task}):
        fresh = MapRenderer(data).render(hero, outcome="now", **view)
        assert (used.render(hero, outcome="now", **view) == fresh).all(), view


def test_everything_that_counts_is_visible(renderer: MapRenderer) -> None:
    data = own_world()
    hero = HeroState()
    before = renderer.render(hero)

    def shows(part: tuple[slice, slice], **keywords: object) -> None:
        assert changed(before, renderer.render(hero, **keywords), part)  # type: ignore[arg-type]  # given below

    shows(PANEL, outcome="You gathered 3 bogiron ore.")
    shows((slice(0, 34), slice(0, 960)), goal="Defeat one Quarry Troll.")
    shows(PANEL, hp_left=10.0)
    for change in ("pos", "bag", "slot", "level", "skill"):
        hero = HeroState()
        if change == "pos":
            hero.pos = (3, -6)
            shows(MAP)
        elif change == "bag":
            hero.add("bogiron_ore", 12)
        elif change == "slot":
            hero.slots[0] = "duskiron_halberd"
        elif change == "level":
            hero.level = 2
        else:
            hero.skills[3] = 17
        shows(PANEL)
    assert data.items["duskiron_halberd"].name == "Duskiron Halberd"


def test_good_and_bad_outcomes_look_different(renderer: MapRenderer) -> None:
    views = [renderer.render(HeroState(), outcome="Done.", good=good) for good in (None, True, False)]
    assert changed(views[0], views[1], PANEL)
    assert changed(views[1], views[2], PANEL)


def test_fog_hides_what_has_not_been_seen(renderer: MapRenderer) -> None:
    hero = HeroState()
    hidden = renderer.render(hero, seen={(0, 0)})
    more = renderer.render(hero, seen={(0, 0), (3, -6)})
    clear = renderer.render(hero)
    colours = len(np.unique(hidden[MAP].reshape(-1, 3), axis=0))
    assert colours < 0.2 * len(np.unique(clear[MAP].reshape(-1, 3), axis=0))
    size = renderer.geometry.tile
    difference = np.argwhere((hidden[MAP] != more[MAP]).any(axis=-1))
    assert len(difference)
    assert (np.ptp(difference, axis=0) <= size).all()


def test_the_target_is_ringed() -> None:
    data = own_world()
    geometry = MapGeometry.fit(data, 480, 600)
    plain, ringed = (draw_map(data, geometry, target=target, named=()).pixels for target in ("", "quarry_troll"))
    rows, columns = np.nonzero((plain != ringed).any(axis=-1))
    assert {(int(x), int(y)) for x, y in zip(columns // geometry.tile, rows // geometry.tile, strict=True)} == {
        (x - geometry.left, y - geometry.top) for x, y in data.places("monster", "quarry_troll")
    }


@pytest.mark.parametrize("world", ["own", 1, 4])
def test_names_cover_neither_each_other_nor_an_icon_nor_the_edge(world: str | int) -> None:
    data = own_world() if isinstance(world, str) else generate_world(world)
    geometry = MapGeometry.fit(data, 480, 600)
    picture = draw_map(data, geometry)
    assert len(picture.names) > 10
    size = geometry.tile
    icons = [(x, y, x + size, y + size) for x, y in map(geometry.corner, data.content_tiles)]
    for i, name in enumerate(picture.names):
        assert not any(overlap(name, other) for other in (*picture.names[:i], *icons))
        assert name[0] >= 0
        assert name[1] >= 0
        assert name[2] <= picture.pixels.shape[1]
        assert name[3] <= picture.pixels.shape[0]


@pytest.mark.parametrize("target", sorted(own_world().monsters))
def test_whatever_is_to_be_beaten_is_named_beside_its_tile(target: str) -> None:
    data = own_world()
    geometry = MapGeometry.fit(data, 480, 600)
    places, size = data.places("monster", target), geometry.tile
    names = draw_map(data, geometry, target=target, named=(*data.content_tiles,)).names
    around = [(x - 2, y - 2, x + size + 2, y + size + 2) for x, y in map(geometry.corner, places)]
    assert any(overlap(name, tile) for name in names for tile in around)


def test_at_the_highest_level_the_bars_are_full(renderer: MapRenderer) -> None:
    hero = HeroState()
    hero.level, hero.skills[0] = MAX_LEVEL, MAX_LEVEL
    before = renderer.render(hero)
    hero.xp, hero.skill_xp[0] = 400, 70  # counted on, to no end
    assert (renderer.render(hero) == before).all()


def test_hostile_text_is_drawn_not_obeyed(renderer: MapRenderer) -> None:
    for text in ("", "x" * 1_000_000, "word " * 100_000, "\x00\x1b[31m\n\n\t", "日本語 עברית 🙂", "\ud800"):
        picture = renderer.render(HeroState(), goal=text, outcome=text)
        assert picture.shape == (640, 960, 3)


def test_a_full_bag_and_unknown_codes(renderer: MapRenderer) -> None:
    hero = HeroState()
    for i in range(200):
        hero.add(f"thing_{i}", 10**9)
    hero.pos = (99, 99)
    hero.slots[0] = "no_such_thing"
    assert renderer.render(hero).shape == (640, 960, 3)


@pytest.mark.parametrize("config", [WorldConfig(11, 11, 3, 2, 8), WorldConfig(60, 60, 3, 2, 8)])
def test_small_and_large_maps_fit(config: WorldConfig) -> None:
    data = generate_world(2, config)
    for size in ((960, 640), (1280, 800)):
        hero = HeroState()
        picture = MapRenderer(data, *size).render(hero)
        assert picture.shape == (size[1], size[0], 3)


def test_a_picture_too_small_for_the_panel_is_refused() -> None:
    with pytest.raises(UnknownOption, match="800"):
        MapRenderer(own_world(), 320, 240)


def test_every_drawing_is_there_and_every_beast_has_a_shape() -> None:
    for name in NAMES:
        drawing = icon(name, 24)
        assert drawing.size == (24, 24)
        assert np.asarray(drawing)[..., 3].any()
    shapes = {beast_shape(monster.name) for monster in own_design().monsters}
    assert len(shapes) >= 7
    assert shapes <= set(NAMES)


def test_every_land_has_its_colour() -> None:
    assert {land_of(tile) for tile in own_world().tiles.values()} == set(LANDS)


@pytest.mark.skipif(not (official_root() / "herobench" / "maps.json").is_file(), reason="the official files are not here")
def test_the_official_map_can_be_drawn() -> None:
    data = WorldData.load(official_root() / "herobench")
    assert {land_of(tile) for tile in data.tiles.values()} == {"forest", "town", "barrow", "water"}
    assert MapRenderer(data).render(HeroState()).shape == (640, 960, 3)


def test_long_text_is_wrapped_and_cut_with_a_mark() -> None:
    words = "one two three four five six seven eight nine ten"
    lines = wrapped(words, 11, 90, 9)
    assert " ".join(lines) == words
    assert all(text_width(line, 11) <= 92 for line in lines)
    assert wrapped(words, 11, 90, 2)[-1].endswith("...")
    assert fitted("short", 11, 90) == "short"
    assert text_width(fitted("x" * 200, 11, 90), 11) <= 90
