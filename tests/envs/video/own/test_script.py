import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.checks import check
from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.own.script import Beep, Camera, Event, Scene, Script


def one_scene(**changes: Any) -> Script:
    scene = Scene("s1", 0.0, 4.0, "park", "day", Camera(0.5, 0.5))
    empty: dict[str, Any] = dict.fromkeys(("people", "appearances", "events", "signs", "lines", "beeps"), ())
    return Script(
        **{
            "name": "test",
            "seed": 0,
            "seconds": 4.0,
            "fps": 25,
            "width": 640,
            "height": 360,
            "gop": 50,
            "style": "print",
            "hidden_from": (2,),
            "scenes": (scene,),
            **empty,
            **changes,
        }
    )


def passing(**changes: Any) -> Event:
    return Event(**{"id": "e1", "kind": "pass", "subject": "cat", "colour": "red", "scene": "s1", "start": 1.0, "end": 3.0, **changes})


@pytest.mark.parametrize("tier", ["clip", "short", "long"])
def test_a_script_comes_back_from_json_as_it_was(tier: str) -> None:
    script = compose(tier, 4)
    assert Script.from_json(script.to_json()) == script


def test_times_and_frames_agree_on_every_frame() -> None:
    script = compose("epic", 0)
    assert all(script.frame(script.time(k)) == k for k in range(0, script.num_frames, 7))
    assert script.uniform(8)[0] == 0
    assert script.uniform(8)[-1] == script.num_frames - 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seconds": 5.0}, "5.0 s long, its scenes 4.0 s"),
        ({"width": 1280}, "drawn 640 by 360"),
        ({"style": "oil"}, "style is 'oil'"),
        ({"events": (passing(start=0.0),)}, "e1: is in sight in frame 0"),
        ({"events": (passing(end=9.0),)}, "e1: is in sight from 1.0 to 9.0 s"),
        ({"events": (passing(start=1.01),)}, "e1: its times are not on the grid"),
        ({"events": (passing(colour="beige"),)}, "e1: colour is 'beige'"),
        ({"events": (passing(scene="s9"),)}, "has no scene 's9'"),
        ({"events": (passing(), passing(id="e2"))}, "two entries with the subject and colour ('cat', 'red')"),
        ({"events": (passing(id="s1"),)}, "two entries with the id 's1'"),
        ({"events": (passing(kind="drop", subject="parcel"),)}, "e1: needs somebody in its scene who drops it"),
        ({"beeps": (Beep("b1", 0.4, 3, 440), Beep("b2", 1.0, 2, 523))}, "b2: begins at 1.0 s, the sound before ends at"),
        ({"beeps": (Beep("b1", 3.6, 3, 440),)}, "b1: begins"),
        ({"beeps": (Beep("b1", 0.4, 2, 440, beside="e7"),)}, "there is nothing named 'e7'"),
        ({"scenes": (Scene("s1", 0.0, 4.0, "park", "day", Camera(0, 2)),)}, "s1: its camera leaves the place"),
        ({"scenes": (Scene("s1", 0.4, 4.0, "park", "day", Camera(0, 1)),)}, "s1: begins at 0.4 s, the one before ends at 0.0 s"),
        ({"scenes": (Scene("s1", 0.0, 4.0, "moon", "day", Camera(0, 1)),)}, "s1: place is 'moon'"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_contradiction_is_refused_and_the_entry_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as refused:
        check(one_scene(**changes))
    assert words in str(refused.value)


def test_nothing_that_is_asked_for_may_be_in_a_filler() -> None:
    filler = Scene("s1", 0.0, 4.0, "park", "day", Camera(0, 1), "f1")
    with pytest.raises(DataError, match="e1: is in the filler s1"):
        check(one_scene(scenes=(filler,), events=(passing(),)))
    with pytest.raises(DataError, match="no whole number of GOPs"):
        check(one_scene(scenes=(replace(filler, end=1.0), replace(filler, id="s2", start=1.0))))
    with pytest.raises(DataError, match="shows the filler f1 otherwise than s1"):
        check(one_scene(scenes=(replace(filler, end=2.0), replace(filler, id="s2", start=2.0, seed=3))))


def test_fields_that_are_missing_unknown_or_of_another_type_are_named() -> None:
    data = one_scene(events=(passing(),)).to_dict()
    for change, words in (
        ({"colour": 3}, "events[0] 'e1': colour is 3, which is no str"),
        ({"start": True}, "start is True"),
        ({"size": 1}, "the unknown field 'size'"),
    ):
        with pytest.raises(DataError) as refused:
            Script.from_dict({**data, "events": [{**data["events"][0], **change}]})
        assert words in str(refused.value)
    with pytest.raises(DataError, match="no field 'seed'"):
        Script.from_dict({k: v for k, v in data.items() if k != "seed"})
    with pytest.raises(DataError, match="version"):
        Script.from_dict({**data, "version": 99})
    with pytest.raises(DataError, match="not JSON"):
        Script.from_json("{")


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda c: st.lists(c, max_size=3) | st.dictionaries(st.text(max_size=5), c, max_size=3),
        max_leaves=6,
    ),
    st.data(),
)
def test_strange_data_is_refused_by_a_data_error(value: Any, data: st.DataObject) -> None:
    good = one_scene(events=(passing(),)).to_dict()
    key = data.draw(st.sampled_from(sorted(good)))
    try:
        script = Script.from_dict({**good, key: value})
    except DataError:
        return
    assert json.loads(script.to_json())[key] == pytest.approx(value)
