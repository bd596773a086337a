"""What a user gets: sdist, then a wheel from it, installed in a new environment and used from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PLAY = """
import json, sys
import gymnasium, mtenvs
from mtenvs.core.assets import asset

played = {}
for name in ("LongExecution", "HeroBench"):
    env = gymnasium.make(f"mtenvs/{name}-v0")
    env.reset(seed=0)
    *_, info = env.step(env.action_space.sample())
    played[name] = info["turn"]
    env.close()
json.dump({"package": mtenvs.__file__, "assets": str(asset("rpg")), "played": played}, sys.stdout)
"""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What the command prints; its own words if it fails."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MTENVS_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=280)  # noqa: S603 - our own build
    assert done.returncode == 0, f"{command} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT)
    [path] = out.glob("*.whl")
    assert list(out.glob("*.tar.gz"))
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment with the wheel in it, which borrows the dependencies of this one."""
    home = tmp_path_factory.mktemp("home") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel)
    [site] = home.glob("lib/python*/site-packages")
    # A path named in a .pth file is searched last, and .pth files in it (such as the one of an editable mtenvs) are not read.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def test_the_wheel_holds_all_assets_unchanged(wheel: Path) -> None:
    listed = run("git", "-C", ROOT, "ls-files", "assets").split("\n") if (ROOT / ".git").exists() else []
    tracked = [name for name in listed if name and (ROOT / name).is_file()]
    if not tracked:
        tracked = [str(p.relative_to(ROOT)) for p in (ROOT / "assets").rglob("*") if p.is_file()]
    with zipfile.ZipFile(wheel) as archive:
        assert tracked
        for name in tracked:
            assert archive.read(name.replace("assets/", "mtenvs/_assets/", 1)) == (ROOT / name).read_bytes(), name
        assert "mtenvs/py.typed" in archive.namelist()
        assert not [n for n in archive.namelist() if n.startswith(("tests/", "benchmarks/"))]
        assert {Path(n).name for n in archive.namelist() if "/licenses/" in n} == {"LICENSE", "LICENSES.md"}


def test_an_installed_wheel_plays_from_another_folder(installed: Path, tmp_path: Path) -> None:
    told = json.loads(run(installed, "-c", PLAY, cwd=tmp_path))
    prefix = str(installed.parents[1])
    assert told["package"].startswith(prefix)
    assert told["assets"].startswith(prefix)
    assert Path(told["assets"]).parent.name == "_assets"
    assert told["played"] == {"LongExecution": 1, "HeroBench": 1}


def test_an_installed_wheel_has_the_command(installed: Path, tmp_path: Path) -> None:
    assert "mtenvs/LongExecution-v0" in run(installed.parent / "mtenvs", "list", "--json", cwd=tmp_path)
