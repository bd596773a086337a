"""A baseline that only sees: it looks at the frames that it is shown, reads the text in them, and knows nothing else of the video."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.video.tools.ocr import read_text
from mtenvs.envs.video.tools.seeing_answers import Asked, Choice, Seen, choose, read_question
from mtenvs.envs.video.tools.seeing_motion import Step, small_picture, step_between, with_motion
from mtenvs.envs.video.tools.seeing_things import patches_of

_VIDEO: Final = re.compile(r"The video has (\d+) frames, .* at ([\d.]+) a second")
_FRAME: Final = re.compile(r"Frame number at time \S+ is: (\d+)")
_AROUND_S: Final = 1.3  # seconds on either side of a time in the question, in the first look
_SURE: Final = 0.75  # enough to answer before the last turn
_LETTERS: Final = "ABCDEFGHIJ"


@dataclass(slots=True)
class _Episode:
    """What one environment's agent knows."""

    asked: Asked
    total: int
    fps: float
    budget: int
    turn: int = 0
    looks: int = 0
    at: int | None = None
    seen: list[Seen] = field(default_factory=list)
    moving: list[Seen] | None = None  # the same, in the order of time, with what moves; None until it is needed
    steps: dict[tuple[float, float], Step] = field(default_factory=dict)


class SeeingPolicy:
    """Plays `mtenvs/FrameThinker-v0` by its observations alone: goal, text, frames and their times.

    A time in the question is asked for and looked at; otherwise the video is swept evenly, look by look. Things are known by their
    colour and shape, words by text recognition; cuts, the camera's way and what moves by comparing neighbouring frames, so that shots
    can be counted, and what goes by is told from scenery of its colour. It answers early when it is sure, and says so when it guesses.
    It does not know one place from another. How often it is right, on films that nobody tuned it on: ``docs/video.md``.

    Args:
        turns: of an episode; the last one answers.
        motion: compare neighbouring frames; False for the measure of what that gives.

    Raises:
        UnknownOption: fewer than one turn.
        MissingRequirement: at the first frame with text in question, the extra ``ocr`` is not installed.
    """

    name = "seeing"

    def __init__(self, turns: int = 5, *, motion: bool = True) -> None:
        if isinstance(turns, bool) or not isinstance(turns, int) or turns < 1:
            raise UnknownOption(f"turns={turns!r} is a whole number of at least 1")
        self._turns, self._motion = turns, motion
        self._episodes: dict[int, _Episode] = {}

    def reset(self, env_ids: Sequence[int]) -> None:
        """Forget the old episodes of these environments."""
        for i in env_ids:
            self._episodes.pop(int(i), None)

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[str]:
        """One action for each row.

        Args:
            obs: a batch of observations with ``goal``, ``text``, ``frames``, ``num_frames`` and ``frame_times``.
            env_ids: which environments the rows belong to; None for all.

        Raises:
            UnknownOption: observations without frames.
        """
        if not isinstance(obs, Mapping) or "frames" not in obs:
            raise UnknownOption("a seeing policy needs obs['frames']: make the environment with obs_mode='text+vision'")
        envs = range(len(obs["num_frames"])) if env_ids is None else env_ids
        return [self._act(int(env), {key: obs[key][row] for key in obs}) for row, env in enumerate(envs)]

    def _act(self, env: int, obs: Mapping[str, Any]) -> str:
        text, first = str(obs["text"]), _VIDEO.search(str(obs["text"]))
        if env not in self._episodes or first:
            total, fps = (int(first[1]), float(first[2])) if first else (0, 0.0)
            self._episodes[env] = _Episode(read_question(str(obs["goal"])), total, fps, int(obs["num_frames"]))
        episode = self._episodes[env]
        if found := _FRAME.search(text):
            episode.at = int(found[1])
        episode.seen += _looked_at(obs, episode.asked)
        episode.moving = None
        episode.turn += 1
        choice = self._choice(episode, episode.asked)
        if episode.turn >= self._turns or choice.sure >= _SURE or not episode.total:
            return _answer(choice)
        if episode.asked.time is not None and episode.at is None and episode.turn == 1:
            minutes, seconds = divmod(int(episode.asked.time), 60)
            return f"<think>The question names a time.</think><action>get frame number at time {minutes:02d}:{seconds:02d}</action>"
        start, end = self._next_look(episode)
        episode.looks += 1
        return f"<think>I look between {start} and {end}</think><action>choose frames between {start} and {end}</action>"

    def choice(self, goal: str, env_id: int = 0) -> Choice:
        """What it would answer to another question, by what it has seen of an episode so far.

        Args:
            goal: the question with its options.
            env_id: which environment's episode.

        Raises:
            UnknownOption: nothing has been seen there.
        """
        if env_id not in self._episodes:
            raise UnknownOption(f"no episode has begun in the environment {env_id}")
        return self._choice(self._episodes[env_id], read_question(goal))

    def _choice(self, episode: _Episode, asked: Asked) -> Choice:
        if not self._motion:
            return choose(asked, episode.seen)
        if episode.moving is None:
            episode.moving = _in_motion(episode)
        return choose(asked, episode.moving)

    def _next_look(self, episode: _Episode) -> tuple[int, int]:
        least = episode.budget + 2
        if episode.at is not None:
            half = max(least / 2, _AROUND_S * 2**episode.looks * episode.fps)
            start, end = episode.at - int(half), episode.at + int(half) + 1
        else:
            looks = max(1, self._turns - 1)
            apart = (episode.total - 1) / (looks * episode.budget)
            start = int((episode.looks * episode.budget + 0.5) * apart) - 1
            end = max(start + least, int((episode.looks * episode.budget + episode.budget - 0.5) * apart) + 1)
        start = max(0, min(start, episode.total - least - 2))
        return start, min(episode.total - 1, max(end, start + least))


def _looked_at(obs: Mapping[str, Any], asked: Asked) -> Iterator[Seen]:
    number = int(obs["num_frames"])
    frames = _without_margin(obs["frames"][:number]) if number else obs["frames"][:0]
    for image, time in zip(frames, obs["frame_times"][:number], strict=True):
        text = "\n".join(box.text for box in read_text(image)) if asked.textual else ""
        yield Seen(float(time), patches_of(image), text, picture=small_picture(image))


def _in_motion(episode: _Episode) -> list[Seen]:
    """All that was seen, in the order of time, each patch told whether it moves."""
    seen = sorted({s.time: s for s in episode.seen}.values(), key=lambda s: s.time)
    pictures = [(s.time, s.picture) for s in seen if s.picture is not None]
    steps = []
    for (before, a), (after, b) in pairwise(pictures):
        if (before, after) not in episode.steps:
            episode.steps[before, after] = step_between(a, b, after - before)
        steps.append(episode.steps[before, after])
    found = with_motion([s.patches for s in seen], [picture for _, picture in pictures], steps)
    shots = list(accumulate((int(not step.same) for step in steps), initial=0))
    return [replace(s, patches=patches, shot=shot) for s, patches, shot in zip(seen, found, shots, strict=True)]


def _without_margin(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without the zeros to the right and below."""
    lit = frames.max(axis=(0, 3)) > 0
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    return frames[:, : rows[-1] + 1, : columns[-1] + 1] if len(rows) else frames


def _answer(choice: Choice) -> str:
    unsure = "I am not sure." if choice.sure > 0 else "I have not seen it; this is a guess."
    thought = "I have seen what was asked for." if choice.sure >= _SURE else unsure
    return f"<think>{thought}</think><action>output answer: {_LETTERS[choice.option]}</action>"
