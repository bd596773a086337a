from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from shopping import EMMA, Shopper

from mtenvs.sites.kit import Episode, SiteServer
from mtenvs.sites.shop import SITE


@pytest.fixture
def episode(server: SiteServer) -> Iterator[Episode]:
    made = server.begin([SITE], seed=3)
    made.database("shop")  # the first one builds it, which takes longer than a visitor waits
    yield made
    server.end(made)


@pytest.fixture
def visitor(server: SiteServer, episode: Episode) -> Callable[[str], Shopper]:
    return lambda user: Shopper(server, episode, user)


@pytest.fixture
def emma(visitor: Callable[[str], Shopper]) -> Shopper:
    return visitor(EMMA)


@pytest.fixture
def stranger(visitor: Callable[[str], Shopper]) -> Shopper:
    return visitor("")
