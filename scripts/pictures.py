"""Draws the pictures of the README anew: `python scripts/pictures.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

import mtenvs
from mtenvs.rollout.pictures import save_gif

DOCS = Path(__file__).resolve().parents[1] / "docs"


def hero() -> None:
    """A hero in the middle of his task."""
    env: Any = mtenvs.make("HeroBench", task="own/3/0", render_mode="rgb_array").unwrapped
    env.reset(seed=0)
    for _ in range(10):
        env.step(env.next_oracle_action())
    Image.fromarray(env.render()).quantize(256, dither=Image.Dither.NONE).save(DOCS / "hero.png", optimize=True)


def robot() -> None:
    """The arm drives a nail in."""
    env: Any = mtenvs.make("MetaWorld", task="hammer-v3", render_mode="rgb_array", image_size=320, render_quality="official").unwrapped
    env.reset(seed=1)
    frames, ended, turn = [], False, 0
    while not ended:
        _, _, terminated, truncated, _ = env.step(env.next_oracle_action())
        ended, turn = terminated or truncated, turn + 1
        if turn % 4 == 0 or ended:
            frames.append(env.render())
    save_gif(frames, DOCS / "robot.gif", fps=15)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    hero()
    robot()
