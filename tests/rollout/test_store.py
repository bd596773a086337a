"""The store: what goes in comes out, and kills, full disks and several writers cost at most a last line."""

from __future__ import annotations

import json
import os
import resource
import signal
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.core.errors import DataError
from mtenvs.core.trajectory import Trajectory, Turn
from mtenvs.core.verdict import Verdict
from mtenvs.rollout import StoreWriteError, TrajectoryStore

# Any unicode, lone surrogates included: models write such things.
text = st.text(st.characters(codec=None), max_size=40)
number = st.floats(allow_nan=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | number | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
counts = st.dictionaries(text, st.integers(0, 10**9), max_size=3)
turns = st.builds(
    Turn,
    text=text,
    action=values,
    parsed=text,
    reward=number,
    components=st.dictionaries(text, number, max_size=3),
    error=st.none() | st.fixed_dictionaries({"kind": text, "message": text}),
    anchor=text,
    images=st.lists(st.text(string.hexdigits, min_size=1, max_size=24), max_size=2),
    trainable=st.booleans(),
    token_ids=st.none() | st.lists(st.integers(0, 2**31), max_size=5),
    logprobs=st.none() | st.lists(number, max_size=5),
    usage=st.none() | counts,
    reply=text,
    failure=st.none() | st.fixed_dictionaries({"kind": text, "message": text}),
)
verdicts = st.builds(
    Verdict,
    score=st.none() | number,
    success=st.booleans(),
    checkpoints=st.dictionaries(text, st.booleans(), max_size=3),
    metrics=st.dictionaries(text, number, max_size=3),
    needs=st.sampled_from(["", "judge"]),
)
trajectories = st.builds(
    Trajectory,
    env_id=text,
    make_kwargs=st.dictionaries(text, values, max_size=3),
    task_id=text,
    seed=st.integers(0, 2**63 - 1),
    goal=text,
    start_anchor=text,
    turns=st.lists(turns, max_size=3),
    verdict=st.none() | verdicts,
    stop_reason=text,
    error=text,
    policy=text,
    agent=st.sampled_from(["", "team0_1"]),
    versions=st.dictionaries(text, text, max_size=2),
)


def episode(number: int = 0, *, words: str = "") -> Trajectory:
    turn = Turn(words, "answer(1)", "answer(total=1)", 1.0, {"score": 1.0}, None, "ff")
    return Trajectory("mtenvs/LongExecution-v0", {}, "k1-t10/0", number, turns=[turn], verdict=Verdict(1.0, success=True))


@given(st.lists(trajectories, max_size=4))
@settings(max_examples=40)  # each example writes to the disk
def test_what_goes_in_comes_out_with_its_hash_chain(wanted: list[Trajectory]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = TrajectoryStore(folder)
        for trajectory in wanted:
            store.append(trajectory)
        found = list(store.read())
        assert [t for t, _ in found] == wanted
        assert [chain for _, chain in found] == [t.chain() for t in wanted]
        assert len(store) == len(wanted)


@given(trajectories, st.data())
@settings(max_examples=40)
def test_wherever_a_writer_is_cut_off_only_its_line_is_lost(last: Trajectory, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = TrajectoryStore(folder)
        store.append(episode(1))
        whole = store.path.stat().st_size
        store.append(last)
        cut = data.draw(st.integers(whole, store.path.stat().st_size - 1))
        os.truncate(store.path, cut)
        assert [t.seed for t in store] == [1]
        assert len(store.problems()) == (cut > whole)
        store.append(episode(2))
        assert [t.seed for t in store][-1] == 2
        assert len(store) in (2, 3)  # 3: only the end of the line had been missing


def test_arrays_and_odd_things_are_recorded_as_json(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    trajectory = episode()
    trajectory.turns[0].action = {"name": "move", "arguments": {"by": np.array([1, 2]), "what": {3}, "raw": b"x"}}
    store.append(trajectory)
    (found,) = store
    assert found.turns[0].action == {"name": "move", "arguments": {"by": [1, 2], "what": "{3}", "raw": "b'x'"}}
    assert found.chain() == trajectory.chain()


WRITER = """
import itertools, sys
from mtenvs.rollout import TrajectoryStore
from mtenvs.core.trajectory import Trajectory, Turn
folder, first, count, size = sys.argv[1], *map(int, sys.argv[2:])
store = TrajectoryStore(folder)
for k in range(count):
    turns = [Turn("x" * size, "go", "go()", 0.0, {}, None, "ff")]
    store.append(Trajectory("e", {}, "t", first + k, turns=turns))
    print(k + 1, flush=True)
"""


def start_writer(folder: Path, first: int, count: int, size: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, str(folder), str(first), str(count), str(size)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours


@pytest.mark.parametrize("after", [3, 5, 8])
def test_a_killed_writer_loses_at_most_its_last_line(tmp_path: Path, after: int) -> None:
    with start_writer(tmp_path, 0, 10**6, 200_000) as writer:
        assert writer.stdout is not None
        said = 0
        while said < after:
            said = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)  # somewhere in the next lines
        said += sum(1 for _ in writer.stdout)
    store = TrajectoryStore.open(tmp_path)
    seeds = [t.seed for t in store]
    assert seeds == list(range(len(seeds)))
    assert len(seeds) in (said, said + 1)  # everything that `append` came back from, and perhaps the line in the making
    store.append(episode(99))  # nobody holds the lock any more
    assert [t.seed for t in store][-1] == 99


def test_several_writers_do_not_mix_their_lines(tmp_path: Path) -> None:
    writers = [start_writer(tmp_path, 100 * w, 15, 30_000) for w in range(3)]
    assert [writer.communicate()[0].split()[-1] for writer in writers] == ["15"] * 3
    store = TrajectoryStore.open(tmp_path)
    assert store.problems() == []
    assert sorted(t.seed for t in store) == sorted(100 * w + k for w in range(3) for k in range(15))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB: a real one where we may mount it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603 - ours
        pytest.skip("mounting a small disk needs root; the limit on file sizes is tested instead")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 - ours


def fill(store: TrajectoryStore, rng: np.random.Generator) -> int:
    for k in range(1000):
        picture = rng.integers(0, 255, (40, 40, 3), dtype=np.uint8)
        trajectory = episode(k, words="z" * 5000)
        trajectory.turns[0].images = [store.save_image(picture)]
        store.append(trajectory)
    raise AssertionError("the disk never filled up")


def test_a_full_disk_is_named_and_everything_before_is_whole(small_disk: Path) -> None:
    store = TrajectoryStore(small_disk / "runs")
    with pytest.raises(StoreWriteError, match=r"No space left.*before is whole.*--resume"):
        fill(store, np.random.default_rng(0))
    have = list(store)
    assert len(have) > 5
    assert store.problems() == []
    assert not list(store.folder.rglob("*.part"))
    (small_disk / "runs" / "images" / f"{have[0].turns[0].images[0]}.png").unlink()
    for picture in list((small_disk / "runs" / "images").iterdir())[:10]:
        picture.unlink()
    store.append(episode(7))  # there is room again
    assert len(store) == len(have) + 1
    assert "pictures are not in" in store.problems()[0]


def test_a_file_that_may_not_grow_is_named_and_stays_whole(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        for k in range(3):
            store.append(episode(k, words="z" * 5000))
        with pytest.raises(StoreWriteError, match="cannot write: File too large"):
            store.append(episode(3, words="z" * 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [t.seed for t in store] == [0, 1, 2]
    assert store.problems() == []


def test_a_folder_that_is_read_only_is_named(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    store.path.mkdir()  # root may write anywhere, but not lines into a folder
    with pytest.raises(StoreWriteError, match="cannot write"):
        store.append(episode())


def test_lines_that_are_no_trajectories_are_named(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    store.path.write_text(json.dumps({"env_id": "e", "schema": 99}) + "\n")
    with pytest.raises(DataError, match="line 1: a trajectory of schema 99"):
        list(store)
    store.path.write_text(json.dumps({"env_id": "e"}) + "\n")
    with pytest.raises(DataError, match="line 1: not a whole trajectory"):
        list(store)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", ""])
def test_a_name_never_leads_out_of_the_store(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="no picture's name"):
        TrajectoryStore(tmp_path).image_path(name)


def test_old_lines_without_the_newer_fields_are_read() -> None:
    data: dict[str, Any] = episode().to_dict()
    for name in ("schema", "error"):
        del data[name]
    for name in ("failure", "usage", "reply", "logprobs"):
        del data["turns"][0][name]
    assert Trajectory.from_dict({**data, "unknown": 1}) == episode()
