"""The containers of compose.yaml do what they are for; needs a docker engine, and says so where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
BASE_IMAGE = os.environ.get("MTENVS_BASE_IMAGE", "debian:bookworm-slim")


def run(*command: str, seconds: float = 600) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)  # noqa: S603 - fixed commands


def compose_command() -> list[str]:
    """Compose 2 as docker's plugin, or Debian's compose 1; skips without them, an engine and the base image."""
    if not shutil.which("docker") or run("docker", "info").returncode != 0:
        pytest.skip("no docker engine is reachable")
    if run("docker", "image", "inspect", BASE_IMAGE).returncode != 0 and run("docker", "pull", "--quiet", BASE_IMAGE).returncode != 0:
        pytest.skip(f"the docker engine has no image {BASE_IMAGE} and cannot pull it")
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and run(*command, "version").returncode == 0:
            return command
    pytest.skip("docker is here, but neither its compose plugin nor docker-compose")


@pytest.fixture(scope="module")
def compose() -> Iterator[list[str]]:
    command = [*compose_command(), "--project-name", f"mtenvs-test-{os.getpid()}", "--file", str(ROOT / "compose.yaml")]
    yield command
    run(*command, "down", "--rmi", "local", "--volumes")


def test_the_hero_container_plays_an_episode(compose: list[str]) -> None:
    built = run(*compose, "build", "hero")
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    played = run(*compose, "run", "--rm", "-T", "hero")
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-3000:]
    assert "HeroBench-v0" in played.stdout
    assert "100%" in played.stdout
