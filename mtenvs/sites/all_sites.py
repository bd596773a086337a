"""The sites by name; a site is imported when it is first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Final

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.sites.kit import Site

NAMES: Final = ("shop", "admin", "forum")


def site(name: str) -> Site:
    """A site.

    Raises:
        UnknownOption: there is none of that name.
    """
    if name not in NAMES:
        raise UnknownOption(f"there is no site {name!r}: {did_you_mean(name, NAMES)}")
    found: Site = importlib.import_module(f"mtenvs.sites.{name}").SITE
    return found


def sites(names: Iterable[str] = NAMES) -> tuple[Site, ...]:
    """Several sites."""
    return tuple(site(name) for name in names)
