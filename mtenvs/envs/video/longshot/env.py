"""`mtenvs/LongShOT-v0`: a conversation about a long video, with tools that search, refine and verify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Ge, Le, MaxLen, action
from mtenvs.core.errors import BadAction
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.video.base import VideoEnv, clock
from mtenvs.envs.video.longshot.parallel import MOST_CALLS, calls_of, read_parallel
from mtenvs.envs.video.longshot.rubric import Marks, Meets, mark, pooled
from mtenvs.envs.video.longshot.tasks import official_dialogues, own_dialogues
from mtenvs.envs.video.own.dialogues import Dialogue
from mtenvs.envs.video.senses import Senses
from mtenvs.envs.video.tasks import DEFAULT_TIERS
from mtenvs.envs.video.tools.words import fit_of

REFINED: Final = 10  # frames of one visual refinement
VISUAL_LIMIT, AUDIO_LIMIT = 60.0, 300.0  # seconds to which a refinement is cut
_ON_SHEET: Final = 12  # pictures on a contact sheet
_LEAST_FIT: Final = 0.34  # share of a query's words that a found line has
_LONGEST: Final = 10**7
_SECONDS = Annotated[float, Ge(0), Le(_LONGEST)]
_VIDEO = Annotated[str, MaxLen(200)]


class LongShotEnv(VideoEnv):
    """Answer two or three questions of a conversation about a long video, with search tools; rubrics score the answers (LongShOT).

    ## Description
    A user asks about a video, digs deeper, doubts what was said, and asks for a summary. The agent sees nothing of the video by
    itself: it searches what is said and shown, looks and listens closer, checks a claim, and responds.

    ## Observation
    `goal` (text): that there is a conversation. `text` (text): what a tool found, and the user's current question. `frames`,
    `num_frames`, `frame_indices`, `frame_times`: 10 frames after a visual refinement, none otherwise; see `VideoEnv`.

    ## Actions
    `search_video(query, modality, max_results, video_id)`, `refine_video(start_time, end_time, modality, query, video_id)` (cut to 60 s
    of picture or 300 s of sound), `verify_claim(start_time, end_time, claim, video_id)` (whether a thing is there; once in an episode),
    `respond(answer)`: answers the user's question, after which the next one comes. `together(calls)`: several searches and refinements
    in one turn; a JSON list of tool calls is read as that. Times are seconds.

    ## Rewards
    Component `rubric`: with each response, its score over the number of questions, so that they add up to the verdict's score.

    ## Start
    The user's first question and the video's length.

    ## End
    Terminated by the last response: `goal_reached` if every criterion is met and no penalty is, `goal_failed` if not, `agent_stopped`
    where only a judge could tell. Truncated after `max_turns` (30).

    ## Arguments
    `tiers`: which of our own videos are listed, see `own_tasks`. `data_dir`: LongShOTBench in place of ours. `speech`: where words come
    from, `"subtitles"`, `"script"` or `"endpoint"`. `vision`: who looks for the tools, `"script"`, `"ocr"` or `"endpoint"`; the script
    knows what our own videos show, and says so. `frame_size`: `(width, height)`. `judge`: decides whether a criterion is met, a
    function of its description, the answer and the reference; our own rubrics need none.

    ## Tasks and splits
    `<video>/dialogue/<number>`. Of every 8 videos 6 are in train, 1 in val, 1 in test. With `data_dir`:
    `official/longshotbench/<sample_id>`.

    ## Differences from the original
    The user's questions are fixed, as in the bench, and do not react to the answers. Tools answer from subtitles and from the video's
    script unless endpoints are set. Our own criteria are checked by phrases; the bench's need a judge.

    ## Source and licence
    LongShOT (2025) and its released tools and scoring; own code, videos and dialogues, Apache-2.0 and CC0-1.0.

    ## Version history
    v0: first version.
    """

    dialects = (read_parallel,)
    has_snapshots = True
    default_max_turns = 30

    def __init__(
        self,
        *,
        tiers: Sequence[str] = DEFAULT_TIERS,
        data_dir: str | Path | None = None,
        speech: str = "subtitles",
        vision: str | None = None,
        frame_size: tuple[int, int] = (448, 252),
        judge: Meets | None = None,
        **options: Any,
    ) -> None:
        self._speech, self._vision = speech, vision
        self._answers: list[str] = []
        self._gain = 0.0
        super().__init__(tasks=self.task_set(data_dir, tiers=tiers), max_frames=REFINED, frame_size=frame_size, judge=judge, **options)

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, tiers: Sequence[str] = DEFAULT_TIERS) -> TaskSet:
        """Our own dialogues, or those of LongShOTBench.

        Raises:
            DataError: the files are missing or not in the published schema.
            UnknownOption: no such tier.
        """
        return own_dialogues(tiers) if data_dir is None else official_dialogues(Path(data_dir))

    def _begin(self, task: Task) -> str:
        self.open_video(task)
        self.dialogue = Dialogue.from_dict(dict(task.setup["dialogue"]))
        self.senses = Senses(self, self._speech, self._vision)
        self._answers, self._marks, self._gain = [], list[Marks](), 0.0
        self._verified = False
        self._spans: list[tuple[str, float, float]] = []
        return f"The video is {self.video_id}, {self.store.info.duration_s:.1f} s long ({clock(self.store.info.duration_s)})."

    @property
    def video_id(self) -> str:
        """The name by which tools may call the video."""
        return str(self.task.setup["video"].get("own") or Path(self.task.setup["video"]["path"]).stem)

    @property
    def sheet_title(self) -> str:
        """What was asked and answered so far, since a question may speak of "that person", and the user's current question."""
        said = [f"User: {turn.content}\nAgent: {answer}" for turn, answer in zip(self.dialogue.turns, self._answers, strict=False)]
        return "\n".join([*said, self._report() or "The conversation is over."])

    def _sheet_frames(self) -> Sequence[tuple[int, float]]:
        """Some of all frames that were looked at, in the order of time: an answer may rest on an earlier look."""
        seen = sorted(set(self._all_shown))
        return seen[:: max(1, -(-len(seen) // _ON_SHEET))]

    def _carry_out(self, action: Any) -> str:
        self._gain = 0.0
        return super()._carry_out(action)

    @action
    def search_video(
        self,
        query: Annotated[str, MaxLen(500)],
        modality: Literal["audio", "visual"] = "visual",
        max_results: Annotated[int, Ge(1), Le(20)] = 5,
        video_id: _VIDEO = "",
    ) -> str:
        """Search the whole video for what is said or shown.

        Args:
            query: words to look for.
            modality: what is said, or what is shown.
            max_results: how many to list.
            video_id: the video; there is only one.
        """
        self._check_video(video_id)
        if modality == "audio":
            lines = [(fit_of(query, s.text), s) for s in self.senses.transcript.between(0.0, self.store.info.duration_s)]
            best = sorted((f for f in lines if f[0] >= _LEAST_FIT), key=lambda f: (-f[0], f[1].start))[:max_results]
            found = [f"{s.start:.1f}-{s.end:.1f} s: {s.text}" for _, s in best]
            return f"From {self.senses.transcript.source}:\n" + ("\n".join(found) or "nothing of that kind is said")
        spans = self.senses.looker.find(query, 0.0, self.store.info.duration_s)[:max_results]
        return f"By {self.senses.looker.source}:\n" + (
            "\n".join(f"{a:.1f}-{b:.1f} s" for a, b in spans) or "nothing of that kind was found"
        )

    @action
    def refine_video(
        self,
        start_time: _SECONDS,
        end_time: _SECONDS,
        modality: Literal["audio", "visual"] = "visual",
        query: Annotated[str, MaxLen(500)] = "",
        video_id: _VIDEO = "",
    ) -> str:
        """Look at, or listen to, a part of the video: at most 60 s of picture or 300 s of sound.

        Args:
            start_time: seconds.
            end_time: seconds, later.
            modality: listen, or look.
            query: what to look for.
            video_id: the video; there is only one.
        """
        self._check_video(video_id)
        start, end = self._span(start_time, end_time, AUDIO_LIMIT if modality == "audio" else VISUAL_LIMIT)
        self._spans.append((modality, start, end))
        if modality == "audio":
            lines = [f"{s.start:.1f}-{s.end:.1f} s: {s.text}" for s in self.senses.transcript.between(start, end)]
            return f"From {self.senses.transcript.source}, {start:.1f}-{end:.1f} s:\n" + ("\n".join(lines) or "nothing is said there")
        store = self.store
        first, last = store.index_at(start), store.index_at(end)
        step = max(1.0, (last - first) / (REFINED - 1))
        indices = sorted({min(last, round(first + k * step)) for k in range(REFINED)})
        listing = self.show(indices)
        return f"{self.senses.describe(indices, query)}\n{listing}"

    @action
    def verify_claim(self, start_time: _SECONDS, end_time: _SECONDS, claim: Annotated[str, MaxLen(500)], video_id: _VIDEO = "") -> str:
        """Check whether a thing is to be seen in a part of the video; once in a conversation.

        Args:
            start_time: seconds.
            end_time: seconds, later.
            claim: the thing that is said to be there.
            video_id: the video; there is only one.
        """
        self._check_video(video_id)
        if self._verified:
            raise BadAction(
                "a claim has been verified already; it can be done once in a conversation", legal="search_video, refine_video or respond"
            )
        start, end = self._span(start_time, end_time, self.store.info.duration_s)
        found = self.senses.looker.find(claim, start, end)
        self._verified = True
        spans = ", ".join(f"{a:.1f}-{b:.1f} s" for a, b in found)
        return f"By {self.senses.looker.source}: " + (f"it is there, {spans}." if found else "nothing of that kind is there.")

    @action
    def together(self, calls: Annotated[list[str], MaxLen(MOST_CALLS)]) -> str:
        """Several searches and refinements in one turn.

        Args:
            calls: each a tool call as JSON, with name and arguments.
        """
        return "\n\n".join(f"{call.text}\n{self._do(call)}" for call in calls_of(calls, self._tools))

    def _do(self, call: Call) -> str:
        """One of several calls; what is wrong with it is its own result, since the others have been carried out."""
        try:
            return str(getattr(self, call.name)(**call.arguments))
        except BadAction as bad:
            return bad.message

    @action
    def respond(self, answer: Annotated[str, MaxLen(MAX_ACTION_CHARS)]) -> str:
        """Answer the user's question; the next one follows, or the conversation ends.

        Args:
            answer: the whole answer.
        """
        turns = self.dialogue.turns
        if not answer.strip():
            raise BadAction("the answer is empty", kind="arguments")
        if self._decidable:
            self._marks.append(mark(turns[len(self._answers)], answer, self.judge))
            self._gain = self._marks[-1].score / len(turns)
        self._answers.append(answer)
        if len(self._answers) == len(turns):
            verdict = self._verdict()
            self.stop("agent_stopped" if verdict.needs else "goal_reached" if verdict.success else "goal_failed")
        return "Noted."

    @property
    def _decidable(self) -> bool:
        return self.judge is not None or self.task.checks[0].get("needs") != "judge"

    def _report(self) -> str:
        done, turns = len(self._answers), self.dialogue.turns
        return f"User (question {done + 1} of {len(turns)}): {turns[done].content}" if done < len(turns) else ""

    def _verdict(self) -> Verdict:
        turns, marks = self.dialogue.turns, self._marks
        checkpoints = {f"answered:{k}": k < len(self._answers) for k in range(len(turns))}
        metrics = {"frames_used": float(self.frames_used), "looked": self._looked()}
        if not self._decidable and self._answers:
            return Verdict(None, success=False, checkpoints=checkpoints, metrics=metrics, needs="judge")
        score = sum(m.score for m in marks) / len(turns)
        missing = [Marks(0.0, float(sum(c.weight for c in t.criteria if not c.is_penalty))) for t in turns[len(marks) :]]
        penalties = sum(m.penalties for m in marks)
        metrics |= {"pooled_score": pooled([*marks, *missing]), "penalties": penalties}
        return Verdict(score, score >= 1.0 and not penalties, checkpoints, metrics)

    def _looked(self) -> float:
        """The share of the questions' key segments that were looked at or listened to."""
        segments = [s for t in self.dialogue.turns for s in t.key_segments]
        seen = [any(a < end and b > start for _, a, b in self._spans) for start, end in segments]
        return sum(seen) / len(seen) if seen else 0.0

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:  # noqa: ARG002 - each response brings its own part
        return {"rubric": self._gain}

    def _check_video(self, video_id: str) -> None:
        if video_id and video_id != self.video_id:
            raise BadAction(f"there is no video {video_id[:60]!r}", kind="arguments", legal=f"video_id={self.video_id!r}, or none")

    def _span(self, start: float, end: float, longest: float) -> tuple[float, float]:
        duration = self.store.info.duration_s
        if not start < end:
            raise BadAction(
                f"the start {start:g} is not before the end {end:g}", kind="arguments", legal="start_time < end_time, in seconds"
            )
        if start >= duration:
            raise BadAction(f"{start:g} s is beyond the end of the video, {duration:.1f} s", kind="arguments")
        return start, min(end, duration, start + longest)

    def _save_more(self) -> dict[str, Any]:
        return {
            "answers": list(self._answers),
            "marks": [[m.earned, m.possible, m.penalties] for m in self._marks],
            "verified": self._verified,
            "spans": [list(s) for s in self._spans],
        }

    def _load_more(self, data: Mapping[str, Any]) -> None:
        self._answers, self._marks = list(data["answers"]), [Marks(*m) for m in data["marks"]]
        self._verified, self._gain = bool(data["verified"]), 0.0
        self._spans = [(str(c), float(a), float(b)) for c, a, b in data["spans"]]

    def oracle(self) -> Iterator[str]:
        """Look and listen where each question's answer lies, then give the reference."""
        return self._played(len(self.dialogue.turns))

    def near_miss(self) -> Iterator[str]:
        """The same, and nothing to say to the last question."""
        return self._played(len(self.dialogue.turns) - 1)

    def _played(self, known: int) -> Iterator[str]:
        for number, turn in enumerate(self.dialogue.turns):
            for start, end in turn.key_segments[:4]:
                for modality in turn.modalities[:2]:
                    arguments = {"start_time": max(0.0, start), "end_time": end, "modality": modality}
                    if modality in ("audio", "visual") and start < end:
                        yield Call("refine_video", arguments).text
            yield Call("respond", {"answer": turn.reference if number < known else "I could not find out."}).text

    def idle_action(self) -> str:
        """Search for nothing of interest."""
        return 'search_video(query="anything at all", modality="audio")'
