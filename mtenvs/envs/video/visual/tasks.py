"""Tasks by id: ``<difficulty>/<seed>``. A task is a pure function of its id, and makes no picture."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.video.question import LETTERS
from mtenvs.envs.video.visual.questions import KINDS, ask, target_box
from mtenvs.envs.video.visual.styles import STYLES
from mtenvs.envs.video.visual.world import SIZES, scene_of

SEEDS: Final = 200
_ID: Final = re.compile(rf"({'|'.join(SIZES)})/(0|[1-9]\d{{0,8}})")


def own_tasks(difficulty: str | None = None) -> TaskSet:
    """`SEEDS` seeds of each difficulty, or of one; any other id of the form works too.

    Raises:
        UnknownOption: no such difficulty.
    """
    if difficulty is not None and difficulty not in SIZES:
        raise UnknownOption(f"difficulty={difficulty!r} does not exist; choose one of {', '.join(SIZES)} or None for all")
    ids = [f"{size}/{seed}" for size in SIZES if difficulty in (None, size) for seed in range(SEEDS)]
    return TaskSet(ids, _task, open_build=lambda i: _task(i) if _ID.fullmatch(i) else None)


def _task(task_id: str) -> Task:
    size, _, seed = task_id.partition("/")
    rng = Random(f"visual/task/{task_id}")
    style, kind = rng.choice(list(STYLES)), KINDS[int(seed) % len(KINDS)]
    scene = scene_of(style, size, int(seed))
    asked = ask(scene, kind, rng)
    how = "Answer with the letter." if asked.options else "Answer with the number." if asked.number else "Answer with the bare name."
    options = [f"{letter}. {option}" for letter, option in zip(LETTERS, asked.options, strict=False)]
    target = target_box(scene, asked)
    share = (target[2] - target[0]) * (target[3] - target[1]) / (scene.size.width * scene.size.height)
    return Task(
        task_id,
        "\n".join([f"The picture shows {scene.style.setting}.", asked.text, *options, how]),
        {"scene": [style, size, int(seed)], "look": [list(box) for box in asked.look], "wrong": asked.wrong},
        [{"answer": asked.answer, "options": list(asked.options), "number": asked.number, "target": list(target), "area_share": share}],
        tags=(size, kind, style, "choice" if asked.options else "open"),
        licence="CC0-1.0",
    )
