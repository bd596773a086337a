"""One server for all tests of the sites, and a real Chromium that visits the episode of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mtenvs.backends.chromium import Chromium, Hosts, Session
from mtenvs.envs.web.evaluators.pages import Page
from mtenvs.envs.web.session_pages import SessionPages
from mtenvs.sites.all_sites import sites
from mtenvs.sites.kit import Episode, SiteServer


@pytest.fixture(scope="session")
def server() -> Iterator[SiteServer]:
    made = SiteServer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def chromium(server: SiteServer) -> Iterator[Chromium]:
    browser = Chromium.shared(Hosts(mapped=server.hosts(sites())))
    yield browser
    browser.release()


@pytest.fixture
def session(chromium: Chromium, server: SiteServer, logged_in: tuple[Episode, str, str]) -> Iterator[Session]:
    """A browser context in an episode; the tests of a site say in ``logged_in`` in which one, where and as whom."""
    episode, site, user = logged_in
    with chromium.open(headers=dict(server.headers(episode)), deadline_s=30) as made:
        made.add_cookies([episode.log_in(site, user)])
        yield made


@pytest.fixture
def pages(session: Session) -> Iterator[SessionPages]:
    made = SessionPages(session)
    yield made
    made.close()


@pytest.fixture
def page(pages: SessionPages) -> Page:
    return pages.fresh()
