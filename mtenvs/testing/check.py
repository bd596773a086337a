"""`check_env`: every check at once, with a report that says what is missing and how to mend it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import gymnasium as gym

from mtenvs.core.errors import MissingRequirement, UnknownOption, did_you_mean
from mtenvs.testing.actions import check_action_forms, check_bad_actions, check_max_invalid
from mtenvs.testing.base import CheckFailed, Factory, NotApplicable, factory_of
from mtenvs.testing.contract import check_close, check_docstring, check_gymnasium, check_info, check_misuse, check_observations
from mtenvs.testing.determinism import check_random_starts, check_same_seed, check_snapshot
from mtenvs.testing.leaks import check_no_constant_observation, check_no_leftovers, check_no_shared_memory
from mtenvs.testing.noise import check_noise
from mtenvs.testing.render import check_render
from mtenvs.testing.solutions import check_idle, check_near_miss, check_oracle
from mtenvs.testing.turns import check_turn_cap, check_turn_counter
from mtenvs.testing.vectors import check_async_vector, check_sync_vector

Check = Callable[[Factory], None]
CHECKS: Final[tuple[Check, ...]] = (
    check_gymnasium,
    check_observations,
    check_info,
    check_docstring,
    check_misuse,
    check_close,
    check_turn_counter,
    check_turn_cap,
    check_bad_actions,
    check_noise,
    check_max_invalid,
    check_action_forms,
    check_same_seed,
    check_random_starts,
    check_snapshot,
    check_oracle,
    check_idle,
    check_near_miss,
    check_no_shared_memory,
    check_no_constant_observation,
    check_no_leftovers,
    check_render,
    check_sync_vector,
    check_async_vector,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Args:
        check: its name, such as ``"check_oracle"``.
        outcome: ``"ok"``, ``"failed"`` or ``"not applicable"``.
        message: what is wrong and how to mend it, or why there was nothing to look at.
        seconds: how long it took.
    """

    check: str
    outcome: Literal["ok", "failed", "not applicable"]
    message: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What `check_env` found, one finding for each check, in order."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The checks that failed."""
        return tuple(f for f in self.findings if f.outcome == "failed")

    def __str__(self) -> str:
        head = f"{self.name}: {len(self.failed)} of {len(self.findings)} checks failed"
        return "\n".join([head, *self._lines()])

    def _lines(self) -> Iterator[str]:
        for finding in self.findings:
            yield f"  {finding.outcome:<14} {finding.check:<30} {finding.seconds:6.2f} s"
            if finding.message:
                yield f"      {finding.message}"


def check_env(
    target: str | gym.Env[Any, Any] | Factory,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    raise_on_failure: bool = True,
    on_check: Callable[[Finding], None] | None = None,
    **kwargs: Any,
) -> Report:
    """Run every check on an environment.

    Args:
        target: an id; an environment that was made from one; or a class or function that takes the constructor's keywords.
        only: names of the checks to run; all when empty.
        skip: names of checks to leave out.
        raise_on_failure: raise the report when a check fails; False returns it in any case.
        on_check: called after each check, for showing progress.
        kwargs: keywords of the constructor, such as ``task=``.

    Returns:
        The report; ``print`` it.

    Raises:
        CheckFailed: a check failed; the message is the report.
        MissingRequirement: the environment's family is not installed.
        UnknownOption: a name in ``only`` or ``skip`` that is no check.
    """
    names = [check.__name__ for check in CHECKS]
    for name in (*only, *skip):
        if name not in names:
            raise UnknownOption(f"there is no check {name!r}: {did_you_mean(name, names)}")
    factory = factory_of(target, **kwargs)
    factory().close()
    findings = []
    for check in CHECKS:
        if check.__name__ not in skip and (not only or check.__name__ in only):
            findings.append(_run(check, factory))
            if on_check is not None:
                on_check(findings[-1])
    report = Report(target if isinstance(target, str) else getattr(target, "__name__", type(target).__name__), tuple(findings))
    if raise_on_failure and not report.ok:
        raise CheckFailed(str(report))
    return report


def _run(check: Check, factory: Factory) -> Finding:
    began = time.perf_counter()
    outcome: Literal["ok", "failed", "not applicable"] = "ok"
    message = ""
    try:
        check(factory)
    except (NotApplicable, MissingRequirement) as e:
        outcome, message = "not applicable", str(e)
    except CheckFailed as e:
        outcome, message = "failed", str(e)
    except Exception as e:  # noqa: BLE001 - whatever an environment raises here is a finding
        last = traceback.extract_tb(e.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        outcome, message = "failed", f"the environment raised {type(e).__name__}: {e} ({where})"
    return Finding(check.__name__, outcome, message, time.perf_counter() - began)
