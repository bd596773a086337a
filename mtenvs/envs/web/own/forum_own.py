"""Tasks in the forum with comments of others, with what one has posted oneself, and with the search."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.forum_common import FORUM, ME, NOTHING_CHANGED, UNIQUE, made, only, rows, some_comment, some_forum
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_STOP: Final = Step("stop")


def _vote_for_comment(ask: Ask, rng: Random) -> Made:
    comment = some_comment(ask, rng, 8, f"c.id NOT IN (SELECT comment_id FROM comment_vote WHERE user_id = {ME})")  # noqa: S608 - same
    name, choice, other = rng.choice((("Upvote", 1, "Downvote"), ("Downvote", -1, "Upvote")))
    sql = f"SELECT choice FROM comment_vote WHERE user_id = {ME} AND comment_id = ?"  # noqa: S608 - same
    look = Step("goto", f"{FORUM}/f/{comment['forum']}/{comment['submission']}/-/comment/{comment['id']}")

    def voted(button: str) -> tuple[Step, ...]:
        return look, Step("click", button, "button", within=f"{comment['author']} wrote"), _STOP

    return made(
        f'{name} the comment of {comment["author"]} on the submission "{comment["title"]}" in the forum {comment["forum"]}.',
        (rows("voted", sql, [comment["id"]], [[choice]]), only("nothing else", comment_vote=[1, 0, 0], comment=[0, 1, 0])),
        voted(name),
        voted(other),
    )


def _delete(ask: Ask, rng: Random) -> Made:
    mine = ask(
        "forum",
        f"""SELECT s.id, s.title, f.name AS forum FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.user_id = {ME}
        AND NOT s.deleted AND s.title IN {UNIQUE} AND s.title NOT LIKE '%"%' ORDER BY s.id""",  # noqa: S608 - same
    )
    post, other = rng.sample(mine, 2)

    def gone(row: dict[str, Any]) -> tuple[Step, ...]:
        return Step("goto", f"{FORUM}/f/{row['forum']}/{row['id']}"), Step("click", "Delete", "button"), _STOP

    return made(
        f'Delete my submission "{post["title"]}" in the forum {post["forum"]}.',
        (rows("deleted", "SELECT deleted FROM submission WHERE id = ?", [post["id"]], [[1]]), only("nothing else", submission=[0, 1, 0])),
        gone(post),
        gone(other),
    )


def _search(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    words = rng.choice(("how to begin", "worth it", "first time", "any advice", "old one", "on a budget"))
    said = rng.choice((words, f"{forum['name'].lower()} {words}"))
    check = {"kind": "url", "name": "searched", "site": "forum", "path": "/search/?", "query": {"q": said}}
    return made(
        f'Search the forum site for "{said}" and leave the results open.',
        (check, NOTHING_CHANGED),
        (Step("type", "Search query", "searchbox", said), Step("press", "Enter"), _STOP),
        (Step("goto", f"{FORUM}/search?q={said.split()[0]}"), _STOP),
    )


TEMPLATES: Final = (
    Template("forum/comment-vote", ("forum",), _vote_for_comment, turns=20),
    Template("forum/delete", ("forum",), _delete, turns=15),
    Template("forum/search", ("forum",), _search, turns=15),
)
