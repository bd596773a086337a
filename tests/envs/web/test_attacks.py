"""What an agent may try: addresses outside, numbers that are none, files of others, code in forms, ruin. Nothing gets out or stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from small_site import Site
from small_web import HOME, SmallEnv, number

from mtenvs.envs.web.oracle import actions_of
from mtenvs.envs.web.own.forum_common import FORUM, MARVEL
from mtenvs.envs.web.own.shop_common import SHOP
from mtenvs.envs.web.own.template import Step
from mtenvs.envs.web.webarena import WebArenaEnv

pytestmark = pytest.mark.usefixtures("browser_needed")
SHOP_TASK, FORUM_TASK = "shop/wish/0", "forum/subscribe/0"
OUTSIDE = (
    "javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd", "data:text/html,<h1>x</h1>", "view-source:{home}", "chrome://version",
    "chrome-error://chromewebdata/", "about:gpu", "blob:{home}1", "ftp://small.localhost/", "ws://small.localhost/", "mailto:a@b.c",
    "http://example.com/", "http://127.0.0.1:{port}/secret", "127.0.0.1:{port}/secret", "http://[::1]:{port}/secret",
    "http://2130706433:{port}/secret", "http://0x7f.1:{port}/secret", "http://localhost:{port}/secret", "http://localhost./",
    "http://small.localhost@example.com/", "http://example.com\\@small.localhost/", "http://small.localhost.example.com/",
    "http://small.localhost:{port}/secret", "http://small.localhost:99999/", "http://[", "http://", "", " ", "\x00", "\ud800", "//",
    "///etc/passwd",
)  # fmt: skip
PAYLOADS = (
    "'; DROP TABLE product; --",
    '" OR "1"="1',
    "') UNION SELECT password, 1 FROM customer --",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2) data-evil=1>",
    '"><b data-evil=1 onmouseover="alert(3)">',
    "{{ 7 * 7 }}${7*7}<%= 7 %>",
    "[x](javascript:alert(4)) ![y](http://example.com/z.png)",
    "\\%00%27 * NEAR(",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("uploads")
    (made / "cat.png").write_bytes(b"a cat")
    (made / "sly").symlink_to("/etc/passwd")
    return made


@pytest.fixture(scope="module")
def small(site: Site, folder: Path) -> Iterator[SmallEnv]:
    with SmallEnv(site, "attacked", max_invalid=1000, upload_folder=folder, max_turns=1000) as made:
        yield made


@pytest.fixture(scope="module")
def own() -> Iterator[WebArenaEnv]:
    with WebArenaEnv(max_turns=1000) as made:
        yield made


def call(env: Any, name: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    """The text and the info after an action, which may be one that no text could carry."""
    obs, *_, info = env.step({"name": name, "arguments": arguments})
    assert env.observation_space.contains(obs)
    return obs["text"], info


def play(env: WebArenaEnv, *steps: Step) -> dict[str, Any]:
    """The last info of steps of which each is legal."""
    info: dict[str, Any] = {}
    for action in actions_of([asdict(step) for step in steps], env):
        info = env.step(action)[4]
        assert info["action_error"] is None, (action, info["action_error"])
    return info


def solved(env: WebArenaEnv, task: str) -> None:
    """An episode after an attack is like any other."""
    env.reset(seed=1, options={"task": task})
    info: dict[str, Any] = {}
    for action in env.oracle():
        info = env.step(action)[4]
    assert (info["stop_reason"], info["verdict"].score) == ("goal_reached", 1.0)


# ---- the way out -----------------------------------------------------------------------------------------------------


def test_addresses_outside_are_refused_and_the_page_stays(site: Site, small: SmallEnv) -> None:
    site.pages = {"/": "<h1>Home</h1>", "/secret": "<h1>Secret</h1>"}
    small.reset(seed=1)
    for address in OUTSIDE:
        text, info = call(small, "goto", url=address.format(home=HOME, port=site.server_port))
        assert info["action_error"] is not None, address
        assert (small.session.url, 'heading "Home"' in text) == (HOME, True), address
    assert not any("/secret" in asked[2] for asked in site.asked)


def test_links_frames_forms_and_scripts_do_not_get_out(site: Site, small: SmallEnv) -> None:
    out = ["http://example.com/", f"http://127.0.0.1:{site.server_port}/secret", f"http://localhost:{site.server_port}/secret",
           "file:///etc/passwd", "chrome://version", "view-source:" + HOME, "data:text/html,<h1>Secret</h1>"]  # fmt: skip
    links = "".join(f"<a href='{address}'>Link {i}</a> " for i, address in enumerate(out))
    frames = "".join(f"<iframe src='{address}'></iframe>" for address in out[:6])
    script = f"for (const a of {out!r}) {{ fetch(a).catch(() => 0); navigator.sendBeacon && navigator.sendBeacon(a); new Image().src = a }}"
    form = f"<form action='{out[1]}' method=post><button>Send</button></form><button onclick='open(\"{out[1]}\")'>Open</button>"
    site.pages = {"/": f"<h1>Home</h1>{links}{form}", "/busy": f"{frames}<script>{script}</script>", "/secret": "<h1>Secret</h1>"}
    site.asked.clear()
    small.reset(seed=1)
    for name, role in [*((f"Link {i}", "link") for i in range(len(out))), ("Send", "button"), ("Open", "button")]:
        text, info = call(small, "click", id=number(small, role, name))
        assert "root:" not in text
        assert 'heading "Secret"' not in text
        assert info["stop_reason"] == ""
        call(small, "goto", url=HOME)
    text, _ = call(small, "goto", url=HOME + "busy")
    assert "root:" not in text
    assert 'heading "Home"' in call(small, "goto", url=HOME)[0]
    assert not any("/secret" in asked[2] for asked in site.asked)


# ---- numbers, keys and files -----------------------------------------------------------------------------------------


def test_numbers_that_are_not_on_the_page(site: Site, small: SmallEnv) -> None:
    site.pages = {"/": "<h1>Home</h1><button id=b>Here</button>", "/next": "<h1>Next</h1><button>There</button>"}
    small.reset(seed=1)
    here = number(small, "button", "Here")
    small.session.evaluate("document.getElementById('b').remove()")
    assert call(small, "click", id=here)[1]["action_error"] is not None
    call(small, "goto", url=HOME + "next")
    for wrong in (here, 0, -1, -(2**63), 10**9, 10**9 + 1, 2**63, 1.5, "abc", "", None, True, [1], {"id": 1}, float("nan"), float("inf")):
        for name in ("click", "hover", "clear"):
            assert call(small, name, id=wrong)[1]["action_error"] is not None, (name, wrong)
    assert call(small, "drag", id=here, to=here)[1]["action_error"] is not None
    assert call(small, "tab_focus", index=99)[1]["action_error"] is not None
    assert call(small, "click_at", x=10**6, y=-1)[1]["action_error"] is not None
    assert 'button "There"' in call(small, "click_at", x=19_999, y=19_999)[0]


@pytest.mark.parametrize("text_form", ["webarena", "marks", "html"])
def test_numbers_of_the_page_before_in_other_forms(site: Site, text_form: str) -> None:
    site.pages = {"/": "<button>Here</button>", "/next": "<h1>Next</h1>"}
    with SmallEnv(site, "attacked", text_form=text_form, max_invalid=1000) as env:
        env.reset(seed=1)
        (here,) = [env.number_of(node) for node in env.outline() if node.name == "Here" and node.ref > 0]
        assert call(env, "click", id=here)[1]["action_error"] is None
        call(env, "goto", url=HOME + "next")
        for wrong in (here, 0, 10**9):
            text, info = call(env, "click", id=wrong)
            assert info["action_error"] is not None, wrong
            assert "Next" in text


def test_odd_keys_change_nothing(site: Site, small: SmallEnv) -> None:
    site.pages = {"/": "<h1>Home</h1><input aria-label=Name>"}
    small.reset(seed=1)
    for key in (
        "",
        " ",
        "+",
        "++",
        "Control+",
        "+a",
        "Control++",
        "NoSuchKey",
        "\x00",
        "\ud800",
        "🙂",
        "a" * 60,
        "a" * 61,
        "Control+NoSuchKey",
    ):
        call(small, "press", key=key)
    for key in ("Control+w", "Control+t", "Control+n", "Control+Shift+i", "Control+l", "Control+p", "Control+o", "Control+u", "Control+j",
                "Alt+F4", "Meta+q", "F1", "F5", "F11", "F12", "Escape", "ContextMenu"):  # fmt: skip
        text, info = call(small, "press", key=key)
        assert info["stop_reason"] == ""
        assert (len(small.session.tabs()), small.session.url, 'heading "Home"' in text) == (1, HOME, True), key


def test_text_that_cannot_be_encoded(site: Site, small: SmallEnv) -> None:
    site.pages = {"/": "<h1>Home</h1><input aria-label=Name><select aria-label=Kind><option>a</select>"}
    small.reset(seed=1)
    field, kind = number(small, "textbox", "Name"), number(small, "combobox", "Kind")
    odds = ("\ud800", "a\x00b", "\udfff\ud800", "\u202e", "🙂" * 300, "x\r\ny")
    call(small, "located", locator='[["get_by_text", ["\ud800"], {}]]', do="click")  # each is waited for
    call(small, "located", locator=json.dumps([["get_by_text", ["".join(odds)], {}]]), do="click")
    for odd in odds:
        call(small, "type", id=field, text=odd)
        call(small, "keyboard_type", text=odd)
        call(small, "select", id=kind, option=odd)
        call(small, "goto", url=HOME + "?q=" + odd)
        text, _ = call(small, "goto", url=HOME)
        assert 'heading "Home"' in text
        field, kind = number(small, "textbox", "Name"), number(small, "combobox", "Kind")


def test_only_the_files_of_the_task_can_be_uploaded(site: Site, small: SmallEnv, folder: Path) -> None:
    site.pages = {"/": "<h1>Home</h1><input type=file aria-label=Photo>"}
    small.reset(seed=1)
    field = next(node.ref for node in small.outline() if "Photo" in node.name)
    names = "document.querySelector('input').files.length"
    for name in (
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        ".",
        "",
        "/",
        "sly",
        "~/.bashrc",
        "a\x00b",
        "\ud800",
        "cat.png\x00",
        str(folder / "sly"),
    ):
        text, info = call(small, "upload", id=field, file=name)
        assert info["action_error"] is not None, name
        assert name.startswith(str(folder)) or str(folder.parent) not in text, name  # where they are is nothing to an agent
        assert small.session.evaluate(names) == 0, name
    assert call(small, "upload", id=field, file="cat.png")[1]["action_error"] is None
    assert small.session.evaluate(names) == 1


def test_files_where_the_task_has_none(own: WebArenaEnv) -> None:
    own.reset(seed=1, options={"task": SHOP_TASK})
    text, info = call(own, "upload", id=1, file="/etc/passwd")
    assert info["action_error"] is not None
    assert "no files" in text


# ---- the accounts ----------------------------------------------------------------------------------------------------


def test_logging_out_ends_nothing_and_stays_in_the_episode(own: WebArenaEnv) -> None:
    own.reset(seed=1, options={"task": SHOP_TASK})
    play(own, Step("goto", f"{SHOP}/customer/account/logout/"), Step("goto", f"{SHOP}/wishlist/"))
    assert "/login" in own.session.url
    info = play(own, Step("stop"))
    assert (info["stop_reason"], info["verdict"].score) == ("goal_failed", 0.0)
    solved(own, SHOP_TASK)


def test_deleting_the_account_stays_in_the_episode(own: WebArenaEnv) -> None:
    own.reset(seed=1, options={"task": FORUM_TASK})
    info = play(
        own,
        Step("goto", f"{FORUM}/user/{MARVEL}/delete_account"),
        Step("type", "Type your username to confirm", value=MARVEL, exact=False),
        Step("click", "Delete my account", "button"),
        Step("stop"),
    )
    assert own.places.episode.rows("forum", "SELECT 1 FROM user WHERE name = ?", MARVEL) == []  # type: ignore[attr-defined]  # own places
    assert (info["stop_reason"], info["verdict"].score) == ("goal_failed", 0.0)
    solved(own, FORUM_TASK)


def test_a_changed_password_stays_in_the_episode(own: WebArenaEnv) -> None:
    def password() -> str:
        found: str = own.places.episode.rows("forum", "SELECT password FROM user WHERE name = ?", MARVEL)[0]["password"]  # type: ignore[attr-defined]  # same
        return found

    own.reset(seed=1, options={"task": FORUM_TASK})
    before = password()
    info = play(
        own,
        Step("goto", f"{FORUM}/user/{MARVEL}/account"),
        Step("type", "New password", value="hunter2hunter2", exact=False),
        Step("type", "Repeat new password", value="hunter2hunter2", exact=False),
        Step("click", "Save changes", "button"),
        Step("stop"),
    )
    assert password() != before
    assert (info["stop_reason"], info["verdict"].score) == ("goal_failed", 0.0)
    solved(own, FORUM_TASK)
    assert password() == before


# ---- code in forms ---------------------------------------------------------------------------------------------------


def harmless(env: WebArenaEnv) -> None:
    """No page broke, nothing ran, nothing was asked of anybody else, and no markup came in."""
    assert [event.url for event in env.session.network() if event.status >= 500] == []
    assert env.session.dialogs() == []
    assert all(".localhost" in event.url.split("/")[2] for event in env.session.network() if event.status)
    assert env.session.evaluate("document.querySelectorAll('[data-evil], a[href^=\"javascript:\" i]').length") == 0


@pytest.mark.parametrize("where", [f"{SHOP}/", f"{FORUM}/search"])
def test_code_in_a_search(own: WebArenaEnv, where: str) -> None:
    own.reset(seed=1, options={"task": SHOP_TASK})
    call(own, "goto", url=where)
    name = "Search" if where.startswith(SHOP) else "Search query"
    for payload in PAYLOADS:
        play(own, Step("type", name, value=payload), Step("press", "Enter"))
        assert "earch" in own.session.url, payload
        harmless(own)


FORMS: dict[str, tuple[str, str, str, str, str]] = {
    "contact": (f"{SHOP}/contact/", "on your mind?", "Submit", "shop", "SELECT comment FROM contact_message ORDER BY id DESC"),
    "comment": (f"{FORUM}/f/books/1", "Comment", "Post", "forum", "SELECT body FROM comment ORDER BY id DESC"),
    "message": (f"{FORUM}/user/OTHER/compose_message", "Message", "Send", "forum", "SELECT body FROM message ORDER BY id DESC"),
    "biography": (
        f"{FORUM}/user/{MARVEL}/edit_biography",
        "Biography",
        "Save",
        "forum",
        "SELECT bio FROM user WHERE name = 'MarvelsGrantMan136'",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_code_in_a_form_is_kept_as_text(own: WebArenaEnv, form: str) -> None:
    where, field, button, site, sql = FORMS[form]
    own.reset(seed=1, options={"task": SHOP_TASK if site == "shop" else FORUM_TASK})
    episode = own.places.episode  # type: ignore[attr-defined]  # own places
    if form == "comment":
        row = episode.rows("forum", "SELECT s.id, f.name FROM submission s JOIN forum f ON f.id = s.forum_id WHERE NOT s.locked")[0]
        where = f"{FORUM}/f/{row['name']}/{row['id']}"
    if form == "message":
        other = episode.rows("forum", "SELECT name FROM user WHERE name != ? AND NOT deleted AND messages", MARVEL)[0]["name"]
        where = where.replace("OTHER", other)
    text = " ".join(PAYLOADS)
    play(own, Step("goto", where), Step("type", field, "textbox", text, exact=False), Step("click", button, "button"))
    assert list(episode.rows(site, sql)[0].values()) == [text]
    harmless(own)


def test_code_in_a_review(own: WebArenaEnv) -> None:
    own.reset(seed=1, options={"task": "shop/review/0"})
    plan = [dict(step) for step in own.task.setup["plan"]]
    for step in plan:
        if step["do"] == "type":
            step["value"] = " ".join(PAYLOADS)[: 60 if step["name"] != "Review" else None]
    for action in actions_of(plan[:-1], own):
        assert own.step(action)[4]["action_error"] is None
        harmless(own)


# ---- the verdict -----------------------------------------------------------------------------------------------------


def test_the_verdict_never_moves_the_tabs(own: WebArenaEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "verdict_every_turn", True)
    own.reset(seed=1, options={"task": SHOP_TASK})
    play(own, Step("goto", f"{SHOP}/contact/"))
    field = "on your mind?"
    play(own, Step("type", field, value="half a", exact=False))
    call(own, "new_tab")
    call(own, "goto", url=f"{SHOP}/customer/account/login/")
    state = "[history.length, location.href, scrollY, [...document.querySelectorAll('textarea')].map((t) => t.value)]"
    call(own, "tab_focus", index=0)
    before = own.session.tabs(), own.session.active, own.session.evaluate(state), len(own.session.network())
    for _ in range(3):
        assert own.step(own.idle_action())[4]["verdict"].score == 0.0
    assert (own.session.tabs(), own.session.active, own.session.evaluate(state), len(own.session.network())) == before
    assert before[2][3][0] == "half a"
    info = play(own, Step("stop"))
    assert info["verdict"].score == 0.0
    assert (own.session.tabs(), own.session.active, own.session.evaluate(state), len(own.session.network())) == before
