"""The README's code runs as it stands."""

from __future__ import annotations

import builtins
import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_ten_lines_play_an_episode(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    monkeypatch.setattr(builtins, "input", lambda _: "something that is no action")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own page
    out = capsys.readouterr().out
    assert "Defeat one" in out
    assert "Verdict(score=0.0" in out


def test_pictures_and_files_that_it_names_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    names = re.findall(r"\]\((?!http)([^)]+)\)", text)
    assert names
    assert [name for name in names if not (README.parent / name).exists()] == []
