"""One server for the tests of the administration, and a fresh episode for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from backoffice import Office, visiting

from mtenvs.sites.kit import SiteServer


@pytest.fixture
def office(server: SiteServer) -> Iterator[Office]:
    with visiting(server) as made:
        yield made
