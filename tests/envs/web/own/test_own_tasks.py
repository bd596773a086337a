"""Every template in the real browser: the oracle succeeds, a near miss does not, and doing nothing is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mtenvs.core.tasks import Task
from mtenvs.envs.web.answers import answer_fits
from mtenvs.envs.web.own.tasks import own_tasks, templates
from mtenvs.envs.web.visualwebarena import VisualWebArenaEnv
from mtenvs.envs.web.webarena import WebArenaEnv

QUICK = ("shop/order-total", "shop/wish")
SEEDS = 2


@pytest.fixture(scope="module")
def env() -> Iterator[WebArenaEnv]:
    with VisualWebArenaEnv(obs_mode="text", text_form="outline") as made:  # it also has the pictures of goals
        made.tasks = own_tasks()
        yield made


def played(env: WebArenaEnv, actions: Iterator[str]) -> dict[str, Any]:
    info: dict[str, Any] = {"stop_reason": "", "action_error": None}
    for action in actions:
        info = env.step(action)[4]
        assert info["action_error"] is None, (env.task.id, action, info["action_error"])
        if info["stop_reason"]:
            break
    return info


def check_task(env: WebArenaEnv, task: str) -> None:
    env.reset(seed=1, options={"task": task})
    done = played(env, env.oracle())
    assert done["verdict"].score == 1.0, (task, env.task.goal, done["verdict"])
    assert done["stop_reason"] == "goal_reached"
    env.reset(seed=1, options={"task": task})
    missed = played(env, env.near_miss())
    assert missed["verdict"].score == 0.0, (task, env.task.goal, missed["verdict"])
    env.reset(seed=1, options={"task": task, "max_turns": 1})
    idle = env.step(env.idle_action())[4]
    assert (idle["stop_reason"], idle["verdict"].score) == ("max_turns", 0.0)


@pytest.mark.parametrize("template", QUICK)
def test_some_templates(env: WebArenaEnv, template: str) -> None:
    check_task(env, f"{template}/0")


@pytest.mark.slow
@pytest.mark.parametrize("template", sorted(templates()))
def test_every_template(env: WebArenaEnv, template: str) -> None:
    for seed in range(SEEDS):
        check_task(env, f"{template}/{seed}")


def test_tasks_are_plain_data_that_never_change() -> None:
    tasks = own_tasks()
    for name in templates():
        first, again = tasks.get(f"{name}/3"), tasks.get(f"{name}/3")
        assert first == again
        assert first.goal
        assert isinstance(first, Task)


HOSTILE = (
    *(
        "",
        " ",
        "*",
        "%",
        "^.*$",
        "yes",
        "no",
        "done",
        "unknown",
        "null",
        "NaN",
        "inf",
        "[]",
        "{}",
        "\x00",
        "\u200b",
        "\ud800",
        "\U0001f642",
    ),
    " ".join(map(str, range(1_000))),
    ", ".join(map(str, range(1_000))),
    " or ".join(f"${n}.{m}9" for n in range(100) for m in range(10)),
    ", ".join(f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)),
    "black, white, grey, red, blue, green, yellow, orange, purple, pink, brown, beige, navy",
    "'" * 100_000,
)


def test_no_answer_fits_whatever_is_asked() -> None:
    tasks = own_tasks()
    asked = [(name, seed, check) for name in templates() for seed in range(2) for check in tasks.get(f"{name}/{seed}").checks]
    forms = [(name, seed, check["form"], check["value"]) for name, seed, check in asked if check["kind"] == "answer"]
    everybody = ", ".join(sorted({name for *_, form, value in forms if form == "set" for name in value}))
    everything = " ".join(str(value) for *_, form, value in forms if form in ("text", "code", "number", "money"))
    assert {form for _, _, form, _ in forms} >= {"text", "code", "number", "money", "date", "set", "one_of", "none"}
    fits = [
        (name, seed, said[:20])
        for name, seed, form, value in forms
        for said in (*HOSTILE, everybody, everything)
        if answer_fits(form, value, said)
    ]
    assert fits == []


def test_seeds_make_different_tasks() -> None:
    tasks = own_tasks()
    for name in templates():
        made = (tasks.get(f"{name}/{seed}") for seed in range(8))
        first = next(made)
        assert any((task.goal, task.checks) != (first.goal, first.checks) for task in made), name
