"""A small real web site for each test, and one browser for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_site import Site

from mtenvs.backends.chromium import Chromium, Hosts, Session, find_chromium
from mtenvs.core.errors import MissingRequirement


@pytest.fixture(scope="session")
def shared_site() -> Iterator[Site]:
    site = Site()
    yield site
    site.over.set()
    site.shutdown()


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    shared_site.pages.clear()
    shared_site.asked.clear()
    shared_site.over.clear()
    yield shared_site
    shared_site.over.set()


@pytest.fixture(scope="session")
def hosts(shared_site: Site) -> Hosts:
    served = f"127.0.0.1:{shared_site.server_port}"
    return Hosts(mapped=(("shop.localhost", served), ("forum.localhost", served)))


@pytest.fixture(scope="session")
def chromium(hosts: Hosts) -> Iterator[Chromium]:
    try:
        find_chromium()
    except MissingRequirement as error:
        pytest.skip(str(error))
    browser = Chromium.shared(hosts)
    yield browser
    browser.release()


@pytest.fixture
def session(chromium: Chromium) -> Iterator[Session]:
    with chromium.open(deadline_s=5) as session:
        yield session
