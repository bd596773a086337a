"""`ChatPolicy`: any model behind an OpenAI-compatible endpoint plays, all environments of the batch at a time."""

from __future__ import annotations

import asyncio
import queue
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import UnknownOption
from mtenvs.core.loop_thread import LoopThread
from mtenvs.core.spaces import UText
from mtenvs.core.trajectory import Reply
from mtenvs.policies.answer import read_answer
from mtenvs.policies.asking import ask
from mtenvs.policies.conversation import Conversation, Window, pictures, png_url, windows_of
from mtenvs.policies.endpoint import Completion, Endpoint, Limits

SYSTEM: Final = "You act in an environment over many turns. Each turn you are shown what came of your last action; take exactly one action."
_TOOLS: Final = "Goal: {goal}\n\nCall exactly one tool each turn."
_TEXT: Final = "Goal: {goal}\n\nActions:\n{help}\n\nEnd each answer with exactly one action, written as a call on a line of its own."
_OWN_KEYS: Final = ("model", "messages", "tools", "stream")


class TurnFailure(NamedTuple):
    """A turn for which the endpoint gave no answer.

    Attributes:
        env: index in the batch.
        turn: of the episode, from 1.
        kind: of the last failure, see `endpoint.Failure`.
        message: what happened.
    """

    env: int
    turn: int
    kind: str
    message: str


@dataclass(slots=True)
class _Episode:
    """What belongs to one episode alone: an answer that comes after it was broken off changes nothing of the next."""

    env: int
    conversation: Conversation
    tools: list[dict[str, Any]]
    turns: int = 0
    unanswered: int = 0  # in a row, up to now


