from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_site import Site

from mtenvs.backends.chromium import find_chromium
from mtenvs.core.errors import MissingRequirement


@pytest.fixture(scope="session")
def browser_needed() -> None:
    """Skips where there is no browser."""
    try:
        find_chromium()
    except MissingRequirement as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def site(browser_needed: None) -> Iterator[Site]:  # noqa: ARG001 - asked for because it may skip
    """A small site for a browser."""
    made = Site()
    yield made
    made.over.set()
    made.shutdown()
