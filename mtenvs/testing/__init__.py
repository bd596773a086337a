"""Checks for people who add environments.

`check_env` runs them all on an id, an environment, a class or a factory, and its report says what is missing and how to mend
it. Each check is also a function of its own, which raises `CheckFailed`; under pytest one line covers an environment::

    @pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
    def test_contract(check):
        check(factory_of(MyEnv, task="easy/0"))

A check that has nothing to look at raises `NotApplicable`, which a test turns into a skip.
"""

from __future__ import annotations

from mtenvs.testing.actions import check_action_forms, check_bad_actions, check_max_invalid
from mtenvs.testing.base import CheckFailed, EnvFactory, Factory, NotApplicable, factory_of
from mtenvs.testing.check import CHECKS, Check, Finding, Report, check_env
from mtenvs.testing.contract import (
    ALLOWED_WARNINGS,
    check_close,
    check_docstring,
    check_gymnasium,
    check_info,
    check_misuse,
    check_observations,
)
from mtenvs.testing.determinism import check_random_starts, check_same_seed, check_snapshot
from mtenvs.testing.leaks import check_no_constant_observation, check_no_leftovers, check_no_shared_memory
from mtenvs.testing.noise import check_noise
from mtenvs.testing.render import check_render
from mtenvs.testing.solutions import check_idle, check_near_miss, check_oracle
from mtenvs.testing.turns import check_turn_cap, check_turn_counter
from mtenvs.testing.vectors import check_async_vector, check_sync_vector

__all__ = [
    "ALLOWED_WARNINGS",
    "CHECKS",
    "Check",
    "CheckFailed",
    "EnvFactory",
    "Factory",
    "Finding",
    "NotApplicable",
    "Report",
    "check_action_forms",
    "check_async_vector",
    "check_bad_actions",
    "check_close",
    "check_docstring",
    "check_env",
    "check_gymnasium",
    "check_idle",
    "check_info",
    "check_max_invalid",
    "check_misuse",
    "check_near_miss",
    "check_no_constant_observation",
    "check_no_leftovers",
    "check_no_shared_memory",
    "check_noise",
    "check_observations",
    "check_oracle",
    "check_random_starts",
    "check_render",
    "check_same_seed",
    "check_snapshot",
    "check_sync_vector",
    "check_turn_cap",
    "check_turn_counter",
    "factory_of",
]
