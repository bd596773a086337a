"""`mtenvs/SAGE-v0`: a question about a video of any length, answered at once or over several turns with tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np

from mtenvs.core.actions import MAX_ACTION_CHARS, Ge, Le, MaxLen, action
from mtenvs.core.errors import BadAction, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task
from mtenvs.core.verdict import Verdict
from mtenvs.envs.video.base import Judge, VideoEnv
from mtenvs.envs.video.question import SKILLS, WEB
from mtenvs.envs.video.sage.clocks import span_of, written
from mtenvs.envs.video.sage.grammar import CONTEXT, REASONING, Reply, read_action, read_reply
from mtenvs.envs.video.sage.media import Media
from mtenvs.envs.video.sage.oracle import near_miss_of, plan_of
from mtenvs.envs.video.sage.reward import COMPONENTS, Ledger, answer_part, turn_parts
from mtenvs.envs.video.senses import Senses
from mtenvs.envs.video.tasks import DEFAULT_TIERS
from mtenvs.envs.video.tools.webcorpus import WebCorpus, web_of

REWARDS: Final = ("accuracy", "released")
EXTRACTED: Final = 10  # frames of one extraction
TRANSCRIPT_LIMIT, GROUND_LIMIT, EXTRACT_LIMIT = 600.0, 600.0, 300.0  # seconds that each tool takes at once
_KEPT_RESULTS: Final = 10
_TIME = Annotated[str, MaxLen(20)]
_PATH = Annotated[str, MaxLen(500)]


class SageEnv(VideoEnv):
    """Answer a question about a video at once, or reason about it over several turns with six tools (SAGE).

    ## Description
    The first turn is the context stage: frames of the whole video and the question. Then follows the reasoning stage: each turn one
    tool, or the answer. What a question turns on may be a moment of two seconds, a sentence, or a page of the web.

    ## Observation
    `goal` (text): the question with its options. `text` (text): what the tool found. `frames`, `num_frames`, `frame_indices`,
    `frame_times`: `context_frames` frames on the first turn, 10 after an extraction, none otherwise; see `VideoEnv`.

    ## Actions
    `verbal_transcript(timestamp_start, timestamp_end)` (up to 10 minutes), `identify_timestamps_visually(event, timestamp_start,
    timestamp_end)` (10 minutes), `extract_parts_from_timestamp(timestamp_start, timestamp_end, extract_type)` (5 minutes, 10 frames),
    `perform_reasoning(query, media_paths)`, `unified_web_search(query, search_type, num_results)`, `parse_web_data(website_url,
    max_content_length)`, `describe_context(video_context)` and `final_answer(answer)`, which ends the episode. Times are `HH:MM:SS`,
    `MM:SS` or seconds. Also in SAGE's JSON with `final_answer` and `recommended_tools`, of which only the first call is carried out,
    see `grammar.py`.

    ## Rewards
    `reward="accuracy"`: component `accuracy`, 1 for the right answer. `reward="released"`: the released reward by turn, with
    `structure`, `format`, `repair`, `repetition`, `arguments`, `reasoning` (0 without `reasoning_judge`) and `brevity`, see
    `reward.py`.

    ## Start
    The question, the video's length and `context_frames` frames evenly spread.

    ## End
    Terminated by the answer: `goal_reached` or `goal_failed` (`agent_stopped` where only a judge could tell). Truncated after
    `max_turns` (10).

    ## Arguments
    `tiers`: which of our own videos are listed, see `own_tasks`. `data_dir`: official files in place of ours. `context_frames`: frames
    on the first turn. `frame_size`: `(width, height)`. `speech`: where transcripts come from, `"subtitles"`, `"script"` or
    `"endpoint"`. `vision`: who looks for the tools, `"script"`, `"ocr"` or `"endpoint"`; the script knows what our own videos show, and
    says so. `corpus`: a JSONL file of pages in place of our web. `reward`: see above. `brevity`: reward for each turn left when the
    answer comes after the first turn. `restate`: repeat context and last results on each turn, as the original's prompts do. `judge`,
    `reasoning_judge`: decide open answers, and whether a reasoning is sound.

    ## Tasks and splits
    `<video>/<skill>/<number>` with all skills of `own_tasks`, and `<video>/web/0`, whose answer is on a page of the web. Of every 8
    videos 6 are in train, 1 in val, 1 in test.

    ## Differences from the original
    32 frames at the start by default, not 128 (`context_frames=128` gives them). Tools answer from subtitles and from the video's
    script unless endpoints are set. The web is a local full-text corpus. A refused call is told to the agent; brevity is off by
    default, since its released default would outweigh the answer.

    ## Source and licence
    SAGE (2025) and its released code; own code and videos, Apache-2.0 and CC0-1.0.

    ## Version history
    v0: first version.
    """

    skills = (*SKILLS, WEB)
    dialects = (read_action,)
    has_snapshots = True
    default_max_turns = 10

    def __init__(
        self,
        *,
        tiers: Sequence[str] = DEFAULT_TIERS,
        data_dir: str | Path | None = None,
        context_frames: int = 32,
        frame_size: tuple[int, int] = (448, 252),
        speech: str = "subtitles",
        vision: str | None = None,
        corpus: str | Path | WebCorpus = "own",
        reward: str = "accuracy",
        brevity: float = 0.0,
        restate: bool = False,
        judge: Judge | None = None,
        reasoning_judge: Judge | None = None,
        **options: Any,
    ) -> None:
        if reward not in REWARDS:
            raise UnknownOption(f"reward={reward!r} does not exist: {did_you_mean(str(reward), REWARDS)}")
        if isinstance(context_frames, bool) or not isinstance(context_frames, int) or not 1 <= context_frames <= 256:
            raise UnknownOption(f"context_frames={context_frames!r} is a whole number in 1..256")
        self.reward, self.brevity, self.restate, self.reasoning_judge = reward, float(brevity), restate, reasoning_judge
        self.context_frames, self._speech, self._vision = context_frames, speech, vision
        self._web = web_of(corpus)
        self._reply: Reply | None = None
        self._given: str | None = None
        self._repeats, self._bad_arguments = 0, False
        super().__init__(
            tasks=self.task_set(data_dir, tiers=tiers),
            max_frames=max(context_frames, EXTRACTED),
            frame_size=frame_size,
            judge=judge,
            **options,
        )

    def _begin(self, task: Task) -> str:
        self.open_video(task)
        self.senses = Senses(self, self._speech, self._vision)
        self._ledger, self._given, self._results = Ledger(), None, list[str]()
        self._context, self._stage = "", CONTEXT
        self._spans: list[tuple[str, float, float]] = []
        info = self.store.info
        self.media = Media(self.store)
        listing = self.show(np.linspace(0, info.num_frames - 1, min(self.context_frames, info.num_frames)).astype(int).tolist())
        return f"The video is {self.media.name}, {written(info.duration_s)} long.\n{listing}"

    def _carry_out(self, action: Any) -> str:
        """Also keep what the released reward looks at."""
        self._stage = CONTEXT if self.turn == 1 else REASONING
        self._reply = read_reply(action, self._stage) if isinstance(action, str) else None
        self._repeats, self._bad_arguments = 0, False
        try:
            result = super()._carry_out(action)
        except BadAction as bad:
            self._bad_arguments = bad.kind == "arguments"
            raise
        self._results = [*self._results, result][-_KEPT_RESULTS:]
        return result

    def _use(self, name: str, **arguments: Any) -> None:
        self._repeats = self._ledger.note(name, arguments)

    @action
    def describe_context(self, video_context: Annotated[str, MaxLen(MAX_ACTION_CHARS)]) -> str:
        """Note what the video is about, without using a tool.

        Args:
            video_context: what can be seen in the frames.
        """
        self._context = video_context
        return "Noted. Use a tool or answer."

    @action
    def verbal_transcript(self, timestamp_start: _TIME, timestamp_end: _TIME, video_path: _PATH = "") -> str:
        """What is said between two times, at most 10 minutes.

        Args:
            timestamp_start: "HH:MM:SS", "MM:SS" or seconds.
            timestamp_end: the same, later.
            video_path: the video; there is only one.
        """
        self.media.check_video(video_path)
        start, end = span_of(timestamp_start, timestamp_end, self.store.info.duration_s, TRANSCRIPT_LIMIT)
        self._use("verbal_transcript", start=start, end=end)
        self._spans.append(("speech", start, end))
        lines = [f"{written(s.start)}-{written(s.end)}: {s.text}" for s in self.senses.transcript.between(start, end)]
        return f"From {self.senses.transcript.source}:\n" + ("\n".join(lines) or "nothing is said there")

    @action
    def identify_timestamps_visually(
        self, event: Annotated[str, MaxLen(500)], timestamp_start: _TIME, timestamp_end: _TIME, video_path: _PATH = ""
    ) -> str:
        """Find when something can be seen between two times, at most 10 minutes.

        Args:
            event: what to look for.
            timestamp_start: "HH:MM:SS", "MM:SS" or seconds.
            timestamp_end: the same, later.
            video_path: the video; there is only one.
        """
        self.media.check_video(video_path)
        start, end = span_of(timestamp_start, timestamp_end, self.store.info.duration_s, GROUND_LIMIT)
        self._use("identify_timestamps_visually", event=event, start=start, end=end)
        found = self.senses.looker.find(event, start, end)
        self._spans += [("picture", a, b) for a, b in found]
        return f"By {self.senses.looker.source}: " + ("; ".join(f"{written(a)}-{written(b)}" for a, b in found) or "nothing of that kind")

    @action
    def extract_parts_from_timestamp(
        self,
        timestamp_start: _TIME,
        timestamp_end: _TIME,
        extract_type: Literal["frames", "subclips"] = "frames",
        video_path: _PATH = "",
    ) -> str:
        """Cut a part out of the video, at most 5 minutes; 10 frames of it are shown.

        Args:
            timestamp_start: "HH:MM:SS", "MM:SS" or seconds.
            timestamp_end: the same, later.
            extract_type: frames, or the part as a clip.
            video_path: the video; there is only one.
        """
        self.media.check_video(video_path)
        start, end = span_of(timestamp_start, timestamp_end, self.store.info.duration_s, EXTRACT_LIMIT)
        self._use("extract_parts_from_timestamp", start=start, end=end, kind=extract_type)
        self._spans.append(("picture", start, end))
        indices = self.media.indices(start, end, EXTRACTED)
        listing = self.show(indices)
        paths = [self.media.frame_path(i) for i in indices] if extract_type == "frames" else [self.media.clip_path(start, end)]
        return f"media_paths: {', '.join(paths)}\n{listing}"

    @action
    def perform_reasoning(self, query: Annotated[str, MaxLen(2000)], media_paths: Annotated[list[str], MaxLen(64)]) -> str:
        """Ask a question about parts that were cut out.

        Args:
            query: the question.
            media_paths: paths as an extraction gave them, or the video's own.
        """
        indices = self.media.indices_of(media_paths)
        self._use("perform_reasoning", query=query, media_paths=sorted(media_paths))
        return self.senses.describe(indices, query)

    @action
    def unified_web_search(
        self,
        query: Annotated[str, MaxLen(500)],
        search_type: Literal["web", "image"] = "web",
        num_results: Annotated[int, Ge(1), Le(10)] = 3,
    ) -> str:
        """Search the web by words.

        Args:
            query: what to look for.
            search_type: pages or pictures.
            num_results: how many to list.
        """
        self._use("unified_web_search", query=query, search_type=search_type)
        hits = self._web.search(query, num_results, search_type)
        return "\n".join(f"{n}. {hit.title} <{hit.url}>: {hit.snippet}" for n, hit in enumerate(hits, 1)) or "nothing was found"

    @action
    def parse_web_data(
        self, website_url: Annotated[str, MaxLen(500)], max_content_length: Annotated[int, Ge(100), Le(20_000)] = 5000
    ) -> str:
        """Read a page of the web.

        Args:
            website_url: its address, as a search gave it.
            max_content_length: characters to read.
        """
        page = self._web.page(website_url, max_content_length)
        self._use("parse_web_data", url=website_url)
        return page

    @action
    def final_answer(self, answer: Annotated[str, MaxLen(MAX_ACTION_CHARS)]) -> str:
        """Give the final answer, which ends the episode.

        Args:
            answer: the letter of the option, or a few words for an open question.
        """
        self._given = answer
        verdict = self._verdict()
        self.stop("agent_stopped" if verdict.needs else "goal_reached" if verdict.success else "goal_failed")
        return "Noted."

    def _verdict(self) -> Verdict:
        right, needs = self.judged(self._given)
        looked = {
            f"looked:{k}": any(e.channel == c and a < e.end and b > e.start for c, a, b in self._spans)
            for k, e in enumerate(self.question.evidence)
            if e.channel in ("picture", "speech")
        }
        metrics = {"frames_used": float(self.frames_used), "tool_calls": float(sum(self._ledger.called.values()))}
        score = None if right is None else float(right)
        return Verdict(score, bool(right), {**looked, "answered": self._given is not None}, metrics, needs)

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        parts = dict.fromkeys(COMPONENTS, 0.0)
        if self.reward == "accuracy":
            return {**parts, "accuracy": float(verdict.score or 0.0) if verdict is not None else 0.0}
        if not self.turn:
            return parts
        sound = None
        if self.reasoning_judge is not None and self._reply is not None:
            sound = float(self.reasoning_judge(self.question.text, str(self._reply.data.get("answerable", "")), self.question.answer))
        parts |= turn_parts(self._reply, repeats=self._repeats, bad_arguments=self._bad_arguments, sound=sound)
        if verdict is not None and not verdict.needs:
            right = verdict.success if self._given is not None else None
            parts["accuracy"] = answer_part(self._ledger, right=right, stage=self._stage)
            if self._given is not None and self.turn > 1 and self.turn_limit is not None:
                parts["brevity"] = (self.turn_limit - self.turn) * self.brevity
        return parts

    def _report(self) -> str:
        if not self.restate or not self._results:
            return ""
        past = "\n".join(f"[{n}] {result}" for n, result in enumerate(self._results[:-1], 1))
        return f"Context: {self._context}\nResults so far:\n{past}" if self._context or past else ""

    def _save_more(self) -> dict[str, Any]:
        return {
            "given": self._given,
            "ledger": self._ledger.to_dict(),
            "results": list(self._results),
            "context": self._context,
            "spans": [list(s) for s in self._spans],
        }

    def _load_more(self, data: Mapping[str, Any]) -> None:
        self._given, self._ledger = data["given"], Ledger.from_dict(data["ledger"])
        self._results, self._context = list(data["results"]), data["context"]
        self._spans = [(str(c), float(a), float(b)) for c, a, b in data["spans"]]

    def oracle(self) -> Iterator[str]:
        """Use the tools where the evidence is, then answer. Official tasks whose evidence is not known have none."""
        return iter(plan_of(self.question, self.store.info.duration_s, self._pages()))

    def near_miss(self) -> Iterator[str]:
        """The oracle's looking, and a wrong option."""
        return iter(near_miss_of(self.question, self.store.info.duration_s, self._pages()))

    def _pages(self) -> list[str]:
        """Addresses of the pages that the first finding leads to, where the answer is on the web."""
        if self.question.skill != WEB or not self.question.evidence:
            return []
        return [hit.url for hit in self._web.search(self.question.evidence[0].what, 1)]

    def idle_action(self) -> str:
        """Listen to the first second."""
        return 'verbal_transcript(timestamp_start="00:00", timestamp_end="00:01")'
