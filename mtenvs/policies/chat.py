"""`ChatPolicy`: any model behind an OpenAI-compatible endpoint plays, all environments of the batch at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import UnknownOption
from mtenvs.core.spaces import UText
from mtenvs.core.trajectory import Reply
from mtenvs.policies.answer import read_answer
from mtenvs.policies.asking import ask
from mtenvs.policies.conversation import Conversation, Window, pictures, png_url, windows_of
from mtenvs.policies.endpoint import Completion, Endpoint, Limits
from mtenvs.policies.loop_thread import LoopThread

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
        self._episodes: dict[int, tuple[Conversation, list[dict[str, Any]]]] = {}
        self._turns: Counter[int] = Counter()
        self._unanswered: Counter[int] = Counter()  # turns in a row, up to now
        self._retried: Counter[str] = Counter()
        self._usage: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._endpoint = Endpoint(base_url, api_key, limits, seed)
        self._loop = LoopThread("mtenvs-chat")

    def reset(self, env_ids: Sequence[int]) -> None:
        """Forget the old episodes of these environments."""
        for i in env_ids:
            self._episodes.pop(i, None)
            self._turns[i] = self._unanswered[i] = 0

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Reply]:
        """One reply for each row.

        Args:
            obs: a batch of observations with ``goal`` and ``text``.
            env_ids: which environments the rows belong to; None for all, of which those whose episode is over are not asked about.

        Raises:
            UnknownOption: observations without text.
        """
        if not isinstance(obs, Mapping) or "text" not in obs:
            raise UnknownOption("a chat policy needs obs['goal'] and obs['text']: choose obs_mode 'text', 'vision', 'text+vision' or 'all'")
        envs = list(range(self._venv.num_envs)) if env_ids is None else [int(i) for i in env_ids]
        asked = [row for row, i in enumerate(envs) if env_ids is not None or ask(self._venv, i, "running")]
        for row in asked:
            if envs[row] not in self._episodes:
                self._begin(envs[row], str(obs["goal"][row]))
        replies = self._loop.run(self._all_turns(obs, [(row, envs[row]) for row in asked]))
        return [replies.get(row, Reply("", trainable=False)) for row in range(len(envs))]

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
        """Close the connections and end the thread; again does nothing."""
        if self._loop.running:
            self._loop.run(self._endpoint.close())
            self._loop.close()

    def __enter__(self) -> ChatPolicy:  # noqa: PYI034 - typing.Self needs Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, env: int, goal: str) -> None:
        tools = list(ask(self._venv, env, "tools")) if self._mode == "tools" else []
        preface = _TOOLS.format(goal=goal) if tools else _TEXT.format(goal=goal, help=ask(self._venv, env, "help"))
        self._episodes[env] = Conversation(preface, self._system), tools

    async def _all_turns(self, obs: Any, where: Sequence[tuple[int, int]]) -> dict[int, Reply]:
        replies = await asyncio.gather(*(self._turn(obs, row, env) for row, env in where))
        return dict(zip((row for row, _ in where), replies, strict=True))

    async def _turn(self, obs: Any, row: int, env: int) -> Reply:
        conversation, tools = self._episodes[env]
        images = [await asyncio.to_thread(png_url, picture) for picture in pictures(obs, row)]
        conversation.see(str(obs["text"][row]), images)
        body: dict[str, Any] = {"model": self._model, "messages": conversation.messages(self._windows), **self._sampling}
        if tools:
            body["tools"] = tools
        completion = await self._endpoint.complete(body)
        self._turns[env] += 1
        return self._take(completion, conversation, env)

    def _take(self, completion: Completion, conversation: Conversation, env: int) -> Reply:
        self._counts["requests"] += completion.attempts
        if completion.data is None:
            kind, message = completion.error or ("body", "no answer")
            self.failures.append(TurnFailure(env, self._turns[env], kind, message))
            self._retried.update(f.kind for f in completion.failures[:-1])
            self._unanswered[env] += 1
            ending = self._unanswered[env] >= self._give_up_after
            failure = {"kind": "given_up" if ending else kind, "message": f"{self.name}: {kind}: {message}"}
            return Reply("", trainable=False, failure=failure)
        self._unanswered[env] = 0
        self._retried.update(f.kind for f in completion.failures)
        answer = read_answer(completion.data)
        if answer.message is not None:
            conversation.answer(answer.message)
        self._usage.update(answer.reply.usage or {})
        self._counts.update(answers=1, cut_off=answer.finish_reason == "length", calls_left_out=answer.left_out)
        return answer.reply
