"""`UText` in every place where Gymnasium meets a space, and the observation modes."""

from __future__ import annotations

import multiprocessing as mp
import pickle
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.spaces.utils import flatdim, flatten, flatten_space, unflatten
from gymnasium.vector.utils import (
    batch_differing_spaces,
    batch_space,
    concatenate,
    create_empty_array,
    create_shared_memory,
    iterate,
    read_from_shared_memory,
    write_to_shared_memory,
)
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv

from mtenvs.core.actions import CallText, tools_of
from mtenvs.core.errors import UnknownOption
from mtenvs.core.spaces import OBS_MODES, UText, declare

ODD = ["", "plain", "zwei\nZeilen", "漢字 🙂 é", "half \ud800 of a pair", "\udfff\ud800", "\x00\x01\uffff\U0010ffff", "x" * 64]
WRITE: Any = write_to_shared_memory  # Gymnasium types it for arrays alone
texts = st.text(st.characters(), max_size=64)


def test_membership_is_a_matter_of_length() -> None:
    space = UText(5)
    assert all(t in space for t in ("", "a", "\ud8005678", "🙂🙂🙂🙂🙂"))
    for other in ("sixsix", 5, None, b"abc", np.array("abc"), ["a"]):
        assert other not in space
    assert np.str_("abc") in space


def test_samples_are_members_and_repeat_with_the_seed() -> None:
    one, other = UText(40, seed=3), UText(40, seed=3)
    drawn = [one.sample() for _ in range(100)]
    assert drawn == [other.sample() for _ in range(100)]
    assert all(t in one for t in drawn)
    assert any(not t.isascii() for t in drawn)
    assert len(UText(1, seed=0).sample()) <= 1
    with pytest.raises(UnknownOption):
        one.sample(mask=None, probability=1)  # type: ignore[arg-type]  # the mistake in question


def test_equality_and_pickle() -> None:
    assert UText(7) == UText(7) != UText(8)
    assert UText(7) != spaces.Text(7)
    assert CallText(tools_of(CounterEnv), max_chars=7) != UText(7)
    assert hash(UText(7)) == hash(UText(7))
    assert pickle.loads(pickle.dumps(UText(7))) == UText(7)  # noqa: S301 - our own bytes
    calls = CallText(tools_of(CounterEnv), {"item": ["cup"]}, seed=1)
    again = pickle.loads(pickle.dumps(calls))  # noqa: S301 - same
    assert again == calls
    assert again.sample() == calls.sample()
    with pytest.raises(UnknownOption, match="max_chars"):
        UText(0)


@given(st.text(max_size=120), st.integers(1, 90))
def test_fit_cuts_with_a_visible_mark(text: str, most: int) -> None:
    space = UText(most)
    cut = space.fit(text)
    assert cut in space
    if len(text) <= most:
        assert cut == text
    elif most >= 40:
        kept, _, mark = cut.rpartition("\n[... ")
        assert text.startswith(kept)
        assert mark == f"{len(text) - len(kept)} characters cut ...]"


@given(st.lists(texts, min_size=1, max_size=5))
def test_shared_memory_keeps_every_code_point(values: list[str]) -> None:
    space: Any = UText(64)
    memory = create_shared_memory(space, len(values), mp)
    batch: Any = read_from_shared_memory(space, memory, len(values))
    for i, value in enumerate(values):
        WRITE(space, i, value, memory)
    assert tuple(batch) == tuple(values)  # what was read before the writing shows what was written
    WRITE(space, 0, "", memory)
    assert batch[0] == ""
    assert batch[-1] == ("" if len(values) == 1 else values[-1])


def test_a_view_of_shared_memory_is_a_sequence() -> None:
    space: Any = UText(64)
    memory = create_shared_memory(space, len(ODD), mp)
    for i, value in enumerate(ODD):
        WRITE(space, i, value, memory)
    view: Any = read_from_shared_memory(space, memory, len(ODD))
    assert (len(view), list(view), view[2:4], view[-1]) == (len(ODD), ODD, tuple(ODD[2:4]), ODD[-1])
    assert "plain" in repr(view)
    with pytest.raises(IndexError):
        view[len(ODD)]


