"""The sites over HTTP, as a browser asks for them: the first page of a new episode, other pages, and what their databases cost."""

from __future__ import annotations

import base64
import http.client
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from _table import Row, arguments, show

from mtenvs.sites.all_sites import NAMES, sites
from mtenvs.sites.kit import Episode, Site, SiteServer

SITES = {site.name: site for site in sites(NAMES)}
USERS = {name: next(iter(site.accounts)) for name, site in SITES.items()}
FIRST = {"shop": "/", "admin": "/admin/admin/dashboard/", "forum": "/"}
MIB = 2**20


def pages() -> dict[str, dict[str, str]]:
    """Site -> name -> path of pages that ask more of the database than the first one; what they show is looked up in the data."""
    with closing(SITES["shop"].image.copy()) as data:
        kettle = data.execute("SELECT url_key FROM product WHERE type = 'configurable' AND enabled ORDER BY id LIMIT 1").fetchone()[0]
    with closing(SITES["forum"].image.copy()) as data:
        longest = data.execute(
            "SELECT f.name, s.id FROM submission s JOIN forum f ON f.id = s.forum_id ORDER BY s.comments DESC, s.id LIMIT 1"
        ).fetchone()
    asked = "report_type=created_at_order&period_type=day&from=1/1/2025&to=12/31/2025&show_order_statuses=0&show_empty_rows=0"
    year = "filter/" + base64.urlsafe_b64encode(asked.encode()).decode() + "/"
    return {
        "shop": {"search": "/catalogsearch/result/?q=lamp", "product": f"/{kettle}.html", "orders": "/sales/order/history/"},
        "admin": {
            "product grid": "/admin/catalog/product/",
            "order grid": "/admin/sales/order/",
            "orders report, a year by days": f"/admin/reports/report_sales/sales/{year}",
            "bestsellers report, a year by days": f"/admin/reports/report_sales/bestsellers/{year}",
            "reviews by products report": "/admin/reports/report_review/product/",
        },
        "forum": {"search": "/search?q=coffee", "longest thread": f"/f/{longest[0]}/{longest[1]}", "profile": f"/user/{USERS['forum']}"},
    }


class Browser:
    """Asks for pages as the browser of an episode does: with the episode's header and its user's cookie, on one connection.

    Args:
        server: of the sites.
        episode: whose copy of the sites it visits.
        site: that it visits, logged in as its first account.
    """

    def __init__(self, server: SiteServer, episode: Episode, site: Site) -> None:
        cookie = episode.log_in(site.name, USERS[site.name])
        self._headers = {**server.headers(episode), "Host": site.host, "Cookie": f"{cookie['name']}={cookie['value']}"}
        self._http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def get(self, path: str) -> None:
        """Ask for a page, and read all of it.

        Raises:
            RuntimeError: it is not there.
        """
        self._http.request("GET", path, headers=self._headers)
        answer = self._http.getresponse()
        if b"</html>" not in answer.read() or answer.status != 200:
            raise RuntimeError(f"{path} came with status {answer.status}")

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


@contextmanager
def new_episode(server: SiteServer, name: str, seed: int) -> Iterator[Browser]:
    """A new episode over all sites, begun as the environments do, and its browser on one of them."""
    episode = server.begin(SITES.values(), seed=seed)
    browser = Browser(server, episode, SITES[name])
    try:
        yield browser
    finally:
        browser.close()
        server.end(episode)


def first_pages(server: SiteServer, rounds: int) -> list[Row]:
    """From nothing to the first page of each site, the sites in turns; beside it the same page once more, in an episode that runs."""
    new: dict[str, list[float]] = {name: [] for name in FIRST}
    again: dict[str, list[float]] = {name: [] for name in FIRST}
    for seed in range(rounds + 1):
        for name, path in FIRST.items():
            began = time.perf_counter()
            with new_episode(server, name, seed) as browser:
                browser.get(path)
                taken = (time.perf_counter() - began) * 1e3
                repeated = milliseconds(lambda: browser.get(path))  # noqa: B023 - called at once
            if seed:  # the first round reads the images and compiles the templates
                new[name].append(taken)
                again[name].append(repeated)
    return [
        Row.limit(
            f"new episode, to the first page of the {name}", "ms", median(new[name]), median(again[name]), "same page again", target=60
        )
        for name in FIRST
    ]


def other_pages(server: SiteServer, wanted: Mapping[str, Mapping[str, str]], rounds: int) -> list[Row]:
    """Each page as the first one of its kind in an episode, beside the same page once more."""
    times: dict[tuple[str, str], list[tuple[float, float]]] = {(name, page): [] for name, paths in wanted.items() for page in paths}
    for seed in range(rounds + 1):
        for name, paths in wanted.items():
            with new_episode(server, name, seed) as browser:
                browser.get(FIRST[name])
                for page, path in paths.items():
                    pair = milliseconds(lambda: browser.get(path)), milliseconds(lambda: browser.get(path))  # noqa: B023 - called at once
                    if seed:
                        times[name, page].append(pair)
    return [
        Row.limit(f"{name}: first {page}", "ms", median(a for a, _ in pairs), median(b for _, b in pairs), "same page again", target=60)
        for (name, page), pairs in times.items()
    ]


def memory(count: int) -> list[Row]:
    """What a process holds more for each episode that has shown a page; a fresh process each time, which has nothing to use again."""
    rows = []
    for name in ("shop", "forum"):  # the administration has the shop's
        with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
            each = fresh.submit(_held_by_each, name, count).result() / MIB
        size = len(SITES[name].image.content()) / MIB
        rows.append(Row.cost(f"memory of an episode that shows the {name}", "MiB", each, size, "its database image"))
    return rows


def _held_by_each(name: str, count: int) -> float:
    server = SiteServer()
    with ExitStack() as episodes:
        episodes.callback(server.close)
        before = 0
        for seed in range(count + 1):
            episodes.enter_context(new_episode(server, name, seed)).get(FIRST[name])
            before = before or _held()  # with the first one, the image itself and the templates are there
        return (_held() - before) / count


def _held() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def images() -> list[Row]:
    """Building each database from nothing, once a machine."""
    rows = []
    for name in ("shop", "forum"):
        image = SITES[name].image
        with TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/image.sqlite", isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = OFF")
            file.execute("BEGIN")
            taken = milliseconds(lambda: image.build(file, image.seed)) / 1e3  # noqa: B023 - called at once
            file.execute("COMMIT")
        size = len(image.content()) / MIB
        rows += [
            Row(f"building the {name}'s image, once a machine", "s", taken, None, "", None, "", ok=True),
            Row(f"size of the {name}'s image", "MiB", size, None, "", None, "", ok=True),
        ]
    return rows


def main() -> None:
    """Measure everything and print the rows."""
    args = arguments(__doc__)
    wanted = pages()
    server = SiteServer()
    try:
        rounds = 8 if args.quick else 40
        rows = first_pages(server, rounds) + other_pages(server, wanted, rounds // 2)
    finally:
        server.close()
    show(rows + memory(8) + images(), args)


if __name__ == "__main__":
    main()
