"""Lists of submissions: which, in which order, from where on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from mtenvs.sites.forum import text
from mtenvs.sites.kit import Refused
from mtenvs.sites.kit.visit import whole

if TYPE_CHECKING:
    from mtenvs.sites.kit import Visit

PER_PAGE: Final = 25
_DAY: Final = 86_400
TIMES: Final = {"day": _DAY, "week": 7 * _DAY, "month": 31 * _DAY, "year": 366 * _DAY, "all": 0}
TIME_NAMES: Final = {"day": "Past 24 hours", "week": "Past week", "month": "Past month", "year": "Past year", "all": "All time"}
SELECT: Final = (
    "SELECT s.*, f.name AS forum, u.name AS author, u.deleted AS author_deleted, coalesce(v.choice, 0) AS choice FROM submission s "
    "JOIN forum f ON f.id = s.forum_id JOIN user u ON u.id = s.user_id LEFT JOIN submission_vote v ON v.submission_id = s.id AND v.user_id = ? "
)


@dataclass(frozen=True)
class Sort:
    """An order of submissions.

    Args:
        title: as people read it.
        key: the parameter that says where the next page begins.
        column: what is sorted by, the largest first.
        timed: whether it is of a span of time.
    """

    title: str
    key: str
    column: str
    timed: bool = False


SORTS: Final = {
    "hot": Sort("Hot", "ranking", "ranking"),
    "new": Sort("New", "timestamp", "created"),
    "active": Sort("Active", "lastActive", "active"),
    "top": Sort("Top", "netScore", "net", timed=True),
    "controversial": Sort("Controversial", "quarrel", "quarrel", timed=True),
    "most_commented": Sort("Most commented", "commentCount", "comments", timed=True),
}


@dataclass(frozen=True)
class Page:
    """A page of a list.

    Args:
        rows: submissions, see `SELECT`.
        sort: key of `SORTS`.
        time: key of `TIMES`.
        more: address of the next page, empty on the last one.
    """

    rows: list[sqlite3.Row]
    sort: str
    time: str
    more: str


def listed(visit: Visit, sort: str, where: str = "1", *values: Any, sticky: bool = False) -> Page:
    """The submissions that a list shows, without what the visitor has blocked.

    Args:
        visit: says from where on and of which span of time.
        sort: key of `SORTS`.
        where: condition on ``s``, ours; ``values`` are its parameters.
        sticky: whether pinned submissions come first, on the first page.

    Raises:
        Refused: there is no such order.
    """
    order = SORTS.get(sort)
    if order is None:
        raise Refused(404, "We can not find that page.")
    me = visit.session.data.get("user")
    time = visit.query.get("t", "day") if order.timed else "all"
    if time not in TIMES:
        time = "day"
    conditions, filled = [f"({where})", "NOT s.deleted"], [*values]
    if me is not None:
        conditions.append("s.user_id NOT IN (SELECT blocked_id FROM block WHERE user_id = ?)")
        filled.append(me)
    if TIMES[time]:
        conditions.append("s.created >= ?")
        filled.append(text.seconds(visit.now) - TIMES[time])
    key, last = visit.query.get(f"next[{order.key}]"), visit.query.get("next[id]")
    pinned: list[sqlite3.Row] = []
    if sticky and sort == "hot":
        if key is None:
            pinned = visit.db.execute(
                f"{SELECT} WHERE {' AND '.join(conditions)} AND s.sticky ORDER BY s.id DESC", [me, *filled]
            ).fetchall()
        conditions.append("NOT s.sticky")
    if key is not None:
        conditions.append(f"(s.{order.column}, s.id) <= (?, ?)")
        filled += [whole(key), whole(last)]
    sql = f"{SELECT} WHERE {' AND '.join(conditions)} ORDER BY s.{order.column} DESC, s.id DESC LIMIT {PER_PAGE + 1}"
    rows = visit.db.execute(sql, [me, *filled]).fetchall()
    more = ""
    if len(rows) > PER_PAGE:
        first = rows.pop()
        parameters = {"t": time} if order.timed else {}
        more = "?" + urlencode({**parameters, f"next[{order.key}]": first[order.column], "next[id]": first["id"]})
    return Page([*pinned, *rows], sort, time, more)
