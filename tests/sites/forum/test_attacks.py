"""What an agent may try: injections everywhere, other people's things, impossible numbers, huge and deep input."""

from __future__ import annotations

import io
import sqlite3

import pytest
from forum_visitor import ME, Element, Visitor, parse
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mtenvs.sites.forum import SITE, text
from mtenvs.sites.forum.search import expression

PAYLOADS = (
    """"><script>alert(1)</script><img src=x onerror=alert(2)>'""",
    "'); DROP TABLE user; --",
    "' OR 1=1 --",
    "{{ 1337 * 1331 }}{% raw %}${1337*1331}<%= 1337*1331 %>",
    "[x](javascript:alert(1)) [y](data:text/html,<script>alert(1)</script>) ![z](http://evil.example/p.png) <javascript:alert(1)>",
    '<svg/onload=alert(1)>\n<iframe src=//evil.example>\n<a href="javascript:alert(1)">k</a>',
    'NEAR("a" "b") OR title:* AND ^x "unclosed (( NOT',
    "\u202eevil\u0000\ufeff\U0001f468\u200d\U0001f469\u200d\U0001f467 %s %n %00 ../../etc/passwd",
)
PAGES = (
    "/",
    "/all/new",
    "/forums",
    "/forums/all",
    "/f/books",
    "/f/books/new",
    "/f/books/comments",
    "/submit",
    "/create_forum",
    "/notifications",
    "/messages",
    "/wiki",
    "/search?q=a",
    f"/user/{ME}",
    f"/user/{ME}/comments",
    f"/user/{ME}/submissions",
    f"/user/{ME}/edit_biography",
    f"/user/{ME}/account",
    f"/user/{ME}/preferences",
    f"/user/{ME}/block_list",
    f"/user/{ME}/hidden_forums",
    f"/user/{ME}/delete_account",
    "/f/birding",
    "/f/birding/edit",
    "/f/birding/add_moderator",
    "/wiki/_create",
    "/wiki/rules/_edit",
    "/registration",
    "/messages/thread/1",
    "/f/books/moderators",
)
_LEAVING = ("/log_out", "/delete_account", "/registration", "/account", "/delete", "/delete_own")


def clean(html: str) -> None:
    """Nothing of a payload has become markup."""
    for element in parse(html).all():
        assert element.tag not in ("iframe", "svg", "object", "embed", "base"), element.attributes
        assert element.tag != "script" or element.attributes.get("src") == "/static/forum.js"
        assert not [name for name in element.attributes if name.startswith("on")], element.attributes
        for name in ("href", "src", "action", "srcset"):
            value = element.attributes.get(name, "").strip().lower()
            assert not value.startswith(("javascript:", "data:", "vbscript:")), value
        assert element.tag != "img" or element.attributes.get("src", "").startswith(("/submission_images/", "/media/cache/"))
    assert "1779547" not in html


def text_fields(form: Element) -> list[str]:
    found = [
        e.attributes["name"]
        for e in form.all("input")
        if e.attributes.get("type", "text") in ("text", "search", "email", "password", "url")
    ]
    return [*found, *[e.attributes["name"] for e in form.all("textarea")], *[e.attributes["name"] for e in form.all("select")]]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_form_with_a_payload_in_every_field(me: Visitor, payload: str) -> None:
    row = me.rows(
        "SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.user_id = 1 AND s.comments > 0 AND "
        "s.image IS NULL LIMIT 1"
    )[0]
    mine = me.rows(
        "SELECT c.id, c.submission_id, f.name FROM comment c JOIN submission s ON s.id = c.submission_id JOIN forum f ON f.id = "
        "s.forum_id WHERE c.user_id = 1 LIMIT 1"
    )[0]
    pages = (
        *PAGES,
        f"/f/{row['name']}/{row['id']}",
        f"/f/{row['name']}/{row['id']}/-/edit",
        f"/f/{mine['name']}/{mine['submission_id']}/-/comment/{mine['id']}/edit",
    )
    done: set[tuple[str, ...]] = set()
    for path in pages:
        answer = me.get(path)
        assert answer.status_code == 200, path
        for form in parse(answer.text).all("form"):
            action, method = form.attributes["action"], form.attributes.get("method", "get")
            names = text_fields(form)
            key = (action if names else action.rsplit("/", 1)[0], *names)
            if key in done or action.endswith(_LEAVING):
                continue
            done.add(key)
            fields = form.fields
            for chosen in [names, *[[name] for name in names]] if len(names) > 1 else [names]:
                sent = {**fields, **{name: fields.get(name) or "filler" for name in names}, **dict.fromkeys(chosen, payload)}
                result = me.http.post(action, data=sent) if method == "post" else me.get(action, **sent)
                assert result.status_code < 500, (action, chosen)
                clean(result.text)
    for path in pages:
        answer = me.get(path)
        assert answer.status_code in (200, 302, 403, 404), path
        clean(answer.text)
    assert me.value("SELECT count(*) FROM user") >= 400


