"""The forum as a `Site`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mtenvs.sites.forum import paths, seed, text
from mtenvs.sites.kit import Image, Site

if TYPE_CHECKING:
    from mtenvs.sites.kit import Visit


def log_in(db: sqlite3.Connection, user: str) -> Mapping[str, Any]:
    """Session data of a user by name.

    Raises:
        KeyError: there is no such user.
    """
    row = db.execute("SELECT id FROM user WHERE name = ? AND NOT deleted", (user,)).fetchone()
    if row is None:
        raise KeyError(user)
    return {"user": row["id"]}


def _context(visit: Visit) -> Mapping[str, Any]:
    from mtenvs.sites.forum import people  # noqa: PLC0415 - it needs the site, which is made here

    return people.context(visit)


paths.register()
SITE: Final = Site(
    name="forum",
    title="Commons",
    host="forum.localhost",
    package="mtenvs.sites.forum",
    image=Image("forum", seed.version(), seed.build),
    log_in=log_in,
    accounts=seed.ACCOUNTS,
    port=9999,
    cookie="forum",  # cookies do not know ports, and the shop may be served on the same host
    variables=("REDDIT", "MTENVS_REDDIT", "WA_REDDIT", "VWA_REDDIT"),
    token_field="token",  # noqa: S106 - a field's name
    filters={
        "markdown": text.markdown,
        "slug": text.slug,
        "iso": text.iso,
        "full": text.full,
        "ago": text.ago,
        "span": text.span,
        "counted": text.counted,
        "host": text.host,
        "is_picture": text.is_picture,
    },
    context=_context,
    for_programs=lambda path: path.endswith(".json"),
)
