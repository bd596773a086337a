"""Watch agents act in every family that this machine supports: a table, GIFs and trajectories in a folder."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from tqdm import tqdm

from mtenvs.catalog import CATALOG, Entry
from mtenvs.core.errors import MissingRequirement
from mtenvs.core.trajectory import Trajectory
from mtenvs.policies import named_policy
from mtenvs.registry import env_class
from mtenvs.rollout import Row, TrajectoryStore, table
from mtenvs.rollout.evaluate import summarise
from mtenvs.rollout.pictures import save_gif
from mtenvs.rollout.run import rollout
from mtenvs.rollout.store import LINES
from mtenvs.vector import make_vec

_MOST_FRAMES = 240
_GIF_FPS = 20  # faster worlds are filmed on every n-th turn


class Part(NamedTuple):
    """One line of the demo's table."""

    entry: Entry
    label: str
    policy: str
    kwargs: dict[str, Any]
    episodes: int


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", default="demo", help="folder to write into (default: demo)")
    parser.add_argument("--episodes", type=int, default=3, help="episodes a line (default: 3)")
    parser.add_argument("--family", help="only this family")


def run(args: argparse.Namespace) -> int:
    """Play everything; 1 if an oracle failed."""
    console = Console()
    out = Path(args.out)
    rows: list[Row] = []
    parts = [p for p in _parts(args.episodes) if args.family in (None, p.entry.family)]
    missing: dict[str, MissingRequirement] = {}
    for name in {_folder(p.entry) for p in parts}:  # a demo shows this run, not the ones before
        (out / name / LINES).unlink(missing_ok=True)
    with tqdm(total=sum(p.episodes for p in parts), unit="episode") as bar:
        for part in parts:
            bar.set_description(f"{part.entry.id.split('/')[-1]} {part.label}")
            if part.entry.family in missing:
                bar.update(part.episodes)
                continue
            try:
                rows.append(_play(part, out, bar))
            except MissingRequirement as e:
                missing[part.entry.family] = e
                bar.update(part.episodes)
    console.print(table(rows, title="mtenvs demo"))
    for family, error in missing.items():
        console.print(f"[yellow]{family} was left out:[/yellow] {error}")
    for path in sorted(out.rglob("*.gif")):
        console.print(f"look at {path}")
    played = next((out / _folder(p.entry) for p in parts if p.entry.family not in missing), None)
    if played is not None:
        console.print(f"trajectories are in {out}; check one with: mtenvs replay {played}", markup=False, soft_wrap=True)
    rates = {entry.id: entry.oracle_rate for entry in CATALOG}
    solved = [r.success == 1 if rates[r.id] == 1 else r.success > 0 for r in rows if r.policy == "oracle"]
    return 0 if all(solved) else 1


def _parts(episodes: int) -> Iterator[Part]:
    for entry in CATALOG:
        for policy in ("oracle", "random"):
            yield Part(entry, policy, policy, dict(entry.demo), episodes)
        if "skills" in entry.tags:
            yield Part(entry, "skills", "oracle", {**entry.demo, "control": "skills", "obs_mode": "text"}, episodes)


class _Camera:
    """Films the first episode of a batch of one; its own time is kept apart, so that the table shows the world's speed."""

    def __init__(self, venv: Any) -> None:
        self._env: Any = venv.envs[0]
        self.frames: list[Any] = []
        self.fps, self.seconds = 0.0, 0.0
        self._rolling, self._in_steps, self._count, self._stride = False, False, 0, 1

    def roll(self, *, in_steps: bool) -> None:
        """Film from now on: every turn, or every step of the world where a turn has many."""
        rate = float(80 if in_steps else self._env.metadata.get("render_fps", 8))  # control families step at 80 Hz
        self._rolling, self._in_steps = True, in_steps
        self._stride = max(1, round(rate / _GIF_FPS))
        self.fps = rate / self._stride
        if in_steps:
            self._env.unwrapped.on_world_step = self._shoot

    def stop(self) -> None:
        """Film no more."""
        self._rolling = False

    def turn(self, _: int) -> None:
        """A turn is over."""
        if not self._in_steps:
            self._shoot()

    def _shoot(self) -> None:
        self._count += 1
        if self._rolling and len(self.frames) < _MOST_FRAMES and self._count % self._stride == 0:
            began = time.perf_counter()
            self.frames.append(self._env.render())
            self.seconds += time.perf_counter() - began


def _folder(entry: Entry) -> str:
    return entry.id.rsplit("/", 1)[-1]


def _play(part: Part, out: Path, bar: tqdm[Any]) -> Row:
    """Play one line; the first episode of a solving policy is filmed where there is something to see."""
    name = _folder(part.entry)
    films = part.label != "random" and "rgb_array" in env_class(part.entry.id).metadata["render_modes"]
    kwargs = {**part.kwargs, **({"render_mode": "rgb_array"} if films else {})}
    venv = make_vec(part.entry.id, 1, backend="sync", **kwargs)
    camera = _Camera(venv)
    if films:
        camera.roll(in_steps=part.kwargs.get("control") == "skills")

    def tick(_: Trajectory) -> None:
        camera.stop()
        bar.update()

    try:
        policy = named_policy(part.policy, venv)
        store = TrajectoryStore(out / name)
        began = time.perf_counter()
        episodes = rollout(venv, policy, part.episodes, on_episode=tick, on_step=camera.turn)
        seconds = time.perf_counter() - began - camera.seconds
        for episode in episodes:
            episode.policy = part.label
        store.append(episodes[0])
        if camera.frames:
            save_gif(camera.frames, out / name / f"{part.label}.gif", fps=camera.fps)
    finally:
        venv.close()
    return summarise(part.entry.id, part.label, episodes, seconds)
