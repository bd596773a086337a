"""Trajectories as training data: chats for fine-tuning, one row a turn for reinforcement learning, as JSONL or Parquet."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any

from mtenvs.core.errors import DataError, MissingRequirement, UnknownOption, did_you_mean
from mtenvs.core.trajectory import Trajectory, Turn, action_text, jsonable
from mtenvs.rollout.store import TrajectoryStore

IMAGES = ("path", "data")
_BATCH = 256  # rows held in memory at a time


def sft_rows(
    episodes: Iterable[Trajectory],
    store: TrajectoryStore | None = None,
    *,
    images: str = "path",
    system: str = "",
    keep: Callable[[Trajectory], bool] | None = None,
) -> Iterator[dict[str, Any]]:
    """One chat an episode, in OpenAI's fine-tuning form.

    Assistant messages that nobody should learn from (turns that are not trainable, or whose action was bad) have
    ``"weight": 0``; episodes with no other ones are left out.

    Args:
        episodes: a store, or any trajectories.
        store: where their pictures are; needed for ``images="data"``, and taken from ``episodes`` when that is a store.
        images: ``"path"``: absolute paths of the pictures, or paths in the store's folder without a store; ``"data"``: data URLs.
        system: the first message; empty for none. The actions in words are `MultiTurnEnv.help`.
        keep: which episodes; None for those that succeeded.

    Yields:
        ``messages``, and ``env_id, task_id, seed, agent, score, success, reward`` of the episode.

    Raises:
        UnknownOption: no such ``images``, or data URLs without a store.
        DataError: a picture that is not in the store.
    """
    picture = _picture(images, _store(episodes, store))
    for episode in episodes:
        if not (episode.success if keep is None else keep(episode)) or not any(_teaches(t) for t in episode.turns):
            continue
        messages = episode.messages(picture)
        for turn, message in zip(episode.turns, messages[1::2], strict=True):
            if not _teaches(turn):
                message["weight"] = 0
        start = [{"role": "system", "content": system}] if system else []
        yield {
            "messages": [*start, *messages],
            "env_id": episode.env_id,
            "task_id": episode.task_id,
            "seed": episode.seed,
            "agent": episode.agent,
            "score": episode.verdict.score if episode.verdict is not None else None,
            "success": episode.success,
            "reward": episode.total_reward,
        }


def rl_rows(
    episodes: Iterable[Trajectory],
    store: TrajectoryStore | None = None,
    *,
    images: str = "path",
    system: str = "",
    gamma: float = 1.0,
    window: int | None = None,
) -> Iterator[dict[str, Any]]:
    """One row a turn, for policy gradients.

    Args:
        episodes: as for `sft_rows`, like the next three; nothing is left out.
        store: where the pictures are.
        images: ``"path"`` or ``"data"``.
        system: the first message of each prompt.
        gamma: discount of ``return_to_go``.
        window: turns that a prompt shows, this one included; None for all. Every prompt begins with the goal.

    Yields:
        ``group`` (equal for episodes from one start: the baseline's group), ``episode`` (its number, from 0), ``turn`` (from 1),
        ``env_id, task_id, seed, agent, policy``, ``prompt`` (messages up to this observation), ``action`` (what the model
        wrote), ``parsed``, ``reward``, ``components``, ``return_to_go``, ``episode_return``, ``score``, ``success``, ``done``,
        ``stop_reason`` (of the episode, on its last row), ``bad_action`` (kind, or ``""``), ``trainable``, ``token_ids``,
        ``logprobs``.

    Raises:
        UnknownOption: no such ``images``, data URLs without a store, a window below 1.
        DataError: a picture that is not in the store.
    """
    if window is not None and window < 1:
        raise UnknownOption(f"window={window}: a prompt shows at least the turn that is to be played")
    picture = _picture(images, _store(episodes, store))
    start = [{"role": "system", "content": system}] if system else []
    for number, episode in enumerate(episodes):
        messages, returns, last = episode.messages(picture), episode.returns(gamma), len(episode.turns) - 1
        for i, turn in enumerate(episode.turns):
            begin = 0 if window is None else 2 * max(0, i + 1 - window)
            yield {
                "group": episode.group,
                "episode": number,
                "turn": i + 1,
                "env_id": episode.env_id,
                "task_id": episode.task_id,
                "seed": episode.seed,
                "agent": episode.agent,
                "policy": episode.policy,
                "prompt": [*start, *_with_goal(messages[begin : 2 * i + 1], episode.goal if begin else "")],
                "action": turn.reply or action_text(turn.action),
                "parsed": turn.parsed,
                "reward": turn.reward,
                "components": dict(turn.components),
                "return_to_go": returns[i],
                "episode_return": episode.total_reward,
                "score": episode.verdict.score if episode.verdict is not None else None,
                "success": episode.success,
                "done": i == last,
                "stop_reason": episode.stop_reason if i == last else "",
                "bad_action": str(turn.error["kind"]) if turn.error is not None else "",
                "trainable": turn.trainable,
                "token_ids": turn.token_ids,
                "logprobs": turn.logprobs,
            }


def write_jsonl(rows: Iterable[dict[str, Any]], path: str | Path) -> int:
    """Write rows, one JSON line each; the file appears when it is whole. Returns how many."""
    target, count = Path(path), 0
    unfinished = _unfinished(target)
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            for count, row in enumerate(rows, 1):  # noqa: B007 - the count is the result
                file.write(json.dumps(jsonable(row)) + "\n")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def write_parquet(rows: Iterable[dict[str, Any]], path: str | Path) -> int:
    """Write rows as Parquet, a batch at a time; the file appears when it is whole. Returns how many.

    The columns are the keys of the first row. Those whose parts differ from row to row (``messages``, ``prompt``, ``components``)
    are JSON text.

    Raises:
        MissingRequirement: pyarrow is not installed.
        UnknownOption: there are no rows, so nobody knows the columns.
    """
    try:
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")  # an extra, and it ships no types
    except ImportError:
        raise MissingRequirement("export", "pyarrow", 'pip install "mtenvs[export]"') from None
    batches = _batches(rows)
    first = next(batches, None)
    if first is None:
        raise UnknownOption(f"there are no rows to write to {path}: did the filter keep any episode?")
    nullable = {"score": pa.float64(), "token_ids": pa.list_(pa.int64()), "logprobs": pa.list_(pa.float64())}
    plain = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema([(name, nullable.get(name) or plain.get(type(value), pa.string())) for name, value in first[0].items()])
    target, count = Path(path), 0
    unfinished = _unfinished(target)
    try:
        with parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            for batch in chain([first], batches):
                flat = [{name: value if name in nullable else _flat(value) for name, value in row.items()} for row in batch]
                writer.write_table(pa.Table.from_pylist(flat, schema=schema))
                count += len(batch)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _flat(value: Any) -> Any:
    return value if isinstance(value, (str, bool, int, float, type(None))) else json.dumps(jsonable(value))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _unfinished(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f"{target.name}.{os.getpid()}.part")


def _store(episodes: Iterable[Trajectory], store: TrajectoryStore | None) -> TrajectoryStore | None:
    return episodes if store is None and isinstance(episodes, TrajectoryStore) else store


def _picture(images: str, store: TrajectoryStore | None) -> Callable[[str], str]:
    if images not in IMAGES:
        raise UnknownOption(f"images={images!r} does not exist: {did_you_mean(images, IMAGES)}")
    if store is None:
        if images == "data":
            raise UnknownOption("images='data' needs the store that has the pictures")
        return "images/{}.png".format

    @lru_cache(maxsize=64)  # a prompt shows the pictures of the prompt before it again
    def encoded(name: str) -> str:
        path = store.image_path(name)
        if not path.is_file():
            raise DataError(f"{path} is not there; a trajectory in {store.path} shows it")
        return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}" if images == "data" else str(path.resolve())

    return encoded


def _teaches(turn: Turn) -> bool:
    return turn.trainable and turn.error is None


def _with_goal(messages: list[dict[str, Any]], goal: str) -> list[dict[str, Any]]:
    """The messages of a window that does not begin at the start, with the goal before the first observation."""
    if not goal:
        return messages
    first = messages[0]["content"]
    if isinstance(first, str):
        content: Any = f"{goal}\n\n{first}".strip()
    else:
        content = [{"type": "text", "text": f"{goal}\n\n{first[0]['text']}".strip()}, *first[1:]]
    return [{"role": "user", "content": content}, *messages[1:]]
