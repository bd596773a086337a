"""Reading: orders, spans of time, pages, and addresses in all their forms."""

from __future__ import annotations

import io

import pytest
from forum_visitor import ME, Element, Visitor, parse
from PIL import Image

_NUMBER = {"top": "net", "new": "created", "most_commented": "comments", "controversial": "quarrel", "active": "active", "hot": "ranking"}


def shown(page: Element) -> list[int]:
    return [int(article.attributes["id"].removeprefix("submission_")) for article in page.all("article", css="submission")]


@pytest.mark.parametrize("sort", _NUMBER)
def test_every_order_is_kept_over_all_pages_and_nothing_is_missed(me: Visitor, sort: str) -> None:
    seen: list[int] = []
    path = f"/f/movies/{sort}?t=all"
    while path:
        page = me.page(path)
        seen += shown(page)
        more = page.all("a", rel="next")
        path = f"/f/movies/{sort}" + more[0].attributes["href"] if more else ""
    rows = me.rows(
        f"SELECT s.id FROM submission s JOIN forum f ON f.id = s.forum_id WHERE f.name = 'movies' ORDER BY s.{_NUMBER[sort]} "
        "DESC, s.id DESC"
    )
    assert seen == [row["id"] for row in rows]


@pytest.mark.parametrize(("span", "days"), [("day", 1), ("week", 7), ("month", 31), ("year", 366)])
def test_spans_of_time(me: Visitor, span: str, days: int) -> None:
    found = shown(me.page("/all/top", t=span))
    ages = [me.value("SELECT (1781517600 - created) / 86400.0 FROM submission WHERE id = ?", number) for number in found]
    assert ages
    assert max(ages) <= days


def test_the_first_page_is_featured_until_something_is_subscribed(me: Visitor) -> None:
    forums = {link.text for link in me.page("/").all("a", css="submission__forum")}
    assert forums <= {row["name"] for row in me.rows("SELECT name FROM forum WHERE featured")}
    me.send("/f/cats/subscribe")
    assert {link.text for link in me.page("/").all("a", css="submission__forum")} == {"cats"}
    assert {link.text for link in me.page("/new").all("a", css="submission__forum")} == {"cats"}


def test_hidden_forums_are_not_under_all(me: Visitor) -> None:
    busiest = me.page("/all").one("a", css="submission__forum").text
    me.send(f"/user/{ME}/hide_forum/{busiest}")
    assert busiest not in {link.text for link in me.page("/all").all("a", css="submission__forum")}


def test_names_of_forums_may_be_written_in_any_letters(me: Visitor) -> None:
    assert me.get("/f/EARTHPORN").headers["location"] == "/f/EarthPorn"
    assert me.get("/f/earthporn/top").headers["location"] == "/f/EarthPorn/top"


def test_a_submission_has_many_addresses(me: Visitor) -> None:
    row = me.rows("SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id LIMIT 1")[0]
    long = me.get(f"/{row['id']}").headers["location"]
    for path in (long, f"/f/{row['name']}/{row['id']}", f"/f/{row['name']}/{row['id']}/", f"/f/{row['name']}/{row['id']}/anything"):
        assert shown(me.page(path)) == [row["id"]]
    assert me.get(f"/f/nosuchforum/{row['id']}").status_code == 404


def test_comments_come_in_four_orders_with_answers_below(me: Visitor) -> None:
    row = me.rows("SELECT s.id, f.name, s.comments FROM submission s JOIN forum f ON f.id = s.forum_id ORDER BY comments DESC LIMIT 1")[0]
    for sort, column, step in (("top", "net", -1), ("new", "id", -1), ("old", "id", 1)):
        articles = me.page(f"/f/{row['name']}/{row['id']}", sort=sort).all("article", css="comment")
        assert len(articles) == row["comments"]
        roots = [int(a.attributes["id"].removeprefix("comment_")) for a in articles if a.attributes["data-level"] == "1"]
        values = [me.value(f"SELECT {column} FROM comment WHERE id = ?", number) for number in roots]
        assert values == sorted(values, key=lambda value: step * value)
        for article in articles:
            parent = me.value("SELECT parent_id FROM comment WHERE id = ?", article.attributes["id"].removeprefix("comment_"))
            above: Element | None = article.parent
            while above is not None and "comment" not in above.classes:
                above = above.parent
            assert (above.attributes["id"] if above else None) == (f"comment_{parent}" if parent else None)


