"""Exports of real episodes, with pictures, to what trainers read."""

from __future__ import annotations

import base64
import json
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mtenvs
from mtenvs.core.errors import DataError, MissingRequirement, UnknownOption
from mtenvs.core.trajectory import Reply, Trajectory
from mtenvs.policies import named_policy
from mtenvs.rollout import TrajectoryStore, rl_rows, rollout, sft_rows, write_jsonl, write_parquet


@pytest.fixture(scope="module")
def hero(tmp_path_factory: pytest.TempPathFactory) -> TrajectoryStore:
    """Two HeroBench episodes with maps: one that succeeds, one that does not."""
    store = TrajectoryStore(tmp_path_factory.mktemp("hero"))
    with closing(mtenvs.make_vec("mtenvs/HeroBench-v0", 2, backend="sync", obs_mode="text+vision")) as venv:
        rollout(venv, named_policy("oracle", venv), 1, tasks=["own/1/0"], store=store)
        rollout(venv, named_policy("near-miss", venv), 1, tasks=["own/1/0"], store=store)
    return store


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> TrajectoryStore:
    """Four LongExecution episodes in two groups; each has a bad action and token ids."""
    store = TrajectoryStore(tmp_path_factory.mktemp("words"))

    def policy(obs: Any) -> list[Any]:
        turns[0] += 1
        reply = Reply("nonsense" if turns[0] % 10 == 3 else "repeat()", token_ids=[turns[0], 7], logprobs=[-0.5, -0.25])
        return [reply] * len(obs["text"])

    turns = [0]
    with closing(mtenvs.make_vec("mtenvs/LongExecution-v0", 2, backend="sync", split=None)) as venv:
        rollout(venv, policy, 4, tasks=["k1-t10/0"], group_size=2, store=store)
    return store


def test_hero_chats_point_to_pictures_that_are_there(hero: TrajectoryStore) -> None:
    (chat,) = sft_rows(hero, system="You play.")  # the near miss is no example to follow
    assert chat["success"]
    assert chat["task_id"] == "own/1/0"
    roles = [m["role"] for m in chat["messages"]]
    episode = next(iter(hero))
    assert roles == ["system", *["user", "assistant"] * len(episode.turns)]
    for message in chat["messages"][1::2]:
        text, picture = message["content"]
        assert text["type"] == "text"
        with Image.open(picture["image_url"]["url"]) as image:
            assert image.size == (960, 640)
    assert episode.goal in chat["messages"][1]["content"][0]["text"]
    assert len(list(sft_rows(hero, keep=lambda _: True))) == 2


def test_hero_pictures_travel_inside_when_asked(hero: TrajectoryStore) -> None:
    (chat,) = sft_rows(hero, images="data")
    url = chat["messages"][0]["content"][1]["image_url"]["url"]
    head, _, body = url.partition(",")
    assert head == "data:image/png;base64"
    with Image.open(BytesIO(base64.b64decode(body))) as image:
        shown = np.asarray(image)
    first = next(iter(hero)).turns[0].images[0]
    assert hero.holds(first, shown)


def test_turns_that_nobody_should_learn_from_weigh_nothing(words: TrajectoryStore) -> None:
    chats = list(sft_rows(words, keep=lambda _: True))
    assert len(chats) == 4
    for chat in chats:
        weights = [m.get("weight", 1) for m in chat["messages"] if m["role"] == "assistant"]
        assert weights == [1, 1, 0, *[1] * 7]
    spoilt = list(words)[:1]
    for turn in spoilt[0].turns:
        turn.trainable = False
    assert list(sft_rows(spoilt, keep=lambda _: True)) == []


def test_rl_rows_carry_what_an_update_needs(words: TrajectoryStore) -> None:
    rows = list(rl_rows(words, gamma=0.5))
    assert len(rows) == 40
    assert len({r["group"] for r in rows}) == 2
    assert {r["group"] for r in rows if r["episode"] in (0, 1)}.isdisjoint({r["group"] for r in rows if r["episode"] in (2, 3)})
    for episode, start in zip(words, range(0, 40, 10), strict=True):
        mine = rows[start : start + 10]
        assert [r["turn"] for r in mine] == list(range(1, 11))
        assert [r["done"] for r in mine] == [False] * 9 + [True]
        assert mine[-1]["stop_reason"] == episode.stop_reason
        assert [r["token_ids"] for r in mine] == [t.token_ids for t in episode.turns]
        assert [r["bad_action"] for r in mine] == ["", "", "parse", *[""] * 7]
        assert mine[4]["prompt"] == episode.messages()[:9]
        expected = sum(0.5**k * t.reward for k, t in enumerate(episode.turns[4:]))
        assert mine[4]["return_to_go"] == pytest.approx(expected)
        assert mine[0]["episode_return"] == episode.total_reward


