"""The set of our own tasks: every template with its listed seeds, any other seed on request."""

from __future__ import annotations

import importlib
import re
from functools import cache
from threading import Lock
from typing import Any, Final

from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.web.own.template import LISTED, Template
from mtenvs.sites.all_sites import site
from mtenvs.sites.kit.image import Database

MODULES: Final = (
    *("shop_orders", "shop_read", "shop_write", "shop_lists", "admin", "admin_orders"),
    *("forum_read", "forum_write", "forum_own", "across", "visual", "visual_things"),
)
_ID: Final = re.compile(r"(.+)/(\d{1,9})")


@cache
def templates() -> dict[str, Template]:
    """Every template by name.

    Raises:
        ValueError: two have one name.
    """
    found: dict[str, Template] = {}
    for module in MODULES:
        for template in importlib.import_module(f"mtenvs.envs.web.own.{module}").TEMPLATES:
            if template.name in found:
                raise ValueError(f"two templates are called {template.name!r}")
            found[template.name] = template
    return found


def own_tasks(*, visual: bool | None = None) -> TaskSet:
    """Our own tasks.

    Args:
        visual: only those that need eyes, or only those that do not; None for all.
    """
    chosen = {name: t for name, t in templates().items() if visual is None or t.visual == visual}

    def build(task_id: str) -> Task:
        name, _, seed = task_id.rpartition("/")
        return chosen[name].task(int(seed), start_data)

    def open_build(task_id: str) -> Task | None:
        match = _ID.fullmatch(task_id)
        return build(task_id) if match is not None and match[1] in chosen else None

    return TaskSet([f"{name}/{seed}" for name in chosen for seed in range(LISTED)], build, open_build=open_build)


def start_data(name: str, sql: str, *values: Any) -> list[dict[str, Any]]:
    """What a query finds in a site's data as they are at the start of every episode."""
    with _LOCK:
        database = _start(site(name).image.name, name)
        database.allow()
        return [dict(row) for row in database.execute(sql, values)]


_LOCK: Final = Lock()


@cache
def _start(_image: str, name: str) -> Database:
    return site(name).image.copy()
