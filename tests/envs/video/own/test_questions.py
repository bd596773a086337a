from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import pytest

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.own.questions import questions_of
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.question import LETTERS, SKILLS, TIERS, Question, is_right

SEEDS = {"clip": range(120), "short": range(40), "long": range(16), "epic": range(8)}
SEEN = ("event", "sign", "order", "twohop", "crossmodal")  # skills of which nothing may be in the frames that are shown first


@lru_cache(maxsize=256)
def film(tier: str, seed: int) -> tuple[Script, tuple[Question, ...]]:
    script = compose(tier, seed)
    return script, tuple(questions_of(script))


def films(tier: str) -> list[tuple[Script, tuple[Question, ...]]]:
    return [film(tier, seed) for seed in SEEDS[tier]]


def all_questions() -> list[Question]:
    return [q for tier in TIERS for _, questions in films(tier) for q in questions]


@pytest.mark.parametrize("tier", TIERS)
def test_each_film_has_its_number_of_questions_of_each_skill(tier: str) -> None:
    for _, questions in films(tier):
        assert [q.skill for q in questions] == [s for s in SKILLS for _ in range(TIERS[tier])]
        assert len({q.text for q in questions}) == len(questions)


def test_the_same_script_gives_the_same_questions() -> None:
    for tier in TIERS:
        again = Script.from_json(compose(tier, 3).to_json())
        assert questions_of(again) == list(film(tier, 3)[1])


def test_letters_are_spread_evenly() -> None:
    letters = Counter(q.answer for q in all_questions())
    total = sum(letters.values())
    assert set(letters) == set(LETTERS[:5])
    assert all(0.17 < n / total < 0.23 for n in letters.values()), letters


@pytest.mark.parametrize("tier", TIERS)
def test_evidence_lies_in_the_film_and_boxes_in_the_picture(tier: str) -> None:
    for script, questions in films(tier):
        for q in questions:
            assert q.evidence
            for e in q.evidence:
                assert 0 <= e.start < e.end <= script.seconds
                assert (e.box is None) or (0 <= e.box[0] < e.box[2] <= 1 and 0 <= e.box[1] < e.box[3] <= 1)
                assert e.channel == "picture" or e.box is None
            assert q.answer_text == q.accepted[0]
            assert is_right(q.answer_text, q)


@pytest.mark.parametrize("tier", TIERS)
def test_nothing_that_is_asked_is_in_the_frames_that_are_shown_first(tier: str) -> None:
    for script, questions in films(tier):
        for n in {8, 12, *script.hidden_from}:
            times = [(k * (script.num_frames - 1) // (n - 1)) / script.fps for k in range(n)]
            for q in questions:
                shown = [e for e in q.evidence if e.channel == "picture" and any(e.start <= t < e.end for t in times)]
                assert q.skill not in SEEN or not shown, (script.name, q, shown)


@pytest.mark.parametrize("tier", TIERS)
def test_a_film_asks_for_a_time_and_something_is_in_sight_at_that_very_time(tier: str) -> None:
    timed = 0
    for _, questions in films(tier):
        asked = [(q, m) for q in questions if q.skill == "event" and (m := re.search(r"(\d+):(\d\d)", q.text))]
        timed += bool(asked)
        for q, m in asked:
            assert q.evidence[0].start <= int(m[1]) * 60 + int(m[2]) < q.evidence[0].end
    assert timed >= 0.95 * len(SEEDS[tier])


def test_the_usual_number_is_no_good_guess_for_counts() -> None:
    counts = [q for q in all_questions() if q.skill == "count"]
    usual = Counter(q.answer_text for q in counts)
    assert sum(max(q.options, key=lambda o: usual[o]) == q.answer_text for q in counts) < 0.4 * len(counts), usual


def test_options_do_not_tell_the_answer() -> None:
    """No way to choose without watching is right much more often than one time in five."""
    by_skill = {skill: [q for q in all_questions() if q.skill == skill] for skill in SKILLS}
    for skill, questions in by_skill.items():
        for name, choose in GUESSES.items():
            right = sum(choose(q) == q.answer_text for q in questions) / len(questions)
            assert right < 0.3, (skill, name, right)


def _alike(q: Question, option: str) -> float:
    words = {o: Counter(o if o.isdigit() else o.split()) for o in q.options}
    return sum(sum((words[option] & words[o]).values()) for o in q.options)


GUESSES: dict[str, Callable[[Question], str]] = {
    "longest": lambda q: max(q.options, key=len),
    "shortest": lambda q: min(q.options, key=len),
    "first in the alphabet": lambda q: min(q.options),
    "last in the alphabet": lambda q: max(q.options),
    "most like the others": lambda q: max(q.options, key=lambda o: _alike(q, o)),
    "least like the others": lambda q: min(q.options, key=lambda o: _alike(q, o)),
    "most words of the question": lambda q: max(
        q.options, key=lambda o: len(set(o.lower().split()) & set(re.findall(r"\w+", q.text.lower())))
    ),
}


def test_no_question_says_its_answer() -> None:
    for q in all_questions():
        if q.skill not in {"order", "count"}:  # a time in a question may hold the number
            assert not re.search(rf"\b{re.escape(q.answer_text)}\b", q.text), q


def test_questions_are_worded_in_several_ways() -> None:
    heads = {skill: {" ".join(q.text.split()[:3]) for q in all_questions() if q.skill == skill} for skill in SKILLS}
    assert all(len(found) >= 4 for found in heads.values()), heads


def test_a_film_in_which_too_little_happens_says_what_it_lacks() -> None:
    script = film("clip", 0)[0]
    quiet = Script.from_dict({**script.to_dict(), "lines": [], "beeps": []})
    with pytest.raises(DataError, match="speech"):
        questions_of(quiet)


def test_pairs_of_questions_about_a_film_do_not_rest_on_the_same_moment_where_there_are_others() -> None:
    same = total = 0
    for _, questions in films("long"):
        for a, b in itertools.combinations([q for q in questions if q.skill == "event"], 2):
            total += 1
            same += a.evidence[0] == b.evidence[0]
    assert same < 0.1 * total
