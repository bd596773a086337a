"""What is read of a page: roles, names, states, boxes and pixels, through frames and shadow roots, and nothing that is hidden."""
# ruff: noqa: E501 - pages stand in one piece, as a server would send them

from __future__ import annotations

import pytest
from small_site import Site, find

from mtenvs.backends.chromium import Chromium, ScriptError, Session, StaleElement

HOME = "http://shop.localhost/"


def lines(session: Session) -> list[str]:
    return [f"{'  ' * n.depth}{n.role} {n.name}".rstrip() for n in session.outline()]


def test_roles_and_names(site: Site, session: Session) -> None:
    site.pages["/"] = """<nav aria-label=Main><a href=/a>A <b>bold</b> link</a><a>no link</a></nav>
        <h2>Title</h2><img alt=Photo src=data:,><img alt='' src=data:,><button><img alt=Basket src=data:,></button><input type=submit>
        <label for=e>E-mail</label><input id=e type=email required><textarea aria-labelledby="l1 l2"></textarea><i id=l1>Your</i> <i id=l2>words</i>
        <input type=password placeholder=Secret value=abc><div onclick=1>Press me</div><div style=cursor:pointer>Or <b>me</b></div>
        <div role=tab aria-selected=true tabindex=0>Tab</div><details><summary>More</summary>Inside</details>
        <ul><li>One</ul><table><tr><th>Head<td>Cell</table><div role=switch aria-checked=mixed aria-label=Sw></div><p>Text <i>in</i> one<br>run</p>"""
    session.goto(HOME)
    assert lines(session) == [
        "navigation Main", "  link A bold link", "  text no link", "heading Title", "img Photo", "button Basket", "  img Basket", "button Submit", "text E-mail",
        "textbox E-mail", "textbox Your words", "text Your words", "textbox", "clickable Press me", "clickable Or me", "tab Tab", "group", "  button More",
        "list", "  listitem", "    text One", "table", "  row", "    columnheader", "      text Head", "    cell", "      text Cell", "switch Sw", "text Text in one run",
    ]  # fmt: skip
    page = session.outline()
    assert find(page, "textbox", "E-mail").props == {"required": True}
    assert find(page, "textbox", "").props == {"value": "•••", "placeholder": "Secret"}
    assert find(page, "tab", "Tab").props["selected"] is True
    assert find(page, "button", "More").props["expanded"] is False
    assert find(page, "switch", "Sw").checked == "mixed"
    assert find(page, "heading", "Title").props["level"] == 2
    assert [n.ref for n in page if n.ref] == sorted(n.ref for n in page if n.ref)


def test_hidden_content_is_left_out(site: Site, session: Session) -> None:
    site.pages[
        "/"
    ] = """<p hidden>a</p><p style=display:none>b</p><p style=visibility:hidden>c<b style=visibility:visible>shown</b></p><p aria-hidden=true>d</p>
        <div inert>e</div><script>f</script><style>g{}</style><template>h</template><noscript>i</noscript><details><summary>s</summary>j</details>
        <input type=hidden value=k><button>B<span style=display:none>l</span></button><div style=display:contents>contents</div><dialog>m</dialog><!-- n -->"""
    session.goto(HOME)
    assert lines(session) == ["text shown", "group", "  button s", "button B", "text contents"]


def test_boxes_are_where_the_pixels_are(site: Site, session: Session) -> None:
    site.pages |= {
        "/": "<body style=margin:0><div style='height:100px'></div><iframe src=/in style='margin-left:50px;border:5px solid;width:300px;height:200px'></iframe>"
        "<div style=height:2000px></div><button>Below</button>",
        "/in": "<body style=margin:0><button style='position:absolute;left:20px;top:30px;width:80px;height:40px;background:#f00;border:0'>In</button>",
    }
    session.goto(HOME)
    button = find(session.outline(), "button", "In")
    assert button.rect == (75, 135, 80, 40)
    assert (button.in_viewport, find(session.outline(), "button", "Below").in_viewport) == (True, False)
    picture = session.screenshot()
    assert (picture[140, 80] == [255, 0, 0]).all()
    assert (picture[130, 80] == [255, 255, 255]).all()
    tree = session.axtree()
    node = next(n for n in tree if n.role == "button" and n.name == "In")
    assert node.rect is not None
    assert list(node.rect) == [75, 135, 80, 40]
    assert session.resolve(backend=node.backend) == button.ref
    session.scroll(dy=60)
    assert find(session.outline(), "button", "In").rect.y == 75
    assert [list(n.rect or ()) for n in session.axtree() if n.name == "In" and n.role == "button"] == [[75, 75, 80, 40]]
    assert session.screenshot(full_page=True).shape[0] > 2000
    with pytest.raises(StaleElement):
        session.resolve(backend=10**6)


