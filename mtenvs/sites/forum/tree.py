"""Trees of comments as flat lists, so that no depth of answers is too deep for the templates."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from mtenvs.sites.kit.visit import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from mtenvs.sites.kit import Visit

PER_PAGE: Final = 25
SELECT: Final = (
    "SELECT c.*, u.name AS author, u.deleted AS author_deleted, coalesce(v.choice, 0) AS choice, f.name AS forum, s.title AS title, "
    "s.user_id AS owner, o.name AS owner_name, o.deleted AS owner_deleted FROM comment c JOIN user u ON u.id = c.user_id JOIN "
    "submission s ON s.id = c.submission_id "
    "JOIN forum f ON f.id = s.forum_id JOIN user o ON o.id = s.user_id LEFT JOIN comment_vote v ON v.comment_id = c.id AND v.user_id = ? "
)
SORTS: Final = {"top": "Top", "new": "New", "old": "Old", "controversial": "Controversial"}
_KEYS: Final[dict[str, Callable[[sqlite3.Row], Any]]] = {
    "top": lambda row: (-row["net"], row["id"]),
    "new": lambda row: -row["id"],
    "old": lambda row: row["id"],
    "controversial": lambda row: (-min(row["ups"], row["downs"]), row["id"]),
}
_NESTED: Final = 60  # levels of boxes in boxes; browsers stop at 512 elements inside each other


@dataclass(frozen=True)
class Leaf:
    """A comment in its place.

    Args:
        row: see `SELECT`.
        level: 1 for answers to the submission.
        answered: whether answers follow inside of its box.
        closed: how many boxes end after it.
        blocked: whether the visitor has blocked its author.
    """

    row: sqlite3.Row
    level: int
    answered: bool
    closed: int
    blocked: bool


def flat(visit: Visit, submission: int, sort: str = "top", root: int | None = None) -> list[Leaf]:
    """The comments of a submission, or a comment and its answers, in reading order. Deleted ones stay where they have answers."""
    me = visit.session.data.get("user")
    rows = visit.db.execute(f"{SELECT} WHERE c.submission_id = ?", (me, submission)).fetchall()
    blocked = {row[0] for row in visit.db.execute("SELECT blocked_id FROM block WHERE user_id = ?", (me,))} if me else set()
    rows.sort(key=_KEYS.get(sort, _KEYS["top"]))
    under: dict[int | None, list[sqlite3.Row]] = {}
    for row in rows:
        under.setdefault(row["parent_id"], []).append(row)
    _prune(rows, under)
    waiting = [(row, 1) for row in reversed([row for row in rows if row["id"] == root] if root is not None else under.get(None, []))]
    order: list[tuple[sqlite3.Row, int]] = []
    while waiting:
        row, level = waiting.pop()
        order.append((row, level))
        waiting += [(child, level + 1) for child in reversed(under.get(row["id"], []))]
    leaves = []
    for place, (row, level) in enumerate(order):
        following = min(order[place + 1][1], _NESTED) if place + 1 < len(order) else 1
        depth = min(level, _NESTED)
        leaves.append(
            Leaf(row, level, following > depth, max(0, depth - following + 1) if following <= depth else 0, row["user_id"] in blocked)
        )
    return leaves


def _prune(rows: list[sqlite3.Row], under: dict[int | None, list[sqlite3.Row]]) -> None:
    """Take out what is deleted and has no answers left, from the leaves on: answers have larger ids than what they answer."""
    for row in sorted(rows, key=lambda row: -row["id"]):
        if row["deleted"] and not under.get(row["id"]):
            under[row["parent_id"]] = [other for other in under[row["parent_id"]] if other["id"] != row["id"]]


@dataclass(frozen=True)
class Page:
    """A page of comments from several submissions, newest first.

    Args:
        rows: see `SELECT`.
        more: address of the next page, empty on the last one.
    """

    rows: list[sqlite3.Row]
    more: str


def listed(visit: Visit, where: str, *values: Any, blocked: bool = False) -> Page:
    """The newest comments that fulfil a condition on ``c`` and ``s``, ours.

    Args:
        visit: says from where on.
        where: condition.
        values: its parameters.
        blocked: whether to show those of people whom the visitor has blocked.
    """
    me = visit.session.data.get("user")
    sql = (
        f"{SELECT} WHERE {where} AND NOT c.deleted AND NOT s.deleted AND c.id <= ? "
        f"AND c.user_id NOT IN (SELECT blocked_id FROM block WHERE user_id = ?) ORDER BY c.id DESC LIMIT {PER_PAGE + 1}"
    )
    rows = visit.db.execute(sql, (me, *values, whole(visit.query.get("next[id]"), 2**62), None if blocked else me)).fetchall()
    more = ""
    if len(rows) > PER_PAGE:
        more = "?" + urlencode({"next[id]": rows.pop()["id"]})
    return Page(rows, more)
