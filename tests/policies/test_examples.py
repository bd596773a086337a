"""The examples run as a user runs them; each is skipped where its package is missing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(name: str, *arguments: str, folder: Path) -> str:
    """What the example prints with ``--quick``."""
    command = [sys.executable, str(EXAMPLES / name), "--quick", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280, check=False)  # noqa: S603 - our own script
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def needs(*modules: str) -> pytest.MarkDecorator:
    missing = [m for m in modules if importlib.util.find_spec(m) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@needs("httpx")
def test_the_chat_example_asks_its_local_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    said = run("chat_local_server.py", folder=tmp_path)
    assert "success 100% of 2 episodes" in said
    assert '"failures": {}' in said


@pytest.mark.slow
@needs("torch", "stable_baselines3", "metaworld")
def test_the_sb3_example_trains_and_draws(tmp_path: Path) -> None:
    said = run("train_sb3.py", "--png", "curve.png", folder=tmp_path)
    assert "4096 steps" in said
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@needs("torch", "metaworld", "OpenGL")
def test_the_cnn_example_fits_the_oracle(tmp_path: Path) -> None:
    said = run("cnn_policy.py", folder=tmp_path)
    assert "torch:CnnMlp on 4 fresh episodes" in said


@pytest.mark.slow
@needs("torch", "metaworld", "OpenGL")
def test_the_vlm_example_plays_with_its_stand_in(tmp_path: Path) -> None:
    assert "success 0 of 4" in run("vlm_transformers.py", folder=tmp_path)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda p: p.name)
def test_examples_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 150
