"""An episode of the forum for each test, and visitors of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from forum_visitor import Visitor

from mtenvs.sites.forum import SITE
from mtenvs.sites.kit import Episode, SiteServer


@pytest.fixture
def episode(server: SiteServer) -> Iterator[Episode]:
    made = server.begin([SITE], seed=3)
    made.database("forum")  # the first one builds it, which takes longer than a visitor waits
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
