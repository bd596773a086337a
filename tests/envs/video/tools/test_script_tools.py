"""The backends that read the script of one of our own videos."""

from __future__ import annotations

import numpy as np
import pytest

from mtenvs.backends.video import Subtitle
from mtenvs.core.errors import UnknownOption
from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.tools.facts import facts_of
from mtenvs.envs.video.tools.looker import ScriptLooker, joined, looker_of
from mtenvs.envs.video.tools.transcript import transcript_of

NO_FRAMES = np.zeros((0, 2, 2, 3), np.uint8)


@pytest.fixture(scope="module")
def script() -> Script:
    return compose("short", 1)


def test_each_thing_that_passes_is_found_by_its_name_when_it_passes(script: Script) -> None:
    looker = looker_of("script", script=script)
    passes = [e for e in script.events if e.kind == "pass"]
    assert passes
    for event in passes:
        assert looker.find(event.noun, 0, script.seconds) == [(event.start, event.end)]


def test_each_sign_is_found_by_its_words(script: Script) -> None:
    looker = looker_of("script", script=script)
    assert script.signs
    for sign in script.signs:
        assert (sign.start, sign.end) in looker.find(f'"{sign.text}"', 0, script.seconds)


def test_a_search_stays_in_its_time(script: Script) -> None:
    event = next(e for e in script.events if e.kind == "pass" and e.start > 5)
    looker = ScriptLooker(script)
    assert looker.find(event.noun, 0, event.start) == []
    assert looker.find(event.noun, event.start + 0.5, event.end - 0.5) == [(event.start + 0.5, event.end - 0.5)]
    assert looker.find(event.noun, 50, 10) == []


def test_a_description_says_what_is_seen_at_these_times_and_nothing_else(script: Script) -> None:
    event = next(e for e in script.events if e.kind == "pass")
    looker = ScriptLooker(script)
    then = looker.describe(NO_FRAMES, [event.start + 0.2], "what goes by")
    assert f"{event.colour} {event.subject}" in then
    others = [e for e in script.events if e.kind == "pass" and not e.start <= event.start + 0.2 < e.end]
    assert not any(f"{e.colour} {e.subject}" in then for e in others)


def test_a_description_names_its_source(script: Script) -> None:
    text = ScriptLooker(script).describe(NO_FRAMES, [1.0], "anything")
    assert "script" in text.splitlines()[0]
    assert "nothing was looked at" in text.splitlines()[0]


def test_times_outside_the_video_show_nothing(script: Script) -> None:
    assert "no frame" in ScriptLooker(script).describe(NO_FRAMES, [-1.0, script.seconds + 1], "anything")


def test_a_description_moves_with_what_it_describes(script: Script) -> None:
    event = next(e for e in script.events if e.kind == "pass" and e.side < 0)
    looker = ScriptLooker(script)
    early, late = (looker.describe(NO_FRAMES, [t], event.noun) for t in (event.start + 0.1, event.end - 0.1))
    assert "In the picture: left" in early
    assert "In the picture: right" in late


def test_a_description_is_never_longer_than_a_dozen_facts(script: Script) -> None:
    everywhen = list(np.arange(0, script.seconds, 0.5))
    assert len(ScriptLooker(script).describe(NO_FRAMES, everywhen, "everything").splitlines()) == 13


def test_every_sight_of_a_script_is_a_sentence(script: Script) -> None:
    facts = facts_of(script)
    assert {f.id for f in facts} == {e.id for e in (*script.scenes, *script.sights())}
    assert all(f.text.endswith(".") and f.text[0].isupper() for f in facts)


def test_the_transcript_of_a_script_has_its_lines_and_says_who_speaks(script: Script) -> None:
    transcript = transcript_of("script", script=script)
    line = script.lines[1]
    assert transcript.between(line.start + 0.1, line.end - 0.1) == [Subtitle(line.start, line.end, f"{line.speaker}: {line.text}")]
    assert len(transcript.between(0, script.seconds)) == len(script.lines)
    assert transcript.between(line.end, line.start) == []
    assert "script" in transcript.source


def test_subtitles_come_in_order() -> None:
    lines = [Subtitle(5, 6, "b"), Subtitle(1, 2, "a")]
    transcript = transcript_of("subtitles", subtitles=lambda a, b: [s for s in lines if s.end > a and s.start < b])
    assert [s.text for s in transcript.between(0, 9)] == ["a", "b"]
    assert transcript.between(9, 0) == []


@pytest.mark.parametrize(("make", "message"), [("looker", "did you mean 'script'"), ("transcript", "did you mean 'script'")])
def test_an_unknown_backend_is_told(make: str, message: str) -> None:
    with pytest.raises(UnknownOption, match=message):
        looker_of("scripts") if make == "looker" else transcript_of("scripts")


@pytest.mark.parametrize("backend", ["script", "ocr", "endpoint"])
def test_a_looker_without_what_it_needs_is_told(backend: str) -> None:
    with pytest.raises(UnknownOption, match="needs"):
        looker_of(backend)


def test_spans_that_touch_are_one() -> None:
    assert joined([(3, 4), (0, 1), (1, 2), (5, 5), (3.5, 3.6)]) == [(0, 2), (3, 4)]