@pytest.mark.parametrize("payload", [*PAYLOADS, "9" * 40, "-1", "1e9", "\ud7ff", "a" * 4_000])
def test_every_parameter_in_the_address_with_a_payload(me: Visitor, payload: str) -> None:
    names = (
        "q",
        "t",
        "p",
        "page",
        "kind",
        "sort",
        "next[id]",
        "next[ranking]",
        "next[timestamp]",
        "next[netScore]",
        "title",
        "url",
        "id[]",
    )
    for path in (
        "/",
        "/all/top",
        "/f/books",
        "/f/books/top",
        "/search",
        "/submit",
        f"/user/{ME}",
        f"/user/{ME}/comments",
        "/f/books/comments",
        "/notifications",
    ):
        answer = me.get(path, **dict.fromkeys(names, payload))
        assert answer.status_code in (200, 302), path
        clean(answer.text)


@pytest.mark.parametrize(
    "part",
    [
        "0",
        "999999999999",
        "9" * 25,
        "9" * 5_000,
        "-5",
        "%00",
        "%ff",
        "\u0661",
        "a'b",
        "..%2f",
        "<b>",
        "%0d%0aX: y",
        "\U0001f600",
        "a" * 5_000,
    ],
)
def test_impossible_parts_of_addresses(me: Visitor, part: str) -> None:
    for path in (
        f"/{part}",
        f"/f/{part}",
        f"/f/books/{part}",
        f"/f/books/{part}/x",
        f"/f/books/5/-/comment/{part}",
        f"/user/{part}",
        f"/user/{part}/comments",
        f"/tag/{part}",
        f"/wiki/{part}",
        f"/submission_images/{part}",
        f"/media/cache/submission_thumbnail_1x/{part}",
        f"/media/cache/submission_thumbnail_{part}/x",
        f"/forums/{part}",
        f"/forums/by_name/{part}",
        f"/messages/thread/{part}",
        f"/f/books+{part}",
        f"/comment_form/books/5/{part}",
        f"/submit/{part}",
        f"/f/{part}/top",
    ):
        answer = me.get(path)
        assert answer.status_code in (200, 302, 404, 422), (path[:80], answer.status_code)
        clean(answer.text)


def test_what_belongs_to_others_can_not_be_changed(me: Visitor) -> None:
    row = me.rows("SELECT s.id, s.title, f.name FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.user_id = 9 LIMIT 1")[0]
    comment = me.rows(
        "SELECT c.id, c.body, c.submission_id, f.name FROM comment c JOIN submission s ON s.id = c.submission_id JOIN forum f "
        "ON f.id = s.forum_id WHERE c.user_id = 9 LIMIT 1"
    )[0]
    place, below = f"/f/{row['name']}/{row['id']}/-", f"/f/{comment['name']}/{comment['submission_id']}/-/comment/{comment['id']}"
    name = me.value("SELECT name FROM user WHERE id = 9")
    for path in (
        f"{place}/edit",
        f"{place}/delete",
        f"{place}/lock",
        f"{place}/pin",
        f"{below}/edit",
        f"{below}/delete",
        f"{below}/delete_own",
        f"/f/{row['name']}/edit",
        f"/f/{row['name']}/add_moderator",
        f"/user/{name}/edit_biography",
        f"/user/{name}/account",
        f"/user/{name}/preferences",
        f"/user/{name}/delete_account",
        f"/user/{name}/hide_forum/books",
    ):
        fields = {
            "submission[title]": "mine now",
            "comment[comment]": "mine now",
            "user[username]": "mine",
            "confirm_deletion[name]": name,
            "moderator[user]": ME,
        }
        assert me.send(path, fields).status_code == 403, path
    assert me.value("SELECT title FROM submission WHERE id = ?", row["id"]) == row["title"]
    assert me.value("SELECT body FROM comment WHERE id = ?", comment["id"]) == comment["body"]
    assert me.value("SELECT name FROM user WHERE id = 9") == name


