"""Each check passes on a sound environment and fails, with advice, on one that is broken in just the way that it looks for."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import pytest
from broken_play import CASES, Holder, NoOracle
from toy import CounterEnv, SliderEnv

from mtenvs.core.errors import MissingRequirement, UnknownEnv, UnknownOption
from mtenvs.testing import CHECKS, Check, CheckFailed, EnvFactory, NotApplicable, check_async_vector, check_docstring, check_env, factory_of


@pytest.fixture(autouse=True)
def given_back() -> Iterator[None]:
    yield
    for thing in Holder.held:
        if isinstance(thing, threading.Event):
            thing.set()
        elif isinstance(thing, subprocess.Popen):
            thing.communicate(timeout=10)
        elif hasattr(thing, "close"):
            thing.close()
    Holder.held.clear()


@pytest.mark.parametrize(("cls", "check", "message"), CASES, ids=[f"{check.__name__}-{cls.__name__}" for cls, check, _ in CASES])
def test_a_check_finds_what_is_broken(cls: type[gym.Env[Any, Any]], check: Check, message: str) -> None:
    with pytest.raises(CheckFailed) as failed:
        check(cls)
    assert message in str(failed.value)


def test_every_check_has_a_broken_environment() -> None:
    assert {check for _, check, _ in CASES} == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_sound_environment_passes(check: Check) -> None:
    check(CounterEnv)


@pytest.mark.parametrize("check", [check for check in CHECKS if check is not check_docstring], ids=lambda check: check.__name__)
def test_a_sound_control_environment_passes(check: Check) -> None:
    try:
        check(SliderEnv)
    except NotApplicable as e:
        assert str(e)  # noqa: PT017 - the reason is what a reader of the report sees


# ---- check_env -----------------------------------------------------------------------------------------------------


def test_the_report_names_what_fails_and_how_to_mend_it() -> None:
    with pytest.raises(CheckFailed) as failed:
        check_env(NoOracle, only=["check_oracle", "check_close"])
    text = str(failed.value)
    assert text.startswith("NoOracle: 1 of 2 checks failed")
    assert "write oracle()" in text
    assert "ok             check_close" in text


def test_the_report_can_be_had_without_raising() -> None:
    seen: list[str] = []
    report = check_env(CounterEnv, skip=["check_async_vector"], raise_on_failure=False, on_check=lambda f: seen.append(f.check))
    assert report.ok
    assert seen == [check.__name__ for check in CHECKS if check is not check_async_vector]


def test_an_error_of_the_environment_is_a_finding() -> None:
    class Breaks(CounterEnv):
        def _report(self) -> str:
            raise ZeroDivisionError("oops")

    report = check_env(Breaks, only=["check_turn_cap"], raise_on_failure=False)
    assert "ZeroDivisionError: oops" in report.failed[0].message


def test_a_missing_requirement_reaches_the_caller() -> None:
    class NotInstalled(CounterEnv):
        def __init__(self) -> None:
            raise MissingRequirement("toy", "a toy", "make toys")

    with pytest.raises(MissingRequirement, match="make toys"):
        check_env(NotInstalled)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownOption, match="check_oracle"):
        check_env(CounterEnv, only=["check_oracel"])
    with pytest.raises(UnknownEnv, match="LongExecution"):
        check_env("mtenvs/LongExecutoin-v0")


def test_an_environment_that_was_made_from_an_id_can_be_made_again() -> None:
    env = gym.make("mtenvs:mtenvs/LongExecution-v0", task="k1-t10/3")
    factory = factory_of(env)
    assert factory == EnvFactory("mtenvs/LongExecution-v0", {"task": "k1-t10/3"})
    assert factory(max_turns=3).reset()[1]["task_id"] == "k1-t10/3"


def test_an_environment_without_an_id_cannot() -> None:
    with pytest.raises(UnknownOption, match="pass its class"):
        check_env(CounterEnv())