class ChatPolicy:
    """Asks an OpenAI-compatible endpoint for each action; the requests of a batch are on the way at the same time.

    A turn for which the endpoint gives no answer, after all retries, is never silent and never stops the batch: it is named in
    ``failures``, counted in `report`, and the reply for that environment says so.

    Args:
        venv: the batch; it is asked for its tools or help.
        base_url: up to and including the version, such as ``"http://127.0.0.1:8000/v1"``.
        model: its name at the endpoint.
        api_key: sent as a bearer token.
        mode: ``"tools"`` (the actions are given as tools; a text answer is read as text) or ``"text"`` (the actions are in the prompt).
        system: the system prompt; empty for none.
        sampling: further keys of the request, such as ``{"temperature": 0.7, "max_tokens": 512}``.
        windows: what of an episode is shown again, applied in order: functions such as `conversation.last_turns` makes, or data
            such as ``{"last_turns": 8, "last_images": 1}``; by default everything.
        limits: time, retries, size of answers, concurrency: a `Limits`, or some of its fields as data.
        give_up_after: so many turns in a row without an answer give the episode up: its reply has the failure ``given_up``, with
            which `mtenvs.rollout` ends it as a ``policy_error``. Before that the environment gets an empty action, which it
            refuses, and the next turn asks again.
        seed: of the jitter of waits.

    Attributes:
        failures: every turn without an answer, in order.

    Raises:
        MissingRequirement: httpx is not installed.
        UnknownOption: a keyword that makes no sense, or environments whose actions are not text.
    """

    def __init__(
        self,
        venv: Any,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        mode: str = "tools",
        system: str = SYSTEM,
        sampling: Mapping[str, Any] | None = None,
        windows: Sequence[Window] | Mapping[str, int] = (),
        limits: Limits | Mapping[str, Any] | None = None,
        give_up_after: int = 1,
        seed: int = 0,
    ) -> None:
        if mode not in ("tools", "text") or give_up_after < 1:
            raise UnknownOption(f"mode={mode!r} is 'tools' or 'text', give_up_after={give_up_after!r} is at least 1")
        if not isinstance(venv.single_action_space, UText):
            raise UnknownOption(
                "a chat policy writes text, and these environments take numbers: make them with control='skills' or the like"
            )
        taken = [key for key in _OWN_KEYS if key in (sampling or {})]
        if taken:
            raise UnknownOption(f"sampling has {taken[0]!r}, which the policy sets itself")
        self.name = f"chat:{model}"
        self.failures: list[TurnFailure] = []
        self._venv, self._model, self._mode, self._system = venv, model, mode, system
        self._sampling, self._windows, self._give_up_after = dict(sampling or {}), windows_of(windows), give_up_after
        self._episodes: dict[int, _Episode] = {}
        self._retried: Counter[str] = Counter()
        self._usage: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._endpoint = Endpoint(base_url, api_key, limits, seed)
        self._loop = LoopThread("mtenvs-chat")
        self._asked: dict[int, Future[Reply]] = {}
        self._answers: queue.SimpleQueue[tuple[int, Future[Reply]]] = queue.SimpleQueue()

    def reset(self, env_ids: Sequence[int]) -> None:
        """Forget the old episodes of these environments; answers to them that are still to come are dropped."""
        for i in env_ids:
            self._episodes.pop(i, None)
            self._drop(i)

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Reply]:
        """One reply for each row.

        Args:
            obs: a batch of observations with ``goal`` and ``text``.
            env_ids: which environments the rows belong to; None for all, of which those whose episode is over are not asked about.

        Raises:
            UnknownOption: observations without text.
        """
        self._check(obs)
        envs = list(range(self._venv.num_envs)) if env_ids is None else [int(i) for i in env_ids]
        asked = [row for row, i in enumerate(envs) if env_ids is not None or ask(self._venv, i, "running")]
        episodes = [self._episode(envs[row], obs, row) for row in asked]
        replies = self._loop.run(self._all_turns(obs, list(zip(asked, episodes, strict=True))))
        return [replies.get(row, Reply("", trainable=False)) for row in range(len(envs))]

    def submit(self, obs: Any, env_ids: Sequence[int]) -> None:
        """Ask about these environments without waiting; `poll` gives the replies.

        An environment that is asked about again, or `reset`, before its reply was taken gets none to the earlier question.

        Args:
            obs: a batch of observations as for a call; it must not change until it is answered.
            env_ids: which environments its rows belong to.

        Raises:
            UnknownOption: observations without text.
        """
        self._check(obs)
        for row, env in enumerate(map(int, env_ids)):
            self._drop(env)
            self._asked[env] = answer = self._loop.start(self._turn(obs, row, self._episode(env, obs, row)))
            answer.add_done_callback(partial(self._arrived, env))

    def poll(self, timeout: float | None = None) -> dict[int, Reply]:
        """The replies that have come since the last call, by environment; none where nothing is asked.

        Args:
            timeout: seconds to wait for the first one; None waits as long as it takes.
        """
        found: dict[int, Reply] = {}
        end = None if timeout is None else time.monotonic() + timeout
        with suppress(queue.Empty):
            while self._asked:
                wait = None if end is None else max(0.0, end - time.monotonic())
                env, answer = self._answers.get(timeout=0 if found else wait)
                if self._asked.get(env) is answer:  # not one to an episode that was broken off
                    found[env] = self._asked.pop(env).result()
        return found

    def report(self) -> dict[str, Any]:
        """Counts so far.

        Returns:
            ``requests``, ``answers``, ``failures`` and ``retried`` by kind, ``usage``, ``cut_off`` (answers that the token limit
            ended) and ``calls_left_out`` (tool calls behind the first, which are not played).
        """
        return {
            "requests": self._counts["requests"],
            "answers": self._counts["answers"],
            "failures": dict(Counter(f.kind for f in self.failures)),
            "retried": dict(self._retried),
            "usage": dict(self._usage),
            "cut_off": self._counts["cut_off"],
            "calls_left_out": self._counts["calls_left_out"],
        }

    def close(self) -> None:
        """Close the connections and end the thread; again does nothing. What is asked stays without an answer."""
        for env in list(self._asked):
            self._drop(env)
        if self._loop.running:
            self._loop.run(self._endpoint.close())
            self._loop.close()

    def __enter__(self) -> ChatPolicy:  # noqa: PYI034 - typing.Self needs Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _arrived(self, env: int, answer: Future[Reply]) -> None:
        self._answers.put((env, answer))

    @staticmethod
    def _check(obs: Any) -> None:
        if not isinstance(obs, Mapping) or "text" not in obs:
            raise UnknownOption("a chat policy needs obs['goal'] and obs['text']: choose obs_mode 'text', 'vision', 'text+vision' or 'all'")

    def _drop(self, env: int) -> None:
        """Give up what is asked about this environment."""
        if env in self._asked:
            self._asked.pop(env).cancel()

    def _episode(self, env: int, obs: Any, row: int) -> _Episode:
        """The episode that this environment is in, which may begin now."""
        if env not in self._episodes:
            goal, tools = str(obs["goal"][row]), list(ask(self._venv, env, "tools")) if self._mode == "tools" else []
            preface = _TOOLS.format(goal=goal) if tools else _TEXT.format(goal=goal, help=ask(self._venv, env, "help"))
            self._episodes[env] = _Episode(env, Conversation(preface, self._system), tools)
        return self._episodes[env]

    async def _all_turns(self, obs: Any, where: Sequence[tuple[int, _Episode]]) -> dict[int, Reply]:
        replies = await asyncio.gather(*(self._turn(obs, row, episode) for row, episode in where))
        return dict(zip((row for row, _ in where), replies, strict=True))

    async def _turn(self, obs: Any, row: int, episode: _Episode) -> Reply:
        images = [await asyncio.to_thread(png_url, picture) for picture in pictures(obs, row)]
        episode.conversation.see(str(obs["text"][row]), images)
        body: dict[str, Any] = {"model": self._model, "messages": episode.conversation.messages(self._windows), **self._sampling}
        if episode.tools:
            body["tools"] = episode.tools
        completion = await self._endpoint.complete(body)
        episode.turns += 1
        return self._take(completion, episode)

    def _take(self, completion: Completion, episode: _Episode) -> Reply:
        self._counts["requests"] += completion.attempts
        if completion.data is None:
            kind, message = completion.error or ("body", "no answer")
            self.failures.append(TurnFailure(episode.env, episode.turns, kind, message))
            self._retried.update(f.kind for f in completion.failures[:-1])
            episode.unanswered += 1
            ending = episode.unanswered >= self._give_up_after
            failure = {"kind": "given_up" if ending else kind, "message": f"{self.name}: {kind}: {message}"}
            return Reply("", trainable=False, failure=failure)
        episode.unanswered = 0
        self._retried.update(f.kind for f in completion.failures)
        answer = read_answer(completion.data)
        if answer.message is not None:
            episode.conversation.answer(answer.message)
        self._usage.update(answer.reply.usage or {})
        self._counts.update(answers=1, cut_off=answer.finish_reason == "length", calls_left_out=answer.left_out)
        return answer.reply
