"""The forum in a real Chromium: what its script does, and that the checks of official task files read it as they read the original."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from forum_visitor import ME, Visitor

from mtenvs.envs.web.evaluators.helpers import address_by, value_by
from mtenvs.envs.web.evaluators.pages import Page
from mtenvs.sites.kit import Episode

pytestmark = pytest.mark.slow
HOME = "http://forum.localhost"


@pytest.fixture
def logged_in(me: Visitor) -> tuple[Episode, str, str]:
    return me.episode, "forum", ME


def soon(look: Callable[[], Any], wanted: Any) -> None:
    """Wait until the script has had its answer."""
    tick = Event()
    for _ in range(100):
        if look() == wanted:
            return
        tick.wait(0.05)
    assert look() == wanted


def text_of(page: Page, css: str) -> str:
    return str(page.evaluate(f"document.querySelector({css!r}).outerText"))


def test_a_vote_by_script_shows_at_once_and_is_stored(me: Visitor, page: Page) -> None:
    row = me.rows(
        "SELECT s.id, s.net, f.name FROM submission s JOIN forum f ON f.id = s.forum_id "
        "WHERE s.id NOT IN (SELECT submission_id FROM submission_vote WHERE user_id = 1) LIMIT 1"
    )[0]
    page.goto(f"{HOME}/f/{row['name']}/{row['id']}")
    form = "document.querySelector('div.submission__vote').querySelector('form')"
    for button, shown, step in (("up", "vote vote--user-upvoted", 1), ("down", "vote vote--user-downvoted", -1), ("down", "vote", 0)):
        page.evaluate(f"{form}.querySelector('.vote__{button}').click()")
        soon(lambda: page.evaluate(f"{form}.getAttribute('class')"), shown)
        soon(lambda: int(page.evaluate(f"{form}.querySelector('.vote__net-score').outerText")), row["net"] + step)
        assert me.value("SELECT net FROM submission WHERE id = ?", row["id"]) == row["net"] + step
        assert page.url.endswith(f"/{row['id']}")


def test_subscribing_by_script(me: Visitor, page: Page) -> None:
    before = me.value("SELECT count(*) FROM subscription s JOIN forum f ON f.id = s.forum_id WHERE f.name = 'space'")
    page.goto(f"{HOME}/f/space")
    for label, count in (("Unsubscribe", before + 1), ("Subscribe", before)):
        page.evaluate("document.querySelector('.subscribe-form button').click()")
        soon(lambda: text_of(page, ".subscribe-button__label"), label)
        assert text_of(page, ".subscribe-button__subscriber-count") == str(count)
    page.evaluate("document.querySelector('.subscribe-form button').click()")
    soon(lambda: text_of(page, ".subscribe-button__label"), "Unsubscribe")
    page.goto(f"{HOME}/")
    assert text_of(page, "#sidebar > section > ul") == "space"


def test_a_reply_is_written_below_the_comment(me: Visitor, page: Page) -> None:
    row = me.rows(
        "SELECT c.id, c.submission_id, u.name, f.name AS forum FROM comment c JOIN user u ON u.id = c.user_id JOIN submission s "
        "ON s.id = c.submission_id JOIN forum f ON f.id = s.forum_id WHERE c.user_id > 1 ORDER BY s.comments DESC LIMIT 1"
    )[0]
    page.goto(f"{HOME}/f/{row['forum']}/{row['submission_id']}")
    page.evaluate(f"document.querySelector('#comment_{row['id']} .comment__reply-link').click()")
    field = f"document.getElementsByName('reply_to_comment_{row['id']}[comment]')"
    soon(lambda: page.evaluate(f"{field}.length"), 1)
    page.evaluate(f"{field}[0].value = 'Four red keys'")
    page.evaluate(f"{field}[0].form.requestSubmit()")
    soon(lambda: me.value("SELECT count(*) FROM comment WHERE body = 'Four red keys'"), 1)
    soon(lambda: "/comment/" in page.url, True)  # the browser goes there by itself
    page.goto(f"{HOME}/f/{row['forum']}/{row['submission_id']}")
    said = value_by(f"func:reddit_get_latest_comment_content_by_username(__page__, '{ME}')", page, "", None)
    answered = value_by(f"func:reddit_get_parent_comment_username_of_latest_comment_by_username(__page__, '{ME}')", page, "", None)
    assert (said, answered) == ("Four red keys", row["name"])


def test_the_checks_of_official_tasks_read_a_post(me: Visitor, page: Page) -> None:
    forum = me.value("SELECT id FROM forum WHERE name = 'books'")
    sent = {"submission[title]": "To Kill a Mockingbird", "submission[body]": "good book!", "submission[forum]": forum}
    last = HOME + me.send("/submit/books", sent).headers["location"]
    page.goto(address_by("func:reddit_get_post_url('__last_url__')", last, None))
    assert "good book!" in text_of(page, ".submission__inner")
    assert text_of(page, ".submission__title") == "To Kill a Mockingbird"
    assert text_of(page, ".submission__body") == "good book!"
    header = text_of(page, "#main > article > div > div.submission__inner > header")
    assert all(part in header for part in ("To Kill a Mockingbird", ME, "books"))
    page.goto(f"{HOME}/user/{ME}")
    assert "To Kill a Mockingbird" in text_of(page, "#main > article:nth-child(3)")


def test_the_checks_of_official_tasks_read_profiles_forums_and_letters(me: Visitor, page: Page) -> None:
    me.send(f"/user/{ME}/edit_biography", {"user_biography[biography]": "I am a robot"})
    page.goto(f"{HOME}/user/{ME}")
    assert text_of(page, ".user-bio__biography") == "I am a robot"
    fields = {"name": "sci_fi", "title": "sci_fi", "description": "A wild place", "sidebar": "- New\n- Classic"}
    me.send("/create_forum", {f"forum[{name}]": value for name, value in fields.items()})
    page.goto(f"{HOME}/f/sci_fi/edit")
    assert page.evaluate("document.querySelector('#forum_description').value") == "A wild place"
    assert page.evaluate("document.querySelector('#forum_sidebar').value").splitlines() == ["- New", "- Classic"]
    page.goto(f"{HOME}/messages")
    assert ME in text_of(page, "#main > table > tbody")
    page.goto(f"{HOME}/all/top?t=all")
    assert page.evaluate("document.querySelectorAll('div.submission__vote')[7].querySelector('form').getAttribute('class')")
