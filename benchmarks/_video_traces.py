"""The requests of 16 agents over 5 turns that `video.py` replays; run this file to write them to ``assets/video`` anew.

Both follow FrameThinker's pattern on a video of one hour: first 12 frames spread over all of it, then four times 12 frames spread over a
stretch of the agent's choice. *shared*: four questions with four attempts each, as groups in training have them; three places in the video
are where the answers are, and most stretches lie around one of them, no two alike. *apart*: every agent has a sixteenth of the hour for
itself, every turn another part of it, and no frame and no group of pictures is asked for twice.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

AGENTS, TURNS, FRAMES = 16, 5, 12
TOTAL = 90_000
SIZE = (448, 252)
FOLDER = Path(__file__).resolve().parents[1] / "assets" / "video"
Trace = list[list[list[int]]]
"""Per turn, per agent: frame numbers."""


def load(name: str, num_frames: int) -> Trace:
    """A committed trace, scaled to a video of so many frames."""
    trace: Trace = json.loads((FOLDER / f"trace_{name}.json").read_text(encoding="utf-8"))["requests"]
    return [[[number * num_frames // TOTAL for number in request] for request in turn] for turn in trace]


def spread(first: float, last: float) -> list[int]:
    """Frame numbers spread evenly over a stretch."""
    return [int(n) for n in np.linspace(first, last, FRAMES)]


def shared(rng: np.random.Generator) -> Trace:
    """Four questions, four attempts each."""
    hot = rng.uniform(0.1, 0.9, 3) * TOTAL
    turns = [[spread(0, TOTAL - 1) for _ in range(AGENTS)]]
    for turn in range(1, TURNS):
        requests = []
        for _ in range(AGENTS):
            centre = rng.choice(hot) if rng.random() < 0.8 else rng.uniform(0.05, 0.95) * TOTAL
            width = rng.uniform(0.5, 1.0) * 4500 / turn
            begin = min(max(0.0, centre + rng.normal(0, 400 / turn) - width / 2), TOTAL - width - 1)
            requests.append(spread(begin + 1, begin + width - 1))
        turns.append(requests)
    return turns


def apart(rng: np.random.Generator) -> Trace:
    """Nobody looks where another has looked."""
    part = TOTAL // AGENTS // 5
    order = [rng.permutation(TURNS) for _ in range(AGENTS)]

    def request(agent: int, turn: int) -> list[int]:
        begin = (agent * 5 + int(order[agent][turn])) * part
        return spread(begin + 250, begin + part - 251)

    return [[request(agent, turn) for agent in range(AGENTS)] for turn in range(TURNS)]


def main() -> None:
    """Write both."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in (("shared", shared), ("apart", apart)):
        content = {"num_frames": TOTAL, "requests": make(np.random.default_rng(4))}
        (FOLDER / f"trace_{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
