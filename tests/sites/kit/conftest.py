"""An episode of a small site for each test of the kit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from guestbook import SITE

from mtenvs.sites.kit import Episode, SiteServer


@pytest.fixture
def episode(server: SiteServer) -> Iterator[Episode]:
    made = server.begin([SITE], seed=5)
    yield made
    server.end(made)