def test_frames_of_other_origins_are_read_and_acted_on_in_place(site: Site, session: Session) -> None:
    site.pages |= {
        "/": "<p>before</p><iframe title=Far src=http://forum.localhost/in></iframe><p>after</p><button>Last</button>",
        "/in": "<input aria-label=Field><iframe src=http://shop.localhost/deep></iframe>",
        "/deep": "<select aria-label=Pick><option>a<option>b</select><button>Late</button>",
    }
    session.goto(HOME)
    expected = [
        "text before",
        "iframe Far",
        "  textbox Field",
        "  iframe",
        "    combobox Pick",
        "    button Late",
        "text after",
        "button Last",
    ]
    assert lines(session) == expected
    page = session.outline()
    assert [n.ref for n in page] == [n.ref for n in session.outline()]
    assert len({n.ref for n in page if n.ref}) == sum(1 for n in page if n.ref)
    session.type(find(page, "textbox", "Field").ref, "typed")
    session.select(find(page, "combobox", "Pick").ref, "b")
    again = session.outline()
    assert find(again, "textbox", "Field").value == "typed"
    assert find(again, "combobox", "Pick").value == "b"
    assert session.locator([("frame_locator", ["iframe"], {}), ("get_by_role", ["textbox"], {})]) == find(page, "textbox", "Field").ref
    assert {"typed", "b"} <= {n.value for n in session.axtree()}


def test_open_shadow_roots_and_slots(site: Site, session: Session) -> None:
    site.pages[
        "/"
    ] = """<x-a><button slot=s>Given</button>rest</x-a><script>document.querySelector('x-a').attachShadow({mode: 'open'}).innerHTML =
        '<h3>Shadow</h3><slot name=s></slot><p><slot></slot></p><slot name=none>fallback</slot>'</script>"""
    session.goto(HOME)
    assert lines(session) == ["heading Shadow", "button Given", "text rest", "text fallback"]


def test_pages_cannot_see_or_change_our_world(site: Site, session: Session) -> None:
    site.pages["/"] = """<button>B</button><script>
        Element.prototype.getBoundingClientRect = () => ({x: 9999, y: 9999, width: 0, height: 0});
        Element.prototype.checkVisibility = () => false; JSON.stringify = () => 'lies'; Array.prototype.map = () => [];
        globalThis.WeakRef = undefined; Object.defineProperty(globalThis, 'mtenvs', {get: () => { throw Error('no') }})</script>"""
    session.goto(HOME)
    button = find(session.outline(), "button", "B")
    assert button.rect.x < 100
    session.click(button.ref)
    assert session.evaluate("Object.getOwnPropertyNames(globalThis).filter((n) => /playwright|cdc_|__pw/i.test(n))") == []
    assert session.evaluate("navigator.webdriver") is False


def test_evaluate_and_html(site: Site, session: Session) -> None:
    site.pages["/"] = "<title>T</title><p id=p>x</p>"
    session.goto(HOME)
    assert session.evaluate("1 + 1") == 2
    assert session.evaluate("() => document.querySelector('#p').textContent") == "x"
    assert session.evaluate("(async () => ({a: [1, null]}))()") == {"a": [1, None]}
    with pytest.raises(ScriptError, match="nope"):
        session.evaluate("(() => { throw Error('nope') })()")
    with pytest.raises(ScriptError, match="SyntaxError"):
        session.evaluate("1 +")
    assert '<p id="p">x</p>' in session.html()
    assert session.title == "T"


def test_pictures_are_the_same_again(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = """<style>@keyframes k { from { left: 0 } to { left: 500px } } #m { position: relative; animation: k 3s infinite; }
        @media (prefers-reduced-motion: reduce) { #m { animation: none } }</style><h1 id=m>Hello AVAT fi</h1><input autofocus value=caret>"""
    pictures = []
    for _ in range(2):
        with chromium.open(viewport=(640, 360)) as session:
            session.goto(HOME)
            first = session.screenshot()
            session.wait(700)  # longer than a caret takes to blink
            pictures += [first, session.screenshot()]
    assert pictures[0].shape == (360, 640, 3)
    for picture in pictures[1:]:
        assert (picture == pictures[0]).all()


def test_a_session_has_its_own_place_and_time(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = "<title>x</title>"
    with chromium.open(clock=1_700_000_000, timezone="Asia/Tokyo", locale="de-DE", headers={"X-Episode": "7"}) as session:
        session.goto(HOME)
        assert site.asked[-1][3]["X-Episode"] == "7"
        assert session.evaluate("Math.abs(Date.now() - 1.7e12) < 60000 && Math.abs(new Date() - 1.7e12) < 60000")
        assert session.evaluate("new Date(0).getHours()") == 9
        assert session.evaluate("new Date() instanceof Date && new Date(5).constructor === Date && typeof Date()") == "string"
        assert session.evaluate("Date.UTC(2020, 0) + new Date(2020, 0).getFullYear()") == 1577836800000 + 2020
        assert session.evaluate("navigator.language") == "de-DE"
        assert session.evaluate("(1234.5).toLocaleString()") == "1.234,5"
