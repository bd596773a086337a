"""Looking for words in submissions and comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import listing, tree
from mtenvs.sites.forum.site import SITE

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_PER_PAGE: Final = 25
_WORDS: Final = 12
_KINDS: Final = {"submission": ("Submissions", "s"), "comment": ("Comments", "c")}


def expression(written: str) -> str:
    """What is asked for in the database's own terms: all words; phrases in quotes; nothing of it is taken for an operator."""
    parts = re.findall(r'"([^"]*)"|([^\s"]+)', written[:300])
    wanted = []
    for phrase, word in parts[:_WORDS]:
        words = re.findall(r"\w+", phrase or word)
        if words:
            wanted.append('"' + " ".join(words) + '"')
    return " ".join(wanted)


@SITE.get("/search")
def search(visit: Visit) -> Response:
    """The form, and what was found: the best fits first, or the newest."""
    written = visit.query.get("q", "").strip()
    asked, page = expression(written), visit.page_number("page")
    kinds = [kind for kind in visit.query.getlist("kind") if kind in _KINDS] or list(_KINDS)
    order = "new" if visit.query.get("sort") == "new" else "relevance"
    found = []
    if asked:
        me = visit.session.data.get("user")
        parts, values = [], []
        if "submission" in kinds:
            parts.append(
                "SELECT 's' AS what, s.id AS id, bm25(submission_words, 4.0, 1.0, 0.5) AS fit, s.created AS created FROM "
                "submission_words JOIN submission s "
                "ON s.id = submission_words.rowid WHERE submission_words MATCH ? AND NOT s.deleted AND s.user_id NOT IN (SELECT "
                "blocked_id FROM block WHERE user_id = ?)"
            )
            values += [asked, me]
        if "comment" in kinds:
            parts.append(
                "SELECT 'c' AS what, c.id AS id, bm25(comment_words) AS fit, c.created AS created FROM comment_words JOIN "
                "comment c ON c.id = comment_words.rowid JOIN submission s "
                "ON s.id = c.submission_id WHERE comment_words MATCH ? AND NOT c.deleted AND NOT s.deleted "
                "AND c.user_id NOT IN (SELECT blocked_id FROM block WHERE user_id = ?)"
            )
            values += [asked, me]
        ordered = "4 DESC, 1 DESC, 2 DESC" if order == "new" else "3, 1 DESC, 2 DESC"
        sql = f"{' UNION ALL '.join(parts)} ORDER BY {ordered} LIMIT ? OFFSET ?"
        for row in visit.db.execute(sql, (*values, _PER_PAGE + 1, _PER_PAGE * (page - 1))).fetchall():
            select = listing.SELECT if row["what"] == "s" else tree.SELECT
            found.append((row["what"], visit.db.execute(f"{select} WHERE {row['what']}.id = ?", (me, row["id"])).fetchone()))
    return visit.render(
        "search.html",
        written=written,
        entries=found[:_PER_PAGE],
        more=len(found) > _PER_PAGE,
        page=page,
        kinds=kinds,
        all_kinds=_KINDS,
        order=order,
    )
