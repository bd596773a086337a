"""What the tasks in the forum share: where it is, who takes part, and how things are found in its data."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.template import Ask, Made, Step

FORUM: Final = "http://forum.localhost"
MARVEL: Final = "MarvelsGrantMan136"
ME: Final = "(SELECT id FROM user WHERE name = 'MarvelsGrantMan136')"
"""In SQL: the account's number."""
UNIQUE: Final = "(SELECT title FROM submission GROUP BY title HAVING count(*) = 1)"
"""In SQL: titles that only one submission has."""
NOTHING_CHANGED: Final[dict[str, Any]] = {"kind": "only", "name": "nothing changed", "site": "forum"}


def only(name: str, **tables: list[int] | None) -> dict[str, Any]:
    """The check that nothing but these tables changed, and those as often as said: ``[added, changed, removed]`` or None."""
    return {"kind": "only", "name": name, "site": "forum", "tables": tables}


def rows(name: str, sql: str, values: list[Any], equals: list[list[Any]]) -> dict[str, Any]:
    """The check that a query gives exactly these rows."""
    return {"kind": "rows", "name": name, "site": "forum", "sql": sql, "values": values, "equals": equals}


def made(goal: str, checks: tuple[dict[str, Any], ...], plan: tuple[Step, ...], miss: tuple[Step, ...]) -> Made:
    """A task that starts on the forum's first page."""
    return Made(goal, (f"{FORUM}/",), checks, plan, miss, login={"forum": MARVEL})


def some_forum(ask: Ask, rng: Random) -> dict[str, Any]:
    """A forum."""
    return dict(rng.choice(ask("forum", "SELECT * FROM forum ORDER BY id")))


def some_submission(ask: Ask, rng: Random, having: str = "1") -> dict[str, Any]:
    """A submission of somebody else that the account has not voted on, and whose title no other has."""
    found = ask(
        "forum",
        f"""SELECT s.*, f.name AS forum, u.name AS author FROM submission s JOIN forum f ON f.id = s.forum_id
        JOIN user u ON u.id = s.user_id WHERE NOT s.deleted AND NOT s.locked AND s.user_id != {ME} AND {having}
        AND s.id NOT IN (SELECT submission_id FROM submission_vote WHERE user_id = {ME})
        AND s.title IN {UNIQUE} AND s.title NOT LIKE '%"%' ORDER BY s.id""",  # noqa: S608 - constants
    )
    return dict(rng.choice(found))


def some_comment(ask: Ask, rng: Random, most: int, having: str = "1") -> dict[str, Any]:
    """A comment of somebody else, who has no other on that submission, which has 2 to ``most`` comments and a title of its own."""
    found = ask(
        "forum",
        f"""SELECT c.id FROM submission s JOIN comment c ON c.submission_id = s.id WHERE s.comments BETWEEN 2 AND ? AND NOT s.deleted
        AND NOT s.locked AND s.title NOT LIKE '%"%' AND s.title IN {UNIQUE} AND c.user_id != {ME}
        GROUP BY c.submission_id, c.user_id HAVING count(*) = 1 AND NOT c.deleted AND {having} ORDER BY c.id""",  # noqa: S608 - constants
        most,
    )
    return ask(
        "forum",
        """SELECT c.id, u.name AS author, s.id AS submission, s.title, f.name AS forum FROM comment c JOIN user u ON u.id = c.user_id
        JOIN submission s ON s.id = c.submission_id JOIN forum f ON f.id = s.forum_id WHERE c.id = ?""",
        rng.choice(found)["id"],
    )[0]


def page_of(submission: dict[str, Any]) -> Step:
    """Open a submission."""
    return Step("goto", f"{FORUM}/f/{submission['forum']}/{submission['id']}")
