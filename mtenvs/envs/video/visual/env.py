"""`mtenvs/VisualSearch-v0`: find something tiny in a large picture by zooming in, then answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import gymnasium as gym
import numpy as np
import PIL
from gymnasium import spaces
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Domain, MaxLen, action
from mtenvs.core.env import MultiTurnEnv, text_space
from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.video.visual.grammar import ZoomText, read_reply
from mtenvs.envs.video.visual.official import official_tasks, open_picture
from mtenvs.envs.video.visual.scenes import picture_of
from mtenvs.envs.video.visual.sheet import contact_sheet
from mtenvs.envs.video.visual.tasks import own_tasks
from mtenvs.envs.video.visual.verify import Judge, verdict_of
from mtenvs.envs.video.visual.views import MAX_PIXELS, MIN_PIXELS, Frame, View, first_view, framed, pixels_of, source_number, zoomed
from mtenvs.envs.video.visual.world import SIZES

TRAIN_ROUNDS, VAL_ROUNDS = 6, 12
_SIDES: Final = (64, 4096)  # pixels of the observation
_SOURCES: Final = {"source": ("original_image",)}


class VisualSearchEnv(MultiTurnEnv):
    """Find something tiny in a large picture by zooming in, then answer.

    ## Description
    The agent sees a large picture made small, in which what the question asks for cannot be read. It zooms into boxes of the picture,
    or of what it has been shown before, and answers. The pictures are drawn for each task: harbours, markets, libraries, towns and
    space stations with up to 150 boats, stalls, bookcases, houses or modules and 500 people. Asked are a name on a sign, a number, the
    colour of something of a few pixels, a count of small things, what stands beside a thing, and the scarf of somebody who holds
    something.

    ## Observation
    `goal` (text): the question, its options, and the form of the answer. `text` (text): the number and the size of what is shown.
    `image` (uint8, height x width x 3): the picture or the crop of this turn at the top left, black elsewhere; after a bad action it is
    the one before. `obs_mode` is `"text+vision"` by default.

    ## Actions
    `zoom(bbox_2d, source)`: `bbox_2d` is `[x0, y0, x1, y1]`, each from 0 to 1 of the source's width and height; `source` is
    `original_image` (the same as `observation_0`) or `observation_i`, the i-th crop. `answer(text)`: ends the episode. Also in
    Mini-o3's form, `<think>..</think><grounding>{"bbox_2d": [..], "source": ".."}</grounding>` or
    `<think>..</think><answer>..</answer>`; as there, a box counts before an answer. Crops are cut from the picture in its full size. A
    box is cut down to whole pixels of its source and kept inside; an empty one, or one with an aspect of 200 or more, is refused in
    words. A crop is enlarged up to four times, never beyond the size of the first picture, by Lanczos resampling, to sides of at least
    28 pixels; `max_pixels` and at least 40,000 pixels hold for all.

    ## Rewards
    `accuracy`: 1 for the right answer (the letter, or the number or name), else 0, at the end. `format` and `tool`: always 0, as in the
    released settings. The verdict's metrics have the crops and frames used, the sharpest view (pixels shown for one of the picture,
    along a side) and the target's share of the picture; its checkpoints say whether the target was seen, and answered.

    ## Start
    The whole picture, made small. The scene is the task's; the episode's seed only draws the task.

    ## End
    Terminated by the answer: `goal_reached` if it is right, `goal_failed` if not, `agent_stopped` where only a judge could tell.
    Truncated after `max_turns` (default: 6 for tasks of the train split, 12 for others), and by a zoom beyond `max_images`; then the
    reward is 0 and `info["over_turn"]` is True, for trainers that leave such episodes out of the loss (Mini-o3's over-turn masking).

    ## Arguments
    `difficulty`: `easy`, `medium` or `hard`, whose tasks are listed; None for all. `view`: width and height of `image`, which limit all
    that is shown. `max_pixels`: of one picture; at 2,000,000, Mini-o3's, it binds where `view` is larger. `max_images`: pictures in an
    episode, the first included. `data_dir`: VisualProbe's files. `judge`: a function of question, answer and truth that decides what
    comparing cannot.

    ## Tasks and splits
    `<difficulty>/<seed>`: easy is 2000 x 1500 pixels with 16 things, medium 3200 x 2400 with 88, hard 4000 x 3000 with 138. 200 seeds
    of each are listed, any other works too. Splits by a stable hash. With `data_dir`: `official/<file>/<row>` from rows with `problem`,
    `images` and `solution`; rows without options need a judge unless the answer is the solution word for word.

    ## Differences from the original
    Own pictures and questions. Crops of crops are cut from the full picture, so that they are as sharp as it is. `view` is smaller than
    the original's two million pixels unless it is set. A reply with neither box nor answer spends a turn; there it ends the episode.
    The original compares free answers by a model; here ours are exact, and official ones stay open (`needs="judge"`) unless a `judge`
    is set.

    ## Source and licence
    Rules from Mini-o3 (arXiv 2509.07969; its code Apache-2.0, VisualProbe CC-BY-NC-4.0 and not included); own code, Apache-2.0, own
    pictures, CC0-1.0.

    ## Version history
    v0: first version.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 1}
    dialects = (read_reply,)
    has_snapshots = True

    def __init__(
        self,
        *,
        difficulty: str | None = None,
        view: tuple[int, int] = (1024, 768),
        max_pixels: int = MAX_PIXELS,
        max_images: int = VAL_ROUNDS,
        data_dir: str | Path | None = None,
        judge: Judge | None = None,
        **options: Any,
    ) -> None:
        self.frame = _checked_frame(view, max_pixels)
        if isinstance(max_images, bool) or not isinstance(max_images, int) or max_images < 1:
            raise UnknownOption(f"max_images={max_images!r} is a whole number of at least 1; the first picture counts")
        self.max_images, self.judge = max_images, judge
        observations: dict[str, gym.Space[Any]] = {
            **text_space(),
            "image": spaces.Box(0, 255, (self.frame.height, self.frame.width, 3), np.uint8),
        }
        options.setdefault("obs_mode", "text+vision")
        super().__init__(tasks=self.task_set(data_dir, difficulty=difficulty), observations=observations, domains=_SOURCES, **options)
        self.action_space = ZoomText(tuple(self._tools.values()), _SOURCES)
        self.views: list[View] = []
        self._picture: Image.Image | None = None
        self._shown: tuple[View, NDArray[np.uint8]] | None = None  # the view whose pixels are kept, so that a bad action costs nothing
        self._part = Task("")

    @property
    def picture(self) -> Image.Image:
        """The whole picture of this episode in its full size; drawn or opened when it is first looked at. Nobody may draw on it."""
        if self._picture is None:
            scene = self._part.setup.get("scene")
            found = picture_of(scene[0], scene[1], scene[2]) if scene is not None else open_picture(self._part.setup["image"])
            self._picture = found
        return self._picture

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, difficulty: str | None = None) -> TaskSet:
        """Our own tasks, or those of official files.

        Raises:
            DataError: a file or a picture is missing, or in another schema.
            UnknownOption: no such difficulty.
        """
        return official_tasks(Path(data_dir)) if data_dir is not None else own_tasks(difficulty)

    def versions(self) -> dict[str, str]:
        """Pillow's version: letters and edges may differ by a shade between versions."""
        return {"pillow": PIL.__version__}

    def _task_limit(self, task: Task) -> int:
        return TRAIN_ROUNDS if task.split == "train" else VAL_ROUNDS

    def _begin(self, task: Task) -> str:
        scene = task.setup.get("scene")
        self._part, self._picture = task, None
        size = (SIZES[scene[1]].width, SIZES[scene[1]].height) if scene is not None else self.picture.size
        self.check: Mapping[str, Any] = task.checks[0]
        self.size: tuple[int, int] = size
        self.views = [first_view(size, self.frame)]
        self._shown = None
        self.given: str | None = None
        self._found: Verdict | None = None  # on the answer, so that a judge is asked once
        first = self.views[0]
        return (
            f"The picture has {size[0]} x {size[1]} pixels. original_image shows all of it "
            f"at {first.width} x {first.height}, at the top left of the image. Zoom into a box of it, or answer."
        )

    @action
    def zoom(
        self, bbox_2d: Annotated[list[float], MaxLen(4)], source: Annotated[str, MaxLen(40), Domain("source")] = "original_image"
    ) -> str:
        """Look at a box of a picture more closely.

        Args:
            bbox_2d: [x0, y0, x1, y1], each from 0 to 1 of the source's width and height, from the top left.
            source: "original_image", or "observation_1" for the first crop, "observation_2" for the second, and so on.
        """
        number = source_number(source, len(self.views))
        view = zoomed(self.views, number, bbox_2d, self.size, self.frame)
        if len(self.views) >= self.max_images:
            self.stop("max_turns")
            return f"All {self.max_images} pictures of this episode have been shown; it ends without an answer."
        self.views.append(view)
        x0, y0, x1, y1 = view.region
        last = len(self.views) - 1
        return (
            f"observation_{last} shows {x1 - x0:.0f} x {y1 - y0:.0f} pixels of the picture, a box of {source}, "
            f"at {view.width} x {view.height}, at the top left of the image. Zoom into it or another picture, or answer."
        )

    @action
    def answer(self, text: Annotated[str, MaxLen(MAX_ACTION_CHARS)]) -> str:
        """Give the final answer, which ends the episode.

        Args:
            text: the letter of an option, or the bare number or name where there are no options.
        """
        self.given = text
        self._found = verdict = self._verdict()
        self.stop("agent_stopped" if verdict.needs else "goal_reached" if verdict.success else "goal_failed")
        return "Noted."

    def _verdict(self) -> Verdict:
        return self._found or verdict_of(self.check, self._part.goal, self.given, self.views, self.judge)

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        right = verdict is not None and self.given is not None and verdict.success
        return {"accuracy": float(right), "format": 0.0, "tool": 0.0}

    def _value(self, key: str) -> Any:  # noqa: ARG002 - the image is the only key beside the texts
        view = self.views[-1]
        if self._shown is None or self._shown[0] is not view:
            self._shown = view, framed(pixels_of(self.picture, view), self.frame)
        return self._shown[1].copy()

    def _extra_info(self) -> dict[str, Any]:
        ended_by_cap = self._stopped in ("", "max_turns") and self._invalid < self._max_invalid
        refused_at_once = self._first_invalid_ends and self._invalid > 0
        view = self.views[-1]
        over = not self._running and ended_by_cap and not refused_at_once
        return {"over_turn": over, "image_width": view.width, "image_height": view.height}

    def _image(self) -> NDArray[np.uint8]:
        return np.array(contact_sheet(self.picture, self.views, self.task.goal, self.given or "", last_only=True))

    def close(self) -> None:
        """Let go of the picture."""
        self._picture, self._shown = None, None
        super().close()

    def _save(self) -> Any:
        return {"given": self.given, "views": [[v.source, *v.region, v.width, v.height] for v in self.views]}

    def _load(self, data: Any) -> None:
        self.given = data["given"]
        self.views = [View(int(v[0]), (v[1], v[2], v[3], v[4]), int(v[5]), int(v[6])) for v in data["views"]]

    def oracle(self) -> Iterator[str]:
        """Zoom in by steps to where the answer is, and give it. Official tasks have none."""
        yield from self._looks()
        yield Call("answer", {"text": self.check["answer"]}).text

    def near_miss(self) -> Iterator[str]:
        """The oracle's zooms, and a neighbouring answer."""
        yield from self._looks()
        yield Call("answer", {"text": self._part.setup["wrong"]}).text

    def _looks(self) -> Iterator[str]:
        boxes = self._part.setup.get("look")
        if boxes is None:
            raise NotImplementedError("official questions have no oracle; play one of our own tasks")
        for box in boxes:
            number = max(i for i, view in enumerate(self.views) if view.holds(box) or i == 0)
            source = f"observation_{number}" if number else "original_image"
            yield Call("zoom", {"bbox_2d": self.views[number].relative(box), "source": source}).text

    def idle_action(self) -> str:
        """Look at the whole picture again."""
        return 'zoom(bbox_2d=[0.0, 0.0, 1.0, 1.0], source="original_image")'


def _checked_frame(view: Any, max_pixels: Any) -> Frame:
    low, high = _SIDES
    if (
        not isinstance(view, (tuple, list))
        or len(view) != 2
        or not all(isinstance(n, int) and not isinstance(n, bool) and low <= n <= high for n in view)
    ):
        raise UnknownOption(f"view={view!r} is (width, height) in pixels, each in {low}..{high}")
    if isinstance(max_pixels, bool) or not isinstance(max_pixels, int) or max_pixels < MIN_PIXELS:
        raise UnknownOption(f"max_pixels={max_pixels!r} is a whole number of at least {MIN_PIXELS}")
    return Frame(view[0], view[1], max_pixels)
