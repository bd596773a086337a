from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.own.dialogues import MOST_CRITERIA, ROLES, Criterion, Dialogue, DialogueTurn, dialogues_of
from mtenvs.envs.video.own.dialogues_rubric import comes_first
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES, SUBJECTS
from mtenvs.envs.video.own.wording import SPEAKERS
from mtenvs.envs.video.question import TIERS, plain

SEEDS = {"clip": range(60), "short": range(30), "long": range(10), "epic": range(5)}


@lru_cache(maxsize=8)
def dialogues(tier: str) -> tuple[tuple[str, float, tuple[Dialogue, ...]], ...]:
    scripts = [compose(tier, seed) for seed in SEEDS[tier]]
    return tuple((s.name, s.seconds, tuple(dialogues_of(s))) for s in scripts)


def all_turns() -> list[DialogueTurn]:
    return [t for tier in TIERS for _, _, found in dialogues(tier) for d in found for t in d.turns]


@pytest.mark.parametrize("tier", TIERS)
def test_each_film_has_its_dialogues_of_two_or_three_turns(tier: str) -> None:
    for name, seconds, found in dialogues(tier):
        assert [d.id for d in found] == [f"{name}/dialogue/{k}" for k in range(TIERS[tier])]
        assert len({d.theme for d in found}) == len(found)
        for d in found:
            assert 2 <= len(d.turns) <= 3
            assert d.turns[0].role == "opener"
            assert len({t.role for t in d.turns}) == len(d.turns)
            for turn in d.turns:
                assert turn.role in ROLES
                assert turn.key_segments
                assert all(0 <= a < b <= seconds for a, b in turn.key_segments)
                assert set(turn.modalities) <= {"visual", "audio"} != set()


def test_rubrics_are_short_and_weighted_as_longshots() -> None:
    for turn in all_turns():
        assert 1 <= len(turn.criteria) <= MOST_CRITERIA
        assert len({c.name for c in turn.criteria}) == len(turn.criteria)
        assert all(c.weight == -5 if c.is_penalty else c.weight in {1, 3, 5} for c in turn.criteria)
        assert any(c.weight == 5 for c in turn.criteria)
        assert all(c.any_of or c.all_of for c in turn.criteria)


def test_a_reference_meets_all_criteria_and_no_penalty() -> None:
    for turn in all_turns():
        assert turn.score(turn.reference) == 1.0, turn
        assert turn.penalties(turn.reference) == 0, turn


def test_an_answer_without_the_fact_loses_its_weight() -> None:
    for turn in all_turns():
        for criterion in turn.criteria:
            if not criterion.is_penalty and criterion.any_of:
                answer = f" {plain(turn.reference)} " if not any(":" in p for p in criterion.any_of) else turn.reference
                for phrase in sorted(criterion.any_of, key=len, reverse=True):
                    answer = answer.replace(phrase, "something").replace(f" {plain(phrase)} ", " something ")
                assert turn.score(answer) < 1, (turn, answer)


def test_an_answer_with_the_wrong_colour_place_thing_speaker_or_number_scores_less() -> None:
    swaps = (tuple(COLOURS), tuple(p.where for p in PLACES.values()), tuple(SUBJECTS), SPEAKERS, tuple("23456"))
    tried: Counter[str] = Counter()
    for turn in all_turns():
        for kind, pool in zip(("colour", "place", "thing", "speaker", "number"), swaps, strict=True):
            for right in pool:
                if f" {right}" in f" {turn.reference}" and _asks(turn, right, kind):
                    wrong = next(p for p in pool if p != right and p not in turn.reference)
                    answer = turn.reference.replace(right, wrong)
                    assert turn.score(answer) < 1, (turn, answer)
                    tried[kind] += 1
    assert all(tried[kind] > 20 for kind in ("colour", "place", "thing", "speaker", "number")), tried


def _asks(turn: DialogueTurn, right: str, kind: str) -> bool:
    """Whether the rubric is about that: words that a reference merely repeats may be left out."""
    bare = right.rsplit(" the ", maxsplit=1)[-1] if kind == "place" else right
    return any(bare.casefold() in {p.casefold() for p in c.any_of} for c in turn.criteria if not c.is_penalty)


def test_saying_everything_at_once_does_not_meet_what_weighs_most() -> None:
    everything = " ".join((*COLOURS, *(p.where for p in PLACES.values()), *SUBJECTS, *SPEAKERS))
    for turn in all_turns():
        asked = [c for c in turn.criteria if c.name in {"colour", "place", "thing", "speaker", "coat"}]
        assert not [c for c in asked if c.none_of and c.met(everything)], turn


def test_agreeing_with_every_claim_is_right_half_of_the_time() -> None:
    claims = [t for t in all_turns() if t.role == "challenger"]
    agreed = sum(t.penalties("Yes, that is right.") == 0 for t in claims)
    assert 0.35 * len(claims) < agreed < 0.65 * len(claims)


def test_numbers_of_other_things_and_times_are_no_counts() -> None:
    counted = Criterion("number", "", "fact", 5, any_of=("3", "three"), none_of=("4 beeps",))
    assert counted.met("At 1:04 there are 3 beeps.")
    assert counted.met("Three.")
    assert not counted.met("It is at 0:03.")
    assert not counted.met("13")
    assert not counted.met("3 or 4 beeps")


def test_phrases_are_whole_words_whatever_their_case_and_punctuation() -> None:
    said = Criterion("text", "", "fact", 5, any_of=("MEET AT: PARK",))
    assert said.met("The sign says 'Meet at - park'!")
    assert not said.met("meet at parkway")


def test_which_of_two_comes_first_can_be_said_in_many_ways() -> None:
    first = comes_first("sign", "kite")
    for right in ("The sign.", "the sign"):
        assert not first.met(right)  # says nothing of the order
    for right in (
        "First the sign, then the kite.",
        "The sign was seen first.",
        "The sign comes before the kite.",
        "The kite appears after the sign.",
    ):
        assert first.met(right), right
    for wrong in (
        "The kite comes first.",
        "The sign appears after the kite.",
        "First the kite, then the sign.",
        "The sign first; no, the kite first.",
    ):
        assert not first.met(wrong), wrong


def test_an_order_is_met_by_that_order_alone() -> None:
    order = Criterion("order", "", "fact", 5, all_of=("kite", "van", "dog"), ordered=True)
    assert order.met("the kite, the van, the dog")
    assert not order.met("the van, the kite, the dog")
    assert not order.met("the kite and the dog")


@given(st.text())
def test_whatever_an_agent_says_has_a_score(answer: str) -> None:
    for turn in dialogues("clip")[0][2][0].turns:
        assert 0 <= turn.score(answer) <= 1
        assert turn.penalties(answer) >= 0


def test_a_dialogue_survives_json_and_is_the_same_again() -> None:
    for name, _, found in dialogues("short")[:5]:
        assert [Dialogue.from_dict(json.loads(json.dumps(d.to_dict()))) for d in found] == list(found)
        assert dialogues_of(compose("short", int(name.rpartition("-")[2]))) == list(found)
    with pytest.raises(DataError, match="Dialogue"):
        Dialogue.from_dict({"id": "x", "theme": "y", "turns": [{"role": "opener"}]})


def test_all_themes_occur() -> None:
    themes = Counter(d.theme for tier in TIERS for _, _, found in dialogues(tier) for d in found)
    assert set(themes) == {"parcel", "code", "signpost", "beeps", "sentence", "person", "order"}
