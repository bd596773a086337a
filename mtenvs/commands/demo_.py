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
    console.print(f"trajectories are in {out}; check one with: mtenvs replay {out / 'LongExecution-v0'}")
    return 0 if all(r.success == 1 for r in rows if r.policy == "oracle") else 1


def _parts(episodes: int) -> Iterator[Part]:
    for entry in CATALOG:
        for policy in ("oracle", "random"):
            yield Part(entry, policy, policy, dict(entry.demo), episodes)
        if "skills" in entry.tags:
            yield Part(entry, "skills", "oracle", {**entry.demo, "control": "skills", "obs_mode": "text"}, episodes)


def _folder(entry: Entry) -> str:
    return entry.id.rsplit("/", 1)[-1]


def _play(part: Part, out: Path, bar: tqdm[Any]) -> Row:
    """Play one line; the first episode of a solving policy is filmed where there is something to see."""
    name = _folder(part.entry)
    films = part.label != "random" and "rgb_array" in env_class(part.entry.id).metadata["render_modes"]
    venv = make_vec(part.entry.id, 1, **part.kwargs, **({"render_mode": "rgb_array"} if films else {}))
    frames: list[Any] = []
    first = True

    def film(index: int) -> None:
        if first and films and len(frames) < _MOST_FRAMES:
            frames.append(venv.envs[index].render())

    def tick(_: Trajectory) -> None:
        nonlocal first
        first = False
        bar.update()

    try:
        policy = named_policy(part.policy, venv)
        store = TrajectoryStore(out / name)
        began = time.perf_counter()
        episodes = rollout(venv, policy, part.episodes, on_episode=tick, on_step=film)
        seconds = time.perf_counter() - began
        for episode in episodes:
            episode.policy = part.label
        store.append(episodes[0])
        if frames:
            save_gif(frames, out / name / f"{part.label}.gif", fps=venv.metadata.get("render_fps", 8))
    finally:
        venv.close()
    return summarise(part.entry.id, part.label, episodes, seconds)