def test_everything_on_the_site_can_be_reached_by_links(me: Visitor) -> None:
    """Follow every kind of link of the site: none leads nowhere, and looking changes nothing."""
    before = me.episode.database("forum").total_changes
    seen: set[str] = set()
    waiting = ["/"]
    kinds: dict[str, int] = {}
    while waiting:
        path = waiting.pop()
        answer = me.get(path)
        assert answer.status_code in (200, 302), path
        if answer.status_code == 302 or not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in [element.attributes.get("href") or element.attributes.get("src", "") for element in parse(answer.text).all()]:
            parts = [part for part in link.partition("?")[0].split("/") if part]
            kind = "/".join("*" if place == 1 or part.isdigit() or len(part) > 14 else part for place, part in enumerate(parts))
            if link.startswith("/") and link not in seen and kinds.get(kind, 0) < 3:
                seen.add(link)
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(link)
    assert len(seen) > 80
    assert me.episode.database("forum").total_changes == before


def test_search_finds_phrases_words_and_hosts(me: Visitor) -> None:
    row = me.rows("SELECT id, title FROM submission WHERE title LIKE 'Is plywood%' LIMIT 1")[0]
    assert row["id"] in shown(me.page("/search", q=row["title"]))
    assert row["id"] in shown(me.page("/search", q=f'"{row["title"].rstrip("?")}"'))
    hosts = {link.text for link in me.page("/search", q="fieldlab.example", kind="submission").all("a", css="submission__host")}
    assert hosts == {"fieldlab.example"}
    assert "Nothing was found" in me.page("/search", q="xyzzyplugh").text
    newest = me.page("/search", q="the", kind="comment", sort="new")
    times = [comment.one("time").attributes["datetime"] for comment in newest.all("article", css="comment")]
    assert len(times) == 25
    assert times == sorted(times, reverse=True)


def test_pictures_are_drawn_and_made_small(me: Visitor) -> None:
    name = me.value("SELECT name FROM picture LIMIT 1")
    full = Image.open(io.BytesIO(me.get(f"/submission_images/{name}").content))
    small = Image.open(io.BytesIO(me.get(f"/media/cache/submission_thumbnail_2x/{name}").content))
    assert (full.size, small.size) == ((640, 480), (140, 140))


def test_no_label_is_missing(me: Visitor) -> None:
    """What can be filled in, pressed or followed has a name that a screen reader can say."""
    for path in (
        "/",
        "/f/books",
        "/submit",
        "/create_forum",
        f"/user/{ME}/preferences",
        "/search?q=tea",
        "/login",
        "/registration",
        "/f/books/new",
        "/notifications",
    ):
        answer = me.get(path)
        if answer.status_code != 200:
            continue
        page = me.page(path)
        labelled = {
            label.attributes["for"]
            for label in page.all(
                "label",
            )
            if "for" in label.attributes
        }
        for element in [*page.all("input"), *page.all("textarea"), *page.all("select")]:
            inside = element.parent is not None and element.parent.tag == "label"
            hidden = element.attributes.get("type") == "hidden"
            assert hidden or inside or element.attributes.get("id") in labelled or "aria-label" in element.attributes, (
                path,
                element.attributes,
            )
        for element in [*page.all("button"), *page.all("a")]:
            pictures = [image for image in element.all("img") if image.attributes.get("alt")]
            assert element.text or pictures or "aria-label" in element.attributes or "title" in element.attributes, (
                path,
                element.attributes,
            )
        assert len(page.all("main")) == 1
        assert page.one("html").attributes["lang"] == "en"
