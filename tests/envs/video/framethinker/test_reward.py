"""The released reward against transcripts worked out by hand."""

from __future__ import annotations

import pytest

from mtenvs.envs.video.framethinker.grammar import Step
from mtenvs.envs.video.framethinker.reward import broken_rule, last_integers, released_parts

TOTAL = 1000


def choose(start: int, end: int, thought: str | None = None) -> Step:
    return Step((f"between {start} and {end}" if thought is None else thought,), "choose", start, end)


def time(at: str, frame: int) -> Step:
    return Step(("when?",), "time", time=at, frame=frame)


ANSWER = Step(("done",), "answer")


def parts(*steps: Step, right: bool = True, question: str = "What happens?") -> tuple[float, float, float]:
    found = released_parts(steps, turns=len(steps), total=TOTAL, right=right, question=question)
    return found["accuracy"], found["time_bonus"], found["frames_bonus"]


def test_a_right_answer_alone_is_worth_1_and_a_look_adds_2_hundredths() -> None:
    assert parts(ANSWER) == (1.0, 0.0, 0.0)
    assert parts(choose(10, 90), ANSWER) == (1.0, 0.0, 0.02)
    assert parts(choose(10, 90), choose(20, 60), ANSWER) == (1.0, 0.0, 0.02)


def test_asking_for_a_time_is_worth_half_a_point_where_the_question_has_one() -> None:
    assert parts(time("00:07", 175), ANSWER, question="What happens at 0:07?") == (1.0, 0.5, 0.0)
    assert parts(time("00:07", 175), choose(100, 300), ANSWER, question="At 0:07, what?") == (1.0, 0.5, 0.02)
    assert parts(time("00:07", 175), ANSWER) == (1.0, 0.0, 0.0)


def test_a_wrong_answer_is_worth_nothing() -> None:
    assert parts(time("00:07", 175), choose(100, 300), ANSWER, right=False, question="At 0:07?") == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("steps", "rule"),
    [
        ([Step((), "choose", 10, 90), ANSWER], "0 thoughts"),
        ([Step(("a", "b"), "answer")], "2 thoughts"),
        ([choose(10, 90)], "not the last"),
        ([ANSWER, ANSWER], "not the last"),
        ([choose(10, 90), choose(10, 90), ANSWER], "again"),
        ([choose(10, 90), choose(11, 89), ANSWER], "again"),
        ([choose(0, 999), ANSWER], "again"),
        ([time("00:07", 175), time("00:07", 175), ANSWER], "again"),
        ([choose(10, 18), ANSWER], "too short"),
        ([choose(90, 10), ANSWER], "too short"),
        ([choose(10, 90, "frames 10 to 80"), ANSWER], "another range"),
        ([choose(10, 90, "somewhere"), ANSWER], "another range"),
        ([time("00:07", 175), choose(300, 400), ANSWER], "without the frame"),
        ([], "no answer"),
    ],
)
def test_a_broken_rule_is_named_and_costs_everything(steps: list[Step], rule: str) -> None:
    assert rule in broken_rule(steps, turns=len(steps), total=TOTAL)
    assert parts(*steps) == (0.0, 0.0, 0.0)


def test_a_turn_that_was_refused_costs_everything() -> None:
    assert "1 of 2 actions" in broken_rule([ANSWER], turns=2, total=TOTAL)
    assert sum(released_parts([ANSWER], turns=2, total=TOTAL, right=True, question="?").values()) == 0.0


def test_a_range_after_a_frame_number_must_contain_it_only_once() -> None:
    assert broken_rule([time("00:07", 175), choose(100, 300), choose(500, 700), ANSWER], turns=4, total=TOTAL) == ""


@pytest.mark.parametrize(
    ("thought", "numbers"),
    [
        ("from 10 to 90", (10, 90)),
        ("at 12:30, so 100 and 200", (100, 200)),
        ("100 and 200, near 12:30", (100, 200)),
        ("3 people at 1.5 s: 40, 60.", (40, 60)),
        ("only 7", None),
        ("", None),
    ],
)
def test_the_last_two_whole_numbers_of_a_thought_count_and_times_do_not(thought: str, numbers: tuple[int, int] | None) -> None:
    assert last_integers(thought) == numbers