@pytest.mark.parametrize("window", [1, 3])
def test_a_window_keeps_the_goal_and_the_last_turns(hero: TrajectoryStore, window: int) -> None:
    episode = next(iter(hero))
    rows = list(rl_rows([episode], hero, window=window))
    assert [len(r["prompt"]) for r in rows] == [2 * min(i + 1, window) - 1 for i in range(len(episode.turns))]
    for row, turn in zip(rows, episode.turns, strict=True):
        assert row["prompt"][0]["content"][0]["text"].startswith(episode.goal)
        assert row["prompt"][-1]["content"][0]["text"].endswith(turn.text)
        assert row["prompt"][-1]["content"][1]["image_url"]["url"].endswith(f"{turn.images[0]}.png")


def test_jsonl_lines_are_the_rows(words: TrajectoryStore, tmp_path: Path) -> None:
    assert write_jsonl(rl_rows(words), tmp_path / "deep" / "rl.jsonl") == 40
    lines = (tmp_path / "deep" / "rl.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == list(rl_rows(words))
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["rl.jsonl"]


@pytest.mark.parametrize("kind", ["rl", "sft"])
def test_parquet_holds_the_same(hero: TrajectoryStore, words: TrajectoryStore, tmp_path: Path, kind: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `export` is not installed")
    for store in (hero, words):
        rows = list(rl_rows(store) if kind == "rl" else sft_rows(store, keep=lambda _: True))
        assert write_parquet(iter(rows), tmp_path / "x.parquet") == len(rows)
        found = parquet.read_table(tmp_path / "x.parquet").to_pylist()
        packed = ("prompt", "components") if kind == "rl" else ("messages",)
        assert [{**row, **{name: json.loads(row[name]) for name in packed}} for row in found] == rows


def test_parquet_without_pyarrow_says_what_to_install(words: TrajectoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingRequirement, match=r'pip install "mtenvs\[export\]"'):
        write_parquet(rl_rows(words), tmp_path / "x.parquet")


def test_an_export_that_fails_leaves_no_half_file(words: TrajectoryStore, tmp_path: Path) -> None:
    target = tmp_path / "rl.jsonl"
    write_jsonl([{"old": 1}], target)

    def rows() -> Any:
        yield from rl_rows(words)
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError):
        write_jsonl(rows(), target)
    assert json.loads(target.read_text()) == {"old": 1}
    assert list(tmp_path.iterdir()) == [target]


def test_misuse_of_an_exporter_is_named(words: TrajectoryStore, tmp_path: Path) -> None:
    episodes = list(words)
    with pytest.raises(UnknownOption, match="images='jpeg'"):
        list(sft_rows(episodes, images="jpeg"))
    with pytest.raises(UnknownOption, match="needs the store"):
        list(rl_rows(episodes, images="data"))
    with pytest.raises(UnknownOption, match="window=0"):
        list(rl_rows(episodes, window=0))
    if "pyarrow" in sys.modules:
        with pytest.raises(UnknownOption, match="no rows"):
            write_parquet([], tmp_path / "x.parquet")


def test_a_picture_that_is_gone_is_named(hero: TrajectoryStore, tmp_path: Path) -> None:
    empty = TrajectoryStore(tmp_path)
    with pytest.raises(DataError, match="is not there"):
        list(sft_rows(hero, empty))


def test_without_a_store_pictures_are_paths_in_its_folder(hero: TrajectoryStore) -> None:
    episodes: list[Trajectory] = list(hero)
    (chat,) = sft_rows(episodes)
    assert chat["messages"][0]["content"][1]["image_url"]["url"] == f"images/{episodes[0].turns[0].images[0]}.png"
