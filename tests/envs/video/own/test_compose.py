import hashlib
from collections import Counter

import pytest

from mtenvs.envs.video.own.compose import TIERS, compose
from mtenvs.envs.video.own.film import SceneFilm
from mtenvs.envs.video.own.geometry import box_of
from mtenvs.envs.video.own.library import GENERATOR, listed, script_of
from mtenvs.envs.video.own.script import Appearance, Beep, Event, Line, Script, Sign


@pytest.fixture(scope="module", params=[(t, s) for t in TIERS for s in (0, 1, 97)], ids=lambda p: f"{p[0]}-{p[1]}")
def script(request: pytest.FixtureRequest) -> Script:
    return compose(*request.param)


def test_nothing_is_in_sight_in_the_frames_that_are_shown_first(script: Script) -> None:
    assert {8, 12} <= set(script.hidden_from)
    assert script.seconds < 600 or 128 in script.hidden_from
    for n in script.hidden_from:
        for k in script.uniform(n):
            near = [s.id for s in script.sights() if script.frame(s.start) <= k + 1 and k - 1 < script.frame(s.end)]
            assert not near


def test_pictures_that_are_shown_first_are_those_of_a_film_in_which_nothing_happens() -> None:
    script = compose("clip", 2)
    nothing = Script.from_dict({**script.to_dict(), "events": [], "signs": [], "appearances": [], "lines": [], "beeps": []})
    for k in sorted({*script.uniform(8), *script.uniform(12)}):
        scene = script.scene_at(script.time(k))
        first = script.frame(scene.start)
        assert SceneFilm(script, scene).frame(k - first).tobytes() == SceneFilm(nothing, scene).frame(k - first).tobytes()


def test_what_happens_is_short_and_long_enough_to_be_seen(script: Script) -> None:
    for sight in script.sights():
        assert 1.2 <= sight.end - sight.start <= 6


def test_there_is_enough_for_every_skill(script: Script) -> None:
    of = TIERS[script.name.split("-")[0]]
    kinds = Counter(e.kind for e in script.events)
    assert kinds == {"pass": of.passes + of.places, "drop": of.drops}
    assert Counter(s.about for s in script.signs)["place"] == of.places
    assert Counter(s.about for s in script.signs)["number"] == of.numbers
    assert [line.about for line in script.lines].count("code") == of.codes
    assert [line.about for line in script.lines].count("cue") == of.cues
    assert len(script.beeps) == of.beeps
    assert sum(bool(b.beside) for b in script.beeps) == -(-of.beeps // 2)
    assert len({s.kind for s in script.signs}) == 3


def test_a_sign_that_names_a_place_sends_one_to_a_single_thing(script: Script) -> None:
    for sign in script.signs:
        if sign.about == "place":
            there = [e for e in script.events if script.scene(e.scene).place == sign.value]
            assert len(there) == 1


def test_who_drops_a_parcel_comes_back_once_somewhere_else_in_a_coat_that_nobody_else_wears(script: Script) -> None:
    for drop in script.events:
        if drop.kind == "drop":
            first, second = script.appearances_of(drop.person)
            assert first.id == drop.appearance
            assert script.scene(first.scene).place != script.scene(second.scene).place
            coat = script.person(drop.person).coat
            assert [p.id for p in script.people if p.coat == coat] == [drop.person]


def test_who_is_counted_is_in_one_scene_at_a_time(script: Script) -> None:
    assert len({(a.person, a.scene) for a in script.appearances}) == len(script.appearances)
    counts = Counter(a.person for a in script.appearances)
    of = TIERS[script.name.split("-")[0]]
    assert sorted(counts.values(), reverse=True)[: len(of.counted)] == sorted(of.counted, reverse=True)
    assert len({p.hat for p in script.people if p.hat}) == sum(bool(p.hat) for p in script.people)


def test_cues_and_beeps_sound_while_their_thing_is_in_sight(script: Script) -> None:
    sounds: list[Line | Beep] = [*script.lines, *script.beeps]
    for sound in sounds:
        if sound.beside:
            sight = script.entries[sound.beside]
            assert isinstance(sight, Appearance | Event | Sign)
            assert sight.start <= sound.start
            assert sound.end <= sight.end
    spoken = Counter(line.text for line in script.lines)
    assert all(spoken[line.text] == 1 for line in script.lines if line.about)


def test_cuts_are_no_flashes(script: Script) -> None:
    assert min(s.end - s.start for s in script.scenes) > 1.3


def test_boxes_lie_in_the_picture_and_are_large_enough_to_be_seen(script: Script) -> None:
    for sight in script.sights():
        x0, y0, x1, y1 = box_of(script, sight)
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1
        assert (x1 - x0) * 640 >= 20
        assert (y1 - y0) * 360 >= 20


def test_most_of_a_long_film_is_filler_and_a_clip_has_none() -> None:
    for name, low, high in (("clip-0", 0, 0), ("short-0", 0.3, 0.8), ("long-0", 0.5, 0.95)):
        script = script_of(name)
        filler = sum(s.end - s.start for s in script.scenes if s.filler)
        assert low <= filler / script.seconds <= high


def test_seeds_differ_and_the_same_seed_does_not() -> None:
    assert compose("clip", 0) == compose("clip", 0)
    assert len({compose("clip", s).events for s in range(20)}) == 20


def test_all_listed_films_have_a_script() -> None:
    assert len(listed()) == 19
    assert all(script_of(name).name == name for name in listed())


def test_scripts_stay_as_they_are_until_the_generator_gets_another_number() -> None:
    text = "".join(compose(tier, 0).to_json() for tier in TIERS)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    assert (GENERATOR, digest) == (8, "98dde25b7ac4"), "scripts changed: films on disk would be of another script, so raise GENERATOR"
