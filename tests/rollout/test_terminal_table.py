from __future__ import annotations

import io

from rich.console import Console

from mtenvs.catalog import CATALOG
from mtenvs.rollout.evaluate import Row
from mtenvs.rollout.tables import table


def shown(rows: list[Row], title: str) -> str:
    console = Console(file=io.StringIO(), width=80)
    console.print(table(rows, title=title))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_table_of_all_environments_is_whole_in_a_narrow_terminal() -> None:
    rows = [Row(entry.id, "oracle", 3, 1.0, 1.0, 800.0, 12345.0, 0) for entry in CATALOG]
    text = shown(rows, "mtenvs demo")
    assert "…" not in text
    assert "mtenvs demo, 3 episodes each" in text
    for entry in CATALOG:
        assert entry.id.removeprefix("mtenvs/") in text


def test_episodes_stand_in_each_line_where_they_differ() -> None:
    text = shown([Row("a", "oracle", n, 1.0, 1.0, 8.0, 1.0, 0) for n in (3, 4)], "some")
    assert "episodes" in text
    assert "each" not in text
