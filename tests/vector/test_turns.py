"""Whole turns column by column, and pictures that are lent instead of copied."""

from __future__ import annotations

import gc
import os
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_env import Pictures, shown

import mtenvs
from mtenvs.vector import BatchedVectorEnv
from mtenvs.vector.apart import Mover, here
from mtenvs.vector.frames import Decoder, Encoder
from mtenvs.vector.infos import batch_infos, column_infos
from mtenvs.vector.messages import info_of
from mtenvs.vector.turns import join, spell

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=4),
    st.integers(-5, 5).map(np.int64),
    st.floats(-1, 1).map(np.float32),
    st.booleans().map(np.bool_),
    st.just(np.arange(3)),
    st.just(("a", 1)),
    st.just(frozenset({1})),
)


@st.composite
def _infos(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Infos of several environments: mostly of one form, sometimes not."""
    kinds = draw(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 3), max_size=4))
    same = {key: draw(_SCALARS) for key in kinds}

    def value(key: str, kind: int) -> Any:
        nested = {"x": draw(st.integers(0, 9)), **({} if draw(st.integers(0, 9)) else {"y": 1.5})}
        return (same[key], draw(_SCALARS), nested, draw(st.floats(0, 1)))[kind]

    return [{key: value(key, kind) for key, kind in kinds.items()} for _ in range(draw(st.integers(1, 5)))]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return type(other) is dict and one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, np.ndarray):
        alike = isinstance(other, np.ndarray) and one.dtype == other.dtype and one.shape == other.shape
        return alike and all(map(_same, one.tolist(), other.tolist()))
    return type(one) is type(other) and one == other


@settings(max_examples=200, deadline=None)
@given(_infos(), st.integers(0, 5))
def test_columns_say_what_the_infos_said(infos: list[dict[str, Any]], cut: int) -> None:
    encoder, decoder = Encoder(), Decoder()
    parts = []
    for some in (infos[:cut], infos[cut:]):  # two workers, here of one encoder
        if not some:
            continue
        found = spell(some)
        if found is None:
            return
        body, news = encoder.columns(found, 0, 0.0, [0.0] * len(some), [False] * len(some), [False] * len(some), [])
        if news:
            decoder.learn(news)
        turn = decoder.turn(1, 0, memoryview(body))
        assert all(_same(info, reply.value.info) for info, reply in zip(some, turn.replies(), strict=True))
        parts.append(turn.infos)
    columns = join(parts)
    if columns is not None:
        assert all(_same(info, info_of(columns, k)) for k, info in enumerate(infos))
        assert _same(column_infos(columns, len(infos)), batch_infos(infos, range(len(infos)), len(infos)))


def _held(venv: BatchedVectorEnv, rng: np.random.Generator, steps: int, keep: float) -> None:
    """Hold what turns show, as it is or as a view of it, and compare it with copies taken at once."""
    kept: list[tuple[Any, Any]] = []
    n = venv.num_envs
    venv.reset(seed=1)
    for k in range(steps):
        actions = rng.integers(0, 255, n).tolist()
        if k % 7 == 6:
            venv.send(actions[:2], [0, 1])
            pictures = venv.recv(min_ready=2).obs["image"]
        else:
            obs, _, terminated, _, _ = venv.step(actions if k % 11 else [*actions[1:], 255])
            pictures = obs["image"]
            assert shown(obs)[:-1] == (actions if k % 11 else actions[1:])[: n - 1]
            if terminated.any():
                mask = np.array(terminated)
                venv.reset(options={"reset_mask": mask})
        if rng.random() < keep:
            part = (pictures, pictures[1], pictures[:, ::2][..., 0], memoryview(pictures[0]))[k % 4]
            kept.append((part, np.array(part)))
        del pictures
        if rng.random() < 0.1:
            kept = kept[len(kept) // 2 :]
    assert kept
    assert all((np.asarray(part) == copy).all() for part, copy in kept)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("keep", [0.3, 1.0])
def test_what_a_caller_holds_never_changes(workers: int, keep: float) -> None:
    venv = mtenvs.make_vec(Pictures, 3, backend="process", workers=workers, context="forkserver")
    _held(venv, np.random.default_rng(workers), 50, keep)
    venv.close()


def test_pictures_outlive_their_batch() -> None:
    venv = mtenvs.make_vec(Pictures, 2, backend="process", context="forkserver")
    venv.reset(seed=0)
    pictures = [venv.step([k, k + 1])[0]["image"] for k in range(12)]
    venv.close()
    del venv
    gc.collect()
    assert [picture[1, 0, 0, 0] for picture in pictures] == list(range(1, 13))
    pictures[0][:] = 9  # they are the caller's
    assert [picture[0, 0, 0, 0] for picture in pictures] == [9, *range(1, 12)]


def test_turns_are_lent_and_memory_is_used_again() -> None:
    venv = mtenvs.make_vec(Pictures, 2, backend="process", workers=1, context="forkserver")
    venv.reset(seed=0)
    places = {venv.step([k, k])[0]["image"].ctypes.data for k in range(30)}
    assert len(places) <= 2
    held = [venv.step([k, k])[0]["image"] for k in range(10)]
    assert len({picture.ctypes.data for picture in held}) == 10
    assert sum(not picture.base.flags.owndata for picture in held if picture.base is not None) >= 3
    venv.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_keeps_what_it_saw() -> None:
    venv = mtenvs.make_vec(Pictures, 2, backend="process", workers=1, context="forkserver")
    venv.reset(seed=0)
    obs: Any = venv.step([7, 8])[0]
    go, told = os.pipe(), os.pipe()
    child = os.fork()
    if not child:  # nothing of pytest may run here
        os.read(go[0], 1)
        os.write(told[1], bytes(shown(obs)))
        os._exit(0)
    del obs
    for k in range(20):
        venv.step([k, k])
    os.write(go[1], b".")
    assert list(os.read(told[0], 2)) == [7, 8]
    os.waitpid(child, 0)
    for fd in (*go, *told):
        os.close(fd)
    venv.close()


@pytest.mark.skipif(here is None, reason="no way to move between processors here")
def test_stepping_aside_leaves_the_choice_to_the_kernel_again() -> None:
    allowed = os.sched_getaffinity(0)
    mover = Mover()
    mover.step_aside(sorted(allowed))  # nowhere to go
    assert os.sched_getaffinity(0) == allowed
    if len(allowed) > 1:
        assert here is not None
        before = here()
        Mover().step_aside([before])
        assert os.sched_getaffinity(0) == allowed
