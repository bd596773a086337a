"""Who listens and looks for an agent that uses tools, for one video."""

from __future__ import annotations

from collections.abc import Sequence

from mtenvs.envs.video.base import VideoEnv
from mtenvs.envs.video.tools.looker import Looker, looker_of
from mtenvs.envs.video.tools.transcript import Transcript, transcript_of


class Senses:
    """The transcript and the looker of an environment's open video.

    Args:
        env: with its video open.
        speech: where words come from: ``"subtitles"``, ``"script"`` or ``"endpoint"``.
        vision: who looks: ``"script"``, ``"ocr"`` or ``"endpoint"``; None for the script where there is one, else text recognition.

    Raises:
        UnknownOption: no such backend, or one that this video does not have.
    """

    def __init__(self, env: VideoEnv, speech: str, vision: str | None) -> None:
        script = env.script
        backend = vision or ("script" if script is not None else "ocr")
        self._store = env.store
        self._needs_frames = backend != "script"  # the script knows by the times alone, so nothing is decoded for it
        self.transcript: Transcript = transcript_of(speech, subtitles=env.subtitles, script=script, store=env.store)
        self.looker: Looker = looker_of(backend, script=script, store=env.store)

    def describe(self, indices: Sequence[int], query: str) -> str:
        """What is in some frames of the video, with a view to a query."""
        times = [float(self._store.info.times[i]) for i in indices]
        return self.looker.describe(self._store.frames(indices) if self._needs_frames else (), times, query)