def test_forms_of_other_sites_are_refused(me: Visitor) -> None:
    before = me.value("SELECT count(*) FROM submission_vote")
    for path in (
        "/sv/5",
        "/sv/5.json",
        "/cv/5.json",
        "/f/books/subscribe",
        "/submit",
        "/create_forum",
        "/log_out",
        f"/user/{ME}/delete_account",
        "/night_mode",
    ):
        assert me.http.post(path, data={"choice": 1}).status_code == 403
        assert me.http.post(path, data={"choice": 1, "token": "0" * 32}).status_code == 403
    assert me.value("SELECT count(*) FROM submission_vote") == before
    assert me.get("/log_out").status_code == 405


def test_nobody_comments_on_what_is_gone(me: Visitor) -> None:
    row = me.rows("SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.user_id = 1 AND s.comments > 0 LIMIT 1")[
        0
    ]
    comment = me.value("SELECT min(id) FROM comment WHERE submission_id = ?", row["id"])
    place = f"/f/{row['name']}/{row['id']}"
    me.send(f"{place}/-/delete")
    for path in (
        f"{place}/-/comment",
        f"{place}/-/comment/{comment}",
        f"{place}/-/edit",
        f"{place}/-/delete",
        f"/sv/{row['id']}",
        f"/cv/{comment}",
    ):
        fields = {f"reply_to_submission_{row['id']}[comment]": "x", f"reply_to_comment_{comment}[comment]": "x", "choice": 1}
        assert me.send(path, fields).status_code == 404, path


def test_a_comment_can_not_be_moved_under_another_submission(me: Visitor) -> None:
    row = me.rows("SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id LIMIT 1")[0]
    foreign = me.value("SELECT min(id) FROM comment WHERE submission_id != ?", row["id"])
    assert me.send(f"/f/{row['name']}/{row['id']}/-/comment/{foreign}", {f"reply_to_comment_{foreign}[comment]": "x"}).status_code == 404


def test_two_hundred_levels_of_answers(me: Visitor) -> None:
    row = me.rows("SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id LIMIT 1")[0]
    place, token = f"/f/{row['name']}/{row['id']}", me.token
    where = me.http.post(f"{place}/-/comment", data={"token": token, f"reply_to_submission_{row['id']}[comment]": "level 1"}).headers[
        "location"
    ]
    for level in range(2, 201):
        number = where.rsplit("/", 1)[1]
        where = me.http.post(where, data={"token": token, f"reply_to_comment_{number}[comment]": f"level {level}"}).headers["location"]
    for path in (place, f"{place}?sort=new", where):
        assert "level 200" in me.page(path).text
    levels = {int(article.attributes["data-level"]) for article in me.page(place).all("article", css="comment")}
    assert levels >= set(range(1, 201))
    html = me.get(place).text
    assert html.count("<article") == html.count("</article>")
    assert html.count("<div") == html.count("</div>")
    assert _depth(parse(html)) < 300


def _depth(root: Element) -> int:
    waiting, deepest = [(root, 0)], 0
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in element.children]
    return deepest


@pytest.mark.parametrize(
    "body",
    [
        "x" * 200_000,
        "[" * 9_000,
        "*a " * 3_000,
        "> " * 4_000 + "x",
        "- " * 3_000,
        "`" * 9_000,
        "![[" * 3_000,
        "<" * 9_000,
        "|a" * 4_000 + "\n" + "|-" * 4_000,
        "_" * 9_000,
    ],
)
def test_huge_and_tangled_texts_are_refused_or_shown(me: Visitor, body: str) -> None:
    row = me.rows("SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id LIMIT 1")[0]
    answer = me.send(f"/f/{row['name']}/{row['id']}/-/comment", {f"reply_to_submission_{row['id']}[comment]": body})
    assert answer.status_code in (302, 413, 422)
    if answer.status_code == 302:
        clean(me.get(answer.headers["location"]).text)


@pytest.mark.parametrize("body", ["", "   ", "\n\t", "\u200b\u200d", "\ufeff", "\u2060 \u00a0"])
def test_what_nobody_can_see_is_not_posted(me: Visitor, body: str) -> None:
    row = me.rows("SELECT s.id, f.id AS forum, f.name FROM submission s JOIN forum f ON f.id = s.forum_id LIMIT 1")[0]
    place = f"/f/{row['name']}/{row['id']}/-/comment"
    assert me.send(place, {f"reply_to_submission_{row['id']}[comment]": body}).status_code == 422
    assert me.send("/submit", {"submission[title]": body, "submission[forum]": row["forum"]}).status_code == 422


