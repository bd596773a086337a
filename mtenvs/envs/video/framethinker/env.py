"""`mtenvs/FrameThinker-v0`: a question about a long video, few frames a turn, few turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np

from mtenvs.core.actions import Ge, Le, MaxLen, action
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task
from mtenvs.core.verdict import Verdict
from mtenvs.envs.video.base import Judge, VideoEnv, clock
from mtenvs.envs.video.framethinker.grammar import Step, read_action, seconds_of, thinks_of
from mtenvs.envs.video.framethinker.oracle import near_miss_of, plan_of
from mtenvs.envs.video.framethinker.reward import broken_rule, released_parts
from mtenvs.envs.video.question import letter_of
from mtenvs.envs.video.tasks import DEFAULT_TIERS

SEEN_SKILLS: Final = ("event", "order", "count", "sign", "absence", "twohop")  # counts of what is seen; those of beeps are left out
SHORT: Final = 300.0  # seconds up to which a video is short: 8 frames at 640x360, else 12 at 448x252
SHORT_BUDGET, LONG_BUDGET = (8, (640, 360)), (12, (448, 252))
REWARDS: Final = ("accuracy", "released")
ENDS: Final = ("reject", "clamp")
_MOST: Final = 10**12


class FrameThinkerEnv(VideoEnv):
    """Spotlight frames of a long video over a few turns, then answer a multiple-choice question (FrameThinker).

    ## Description
    The agent sees a few frames of the whole video, evenly spread, and then says between which frame numbers it wants to look closer.
    What decides the question lasts seconds and lies between the frames of the start.

    ## Observation
    `goal` (text): the question with its options. `text` (text): what the action did, and the number of each frame shown. `frames`,
    `num_frames`, `frame_indices`, `frame_times`: see `VideoEnv`. 8 frames of at most 640x360 a turn for videos up to 300 s, else 12 of
    at most 448x252.

    ## Actions
    `choose_frames(start, end)`: frames evenly between two numbers, both left out. `get_frame_number(time)`: the number of the frame at
    `MM:SS`, where MM may exceed 59. `output_answer(option)`: ends the episode. Also in the paper's grammar:
    `<think>...</think><action>choose frames between 10 and 90</action>`, `get frame number at time 62:30`, `output answer: B`.

    ## Rewards
    `reward="accuracy"`: component `accuracy`, 1 for the right option. `reward="released"`: the released reward, which also has
    `time_bonus` (0.5) and `frames_bonus` (0.02) and is 0 when a cognitive-consistency rule is broken, see `reward.py`.

    ## Start
    The question and frames spread from the first to the last.

    ## End
    Terminated by the answer: `goal_reached` or `goal_failed` (`agent_stopped` where only a judge could tell). Truncated after
    `max_turns` (5). With `strict=True` the first bad action ends the episode as failed, as in training.

    ## Arguments
    `tiers`: which of our own videos are listed, see `own_tasks`. `data_dir`: official files in place of ours, see
    `mtenvs.envs.video.official`. `strict`: see above. `reward`: see above. `past_end`: a range that ends beyond the video is refused
    (`"reject"`, as in the released inference) or cut (`"clamp"`, as in training). `budget`: frames a turn, in place of 8 or 12.
    `frame_size`: `(width, height)` of a frame. `judge`: decides open answers of official sets.

    ## Tasks and splits
    `<video>/<skill>/<number>`, skills event, order, count, sign, absence and twohop, as far as frames alone can answer; videos
    `clip-<seed>` (90 s), `short-<seed>` (10 min), `long-<seed>` (1 h), `epic-<seed>` (2 h). A video is rendered when it is first
    needed; `mtenvs data videos` does it beforehand. Of every 8 videos 6 are in train, 1 in val, 1 in test.

    ## Differences from the original
    Own videos and questions beside the official ones. Bad actions are told to the agent and spend a turn; the released inference asks
    again up to three times without counting. Frame numbers are exact for variable frame rates too.

    ## Source and licence
    FrameThinker (2025) and its released code; own code and videos, Apache-2.0 and CC0-1.0.

    ## Version history
    v0: first version.
    """

    skills = SEEN_SKILLS
    channels = ("picture",)
    dialects = (read_action,)
    has_snapshots = True
    default_max_turns = 5

    def __init__(
        self,
        *,
        tiers: Sequence[str] = DEFAULT_TIERS,
        data_dir: str | Path | None = None,
        strict: bool = False,
        reward: str = "accuracy",
        past_end: str = "reject",
        budget: int | None = None,
        frame_size: tuple[int, int] | None = None,
        judge: Judge | None = None,
        **options: Any,
    ) -> None:
        for name, value, known in (("reward", reward, REWARDS), ("past_end", past_end, ENDS)):
            if value not in known:
                raise UnknownOption(f"{name}={value!r} does not exist: {did_you_mean(str(value), known)}")
        if budget is not None and (isinstance(budget, bool) or not isinstance(budget, int) or not 1 <= budget <= 256):
            raise UnknownOption(f"budget={budget!r} is a whole number in 1..256")
        self.reward, self.past_end = reward, past_end
        self._budget = budget
        self._steps: list[Step] = []
        self._thinks: tuple[str, ...] = ()
        self._given: str | None = None
        super().__init__(
            tasks=self.task_set(data_dir, tiers=tiers),
            max_frames=budget or LONG_BUDGET[0],
            frame_size=frame_size or SHORT_BUDGET[1],
            first_invalid_ends=strict,
            judge=judge,
            **options,
        )

    @property
    def budget(self) -> int:
        """Frames that one turn of this episode shows."""
        return self._budget or (SHORT_BUDGET if self.store.info.duration_s <= SHORT else LONG_BUDGET)[0]

    @property
    def small(self) -> tuple[int, int]:
        """``(width, height)`` of this video's frames: those of long videos are smaller."""
        width, height = super().small
        if self.store.info.duration_s <= SHORT:
            return width, height
        shrink = min(1.0, LONG_BUDGET[1][0] / width, LONG_BUDGET[1][1] / height)
        return max(1, round(width * shrink)), max(1, round(height * shrink))

    def _begin(self, task: Task) -> str:
        self.open_video(task)
        self._steps, self._thinks, self._given = [], (), None
        info = self.store.info
        listing = self.show(np.linspace(0, info.num_frames - 1, min(self.budget, info.num_frames)).astype(int).tolist())
        return f"The video has {info.num_frames} frames, {clock(info.duration_s)} at {info.fps:.4g} a second.\n{_bare(listing)}"

    def _carry_out(self, action: Any) -> str:
        """Also keep the turn's thoughts for the released reward."""
        self._thinks = thinks_of(action) if isinstance(action, str) else ()
        return super()._carry_out(action)

    @action
    def choose_frames(self, start: Annotated[int, Ge(0), Le(_MOST)], end: Annotated[int, Ge(0), Le(_MOST)]) -> str:
        """Look at frames spread evenly between two frame numbers.

        Args:
            start: frame number before the first one that is shown.
            end: frame number after the last one that is shown.
        """
        indices = self._chosen(start, end)
        self._note("choose", start=start, end=end)
        return _bare(self.show(indices))

    def _chosen(self, start: int, end: int) -> list[int]:
        total, number = self.store.info.num_frames, self.budget
        legal = f"0 <= START, START + {number} < END < {total}"
        if end >= total and self.past_end == "reject":
            raise BadAction(f"the video has {total} frames, the last is {total - 1}; {end} is beyond it", kind="arguments", legal=legal)
        last = min(end, total - 1)
        if start >= last - number:
            raise BadAction(f"between {start} and {last} there are too few frames for {number} of them", kind="arguments", legal=legal)
        return [int(i) for i in np.linspace(start + 1, last - 1, number)]

    @action
    def get_frame_number(self, time: Annotated[str, MaxLen(20)]) -> str:
        """Ask for the number of the frame that is on screen at a time.

        Args:
            time: "MM:SS"; the minutes may be more than 59.
        """
        info, seconds = self.store.info, seconds_of(time)
        if seconds >= info.duration_s:
            raise BadAction(f"{time} is beyond the end of the video, {clock(info.duration_s)}", kind="arguments")
        frame = self.store.index_at(float(seconds))
        self._note("time", time=time, frame=frame)
        return f"Frame number at time {time} is: {frame}."

    @action
    def output_answer(self, option: Annotated[str, MaxLen(2000)]) -> str:
        """Give the final answer, which ends the episode.

        Args:
            option: the letter of the option.
        """
        if self.question.options and not letter_of(option, self.question.options):
            letters = ", ".join("ABCDEFGHIJ"[: len(self.question.options)])
            raise BadAction(f"{option[:40]!r} is none of the options", kind="arguments", legal=f"output answer: one of {letters}")
        self._given = option
        self._note("answer")
        verdict = self._verdict()
        self.stop("agent_stopped" if verdict.needs else "goal_reached" if verdict.success else "goal_failed")
        return "Noted."

    def _note(self, kind: str, **fields: Any) -> None:
        self._steps.append(Step(self._thinks, kind, **fields))

    def _verdict(self) -> Verdict:
        right, needs = self.judged(self._given)
        times = [t for _, t in self._all_shown]
        saw = {f"saw:{k}": any(e.start <= t < e.end for t in times) for k, e in enumerate(self.question.evidence) if e.channel == "picture"}
        total = self.store.info.num_frames
        released = released_parts(self._steps, turns=self.turn, total=total, right=bool(right), question=self.question.text)
        metrics = {
            "frames_used": float(self.frames_used),
            "released_reward": sum(released.values()),
            "consistent": float(not broken_rule(self._steps, turns=self.turn, total=total)),
        }
        score = None if right is None else float(right)
        return Verdict(score, bool(right), {**saw, "answered": self._given is not None}, metrics, needs)

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        if verdict is None or self._given is None:
            return {"accuracy": 0.0, "time_bonus": 0.0, "frames_bonus": 0.0}
        if self.reward == "accuracy":
            return {"accuracy": float(verdict.score or 0.0), "time_bonus": 0.0, "frames_bonus": 0.0}
        total = self.store.info.num_frames
        return released_parts(self._steps, turns=self.turn, total=total, right=verdict.success, question=self.question.text)

    def frames_ahead(self, action: Any) -> Sequence[int]:
        """See `VideoEnv.frames_ahead`."""
        call = read_call(action, self._tools, self.dialects)
        return self._chosen(**call.arguments) if call.name == "choose_frames" else ()

    def _save_more(self) -> dict[str, Any]:
        return {"given": self._given, "steps": [asdict(s) for s in self._steps]}

    def _load_more(self, data: Mapping[str, Any]) -> None:
        self._given = data["given"]
        self._steps = [Step(**{**s, "thinks": tuple(s["thinks"])}) for s in data["steps"]]

    def oracle(self) -> Iterator[str]:
        """Look where the evidence is, keep the consistency rules, answer. Official tasks whose evidence is not known have none."""
        return iter(plan_of(self.question, self.store, self.budget))

    def near_miss(self) -> Iterator[str]:
        """The oracle's looking, and a wrong option."""
        return iter(near_miss_of(self.question, self.store, self.budget))

    def idle_action(self) -> str:
        """Ask for the number of the first frame."""
        return "<think>Where does it begin?</think><action>get frame number at time 00:00</action>"


def _bare(listing: str) -> str:
    """Frame numbers without their times, which the original does not show either."""
    return "\n".join(line.rpartition(" ")[0] for line in listing.splitlines())
