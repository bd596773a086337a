"""Our verdicts on every official task against those of the released evaluators, over recorded answers, addresses and pages.

Both sides see the same pages, the same judge and the same small server; see `recorded` and `peer_webarena` for what is replaced.
"""

from __future__ import annotations

import io
import json
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cases import Case, cases
from peers import package, peer
from pictured_shop import Shop, small_web
from PIL import Image
from recorded import seen_in, value_for, verdict_of

from mtenvs.envs.web.evaluators import PageError, judge_task
from mtenvs.envs.web.official import fill, official_tasks

Suite = Literal["webarena", "visualwebarena"]
NAMES = ("shopping", "shopping_admin", "reddit", "gitlab", "map", "wikipedia", "homepage", "classifieds")
FILES = {"webarena": "test.raw.json", "visualwebarena": "test_raw.json"}


class RecordedPage:
    """A recorded page in our protocol."""

    def __init__(self, case: Case) -> None:
        self._case, self.url = case, case["last_url"]

    def goto(self, url: str) -> None:
        if url not in self._case["pages"]:
            raise PageError(f"the recorded web has no {url}")
        self.url = url

    @property
    def _record(self) -> dict[str, Any]:
        return self._case["pages"].get(self.url) or {"content": "", "values": {}}

    def evaluate(self, js: str) -> Any:
        if "flatMap" in js:
            selector = json.loads(js.split("const selector = ")[1].split(";\n", maxsplit=1)[0])
            return [source for group in self._record.get("pictures", {}).get(selector, []) for source in group]
        return value_for(js, self._record, theirs=False, error=PageError)

    def content(self) -> str:
        return str(self._record["content"])


class RecordedPages:
    """What a case leaves of an episode, and the judge that both sides ask."""

    def __init__(self, case: Case, web: str) -> None:
        self._case, self._web = case, web
        self.last_url = str(case["last_url"])

    def last(self) -> RecordedPage:
        return RecordedPage(self._case)

    fresh = last

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[int, str]:
        asked = urllib.request.Request(url, body.encode() or None, dict(headers), method=method)  # noqa: S310 - our own server
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - same
            return answer.status, answer.read().decode()

    def download(self, url: str) -> bytes:
        address = url if url.startswith(self._web) else f"{self._web}/homepage?from={quote(url, safe='')}"
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
                return bytes(answer.read())
        except urllib.error.HTTPError as e:
            raise PageError(str(e)) from e

    def events(self) -> list[Any]:
        return []

    def equivalent(self, _question: str, reference: str, answer: str) -> bool:
        return verdict_of("equivalent", reference, answer) == "correct"

    def same_reason(self, _task: str, reference: str, answer: str) -> bool:
        return verdict_of("same_reason", reference, answer) == "same"

    def look(self, picture: bytes, question: str) -> str:
        return seen_in(Image.open(io.BytesIO(picture)).tobytes(), question)


def known(theirs: Any, row: Mapping[str, Any]) -> str:
    """Why they have no verdict where we have one; the keys of DEVIATIONS in `mtenvs.envs.web.evaluators.deviations`."""
    error = theirs["error"] if isinstance(theirs, dict) else ""
    if "the recorded web has no" in error:
        return "page does not load"
    if "Beartype" in error and row["eval"].get("program_html"):
        return "a number or another type where text is compared"
    if error.startswith("FileNotFoundError"):
        return "a reference picture cannot be read"
    return ""


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with small_web() as address:
        yield address


@pytest.mark.slow
@pytest.mark.parametrize("suite", ["webarena", "visualwebarena"])
def test_every_official_task_gets_the_released_verdict(suite: Suite, web: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = package("webarena", suite)
    addresses = {name: f"{web}/{name}" for name in NAMES}
    sites = {name.upper(): address for name, address in addresses.items()}
    rows = json.loads((folder / FILES[suite]).read_text())
    tasks = official_tasks(suite, folder, addresses=addresses)
    assert len(tasks) == len(rows) == {"webarena": 812, "visualwebarena": 910}[suite]
    count: Counter[str] = Counter()
    differences: list[str] = []
    with peer("webarena", "peer_webarena.py", {"suite": suite, "sites": sites, "folder": str(folder)}) as they:
        for row in rows:
            config = fill(row, addresses)
            task = tasks.get(f"{suite}/{row['task_id']}")
            for number, case in enumerate(cases(config, sites)):
                Shop.reviews = case["reviews"]
                they.send({"config": config, "case": case})
                ours = scored(task.checks[0], case, web, suite)
                theirs = they.receive()
                count["compared"] += 1
                count["right answers scored 1"] += number == 0 and ours == 1
                count[f"theirs {theirs}" if isinstance(theirs, float) else "theirs raised"] += 1
                if ours != theirs:
                    reason = known(theirs, row)
                    count[f"known: {reason}" if reason else "differ"] += 1
                    if not reason:
                        differences.append(f"task {row['task_id']} case {number}: ours {ours}, theirs {theirs}\n  {json.dumps(case)[:600]}")
    with capsys.disabled():
        sys.stdout.write(f"\n{suite}: {len(rows)} tasks, " + ", ".join(f"{value} {key}" for key, value in sorted(count.items())) + "\n")
    assert not differences, f"{len(differences)} differences:\n" + "\n".join(differences[:10])
    assert count["right answers scored 1"] > 0.9 * len(rows), "the cases are not what the tasks want"


def scored(check: Mapping[str, Any], case: Case, web: str, suite: Suite) -> float | None:
    pages = RecordedPages(case, web)
    verdict = judge_task(
        check["eval"],
        case["answer"],
        pages,
        suite=suite,
        intent=check["intent"],
        shop=f"{web}/shopping",
        judge=pages,
        folder=Path(check["folder"]),
    )
    return verdict.score
