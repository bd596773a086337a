"""Tasks and their sets: splits that stay, choice by seed, composition, ids that do not exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.core.tasks import SPLITS, Task, TaskSet, compose, split_of

IDS = tuple(f"t/{i}" for i in range(1000))


def some_set() -> TaskSet:
    return TaskSet(IDS, lambda i: Task(i, f"Do {i}.", split=split_of(i)))


@pytest.mark.parametrize(
    ("task_id", "split"),
    [
        ("", "test"),
        ("t/0", "train"),
        ("k2-t10/0", "train"),
        ("own/3/0", "train"),
        ("reach-v3", "train"),
        ("漢字/1", "val"),
    ],
)
def test_splits_stay_as_they_were_published(task_id: str, split: str) -> None:
    assert split_of(task_id) == split


def test_splits_share_a_set_about_80_10_10() -> None:
    found = some_set()
    sizes = {name: len(found.split(name)) for name in SPLITS}
    assert sum(sizes.values()) == 1000
    assert sizes == {"train": 786, "val": 121, "test": 93}
    assert found.split(None) is found
    assert found.split("test").split("test").ids == found.split("test").ids
    assert len(found.split("test").split("train")) == 0


@given(st.text(max_size=30))
def test_every_id_has_one_split(task_id: str) -> None:
    assert split_of(task_id) == split_of(task_id)
    assert split_of(task_id) in SPLITS


def test_a_set_is_a_sequence_that_builds_on_demand() -> None:
    built = []

    def build(task_id: str) -> Task:
        built.append(task_id)
        return Task(task_id)

    found = TaskSet(IDS, build)
    inside: list[object] = [found.__contains__(item) for item in ("t/5", Task("t/5"), "x", 5)]
    assert (len(found), inside) == (1000, [True, True, False, False])
    assert built == []
    assert [found[3].id, found[-1].id, found.get("t/7").id] == ["t/3", "t/999", "t/7"]
    assert [t.id for t in found[10:13]] == ["t/10", "t/11", "t/12"]
    assert len(built) == 6
    assert found[:0].ids == ()
    assert found.filter(lambda i: i.endswith("99")).ids == tuple(i for i in IDS if i.endswith("99"))
    assert repr(found[:2]) == "TaskSet(2 tasks: t/0, t/1)"
    with pytest.raises(IndexError):
        found[1000]


def test_choice_follows_the_seed() -> None:
    found = some_set()
    drawn = [found.sample(np.random.default_rng(seed)).id for seed in range(50)]
    assert drawn == [found.sample(np.random.default_rng(seed)).id for seed in range(50)]
    assert len(set(drawn)) > 40
    with pytest.raises(UnknownTask, match="another split or source"):
        found[:0].sample(np.random.default_rng(0))


def test_unknown_ids_and_splits_name_what_there_is() -> None:
    with pytest.raises(UnknownTask, match="did you mean 't/998'"):
        some_set().get("t//998")
    with pytest.raises(UnknownTask, match="992 more"):
        some_set().get("something else altogether")
    with pytest.raises(UnknownTask, match="there are none"):
        TaskSet((), Task).get("x")
    with pytest.raises(UnknownOption, match="train, val, test"):
        some_set().split("Train")


def test_open_ids_are_built_and_not_listed() -> None:
    found = TaskSet(["n/1"], Task, open_build=lambda i: Task(i) if i.startswith("n/") else None)
    assert found.get("n/77").id == "n/77"
    assert found[:1].get("n/78").id == "n/78"
    assert "n/77" not in found.ids
    with pytest.raises(UnknownTask):
        found.get("m/1")


def test_a_set_of_ready_tasks_keeps_their_own_splits() -> None:
    found = TaskSet.of([Task("a", split="test"), Task("b", split="val"), Task("c")])
    assert [found.split(name).ids for name in SPLITS] == [("c",), ("b",), ("a",)]
    with pytest.raises(UnknownOption, match="'a'"):
        TaskSet.of([Task("a"), Task("a")])


def test_composition_joins_goals_tags_and_parts() -> None:
    one, two = Task("a", "Do A.", {"x": 1}, tags=("p", "q"), split="val"), Task("b", "Do B.", tags=("q", "r"))
    both = compose([one, two])
    assert (both.id, both.parts, both.tags, both.split, both.setup) == ("a+b", (one, two), ("p", "q", "r"), "val", {})
    assert "2 objectives" in both.goal
    assert "1. Do A.\n2. Do B." in both.goal
    assert compose([one]) is one
    for wrong in ([], [both, one]):
        with pytest.raises(UnknownOption, match="compose"):
            compose(wrong)
