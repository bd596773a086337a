"""Tasks in the forum that ask for information, or for the right page."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.forum_common import FORUM, NOTHING_CHANGED, made, page_of, some_forum, some_submission
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_HOBBIES: Final = ("woodwork", "birdwatching", "chess", "sewing", "astronomy", "languages", "sailing", "tea", "knitting", "origami")
_IN_FORUM: Final = """SELECT s.id, s.title, u.name AS author, s.net, s.comments FROM submission s JOIN user u ON u.id = s.user_id
  WHERE s.forum_id = ? AND NOT s.deleted"""


def _answered(goal: str, form: str, value: Any, look: Step, right: str, wrong: str) -> Made:
    check = {"kind": "answer", "name": "answer", "form": form, "value": value}
    return made(goal, (check, NOTHING_CHANGED), (look, Step("stop", right)), (look, Step("stop", wrong)))


def _newest_author(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    first, second = ask("forum", f"{_IN_FORUM} ORDER BY s.created DESC, s.id DESC LIMIT 2", forum["id"])
    wrong = second["author"] if second["author"] != first["author"] else "nobody"
    look = Step("goto", f"{FORUM}/f/{forum['name']}/new")
    return _answered(
        f"Who wrote the newest submission in the forum {forum['name']}? Answer with the user name alone.",
        "text",
        first["author"],
        look,
        first["author"],
        wrong,
    )


def _top(ask: Ask, forum: dict[str, Any]) -> list[dict[str, Any]]:
    return ask("forum", f"{_IN_FORUM} ORDER BY s.net DESC LIMIT 2", forum["id"])


def _top_title(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    first, second = _top(ask, forum)
    look = Step("goto", f"{FORUM}/f/{forum['name']}/top?t=all")
    goal = f"What is the title of the submission with the highest score of all time in the forum {forum['name']}?"
    return _answered(goal, "text", first["title"], look, first["title"], second["title"])


def _top_score(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    first, _ = _top(ask, forum)
    look = Step("goto", f"{FORUM}/f/{forum['name']}/top?t=all")
    goal = f"What is the score of the submission with the highest score of all time in the forum {forum['name']}?"
    return _answered(goal, "number", first["net"], look, str(first["net"]), str(first["net"] + 1))


def _comment_count(ask: Ask, rng: Random) -> Made:
    post = some_submission(ask, rng, "s.comments > 1")
    goal = f'How many comments does the submission "{post["title"]}" in the forum {post["forum"]} have?'
    return _answered(goal, "number", post["comments"], page_of(post), str(post["comments"]), str(post["comments"] - 1))


def _subscribers(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    count = ask("forum", "SELECT count(*) AS n FROM subscription WHERE forum_id = ?", forum["id"])[0]["n"]
    look = Step("goto", f"{FORUM}/f/{forum['name']}")
    return _answered(f"How many subscribers does the forum {forum['name']} have?", "number", count, look, str(count), str(count + 2))


def _moderators(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    found = ask("forum", "SELECT u.name FROM moderator m JOIN user u ON u.id = m.user_id WHERE forum_id = ? ORDER BY 1", forum["id"])
    names = [row["name"] for row in found]
    goal = f"Who moderates the forum {forum['name']}? Answer with the user names, separated by commas."
    look = Step("goto", f"{FORUM}/f/{forum['name']}")
    return _answered(goal, "set", names, look, ", ".join(names), ", ".join([*names, "nobody"]))


def _sorted(ask: Ask, rng: Random) -> Made:
    forum, other = some_forum(ask, rng), some_forum(ask, rng)
    order, words = rng.choice((("top", "top"), ("new", "new"), ("controversial", "controversial"), ("most_commented", "most commented")))
    check = {"kind": "url", "name": "sorted", "site": "forum", "path": f"/f/{forum['name']}/{order}"}
    wrong = f"{FORUM}/f/{forum['name']}/hot" if other["id"] == forum["id"] else f"{FORUM}/f/{other['name']}/{order}"
    return made(
        f'Open the forum {forum["name"]}, sorted by "{words}".',
        (check, NOTHING_CHANGED),
        (Step("goto", f"{FORUM}/f/{forum['name']}/{order}"), Step("stop")),
        (Step("goto", wrong), Step("stop")),
    )


def _open_thread(ask: Ask, rng: Random) -> Made:
    post, other = some_submission(ask, rng, "s.comments > 0"), some_submission(ask, rng, "s.comments = 0")
    check = {"kind": "url", "name": "open", "site": "forum", "path": f"/f/{post['forum']}/{post['id']}(/[^/]*)?"}
    return made(
        f'Open the comments of the submission "{post["title"]}" in the forum {post["forum"]}.',
        (check, NOTHING_CHANGED),
        (page_of(post), Step("stop")),
        (page_of(other), Step("stop")),
    )


def _forum_or_none(ask: Ask, rng: Random) -> Made:
    """A forum, or none; nobody can tell which from the question."""
    look = Step("goto", f"{FORUM}/forums")
    question = "How many subscribers does the forum {} have? If there is no such forum, answer N/A."
    if rng.random() < 0.5:
        known = {row["name"].casefold() for row in ask("forum", "SELECT name FROM forum")}
        name = rng.choice([name for name in _HOBBIES if name not in known])
        return _answered(question.format(name), "none", None, look, "N/A", "0")
    forum = some_forum(ask, rng)
    count = ask("forum", "SELECT count(*) AS n FROM subscription WHERE forum_id = ?", forum["id"])[0]["n"]
    return _answered(question.format(forum["name"]), "number", count, look, str(count), "N/A")


TEMPLATES: Final = (
    Template("forum/newest-author", ("forum",), _newest_author, turns=15),
    Template("forum/top-title", ("forum",), _top_title, turns=15),
    Template("forum/top-score", ("forum",), _top_score, turns=15),
    Template("forum/comment-count", ("forum",), _comment_count, turns=20),
    Template("forum/subscribers", ("forum",), _subscribers, turns=15),
    Template("forum/moderators", ("forum",), _moderators, turns=15),
    Template("forum/sorted", ("forum",), _sorted, turns=10),
    Template("forum/thread", ("forum",), _open_thread, turns=20),
    Template("forum/forum-or-none", ("forum",), _forum_or_none, turns=15),
)
