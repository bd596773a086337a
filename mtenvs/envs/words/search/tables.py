"""Tables as answers: reading Markdown, and WideSearch's scores by row and by item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mtenvs.envs.words.search.matching import PREPROCESS, Judge, match_cell, normalise_cell

METRICS: Final = ("exact_match", "in_match", "url_match", "number_near", "date_near", "llm_judge")
_FENCE: Final = "```"
_CELL: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"^[\s|:-]*-[\s|:-]*$")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class TableScores:
    """Precision, recall and F1 by row and by item, each in [0, 1], and whether all is right."""

    success: bool
    row_precision: float
    row_recall: float
    row_f1: float
    item_precision: float
    item_recall: float
    item_f1: float

    def metrics(self) -> dict[str, float]:
        """All figures but the success."""
        return {name: float(getattr(self, name)) for name in self.__slots__ if name != "success"}


def read_table(text: str) -> list[Row]:
    """The rows of the last Markdown table of a text, by column; columns in lower case without spaces.

    The last fence that holds a table counts, else the last run of lines with bars. Short rows are filled with empty cells,
    surplus cells are dropped. Empty when there is no table.
    """
    parts = text.split(_FENCE)
    fenced = [rows for part in reversed(parts[1::2]) if (rows := _rows(part))]
    return fenced[0] if fenced else _rows(text)


def _rows(text: str) -> list[Row]:
    run: list[list[str]] = []
    last: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if "|" in line:
            run.append([c.strip().replace("\\|", "|") for c in _CELL.split(line.strip().removeprefix("|").removesuffix("|"))])
        else:
            last, run = (run if len(run) > 1 else last), []
    if not last:
        return []
    head = [column_name(c) for c in last[0]]
    body = last[2:] if _RULE.match("|".join(last[1])) else last[1:]
    return [dict(zip(head, [*cells, *[""] * len(head)], strict=False)) for cells in body]


def column_name(name: str) -> str:
    """A column's name as it is compared: lower case, no spaces, no asterisks."""
    return normalise_cell(name)


def write_table(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """A Markdown table.

    Args:
        columns: the heads, as they shall stand there.
        rows: cells by `column_name` of their heads.
    """
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(row.get(column_name(c), "").replace("|", "\\|") for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def score_table(answer: Sequence[Row], checks: Mapping[str, Any], judge: Judge | None = None) -> TableScores:
    """WideSearch's scores.

    Both tables are preprocessed, rows that repeat the unique columns are dropped, the rest is joined on them. A row scores its
    worst column, an item its own score. A table whose columns are not exactly the required ones scores 0 throughout.

    Args:
        answer: rows as of `read_table`.
        checks: ``required`` and ``unique`` (columns), ``pipeline`` (by column: ``preprocess``, ``metric``, ``criterion``), ``rows``.
        judge: decides the cells that need one.
    """
    required = [column_name(c) for c in checks["required"]]
    unique = [column_name(c) for c in checks["unique"]]
    if not answer or set(answer[0]) != set(required):
        return TableScores(success=False, row_precision=0, row_recall=0, row_f1=0, item_precision=0, item_recall=0, item_f1=0)
    pipeline: dict[str, Mapping[str, Any]] = {column_name(c): p for c, p in checks["pipeline"].items()}
    ours, truth = (_by_key(rows, required, unique, pipeline) for rows in (answer, checks["rows"]))
    rows = items = 0.0
    for key in ours.keys() & truth.keys():
        cells = [_cell(pipeline.get(c, {}), ours[key][c], truth[key][c], judge) for c in required]
        rows += min(cells)
        items += sum(cells)
    by_row = _scores(rows, len(ours), len(truth))
    by_item = _scores(items, len(ours) * len(required), len(truth) * len(required))
    return TableScores(min(*by_row, *by_item) == 1.0, *by_row, *by_item)


def _by_key(
    rows: Sequence[Row], required: Sequence[str], unique: Sequence[str], pipeline: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str, ...], Row]:
    out: dict[tuple[str, ...], Row] = {}
    for row in rows:
        clean = {c: _prepared(row.get(c, ""), pipeline.get(c, {}).get("preprocess", ())) for c in required}
        out.setdefault(tuple(clean[c] for c in unique), clean)
    return out


def _prepared(cell: str, steps: Sequence[str]) -> str:
    for step in steps:
        cell = PREPROCESS[step](cell)
    return cell


def _cell(rules: Mapping[str, Any], answer: str, golden: str, judge: Judge | None) -> float:
    metrics = rules.get("metric") or ("exact_match",)
    return min(match_cell(metric, answer, golden, rules.get("criterion"), judge) for metric in metrics)


def _scores(right: float, ours: int, truth: int) -> tuple[float, float, float]:
    precision, recall = right / ours if ours else 0.0, right / truth if truth else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0
