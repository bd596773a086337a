"""The scripts that the Makefile calls."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_make_target_is_one_line() -> None:
    recipes = re.findall(r"^([a-z-]+):.*\n((?:\t.*\n)*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, _ in recipes} >= {"demo", "test", "lint", "bench", "docs", "clean"}
    assert {name: lines.count("\n") for name, lines in recipes} == {name: 1 for name, _ in recipes}


def test_constraints_hold_versions_only() -> None:
    lines = [ln for ln in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not ln.startswith("#")]
    assert lines
    wrong = [ln for ln in lines if not re.fullmatch(r'[a-z0-9.-]+==[\w.]+(; python_version (>=|<) "3\.\d+")?', ln)]
    assert not wrong


def test_docs_fill_the_table_and_see_when_it_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = script("docs")
    readme = tmp_path / "README.md"
    monkeypatch.setattr(docs, "README", readme)
    readme.write_text(f"before\n{docs.BEGIN}\nold\n{docs.END}\nafter\n", encoding="utf-8")
    assert docs.main(["--check"]) == 1
    assert docs.main([]) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "`mtenvs/LongExecution-v0`" in text
    assert docs.main(["--check"]) == 0


def test_docs_ask_for_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    docs = script("docs")
    monkeypatch.setattr(docs, "README", tmp_path / "README.md")
    docs.README.write_text("no place here", encoding="utf-8")
    assert docs.main([]) == 1
    assert docs.BEGIN in capsys.readouterr().err


@pytest.mark.parametrize(("missed", "status"), [(False, 0), (True, 1)])
def test_bench_joins_the_rows_and_fails_on_a_missed_target(
    *, missed: bool, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = script("bench")
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    row = {
        "name": "frame",
        "unit": "ms",
        "ours": 1.0,
        "peer": 6.5,
        "peer_name": "them",
        "ratio": 6.5,
        "target": "ratio >= 6",
        "ok": not missed,
    }
    (tmp_path / "robot.py").write_text(f"import sys; assert '--json' in sys.argv; print({json.dumps(row)!r}.join('[]'))", encoding="utf-8")
    assert bench.main(["--quick"]) == status
    assert "frame" in capsys.readouterr().out


def test_bench_goes_on_after_a_script_that_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = script("bench")
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    (tmp_path / "a.py").write_text("raise SystemExit(3)", encoding="utf-8")
    (tmp_path / "b.py").write_text("print('[]')", encoding="utf-8")
    assert bench.main([]) == 1
    assert "a.py ended with status 3" in capsys.readouterr().err
