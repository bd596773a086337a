"""Every id of the catalogue keeps the contract. A family that is added to the catalogue is tested here without a line more."""

from __future__ import annotations

import pickle
from typing import Any

import gymnasium as gym
import pytest

import mtenvs
from mtenvs.catalog import CATALOG, NAMESPACE, Entry
from mtenvs.core.errors import MissingRequirement, UnknownEnv
from mtenvs.core.tasks import SPLITS
from mtenvs.testing import CHECKS, Check, EnvFactory, NotApplicable, check_noise, factory_of


@pytest.fixture(scope="module", params=CATALOG, ids=lambda entry: entry.id)
def entry(request: pytest.FixtureRequest) -> Entry:
    """Each entry; a test that meets a family which is not installed is skipped with the command that installs it."""
    found: Entry = request.param
    try:
        factory_of(found.id, **found.demo)().close()
    except MissingRequirement as e:
        pytest.skip(str(e))
    return found


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(entry: Entry, check: Check) -> None:
    try:
        check(factory_of(entry.id, **entry.demo))
    except (NotApplicable, MissingRequirement) as e:
        pytest.skip(str(e))


@pytest.mark.slow
def test_ten_thousand_odd_actions(entry: Entry) -> None:
    check_noise(factory_of(entry.id, **entry.demo), 10_000)


@pytest.mark.parametrize("make", [gym.make, mtenvs.make], ids=["gymnasium.make", "mtenvs.make"])
def test_both_doors_make_the_same(entry: Entry, make: Any) -> None:
    with make(f"{NAMESPACE}:{entry.id}", **entry.demo) as env, make(entry.id, **entry.demo) as same:
        assert env.spec.id == entry.id
        assert env.spec.nondeterministic == entry.nondeterministic
        assert env.reset(seed=3)[1]["task_id"] == same.reset(seed=3)[1]["task_id"]
        assert env.unwrapped.spec.kwargs == entry.demo


def test_our_door_takes_short_names(entry: Entry) -> None:
    short = entry.id.removeprefix(f"{NAMESPACE}/").rsplit("-v", 1)[0]
    with mtenvs.make(short, **entry.demo) as env:
        assert env.spec is not None
        assert env.spec.id == entry.id


def test_factories_and_specs_pickle(entry: Entry) -> None:
    factory = pickle.loads(pickle.dumps(EnvFactory(entry.id, entry.demo)))  # noqa: S301 - our own bytes
    with factory() as env:
        again = gym.make(pickle.loads(pickle.dumps(env.spec)))  # noqa: S301 - same
        assert again.spec == env.spec
        again.close()


def test_tasks_have_ids_splits_and_licences(entry: Entry) -> None:
    found = mtenvs.tasks(entry.id)
    assert len(found) == len(set(found.ids)) > 0
    assert sum(len(found.split(name)) for name in SPLITS) == len(found)
    for task in found[:5]:
        assert task.id in found.ids
        assert found.get(task.id).id == task.id
        assert task.licence
        assert task.source


def test_the_card_says_what_it_is(entry: Entry) -> None:
    card = next(c for c in mtenvs.list_envs(entry.family) if c.id == entry.id)
    assert card.summary.endswith(".")
    assert card.tags
    assert isinstance(card, mtenvs.EnvCard)


def test_ids_are_unique_and_versioned() -> None:
    ids = [e.id for e in CATALOG]
    assert len(ids) == len(set(ids))
    assert all(e.id.startswith(f"{NAMESPACE}/") and e.id.rsplit("-v", 1)[1].isdigit() for e in CATALOG)


def test_registering_again_changes_nothing() -> None:
    before = {e.id: gym.registry[e.id] for e in CATALOG}
    mtenvs.register_envs()
    assert all(gym.registry[i] is spec for i, spec in before.items())


def test_an_unknown_id_names_the_near_one() -> None:
    with pytest.raises(UnknownEnv, match="mtenvs/LongExecution-v0"):
        mtenvs.make("LongExecutoin-v0")
