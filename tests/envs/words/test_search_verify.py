"""Answers against the truth, by hand: SQuAD's rules, answers by position, and WideSearch's tables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.envs.words.search.matching import exact_match, extract_number, f1, match_cell, normalise, normalise_cell, normalise_date
from mtenvs.envs.words.search.tables import read_table, score_table, write_table
from mtenvs.envs.words.search.verify import split_answers, truth_of, verdict_of

CHECKS: dict[str, Any] = {
    "required": ["Name", "Length (km)", "Opened"],
    "unique": ["Name"],
    "pipeline": {
        "Name": {"preprocess": ["norm_str"], "metric": ["exact_match"]},
        "Length (km)": {"preprocess": ["extract_number"], "metric": ["number_near"], "criterion": 0.1},
        "Opened": {"preprocess": ["norm_date"], "metric": ["date_near"]},
    },
    "rows": [
        {"name": "Alpha", "length(km)": "1000", "opened": "3 May 1901"},
        {"name": "Beta", "length(km)": "200", "opened": "1902-01-10"},
    ],
}


def table(*rows: str, head: str = "Name | Length (km) | Opened") -> list[dict[str, str]]:
    return read_table("\n".join([f"| {head} |", "|---|---|---|", *(f"| {r} |" for r in rows)]))


# ---- SQuAD ---------------------------------------------------------------------------------------------------------


def test_normalise() -> None:
    assert normalise("The  Amber-Gate, a Novel!") == "ambergate novel"
    assert normalise("an AND another") == "and another"


@pytest.mark.parametrize(
    ("answer", "golden", "em", "word_f1"),
    [
        ("The Amber Gate.", ["amber gate"], 1, 1),
        ("Amber", ["Amber Gate"], 0, 2 / 3),
        ("gate amber gate", ["amber gate"], 0, 0.8),
        ("12,400", ["12400"], 1, 1),
        ("yes", ["yes it is"], 0, 0),
        ("yes", ["Yes."], 1, 1),
        ("Paris", ["London", "Paris"], 1, 1),
        ("", ["London"], 0, 0),
        ("A", ["The"], 0, 1),  # nothing but articles: words cannot tell, letters can
    ],
)
def test_exact_match_and_f1(answer: str, golden: list[str], em: float, word_f1: float) -> None:
    assert exact_match(answer, golden) == em
    assert f1(answer, golden) == pytest.approx(word_f1)


def test_answers_count_by_position() -> None:
    check = {"golden": [["Rome"], ["12"], ["Ada", "Ada L."]]}
    for answer, score in {
        "Rome; 12; Ada L.": 1,
        "Rome;12;Ada": 1,
        "12; Rome; Ada": 1 / 3,
        "Rome": 1 / 3,
        "; 12": 1 / 3,
        "Rome; 12; Ada; 13": 2 / 3,
        "": 0,
        ";;": 0,
    }.items():
        verdict = verdict_of(check, answer, {}, {})
        assert verdict.score == verdict.metrics["em"] == pytest.approx(score), answer
        assert verdict.success == (score == 1)
    assert truth_of(check) == "Rome; 12; Ada"
    assert split_answers("a; b; c", 2) == ["a", "b; c"]
    assert split_answers("a", 3) == ["a", "", ""]


def test_one_answer_may_hold_semicolons() -> None:
    assert verdict_of({"golden": [["this; that"]]}, "this; that", {}, {}).success


def test_no_answer_scores_nothing() -> None:
    for golden in ("Rome", "The", "noanswer"):
        assert verdict_of({"golden": [[golden]]}, None, {}, {}).score == 0
    assert verdict_of(CHECKS, None, {}, {}).score == 0


def test_the_verdict_has_evidence_first_and_figures_last() -> None:
    verdict = verdict_of({"golden": [["Rome"]]}, "Roma", {"read:Italy": True}, {"searches": 2.0})
    assert dict(verdict.checkpoints) == {"read:Italy": True, "answer1": False}
    assert dict(verdict.metrics) == {"em": 0.0, "f1": 0.0, "searches": 2.0}


# ---- judged answers ------------------------------------------------------------------------------------------------


def test_what_needs_a_judge_has_no_score_without_one() -> None:
    check = {"golden": [["Rome"]], "judged": True}
    assert verdict_of(check, "rome", {}, {}).score == 1
    verdict = verdict_of(check, "the eternal city", {}, {})
    assert (verdict.score, verdict.needs, verdict.success) == (None, "judge", False)
    assert verdict_of(check, "the eternal city", {}, {}, judge=lambda *_: True).score == 1
    assert verdict_of(check, "the eternal city", {}, {}, judge=lambda *_: False).score == 0
    assert verdict_of(check, "", {}, {}).score == verdict_of(check, None, {}, {}).score == 0


# ---- cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("14 March 1871", "1871-03-14"),
        ("14th of March, 1871", "1871-03-14"),
        ("March 14, 1871", "1871-03-14"),
        ("Mar. 1871", "1871-03-01"),
        ("1871", "1871-01-01"),
        ("1871-3-14", "1871-03-14"),
        ("1871/03", "1871-03-01"),
        ("3/14/1871", "1871-03-14"),
        ("1871年3月14日", "1871-03-14"),
        ("**14 march 1871**", "1871-03-14"),
        ("31 February 1871", "31 February 1871"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert normalise_date(text) == iso


def test_numbers_and_strings() -> None:
    assert [extract_number(t) for t in ("about 1,234.5 km", "-3", "12 %", "none", "1.5%x2")] == ["1234.5", "-3", "12%", "none", "1.5%"]
    assert normalise_cell(" **The Amber Gate** ") == "theambergate"


@pytest.mark.parametrize(
    ("metric", "answer", "golden", "criterion", "score"),
    [
        ("exact_match", "a", "a", None, 1),
        ("exact_match", "a", "ab", None, 0),
        ("in_match", "a", "ab", None, 1),
        ("in_match", "ab", "a", None, 0),
        ("number_near", "110", "100", 0.1, 1),
        ("number_near", "90", "100", 0.1, 1),
        ("number_near", "111", "100", 0.1, 0),
        ("number_near", "10%", "0.1", 0.0, 1),
        ("number_near", "x", "x", 0.1, 1),
        ("number_near", "x", "1", 0.1, 0),
        ("number_near", "inf", "1", 0.1, 0),
        ("date_near", "1901-05-03", "1901-06-03", None, 1),
        ("date_near", "1901-05-03", "1901-06-04", None, 0),
        ("date_near", "soon", "later", None, 1),
        ("date_near", "soon", "1901-06-04", None, 0),
        ("url_match", "https://a.org/x", "see http://A.org/y", None, 1),
        ("url_match", "https://a.org/x https://b.org", "https://a.org", None, 0),
        ("llm_judge", "Same", "same", "means the same", 1),
        ("llm_judge", "alike", "same", "means the same", 0),
    ],
)
def test_cells(metric: str, answer: str, golden: str, criterion: Any, score: float) -> None:
    assert match_cell(metric, answer, golden, criterion) == score


def test_a_judge_decides_judged_cells() -> None:
    seen = []

    def judge(criterion: str, answer: str, golden: str) -> bool:
        seen.append((criterion, answer, golden))
        return True

    assert match_cell("llm_judge", "alike", "same", "means the same", judge) == 1
    assert seen == [("means the same", "alike", "same")]


# ---- tables --------------------------------------------------------------------------------------------------------


def test_reading_markdown() -> None:
    assert table("Alpha | 1 | 2") == [{"name": "Alpha", "length(km)": "1", "opened": "2"}]
    fenced = "Old:\n| a |\n|--|\n| 1 |\nNew:\n```markdown\n| **A b** | c |\n|:-|-:|\n| x \\| y | |\n```\n| z |\n|--|\n| 3 |"
    assert read_table(fenced) == [{"ab": "x | y", "c": ""}]
    assert read_table("| a |\n|--|\n| 1 |\n\n| b |\n|--|\n| 2 |\n| 3 |\nEnd") == [{"b": "2"}, {"b": "3"}]
    assert read_table("a | b\n1 | 2 | 3\n4") == [{"a": "1", "b": "2"}]
    assert [read_table(t) for t in ("", "no table", "| a |", "```markdown\n```", "| a |\n|---|")] == [[]] * 5


def test_a_right_table_in_another_order_and_form() -> None:
    rows = table("beta | 210 km | Feb 1, 1902", "**Alpha** | 1,000 | 1901-05-03", "alpha | 5 | 1800")
    scores = score_table(rows, CHECKS)
    assert scores.success
    assert set(scores.metrics().values()) == {1.0}


def test_rows_and_items_by_hand() -> None:
    scores = score_table(table("Alpha | 1000 | 1850", "Gamma | 200 | 1902", "Beta | 200 | 1902-01-10"), CHECKS)
    assert not scores.success
    assert scores.metrics() == pytest.approx(
        {
            "row_precision": 1 / 3,  # Beta is right, Alpha has one wrong cell, Gamma is not asked for
            "row_recall": 1 / 2,
            "row_f1": 0.4,
            "item_precision": 5 / 9,
            "item_recall": 5 / 6,
            "item_f1": 2 / 3,
        }
    )


def test_a_missing_row_is_not_a_success() -> None:
    scores = score_table(table("Alpha | 1000 | 3 May 1901"), CHECKS)
    assert (scores.success, scores.row_precision, scores.row_recall) == (False, 1.0, 0.5)


@pytest.mark.parametrize("head", ["Name | Length | Opened", "Name | Opened | Founder", "Name | Name | Opened"])
def test_other_columns_score_nothing(head: str) -> None:
    assert set(score_table(table("Alpha | 1000 | 1901", head=head), CHECKS).metrics().values()) == {0}
    extra = read_table("| Name | Length (km) | Opened | More |\n|-|-|-|-|\n| Alpha | 1000 | 1901 | x |")
    assert score_table(extra, CHECKS).item_f1 == 0


def test_judged_tables() -> None:
    check = {**CHECKS, "pipeline": {**CHECKS["pipeline"], "Name": {"metric": ["llm_judge"], "criterion": "same place"}}}
    right = write_table(CHECKS["required"], CHECKS["rows"])
    assert verdict_of(check, right, {}, {}).score == 1
    other = right.replace("1902-01-10", "1950")
    assert (verdict_of(check, other, {}, {}).score, verdict_of(check, other, {}, {}).needs) == (None, "judge")
    judged = verdict_of(check, other, {}, {}, judge=lambda *_: True)
    assert judged.needs == ""
    assert judged.score == pytest.approx(5 / 6)
    assert verdict_of(check, "I do not know.", {}, {}).score == 0


def test_the_truth_is_right() -> None:
    assert verdict_of(CHECKS, truth_of(CHECKS), {}, {}).success


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="`"), max_size=12).map(lambda t: " ".join(t.split()))


@given(st.lists(st.fixed_dictionaries({"a": cells, "b": cells}), min_size=1, max_size=5))
def test_a_written_table_reads_back(rows: list[dict[str, str]]) -> None:
    clean = [{k: v.replace("\\", "") for k, v in row.items()} for row in rows]
    assert read_table(write_table(["A", "B"], clean)) == clean


@given(st.text(st.characters(), max_size=300))
def test_any_answer_has_a_score(text: str) -> None:
    for check in (CHECKS, {"golden": [["Rome"], ["12"]]}):
        for answer in (text, f"| Name | Length (km) | Opened |\n{text}\n| {text} | 1 | 2 |"):
            score = verdict_of(check, answer, {}, {}).score
            assert score is not None
            assert 0 <= score <= 1