def test_half_a_picture_is_refused(me: Visitor) -> None:
    number = me.value("SELECT id FROM forum WHERE name = 'pics'")
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        file = io.BytesIO()
        Image.effect_noise((300, 300), 60).convert("RGB").save(file, kind)
        sent = {"submission[mediaType]": "image", "submission[title]": "half", "submission[forum]": number}
        for content, status in ((file.getvalue(), 302), (file.getvalue()[: len(file.getvalue()) // 3], 422)):
            answer = me.send("/submit", sent, files={"submission[image]": ("x.jpg", content, "image/jpeg")})
            assert answer.status_code == status, kind
    page = me.page("/f/pics/new")
    for image in page.all("img", css="submission__thumb"):
        assert me.get(image.attributes["src"]).status_code == 200


def test_an_agent_that_deletes_its_account_or_logs_out_is_a_stranger(me: Visitor) -> None:
    assert me.send(f"/user/{ME}/delete_account", {"confirm_deletion[name]": "somebody"}).status_code == 422
    assert me.send(f"/user/{ME}/delete_account", {"confirm_deletion[name]": ME}).status_code == 302
    assert "Log in" in me.page("/").one(css="site-nav").text
    assert me.get(f"/user/{ME}").status_code == 404
    row = me.rows("SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.user_id = 1 LIMIT 1")[0]
    assert "[deleted]" in me.page(f"/f/{row['name']}/{row['id']}").one(css="submission__info").text
    assert me.send("/login_check", {"_username": ME, "_password": "test1234"}).status_code == 422
    with pytest.raises(KeyError):
        me.episode.log_in("forum", ME)
    for path in PAGES:
        assert me.get(path).status_code in (200, 302, 403, 404), path


def test_a_log_in_leads_nowhere_else(stranger: Visitor) -> None:
    stranger.get("/user//evil.example/account")
    answer = stranger.send("/login_check", {"_username": ME, "_password": "test1234"})
    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith("//")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
@example('"')
@example("NOT AND OR")
@example("a* ^b -c :d (e) {f}")
def test_no_search_text_is_an_error(written: str) -> None:
    asked = expression(written)
    if asked:
        _words().execute("SELECT 1 FROM w WHERE w MATCH ?", (asked,)).fetchall()


def _words() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE w USING fts5 (title, body)")
    return db


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("[]()<>!*_`~#>-+|\\&;:/\"'=\n\t xajsvcript")), max_size=60))
@example("[a](javascript&colon;alert(1))")
@example("<javascript:alert(1)>")
@example("[a]: javascript:alert(1)\n\n[a]")
@example("[a](\njavascript:alert(1))")
@example("[a](JaVaScRiPt:alert(1))")
@example("[a](data:image/svg+xml;base64,PHN2Zz4=)")
def test_markdown_never_makes_live_markup(written: str) -> None:
    root = parse(str(text.markdown(written)))
    for element in root.all():
        assert element.tag in {
            "p",
            "a",
            "em",
            "strong",
            "s",
            "code",
            "pre",
            "ul",
            "ol",
            "li",
            "blockquote",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "br",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        }
        assert set(element.attributes) <= {"href", "rel", "title", "class", "start", "style"}
        assert (
            not element.attributes.get("href", "")
            .lower()
            .replace("\t", "")
            .replace("\n", "")
            .startswith(("javascript:", "vbscript:", "data:", "file:"))
        )


def test_markdown_does_what_people_expect() -> None:
    assert text.markdown("**b** *i* ~~s~~ `c`") == "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>\n"
    assert 'href="http://a.example/x"' in text.markdown("see http://a.example/x")
    assert 'rel="nofollow noreferrer noopener"' in text.markdown("[a](/f/books)")
    assert text.markdown("<b>no</b>") == "<p>&lt;b&gt;no&lt;/b&gt;</p>\n"


def test_the_site_is_the_one_that_tasks_name() -> None:
    assert (SITE.name, SITE.host, SITE.port) == ("forum", "forum.localhost", 9999)
    assert set(SITE.variables) == {"REDDIT", "MTENVS_REDDIT", "WA_REDDIT", "VWA_REDDIT"}
    assert SITE.accounts == {ME: "test1234"}
