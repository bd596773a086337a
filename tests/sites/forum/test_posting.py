"""Writing of every kind, and the selectors that verifiers read it by."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from forum_visitor import ME, Visitor, parse
from guestbook import SITE as BOOK
from PIL import Image

from mtenvs.sites.forum import SITE
from mtenvs.sites.kit import SiteServer


def submit(visitor: Visitor, forum: str = "books", **fields: str) -> str:
    """Post, and give back the path of what was posted."""
    number = visitor.value("SELECT id FROM forum WHERE name = ?", forum)
    sent = {f"submission[{name}]": value for name, value in {"mediaType": "url", "title": "A title", **fields}.items()}
    answer = visitor.send(f"/submit/{forum}", {**sent, "submission[forum]": number})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


def test_a_text_is_posted_where_it_should_be(me: Visitor) -> None:
    path = submit(me, title="What should I read next?", body="Something **short**.")
    number = int(path.split("/")[3])
    assert path == f"/f/books/{number}/what-should-i-read-next"
    page = me.page(f"/f/books/{number}/")
    main = page.one(id="main")
    assert main.children[0].tag == "article"
    inner = main.one(css="submission__inner")
    assert "What should I read next?" in inner.text
    assert inner.one(css="submission__body").text == "Something short."
    assert inner.one("a", css="submission__submitter").text == ME
    assert main.one(css="fg-inherit").text == ME
    assert inner.one(css="submission__info").text.endswith("in books")
    assert main.one(css="vote").attributes["class"] == "vote vote--user-upvoted"
    assert page.one(css="submission__link").attributes["href"] == path
    assert me.page("/f/books/new").one("article", css="submission").one(css="submission__link").text == "What should I read next?"


def test_a_link_is_posted_with_its_address(me: Visitor) -> None:
    path = submit(me, url="http://gitlab.localhost/byteblaze/dotfiles", title="dotfiles")
    link = me.page(path).one(css="submission__link")
    assert link.attributes["href"] == "http://gitlab.localhost/byteblaze/dotfiles"
    assert "noopener" in link.attributes["rel"]


def test_a_picture_is_uploaded_shown_and_served_small(me: Visitor) -> None:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (10, 200, 30)).save(file, "PNG")
    number = me.value("SELECT id FROM forum WHERE name = 'pics'")
    answer = me.send(
        "/submit",
        {"submission[mediaType]": "image", "submission[title]": "Green", "submission[forum]": number},
        files={"submission[image]": ("g.png", file.getvalue(), "image/png")},
    )
    page = me.page(answer.headers["location"])
    shown = page.one("img", css="submission__image").attributes["src"]
    assert me.get(shown).content == file.getvalue()
    small = me.get(shown.replace("/submission_images/", "/media/cache/submission_thumbnail_1x/"))
    assert Image.open(io.BytesIO(small.content)).size == (70, 70)
    assert me.page("/f/pics/new").one(css="submission__thumb")


def test_a_picture_of_the_forum_can_be_posted_again_by_its_address(me: Visitor) -> None:
    name = me.value("SELECT min(image) FROM submission WHERE image IS NOT NULL")
    page = me.page(submit(me, "funny", url=f"http://forum.localhost/submission_images/{name}", title="from /f/pics"))
    inner = page.one(css="submission__inner")
    addresses = " ".join(e.attributes.get("href", "") + e.attributes.get("src", "") for e in inner.all())
    assert name in addresses
    assert inner.one("img", css="submission__image").attributes["src"] == f"/submission_images/{name}"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "submission_title"),
        ({"title": "x" * 301}, "submission_title"),
        ({"url": "javascript:alert(1)"}, "submission_url"),
        ({"url": "ftp://a.example"}, "submission_url"),
        ({"url": "http://"}, "submission_url"),
        ({"url": "http://[::1"}, "submission_url"),
        ({"url": "http://user@host/"}, "submission_url"),
        ({"body": "x" * 25_001}, "submission_body"),
        ({"forum": "123"}, "submission_forum"),
        ({"mediaType": "image"}, "submission_image"),
    ],
)
def test_a_bad_submission_comes_back_with_a_remark_and_what_was_written(me: Visitor, fields: dict[str, str], field: str) -> None:
    before = me.value("SELECT count(*) FROM submission")
    sent = {"mediaType": "url", "title": "Kept", "body": "Kept, too", "forum": str(me.value("SELECT min(id) FROM forum")), **fields}
    answer = me.send("/submit", {f"submission[{name}]": value for name, value in sent.items()})
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.all(id=field)
    assert page.one(css="form-error").text
    assert sent["body"] in page.one("textarea", id="submission_body").text
    assert me.value("SELECT count(*) FROM submission") == before


def test_a_comment_is_found_where_it_was_written_and_its_author_is_told(me: Visitor, other: Visitor) -> None:
    path = submit(other, title="Talk to me")
    number = path.split("/")[3]
    answer = me.send(f"/f/books/{number}/-/comment", {f"reply_to_submission_{number}[comment]": "I am a *big* fan"})
    where = answer.headers["location"]
    assert where.startswith(f"/f/books/{number}/-/comment/")
    page = me.page(where)
    assert page.one(css="comment__body").text == "I am a big fan"
    comment = me.page(path).one("article", css="comment")
    assert comment.attributes["data-level"] == "1"
    assert comment.one(css="comment__content").text == "I am a big fan"
    assert comment.one(css="fg-inherit").text == ME
    assert (
        comment.one(css="comment__main").children[0].one("h1").one("span").one("time").attributes["datetime"].startswith("2026-06-15T10:")
    )
    assert "I am a big fan" in other.page("/notifications").one(id="main").text
    assert me.page(path).one(css="submission__nav").text.startswith("1 comment")


def test_a_reply_hangs_under_what_it_answers(me: Visitor) -> None:
    row = me.rows(
        "SELECT c.*, f.name FROM comment c JOIN submission s ON s.id = c.submission_id JOIN forum f ON f.id = s.forum_id WHERE "
        "c.user_id > 1 LIMIT 1"
    )[0]
    place = f"/f/{row['name']}/{row['submission_id']}/-/comment/{row['id']}"
    answer = me.send(place, {f"reply_to_comment_{row['id']}[comment]": "don't panic"})
    assert answer.status_code == 302
    parent = me.page(place).one("article", css="comment")
    assert "don't panic" in [reply.one(css="comment__content").text for reply in parent.all("article", css="comment")]
    assert me.value("SELECT parent_id FROM comment WHERE body = 'don''t panic'") == row["id"]
    assert me.page(place).one("form", action=place).one("textarea").attributes["name"] == f"reply_to_comment_{row['id']}[comment]"


def test_own_texts_can_be_edited_and_deleted(me: Visitor) -> None:
    path = submit(me, title="First", body="Old body")
    number = path.split("/")[3]
    form = me.page(f"/f/books/{number}/-/edit").one("form", name="submission")
    assert form.fields["submission[body]"] == "Old body"
    answer = me.send(f"/f/books/{number}/-/edit", {**form.fields, "submission[body]": "Old body\n\nEDIT: new"})
    assert answer.headers["location"] == path
    assert me.page(path).one(css="submission__body").text == "Old body EDIT: new"
    me.send(f"/f/books/{number}/-/comment", {f"reply_to_submission_{number}[comment]": "mine"})
    comment = me.value("SELECT max(id) FROM comment")
    me.send(f"/f/books/{number}/-/comment/{comment}/edit", {"comment[comment]": "changed"})
    assert me.page(path).one(css="comment__body").text == "changed"
    me.send(f"/f/books/{number}/-/comment/{comment}/delete_own")
    assert not me.page(path).all("article", css="comment")
    assert me.value("SELECT comments FROM submission WHERE id = ?", number) == 0
    me.send(f"/f/books/{number}/-/delete")
    assert me.get(path).status_code == 404
    assert "First" not in me.page("/f/books/new").text


def test_search_follows_what_is_written_edited_and_deleted(me: Visitor) -> None:
    def found(word: str) -> int:
        return len(me.page("/search", q=word).all("article"))

    number = submit(me, title="Quuxwhistle").split("/")[3]
    assert found("quuxwhistle") == 1
    me.send(f"/f/books/{number}/-/edit", {"submission[title]": "Plumbus", "submission[body]": ""})
    assert (found("quuxwhistle"), found("plumbus")) == (0, 1)
    me.send(f"/f/books/{number}/-/comment", {f"reply_to_submission_{number}[comment]": "zanzibarian"})
    assert found("zanzibarian") == 1
    me.send(f"/f/books/{number}/-/delete")
    assert (found("plumbus"), found("zanzibarian")) == (0, 0)


def test_a_comment_with_answers_leaves_its_place_when_it_is_deleted(me: Visitor, other: Visitor) -> None:
    path = submit(me, title="Tree")
    number = path.split("/")[3]
    me.send(f"/f/books/{number}/-/comment", {f"reply_to_submission_{number}[comment]": "root"})
    root = me.value("SELECT max(id) FROM comment")
    other.send(f"/f/books/{number}/-/comment/{root}", {f"reply_to_comment_{root}[comment]": "leaf"})
    me.send(f"/f/books/{number}/-/comment/{root}/delete")
    bodies = [body.text for body in me.page(path).all(css="comment__body")]
    assert bodies == ["[deleted]", "leaf"]
    assert other.send(f"/f/books/{number}/-/comment/{root}", {f"reply_to_comment_{root}[comment]": "more"}).status_code == 403


def test_subscribing_puts_a_forum_into_the_first_box(me: Visitor) -> None:
    assert me.page("/").one(id="sidebar").one("section").all("ul") == []
    assert me.send("/f/space/subscribe").status_code == 302
    assert me.send("/f/books/subscribe.json").json() == {"subscribed": True}
    section = me.page("/").one(id="sidebar").one("section")
    assert [item.text for item in section.one("ul").all("li")] == ["books", "space"]
    assert {link.text for link in me.page("/").all("a", css="submission__forum")} <= {"books", "space"}
    assert me.send("/f/books/unsubscribe.json").json() == {"subscribed": False}
    assert [item.text for item in me.page("/").one(id="sidebar").one("section").one("ul").all("li")] == ["space"]


def test_a_new_forum_is_its_makers_to_edit(me: Visitor, other: Visitor) -> None:
    fields = {"name": "sci_fi", "title": "sci_fi", "description": "A wild place", "sidebar": "- New\n- Classic", "tags": "books, SF"}
    assert me.send("/create_forum", {f"forum[{name}]": value for name, value in fields.items()}).headers["location"] == "/f/sci_fi"
    page = me.page("/f/sci_fi/edit")
    assert page.one("textarea", id="forum_description").text == "A wild place"
    assert "Classic" in page.one("textarea", id="forum_sidebar").text
    assert other.get("/f/sci_fi/edit").status_code == 403
    assert me.send("/create_forum", {f"forum[{name}]": value for name, value in {**fields, "name": "SCI_FI"}.items()}).status_code == 422
    assert (
        me.send("/f/sci_fi/edit", {f"forum[{name}]": value for name, value in {**fields, "description": "Tamed"}.items()}).status_code
        == 302
    )
    assert "Tamed" in me.page("/f/sci_fi").one(id="sidebar").one("section").text
    assert [tag.text for tag in me.page("/f/sci_fi").all("a", css="tag")] == ["books", "sf"]
    assert "sci_fi" in me.page("/tag/sf").text


@pytest.mark.parametrize("name", ["ab", "x" * 26, "with space", "a/b", "<b>", "", "naïve", "a+b+c"])
def test_forums_need_a_name_that_fits_into_an_address(me: Visitor, name: str) -> None:
    fields = {"name": name, "title": "t", "description": "d", "sidebar": "s"}
    assert me.send("/create_forum", {f"forum[{field}]": value for field, value in fields.items()}).status_code == 422


def test_the_biography_is_shown_as_it_was_written(me: Visitor) -> None:
    assert me.send(f"/user/{ME}/edit_biography", {"user_biography[biography]": "I am a robot"}).status_code == 302
    page = me.page(f"/user/{ME}")
    assert page.one(css="user-bio__biography").text == "I am a robot"
    assert [child.tag for child in page.one(id="main").children][:3] == ["h1", "ul", "article"]


def test_a_letter_arrives_and_can_be_answered(me: Visitor, other: Visitor) -> None:
    name = other.value("SELECT name FROM user WHERE id = 9")
    assert me.send(f"/user/{name}/compose_message", {"message[body]": "I like your picture"}).status_code == 302
    table = me.page("/messages").one(id="main")
    assert {child.tag for child in table.children} >= {"table"}
    row = me.page("/messages").one("table", css="table").one("tbody").one("tr")
    assert name in row.text
    assert "I like your picture" in row.text
    thread = me.value("SELECT max(id) FROM thread")
    assert "I like your picture" in other.page(f"/messages/thread/{thread}").text
    assert other.send(f"/message_reply/{thread}", {"message[body]": "Thanks"}).status_code == 302
    assert "Thanks" in me.page(f"/messages/thread/{thread}").text


def test_others_can_not_read_a_conversation(other: Visitor) -> None:
    thread = other.value("SELECT min(id) FROM thread WHERE 9 NOT IN (sender_id, receiver_id)")
    assert other.get(f"/messages/thread/{thread}").status_code == 404
    assert other.send(f"/message_reply/{thread}", {"message[body]": "psst"}).status_code == 404


def test_blocked_people_are_neither_read_nor_heard(me: Visitor, other: Visitor) -> None:
    name = other.value("SELECT name FROM user WHERE id = 9")
    submit(other, title="You will not read me")
    assert "You will not read me" in me.page("/f/books/new").text
    assert me.send(f"/user/{name}/block_user", {"user_block[comment]": "noise"}).headers["location"] == f"/user/{ME}/block_list"
    assert name in me.page(f"/user/{ME}/block_list").one(css="site-content").text
    assert "You will not read me" not in me.page("/f/books/new").text
    assert other.send(f"/user/{ME}/compose_message", {"message[body]": "hey"}).status_code == 422
    me.send(f"/user/{name}/unblock_user")
    assert "You will not read me" in me.page("/f/books/new").text


def test_the_name_can_be_changed(me: Visitor) -> None:
    assert me.send(f"/user/{ME}/account", {"user[username]": "patrick", "user[email]": ""}).status_code == 302
    assert "patrick" in me.page("/").one(css="site-nav").text
    assert me.get(f"/user/{ME}").status_code == 404


def test_signing_up_logging_in_and_out(stranger: Visitor) -> None:
    fields = {"user[username]": "newcomer", "user[password][first]": "long enough", "user[password][second]": "long enough"}
    assert stranger.send("/registration", {**fields, "user[password][second]": "other"}).status_code == 422
    assert stranger.send("/registration", fields).status_code == 302
    assert "newcomer" in stranger.page("/").one(css="site-nav").text
    assert stranger.send("/log_out").status_code == 302
    assert stranger.get("/submit").headers["location"] == "/login"
    assert stranger.send("/login_check", {"_username": "newcomer", "_password": "wrong"}).status_code == 422
    assert stranger.send("/login_check", {"_username": "NewComer", "_password": "long enough"}).headers["location"] == "/submit"


def test_the_account_logs_in_with_its_password(stranger: Visitor) -> None:
    assert stranger.send("/login_check", {"_username": ME, "_password": "test1234"}).headers["location"] == "/"
    assert ME in stranger.page("/").one(css="site-nav").text


def test_people_without_a_password_can_not_be_logged_in_as(stranger: Visitor) -> None:
    name = stranger.value("SELECT name FROM user WHERE id = 9")
    for secret in ("", "test1234", "$", "salt9$"):
        assert stranger.send("/login_check", {"_username": name, "_password": secret}).status_code == 422


def test_moderators_pin_and_lock(me: Visitor, other: Visitor) -> None:
    row = me.rows(
        "SELECT id FROM submission s WHERE forum_id = (SELECT id FROM forum WHERE name = 'birding') AND user_id != 9 ORDER BY id LIMIT 1"
    )[0]
    place = f"/f/birding/{row['id']}"
    assert other.send(f"{place}/-/lock").status_code == 403
    assert me.send(f"{place}/-/pin").status_code == 302
    assert me.send(f"{place}/-/lock").status_code == 302
    assert me.page("/f/birding").one("article").attributes["id"] == f"submission_{row['id']}"
    assert other.send(f"{place}/-/comment", {f"reply_to_submission_{row['id']}[comment]": "hi"}).status_code == 403
    assert me.send(f"{place}/-/unlock").status_code == 302
    assert other.send(f"{place}/-/comment", {f"reply_to_submission_{row['id']}[comment]": "hi"}).status_code == 302


def test_pictures_of_the_episodes_other_sites_are_shown_and_no_others(server: SiteServer) -> None:
    shop = replace(BOOK, name="shop", host="shop.localhost")
    episode = server.begin([SITE, shop])
    visitor = Visitor(server, episode)
    ours, theirs = "http://shop.localhost/media/a.jpg", "http://shop.localhost.evil.example/media/a.jpg"
    page = visitor.page(submit(visitor, url=ours, title="ours"))
    assert page.one("img", css="submission__image").attributes["src"] == ours
    assert not visitor.page(submit(visitor, url=theirs, title="theirs")).all("img", css="submission__image")
    assert visitor.page("/f/books/new").one("img", css="submission__thumb").attributes["src"] == ours
    server.end(episode)