@given(texts)
def test_flatten_and_back(text: str) -> None:
    space = UText(64)
    flat: Any = flatten(space, text)
    assert flat in flatten_space(space)
    assert flat.shape == (flatdim(space),)
    assert unflatten(space, flat) == text


def test_a_dict_with_text_flattens() -> None:
    space: Any = spaces.Dict({"text": UText(8), "state": spaces.Box(-1, 1, (2,), np.float32)})
    value = {"text": "a🙂\ud800", "state": np.array([0.5, -0.5], np.float32)}
    again = unflatten(space, flatten(space, value))
    assert again["text"] == value["text"]
    np.testing.assert_array_equal(again["state"], value["state"])


def test_batches_are_tuples_of_text() -> None:
    space = spaces.Dict({"text": UText(64), "state": spaces.Box(-1, 1, (2,), np.float32)})
    values = [{"text": t, "state": np.full(2, i / 9, np.float32)} for i, t in enumerate(ODD)]
    empty: Any = create_empty_array(space, len(ODD))
    assert empty["text"] == ("",) * len(ODD)
    batch: Any = concatenate(space, values, empty)
    assert batch["text"] == tuple(ODD)
    assert batch in batch_space(space, len(ODD))
    assert [item["text"] for item in iterate(batch_space(space, len(ODD)), batch)] == ODD
    different: Any = batch_differing_spaces([UText(3), UText(4)])
    assert different == spaces.Tuple((UText(3), UText(4)))


class OddTexts(CounterEnv):
    """Shows strings that break careless encoders, more and more of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"obs_mode": "all", **options})

    def _report(self) -> str:
        return "|".join(ODD) * (1 + self._turn)


@pytest.mark.parametrize(
    "make",
    [gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv, partial(gym.vector.AsyncVectorEnv, shared_memory=False)],
    ids=["sync", "shared memory", "pipes"],
)
def test_odd_texts_go_through_gymnasiums_vector_environments(make: Any) -> None:
    single = OddTexts()
    venv = make([OddTexts, OddTexts])
    try:
        assert venv.reset(seed=[4, 4])[0]["text"] == (single.reset(seed=4)[0]["text"],) * 2
        kept = []
        for _ in range(3):
            wanted = single.step("note('\\ud83d and more')")[0]["text"]
            obs = venv.step(("note('\\ud83d and more')",) * 2)[0]
            assert obs["text"] == (wanted, wanted)
            kept.append((obs, wanted))
        assert [obs["text"][0] for obs, _ in kept] == [wanted for _, wanted in kept]  # later turns leave earlier ones alone
        assert venv.step(({"name": "add", "arguments": {"amount": 1}}, "add 1"))[4]["action"].tolist() == ["add(amount=1)"] * 2
        assert len(venv.action_space.sample()) == 2
    finally:
        venv.close()


AVAILABLE: dict[str, gym.Space[Any]] = {
    "goal": UText(9),
    "text": UText(9),
    "image": spaces.Box(0, 255, (4, 4, 3), np.uint8),
    "frames": spaces.Box(0, 255, (2, 4, 4, 3), np.uint8),
    "num_frames": spaces.Discrete(3),
    "state": spaces.Box(-1, 1, (2,), np.float32),
    "action_mask": spaces.MultiBinary(3),
}


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("text", "goal text"),
        ("vision", "frames goal image num_frames text"),
        ("text+vision", "frames goal image num_frames text"),
        ("state", "action_mask state"),
        ("all", "action_mask frames goal image num_frames state text"),
    ],
)
def test_each_mode_shows_its_keys(mode: str, keys: str) -> None:
    assert sorted(declare(mode, AVAILABLE).spaces) == keys.split()


def test_a_mode_that_shows_nothing_is_refused_with_those_that_do() -> None:
    for mode in ("vision", "text+vision", "state"):
        with pytest.raises(UnknownOption, match="it has text, all"):
            declare(mode, {"goal": UText(9), "text": UText(9)})
    with pytest.raises(UnknownOption, match=r"text\+vision, all"):
        declare("state", {k: AVAILABLE[k] for k in ("goal", "text", "image")})
    with pytest.raises(UnknownOption, match=", ".join(OBS_MODES).replace("+", r"\+")):
        declare("smell", AVAILABLE)
