"""What the environments about a video share: the open video, the frames of a turn, and the count of all frames shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mtenvs.backends.video import FrameRequest, Subtitle, VideoStore, fit, prefetch
from mtenvs.core.env import MultiTurnEnv, text_space
from mtenvs.core.errors import BadAction, DataError, UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.question import CHANNELS, SKILLS, Question, is_right
from mtenvs.envs.video.sheet import contact_sheet
from mtenvs.envs.video.subtitle_files import read_subtitles
from mtenvs.envs.video.tasks import DEFAULT_TIERS, question_tasks

Judge = Callable[[str, str, str], bool]
"""Decides what an exact comparison cannot: a function of the question, the answer given and the truth."""
_SHEET_FRAMES: Final = 32  # pictures on one contact sheet
_SHEET_HEIGHT: Final = 800
_LONGEST_TEXT: Final = 20_000


class VideoEnv(MultiTurnEnv):
    """Base of the environments about a video. A family member calls `show` to put frames into this turn's observation.

    Keys of the observation beside ``goal`` and ``text``: ``frames`` uint8 ``(max_frames, height, width, 3)``, RGB, in the order
    of showing, each at the top left and zero-padded; ``num_frames``; ``frame_indices`` int64 ``(max_frames,)``, -1 where there
    is no frame or it is no whole frame of the video; ``frame_times`` float64 ``(max_frames,)``, seconds, -1 likewise.

    Args:
        tasks: as of `MultiTurnEnv`.
        max_frames: frames that one turn can show.
        frame_size: ``(width, height)`` of a frame in the observation; pictures keep their aspect and are never enlarged.
        judge: decides open answers of official sets; None leaves them undecided.
        options: as of `MultiTurnEnv`.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 1}
    skills: ClassVar[Sequence[str]] = SKILLS
    """What our own tasks ask for."""
    channels: ClassVar[Sequence[str]] = CHANNELS
    """Where what answers them may be: seen, heard or said."""
    nothing_shown: ClassVar[NDArray[np.uint8]] = np.zeros((0, 0, 0, 3), np.uint8)

    def __init__(self, *, tasks: TaskSet, max_frames: int, frame_size: tuple[int, int], judge: Judge | None = None, **options: Any) -> None:
        width, height = _checked_size(frame_size)
        self.max_frames, self.frame_size, self.judge = max_frames, (width, height), judge
        observations: dict[str, gym.Space[Any]] = {
            **text_space(_LONGEST_TEXT),
            "frames": spaces.Box(0, 255, (max_frames, height, width, 3), np.uint8),
            "num_frames": spaces.Discrete(max_frames + 1),
            "frame_indices": spaces.Box(-1, np.iinfo(np.int64).max, (max_frames,), np.int64),
            "frame_times": spaces.Box(-1.0, np.finfo(np.float64).max, (max_frames,), np.float64),
        }
        options.setdefault("obs_mode", "text+vision")
        super().__init__(tasks=tasks, observations=observations, **options)
        self._sees = "frames" in self.observation_space.spaces  # type: ignore[attr-defined]  # always a Dict
        self._store: VideoStore | None = None
        self._path = Path()
        self.question = Question("")
        self._shown: list[tuple[int, float]] = []  # index and time of each frame of this turn
        self._all_shown: list[tuple[int, float]] = []

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, tiers: Sequence[str] = DEFAULT_TIERS) -> TaskSet:
        """Our own tasks, or those of official files.

        Raises:
            DataError: the files are missing or in no known schema.
            UnknownOption: no such tier.
        """
        return question_tasks(data_dir, tiers, cls.skills, cls.channels)

    # ---- for family members ----

    @property
    def store(self) -> VideoStore:
        """The video of this episode."""
        if self._store is None:
            raise DataError("no video is open: call reset()")
        return self._store

    @property
    def script(self) -> Script | None:
        """The script of the video, where it is one of our own."""
        own = self.task.setup.get("video", {}).get("own")
        if own is None:
            return None
        from mtenvs.envs.video.own.library import script_of  # noqa: PLC0415 - only our own videos need the generator

        return script_of(own)

    @property
    def frames_used(self) -> int:
        """Frames shown in this episode, repeats included."""
        return len(self._all_shown)

    def open_video(self, task: Task) -> None:
        """Open the video of a task and read its question; rendered first if it is one of our own and not there yet.

        Raises:
            VideoError: the file cannot be read.
            DataError: the task does not name a video.
        """
        path = video_path(task.setup)
        if self._store is None or path != self._path:
            self.release_video()
            self._store, self._path = VideoStore.open(path), path
        self.question = Question.from_dict(task.setup.get("question", {"text": task.goal}))
        beside = task.setup["video"].get("subtitles")
        late = float(task.setup["video"].get("subtitles_from", 0.0))
        self._beside: list[Subtitle] | None = None
        if beside is not None:
            self._beside = [Subtitle(s.start - late, s.end - late, s.text) for s in read_subtitles(Path(beside))]
        self._shown, self._all_shown = [], []

    def subtitles(self, start: float = 0.0, end: float | None = None) -> list[Subtitle]:
        """What is said between two times, in seconds: from the file beside the video where the task names one, else from its track."""
        if self._beside is None:
            return self.store.subtitles(start, end)
        return [s for s in self._beside if s.end > start and (end is None or s.start < end)]

    def judged(self, given: str | None) -> tuple[bool | None, str]:
        """Whether an answer is right, and what is missing to tell: ``"judge"``, ``"answer"`` (none is published) or nothing.

        An open answer is right without a judge only where it is the published one word for word; nothing given is wrong.
        """
        needs = str(self.task.checks[0].get("needs", "")) if self.task.checks else ""
        if given is None:
            return False, ""
        if needs == "answer":
            return None, needs
        if is_right(given, self.question) or needs != "judge":
            return is_right(given, self.question), ""
        if self.judge is None:
            return None, needs
        return bool(self.judge(self.question.text, given, self.question.answer)), ""

    def show(self, indices: Sequence[int]) -> str:
        """Put frames into this turn's observation.

        Args:
            indices: at most ``max_frames`` frame numbers, in the order of showing.

        Returns:
            A line for each frame, for the observation's text.
        """
        times = self.store.info.times
        self._shown = [(int(i), float(times[i])) for i in indices[: self.max_frames]]
        self._all_shown += self._shown
        return "\n".join(f"frame {i}: {clock(t)}" for i, t in self._shown)

    @property
    def small(self) -> tuple[int, int]:
        """``(width, height)`` of this video's frames in the observation."""
        return fit(self.store.info.width, self.store.info.height, self.frame_size)

    def frames_ahead(self, action: Any) -> Sequence[int]:  # noqa: ARG002 - for members that can tell
        """The frames that an action would show, without doing it; empty where that cannot be told."""
        return ()

    @classmethod
    def prepare_many(cls, worlds: Sequence[VideoEnv], actions: Sequence[Any]) -> None:
        """Decode what a batch of actions will ask for in one plan, so that neighbours share the work; what they see is the same without."""
        requests = []
        for world, action in zip(worlds, actions, strict=True):
            if world.running and world.reads_pictures and isinstance(action, (str, Mapping)):
                with suppress(BadAction):
                    wanted = world.frames_ahead(action)
                    if len(wanted):
                        requests.append(FrameRequest(world.store, wanted, world.small))
        if len(requests) > 1:
            prefetch(requests)

    @property
    def reads_pictures(self) -> bool:
        """Whether the observation has frames."""
        return self._sees

    def release_video(self) -> None:
        """Close the video."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def close(self) -> None:
        """Close the video."""
        self.release_video()
        super().close()

    # ---- hooks of MultiTurnEnv ----

    def _carry_out(self, action: Any) -> str:
        self._shown = []  # a turn shows what its own action asks for
        return super()._carry_out(action)

    def _value(self, key: str) -> Any:
        if key == "num_frames":
            return np.int64(len(self._shown))
        if key == "frames":
            return self._padded()
        column = [i for i, _ in self._shown] if key == "frame_indices" else [t for _, t in self._shown]
        out = np.full(self.max_frames, -1, np.int64 if key == "frame_indices" else np.float64)
        out[: len(column)] = column
        return out

    def _padded(self) -> NDArray[np.uint8]:
        width, height = self.frame_size
        out = np.zeros((self.max_frames, height, width, 3), np.uint8)
        if self._shown:
            w, h = self.small
            out[: len(self._shown), :h, :w] = self.pictures()
        return out

    def pictures(self) -> NDArray[np.uint8]:
        """This turn's frames, uint8 ``(num_frames, h, w, 3)``, without padding."""
        return self.store.frames([i for i, _ in self._shown], self.small) if self._shown else self.nothing_shown

    @property
    def sheet_title(self) -> str:
        """What stands above the pictures of `render`."""
        return self.question.asked

    def _sheet_frames(self) -> Sequence[tuple[int, float]]:
        """Index and time of the frames that `render` shows: this turn's."""
        return self._shown

    def _image(self) -> NDArray[np.uint8]:
        latest = self._sheet_frames()[-_SHEET_FRAMES:]
        images = self.store.frames([i for i, _ in latest], self.small) if latest else self.nothing_shown
        said = [line for line in self.last_text.splitlines() if not line.startswith("frame ")]
        return contact_sheet(
            list(images),
            [f"frame {i}  {clock(t)}" for i, t in latest],
            title=self.sheet_title,
            footer="\n".join([f"> {self._canonical}"] * bool(self._canonical) + said),
            height=_SHEET_HEIGHT,
            marks=[t / max(self.store.info.duration_s, 1e-9) for _, t in self._all_shown],
        )

    def _save(self) -> Any:
        return {"all_shown": [list(s) for s in self._all_shown], **self._save_more()}  # this turn's frames are a view, not a state

    def _load(self, data: Any) -> None:
        self._shown = []
        self._all_shown = [(int(i), float(t)) for i, t in data["all_shown"]]
        self._load_more(data)

    def _save_more(self) -> dict[str, Any]:
        """Further state of a family member."""
        return {}

    def _load_more(self, data: Mapping[str, Any]) -> None:
        """The inverse of `_save_more`."""


def video_path(setup: Mapping[str, Any]) -> Path:
    """The file of a task's video; one of our own is rendered if it is not there yet.

    Raises:
        DataError: the task names no video.
    """
    video = setup.get("video")
    if not isinstance(video, Mapping) or not ({"own", "path"} & video.keys()):
        raise DataError('a video task needs setup={"video": {"own": "short-3"}} or {"video": {"path": "/where/it/is.mp4"}}')
    if "path" in video:
        return Path(video["path"])
    from mtenvs.envs.video.own.library import video_path as own_path  # noqa: PLC0415 - only our own tasks need the generator

    return own_path(video["own"])


def clock(seconds: float) -> str:
    """``MM:SS``; the minutes may be more than 59, as in FrameThinker's grammar."""
    whole = int(seconds)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _checked_size(size: Any) -> tuple[int, int]:
    if not isinstance(size, (tuple, list)) or len(size) != 2 or not all(isinstance(n, int) and 16 <= n <= 4096 for n in size):
        raise UnknownOption(f"frame_size={size!r} is (width, height), each in 16..4096")
    return size[0], size[1]
