"""One server and one database image for all tests of the forum, an episode for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from forum_visitor import Visitor

from mtenvs.sites.forum import SITE
from mtenvs.sites.kit import Episode, SiteServer


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTENVS_CACHE", str(tmp_path_factory.mktemp("forum")))
        yield


@pytest.fixture(scope="session")
def server(cache: None) -> Iterator[SiteServer]:
    del cache
    made = SiteServer()
    yield made
    made.close()


@pytest.fixture
def episode(server: SiteServer) -> Iterator[Episode]:
    made = server.begin([SITE], seed=3)
    yield made
    server.end(made)


@pytest.fixture
def me(server: SiteServer, episode: Episode) -> Iterator[Visitor]:
    made = Visitor(server, episode)
    yield made
    made.http.close()


@pytest.fixture
def stranger(server: SiteServer, episode: Episode) -> Iterator[Visitor]:
    made = Visitor(server, episode, "")
    yield made
    made.http.close()


@pytest.fixture
def other(server: SiteServer, episode: Episode) -> Iterator[Visitor]:
    """Somebody who is not the account."""
    made = Visitor(server, episode, episode.rows("forum", "SELECT name FROM user WHERE id = 9")[0]["name"])
    yield made
    made.http.close()
