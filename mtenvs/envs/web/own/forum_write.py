"""Tasks in the forum that change something."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.forum_common import FORUM, MARVEL, ME, UNIQUE, made, only, page_of, rows, some_comment, some_forum, some_submission
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_SINCE: Final = "created >= unixepoch('2026-06-15 10:00')"
_QUESTIONS: Final = (
    ("What would you tell a beginner?", "I start next week and know nothing."),
    ("Is it worth the money?", "Prices have gone up again."),
    ("What do you do on rainy days?", "It has rained here since Tuesday."),
    ("Which mistake do you make again and again?", "Mine is to begin in the middle."),
)
_REMARKS: Final = (
    "Thank you, this helped me a lot.",
    "I had the same thing happen last year.",
    "Could you tell us more?",
    "I would do it again.",
)
_BIOS: Final = ("Gardener, reader, late riser.", "I fix bicycles in Pittsburgh.", "Here for the pictures of cats.", "Ask me about bread.")
_FORUMS: Final = ("NightTrains", "slowcooking", "LostGloves", "cloudspotting", "TinyHouses", "WoodenToys")


def _voted(ask: Ask, rng: Random, choice: int) -> Made:
    forum = some_forum(ask, rng)
    newest = ask(
        "forum",
        f"""SELECT s.id, s.title FROM submission s WHERE s.forum_id = ? AND NOT s.deleted AND s.user_id != {ME}
        AND s.id NOT IN (SELECT submission_id FROM submission_vote WHERE user_id = {ME}) AND s.title IN {UNIQUE}
        AND s.title NOT LIKE '%"%' ORDER BY s.created DESC LIMIT 1""",  # noqa: S608
        forum["id"],
    )[0]
    name, other = ("Upvote", "Downvote") if choice == 1 else ("Downvote", "Upvote")
    look = Step("goto", f"{FORUM}/f/{forum['name']}/{newest['id']}")
    sql = f"SELECT submission_id, choice FROM submission_vote WHERE user_id = {ME} AND submission_id = ?"  # noqa: S608 - a constant
    return made(
        f'{name} the submission "{newest["title"]}" in the forum {forum["name"]}.',
        (
            rows("voted", sql, [newest["id"]], [[newest["id"], choice]]),
            only("nothing else", submission_vote=[1, 0, 0], submission=[0, 1, 0]),
        ),
        (look, Step("click", name, "button"), Step("stop")),
        (look, Step("click", other, "button"), Step("stop")),
    )


def _upvote(ask: Ask, rng: Random) -> Made:
    return _voted(ask, rng, 1)


def _downvote(ask: Ask, rng: Random) -> Made:
    return _voted(ask, rng, -1)


def _subscribe(ask: Ask, rng: Random) -> Made:
    wanted, other = rng.sample(ask("forum", "SELECT id, name FROM forum ORDER BY id"), 2)
    sql = f"SELECT forum_id FROM subscription WHERE user_id = {ME}"  # noqa: S608 - a constant
    return made(
        f"Subscribe to the forum {wanted['name']}.",
        (rows("subscribed", sql, [], [[wanted["id"]]]), only("nothing else", subscription=[1, 0, 0])),
        (Step("goto", f"{FORUM}/f/{wanted['name']}"), Step("click", "Subscribe", "button"), Step("stop")),
        (Step("goto", f"{FORUM}/f/{other['name']}"), Step("click", "Subscribe", "button"), Step("stop")),
    )


def _post_checks(forum: dict[str, Any], title: str, body: str, url: str | None) -> tuple[dict[str, Any], ...]:
    sql = f"SELECT forum_id, title, body, url FROM submission WHERE user_id = {ME} AND {_SINCE}"  # noqa: S608 - constants
    return rows("posted", sql, [], [[forum["id"], title, body, url]]), only("nothing else", submission=[1, 0, 0], submission_vote=None)


def _ask_in(ask: Ask, rng: Random) -> Made:
    forum, (title, body) = some_forum(ask, rng), rng.choice(_QUESTIONS)

    def posted(text: str) -> tuple[Step, ...]:
        return (
            Step("goto", f"{FORUM}/submit/{forum['name']}"),
            Step("type", "Title", value=title),
            Step("type", "Body", value=text),
            Step("click", "Create submission", "button"),
            Step("stop"),
        )

    goal = f'Post in the forum {forum["name"]} with the title "{title}" and the text "{body}"'
    return made(goal, _post_checks(forum, title, body, None), posted(body), posted(body + " Help!"))


def _share_link(ask: Ask, rng: Random) -> Made:
    forum = some_forum(ask, rng)
    number = rng.randint(100, 999)
    title, url = f"Something about {forum['title'].split(':')[0].lower()}, part {number}", f"https://longread.example/{number}"

    def posted(address: str) -> tuple[Step, ...]:
        return (
            Step("goto", f"{FORUM}/submit/{forum['name']}"),
            Step("type", "URL", "textbox", address),
            Step("type", "Title", value=title),
            Step("click", "Create submission", "button"),
            Step("stop"),
        )

    goal = f'Share the link {url} in the forum {forum["name"]} under the title "{title}".'
    return made(goal, _post_checks(forum, title, "", url), posted(url), posted(url + "0"))


def _comment(ask: Ask, rng: Random) -> Made:
    post, text = some_submission(ask, rng, "s.comments > 0"), rng.choice(_REMARKS)
    sql = f"SELECT submission_id, parent_id, body FROM comment WHERE user_id = {ME} AND {_SINCE}"  # noqa: S608 - constants
    write = (page_of(post), Step("type", "Comment", "textbox", text))
    return made(
        f'Comment on the submission "{post["title"]}" in the forum {post["forum"]}: "{text}"',
        (rows("said", sql, [], [[post["id"], None, text]]), _talk()),
        (*write, Step("click", "Post", "button"), Step("stop")),
        (*write, Step("stop")),
    )


def _talk() -> dict[str, Any]:
    return only("nothing else", comment=[1, 0, 0], comment_vote=None, submission=[0, 1, 0], notification=None)


def _reply(ask: Ask, rng: Random) -> Made:
    comment, text = some_comment(ask, rng, 6), rng.choice(_REMARKS)
    sql = f"SELECT submission_id, parent_id, body FROM comment WHERE user_id = {ME} AND {_SINCE}"  # noqa: S608 - constants
    thread = f"{FORUM}/f/{comment['forum']}/{comment['submission']}"
    return made(
        f'Reply to the comment of {comment["author"]} on the submission "{comment["title"]}" in the forum {comment["forum"]}: "{text}"',
        (rows("said", sql, [], [[comment["submission"], comment["id"], text]]), _talk()),
        (
            Step("goto", f"{thread}/-/comment/{comment['id']}"),
            Step("click", "Reply", "link", within=comment["author"]),
            Step("type", "Comment", "textbox", text, nth=-1),
            Step("click", "Post", "button", nth=-1),
            Step("stop"),
        ),
        (Step("goto", thread), Step("type", "Comment", "textbox", text), Step("click", "Post", "button"), Step("stop")),
    )


def _bio(_ask: Ask, rng: Random) -> Made:
    text = rng.choice(_BIOS)

    def written(words: str) -> tuple[Step, ...]:
        edit = f"{FORUM}/user/{MARVEL}/edit_biography"
        return Step("goto", edit), Step("type", "Biography", value=words), Step("click", "Save", "button"), Step("stop")

    check = rows("written", "SELECT bio FROM user WHERE name = ?", [MARVEL], [[text]])
    return made(f'Change my biography to "{text}"', (check, only("nothing else", user=[0, 1, 0])), written(text), written(text + "!"))


def _edit(ask: Ask, rng: Random) -> Made:
    mine = ask(
        "forum",
        f"""SELECT s.id, s.title, s.body, f.name AS forum FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.user_id = {ME}
        AND s.url IS NULL AND NOT s.deleted AND s.body NOT LIKE '%' || char(10) || '%' AND s.body != '' AND s.title IN {UNIQUE}
        AND s.title NOT LIKE '%"%' ORDER BY s.id""",  # noqa: S608
    )
    post, line = rng.choice(mine), rng.choice(("Edit: Thank you all.", "Edit: This is settled now.", "Edit: I have found it."))
    whole = f"{post['body']} {line}"
    edit = (Step("goto", f"{FORUM}/f/{post['forum']}/{post['id']}/-/edit"), Step("type", "Body", value=whole))
    return made(
        f'Add to the end of the text of my submission "{post["title"]}" in the forum {post["forum"]}, after a space: "{line}"',
        (rows("added", "SELECT body FROM submission WHERE id = ?", [post["id"]], [[whole]]), only("nothing else", submission=[0, 1, 0])),
        (*edit, Step("click", "Edit submission", "button"), Step("stop")),
        (*edit, Step("stop")),
    )


def _new_forum(_ask: Ask, rng: Random) -> Made:
    name = rng.choice(_FORUMS) + str(rng.randint(10, 99))
    title, description, sidebar = f"All about {name}", "A quiet place to talk.", "Be kind. Stay on topic."

    def filled(about: str) -> tuple[Step, ...]:
        return (
            Step("goto", f"{FORUM}/create_forum"),
            Step("type", "Name", value=name),
            Step("type", "Title", value=title),
            Step("type", "Description", value=about),
            Step("type", "Sidebar", value=sidebar),
            Step("click", "Create forum", "button"),
            Step("stop"),
        )

    sql = f"SELECT name, title, description, sidebar FROM forum WHERE {_SINCE}"  # noqa: S608 - a constant
    return made(
        f'Create a forum named {name} with the title "{title}", the description "{description}" and the sidebar "{sidebar}"',
        (
            rows("there", sql, [], [[name, title, description, sidebar]]),
            only("nothing else", forum=[1, 0, 0], moderator=None, subscription=None),
        ),
        filled(description),
        filled("A loud place."),
    )


def _message(ask: Ask, rng: Random) -> Made:
    people = ask("forum", f"SELECT id, name FROM user WHERE NOT deleted AND messages AND id != {ME} ORDER BY id")  # noqa: S608 - a constant
    wanted, other = rng.sample(people, 2)
    text = rng.choice(_REMARKS)
    sql = f"""SELECT t.receiver_id, m.body FROM message m JOIN thread t ON t.id = m.thread_id
      WHERE m.user_id = {ME} AND t.sender_id = {ME} AND m.{_SINCE}"""  # noqa: S608 - constants

    def sent(name: str) -> tuple[Step, ...]:
        compose = f"{FORUM}/user/{name}/compose_message"
        return Step("goto", compose), Step("type", "Message", "textbox", text), Step("click", "Send", "button"), Step("stop")

    return made(
        f'Send {wanted["name"]} a private message: "{text}"',
        (rows("sent", sql, [], [[wanted["id"], text]]), only("nothing else", thread=[1, 0, 0], message=[1, 0, 0], notification=None)),
        sent(wanted["name"]),
        sent(other["name"]),
    )


TEMPLATES: Final = (
    Template("forum/upvote", ("forum",), _upvote, turns=15),
    Template("forum/downvote", ("forum",), _downvote, turns=15),
    Template("forum/subscribe", ("forum",), _subscribe, turns=10),
    Template("forum/ask", ("forum",), _ask_in, turns=20),
    Template("forum/share-link", ("forum",), _share_link, turns=20),
    Template("forum/comment", ("forum",), _comment, turns=20),
    Template("forum/reply", ("forum",), _reply, turns=20),
    Template("forum/biography", ("forum",), _bio, turns=15),
    Template("forum/edit", ("forum",), _edit, turns=20),
    Template("forum/new-forum", ("forum",), _new_forum, turns=20),
    Template("forum/message", ("forum",), _message, turns=15),
)
