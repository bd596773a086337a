"""A report as a terminal table, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from mtenvs.rollout.evaluate import Report, Row


def table(rows: Sequence[Row], title: str = "") -> Table:
    """The rows for a terminal of 80 columns; columns that no row fills are left out, and what is the same for all rows of tasks.

    Args:
        rows: of it.
        title: above it; the number of episodes joins it where all of several rows have the same.
    """
    columns = [name for name in _columns(rows) if name != "95 %"]  # see `remarks`
    if title and len(rows) > 1 and len({row.episodes for row in rows}) == 1:
        columns.remove("episodes")
        title = f"{title}, {rows[0].episodes} episodes each"
    out = Table(title=title or None)
    for name in columns:
        out.add_column(name.removeprefix("mean "), justify="left" if name in ("id", "policy", "task") else "right", no_wrap=True)
    for row in rows:
        out.add_row(*(escape(_cell(name, row)) for name in columns))
    return out


def to_json(report: Report) -> str:
    """Everything in the report; keys as in `Report`."""
    return json.dumps(report.to_dict(), indent=2) + "\n"


def to_markdown(report: Report) -> str:
    """The report as a page: the figures, the tasks one by one, and every episode that did not succeed."""
    parts = [f"# {_plain(report.id)} with {_plain(report.policy)}", _grid(_columns([report]), [report])]
    if report.planned > report.episodes:
        parts.append(f"Stopped after {report.episodes} of {report.planned} episodes.")
    parts += list(remarks(report))
    if len(report.tasks) > 1:
        parts += ["## Tasks", _grid(_columns(report.tasks), report.tasks)]
    if report.failed:
        head = ["episode", "task", "seed", "ended by", "score", "error"]
        cells = [
            [str(f.index), f.task, str(f.seed), f.stop_reason, "" if f.score is None else f"{f.score:.2f}", f.error] for f in report.failed
        ]
        parts += [f"## {len(report.failed)} episodes that did not succeed", _markdown(head, cells)]
    return "\n\n".join(parts) + "\n"


def remarks(report: Report) -> Iterable[str]:
    """What the figures leave open, one sentence each."""
    low, high = report.interval
    yield f"Success {report.success:.1%}, 95 % interval {low:.1%} to {high:.1%} (Wilson), over {report.episodes} episodes."
    for k, count in report.pass_tasks.items():
        if count < len(report.tasks):
            yield f"pass@{k} is over the {count} of {len(report.tasks)} tasks with at least {k} episodes."
    if report.stops:
        yield f"Ended by: {_counts(report.stops)}."
    if report.bad_actions:
        yield f"Turns with a bad action: {_counts(report.bad_actions)}."
    if report.failures:
        yield f"Turns without an action of the policy's own: {_counts(report.failures)}."
    if report.errors:
        yield f"{report.errors} episodes were ended by an error; they count as not successful."
    if 0 < report.priced < report.episodes:
        yield f"Tokens are of the {report.priced} episodes that report any."


def _columns(rows: Sequence[Row]) -> list[str]:
    tasks = bool(rows) and all(r.task for r in rows)
    names = ["task"] if tasks else ["id", "policy"]
    names += ["episodes", "success", "95 %", "mean score"]
    names += [f"pass@{k}" for k in sorted({k for r in rows for k in r.pass_at}) if k > 1]
    names += ["turns"] if tasks else ["turns", "steps/s"]
    names += ["tokens"] if any(r.priced for r in rows) else []
    names += ["cost"] if any(r.cost is not None for r in rows) else []
    names += ["errors"] if any(r.errors for r in rows) else []
    return names


def _cell(name: str, row: Row) -> str:
    if name.startswith("pass@"):
        value = row.pass_at.get(int(name.removeprefix("pass@")))
        return "" if value is None else f"{value:.0%}"
    return {
        "id": row.id.removeprefix("mtenvs/"),
        "policy": row.policy,
        "task": row.task,
        "episodes": str(row.episodes),
        "success": f"{row.success:.0%}",
        "95 %": f"{100 * row.interval[0]:.0f}-{100 * row.interval[1]:.0f} %",
        "mean score": "" if row.score is None else f"{row.score:.2f}",
        "turns": f"{row.turns:.1f}",
        "steps/s": f"{row.steps_per_s:,.0f}",
        "tokens": f"{(row.prompt_tokens or 0) + (row.completion_tokens or 0):,}" if row.priced else "",
        "cost": "" if row.cost is None else f"{row.cost:.4f}",
        "errors": str(row.errors),
    }[name]


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name or 'no reason given'} {count}" for name, count in counts.items())


def _grid(names: Sequence[str], rows: Sequence[Row]) -> str:
    return _markdown(names, [[_cell(name, row) for name in names] for row in rows])


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_plain(cell) for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
