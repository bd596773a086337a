"""The pages of the `miniwob` package, served as they are; nothing of the package is imported, so its Selenium is not needed."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.staticfiles import StaticFiles

from mtenvs.backends.chromium import Hosts, Session
from mtenvs.core.errors import MissingRequirement
from mtenvs.core.tasks import Task
from mtenvs.sites.kit import SiteServer

HOST: Final = "miniwob.localhost"


@cache
def pages_folder() -> Path:
    """The folder with ``core``, ``common`` and ``miniwob``.

    Raises:
        MissingRequirement: the package is not installed.
    """
    spec = importlib.util.find_spec("miniwob")
    if spec is None or not spec.submodule_search_locations:
        raise MissingRequirement("web", "the pages of miniwob", "pip install --no-deps miniwob")
    return Path(next(iter(spec.submodule_search_locations))) / "html"


@cache
def page_names() -> tuple[str, ...]:
    """The names of all tasks, such as ``"click-button"``, in alphabetical order."""
    return tuple(sorted(path.stem for path in (pages_folder() / "miniwob").glob("*.html")))


class MiniWobPlaces:
    """The pages, served by this process; they keep nothing, so all episodes share them."""

    def __init__(self) -> None:
        self._server = SiteServer(StaticFiles(directory=pages_folder()))

    @property
    def hosts(self) -> Hosts:
        """The pages' host, and nothing else."""
        return Hosts(((HOST, f"127.0.0.1:{self._server.port}"),))

    def begin(self, task: Task, seed: int, world_seed: int | None) -> Mapping[str, Any]:  # noqa: ARG002 - the page draws its own world
        """A context whose pages have a clock that can be stopped."""
        return {"clock": 0.0}

    def enter(self, session: Session, task: Task) -> None:
        """Nobody logs in."""

    def end(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Stop serving."""
        self._server.close()
