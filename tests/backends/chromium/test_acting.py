"""Real input: what an agent does arrives at the page as a person's would, or is refused with the reason."""
# ruff: noqa: E501 - pages stand in one piece, as a server would send them

from __future__ import annotations

import pytest
from small_site import Site, find

from mtenvs.backends.chromium import BadLocator, NotClickable, Session, StaleElement
from mtenvs.backends.chromium.locators import Call
from mtenvs.core.errors import BadAction

HOME = "http://shop.localhost/"


def show(site: Site, session: Session, html: str) -> dict[str, int]:
    """Load a page and name its elements."""
    site.pages["/"] = html
    session.goto(HOME)
    return {n.name: n.ref for n in session.outline() if n.ref}


def test_clicks_are_trusted_events_with_button_and_modifiers(site: Site, session: Session) -> None:
    page = show(site, session, "<button>B</button><script>seen = []; for (const k of ['click', 'dblclick', 'auxclick', 'contextmenu', 'mouseover'])"
                " document.querySelector('button').addEventListener(k, (e) => seen.push([k, e.isTrusted, e.button, e.shiftKey, e.ctrlKey].join()))</script>")  # fmt: skip
    session.hover(page["B"])
    session.click(page["B"])
    session.click(page["B"], button="right")
    session.click(page["B"], modifiers=["Shift", "Control"])
    session.dblclick(page["B"])
    seen = session.evaluate("seen")
    assert seen[:2] == ["mouseover,true,0,false,false", "click,true,0,false,false"]
    assert {"auxclick,true,2,false,false", "contextmenu,true,2,false,false"} <= set(seen)
    assert "click,true,0,true,true" in seen
    assert seen[-3:] == ["click,true,0,false,false", "click,true,0,false,false", "dblclick,true,0,false,false"]
    with pytest.raises(BadAction, match="no modifier key"):
        session.click(page["B"], modifiers=["Hyper"])


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<button style='position:absolute;top:10px;left:10px'>B</button><div id=veil style='position:fixed;inset:0' role=dialog aria-label=Cookies></div>", "covered by dialog 'Cookies'"),
        ("<button disabled>B</button>", "is disabled"),
        ("<button id=b>B</button><script>later = () => b.style.visibility = 'hidden'</script>", "not visible"),
        ("<button id=b>B</button><script>later = () => b.style.display = 'none'</script>", "not visible"),
        ("<button id=b style='width:0;height:0;padding:0;border:0;overflow:hidden' aria-label=B></button>", "not visible"),
    ],
)  # fmt: skip
def test_what_cannot_be_clicked_says_why(site: Site, session: Session, html: str, why: str) -> None:
    page = show(site, session, html)
    session.evaluate("globalThis.later?.()")
    with pytest.raises(NotClickable, match=why):
        session.click(page["B"])


def test_elements_are_scrolled_into_view(site: Site, session: Session) -> None:
    page = show(site, session, """<div style='height:3000px'></div><button onclick="this.textContent = 'down'">Far</button>
        <div style='height:100px;overflow:auto'><div style='height:900px'></div><button onclick="this.textContent = 'deep'">Inner</button></div>
        <div style='width:100px;overflow:auto'><div style='width:900px;text-align:right'><button onclick="this.textContent = 'right'">Side</button></div></div>""")  # fmt: skip
    for name in ("Far", "Inner", "Side"):
        session.click(page[name])
    assert [n.name for n in session.outline() if n.role == "button"] == ["down", "deep", "right"]


def test_a_number_of_an_element_that_went_is_stale_and_never_another_ones(site: Site, session: Session) -> None:
    page = show(site, session, "<button id=a onclick='this.remove()'>A</button><button>B</button>")
    session.click(page["A"])
    with pytest.raises(StaleElement):
        session.click(page["A"])
    assert session.resolve(page["B"]) == page["B"]
    again = show(site, session, "<button>C</button>")
    assert again["C"] not in page.values()
    for old in page.values():
        with pytest.raises(StaleElement):
            session.click(old)
    for never in (0, -1, 10**9):
        with pytest.raises(StaleElement):
            session.click(never)
    session.new_tab(HOME)
    assert not {n.ref for n in session.outline()} & {*page.values(), *again.values()}


def test_typing(site: Site, session: Session) -> None:
    page = show(site, session, """<form onsubmit="event.preventDefault(); out.textContent = 'sent ' + one.value"><input id=one aria-label=One value=old></form>
        <textarea aria-label=Two></textarea><div contenteditable aria-label=Three>here</div><input type=date aria-label=Four><input type=range aria-label=Five>
        <input readonly aria-label=Six value=kept><p id=out></p>""")  # fmt: skip
    session.type(page["One"], " and new")
    session.type(page["Two"], "a\nb")
    session.type(page["Three"], "there", clear=True)
    session.type(page["Four"], "2026-11-30")
    session.type(page["Five"], "70")
    session.type(page["Six"], "lost", clear=True)
    got = {n.name: n.value for n in session.outline() if n.value}
    assert got["Two"] == "a\nb"
    assert got["Three"] == "there"
    assert got["Four"] == "2026-11-30"
    assert got["Five"] == "70"
    assert got["Six"] == "kept"
    assert set(got["One"]) == set("old and new")
    session.type(page["One"], "only this ✓ 漢字", clear=True, enter=True)
    assert find(session.outline(), "text", "sent only this ✓ 漢字")
    session.type(page["Two"], "x" * 5000, clear=True)
    assert session.evaluate("document.querySelector('textarea').value.length") == 5000
    session.clear(page["Two"])
    assert session.evaluate("document.querySelector('textarea').value") == ""


def test_keys(site: Site, session: Session) -> None:
    page = show(site, session, "<input aria-label=One value=abc><input aria-label=Two>")
    session.focus(page["One"])
    for keys in ("Control+a", "ctrl+c", "Tab", "Control+v", "Shift+Home", "Delete", "+"):
        session.press(keys)
    assert find(session.outline(), "textbox", "Two").value == "+"
    session.keyboard_type("hi")
    assert find(session.outline(), "textbox", "Two").value == "+hi"
    for bad in ("", "Nonsense", "Control+", "a+b+Nope"):
        with pytest.raises(BadAction):
            session.press(bad)


def test_choosing(site: Site, session: Session) -> None:
    page = show(site, session, """<select aria-label=One onchange="out.textContent = value"><option value=r>Red<option value=g>Green<option disabled>Blue</select>
        <select aria-label=Many multiple><option>a<option>b<option>c</select><p id=out></p>
        <label><input type=checkbox>Box</label><input type=radio name=r aria-label=R1 checked><input type=radio name=r aria-label=R2>
        <label><input type=checkbox style='display:none' id=hid>Fancy</label>""")  # fmt: skip
    session.select(page["One"], "Green")
    assert find(session.outline(), "text", "g")
    session.select(page["One"], ["r"])
    session.select(page["Many"], ["a", "c"])
    session.check(page["Box"])
    session.check(page["Box"])
    session.check(page["R2"])
    after = session.outline()
    assert find(after, "combobox", "One").value == "Red"
    assert find(after, "combobox", "One").options == ["Red", "Green", "Blue"]
    assert find(after, "listbox", "Many").value == "a, c"
    assert [find(after, *n).checked for n in (("checkbox", "Box"), ("radio", "R1"), ("radio", "R2"))] == [True, False, True]
    session.uncheck(page["Box"])
    assert find(session.outline(), "checkbox", "Box").checked is False
    with pytest.raises(BadAction, match="no option 'Purple'") as refused:
        session.select(page["One"], "Purple")
    assert refused.value.legal == "Red, Green, Blue"
    with pytest.raises(BadAction, match="disabled"):
        session.select(page["One"], "Blue")
    with pytest.raises(BadAction, match="no list"):
        session.select(page["Box"], "x")
    with pytest.raises(BadAction):
        session.uncheck(page["R2"])
    with pytest.raises(BadAction, match="nothing that can be checked"):
        session.check(page["One"])


def test_scrolling_dragging_and_the_mouse(site: Site, session: Session) -> None:
    page = show(site, session, """<div draggable=true style='width:60px;height:40px' role=button ondragstart="event.dataTransfer.setData('text', 'cargo')">Thing</div>
        <div role=button style='width:200px;height:80px' ondragover='event.preventDefault()' ondrop="this.textContent = event.dataTransfer.getData('text')">Here</div>
        <div style='height:5000px'></div><script>seen = []; for (const k of ['mousedown', 'mouseup', 'click'])
        addEventListener(k, (e) => seen.push(k + e.clientX))</script>""")  # fmt: skip
    session.drag(page["Thing"], page["Here"])
    assert find(session.outline(), "button", "cargo")
    session.scroll(direction="down")
    assert session.evaluate("scrollY") == 720
    session.scroll(dy=-20)
    assert session.evaluate("scrollY") == 700
    session.scroll(direction="up")
    assert session.evaluate("scrollY") == 0
    with pytest.raises(BadAction):
        session.scroll(direction="sideways")
    session.evaluate("seen.length = 0")
    session.click_at(300, 400)
    session.mouse_move(310, 400)
    session.mouse_down()
    session.mouse_move(330, 400)
    session.mouse_up()
    session.mouse_drag(5, 600, 9, 600)
    assert session.evaluate("seen")[:5] == ["mousedown300", "mouseup300", "click300", "mousedown310", "mouseup330"]


def test_clicks_in_shadow_roots_and_nested_frames(site: Site, session: Session) -> None:
    site.pages |= {
        "/inner": "<div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML = '<button onclick=\"this.textContent = `pressed`\">Deep</button>'</script>",
        "/outer": "<p>outer</p><iframe src=http://forum.localhost/inner style='margin:30px'></iframe>",
    }  # fmt: skip
    page = show(site, session, "<div style='height:900px'></div><iframe src=/outer style='border:7px solid;height:300px'></iframe>")
    session.click(page["Deep"])
    assert find(session.outline(), "button", "pressed").ref == page["Deep"]
    assert (
        session.locator([("frame_locator", ["iframe"], {}), ("frame_locator", ["iframe"], {}), ("get_by_role", ["button"], {})])
        == page["Deep"]
    )


def test_locators(site: Site, session: Session) -> None:
    page = show(
        site, session, "<ul><li>One <button>Buy</button><li>Two <button>Buy</button></ul><input placeholder=Name><label>Age <input></label>"
    )
    chain: list[Call] = [
        ("get_by_role", ["listitem"], {}),
        ("filter", [], {"has_text": "Two"}),
        ("get_by_role", ["button"], {"name": "Buy"}),
    ]
    assert session.locator(chain) == page["Buy"]  # the dict keeps the last of the two
    assert session.locator([("get_by_label", ["Age"], {})]) == page["Age"]
    assert session.locator([("get_by_text", ["Buy"], {}), ("first", [], {})]) < page["Buy"]
    assert (
        session.locator(
            [("get_by_role", ["listitem"], {}), ("filter", [], {"has": [("get_by_text", ["Two"], {})]}), ("locator", ["button"], {})]
        )
        == page["Buy"]
    )
    refused: list[tuple[list[Call], str]] = [
        ([("get_by_text", ["Buy"], {})], "more than one"), ([("get_by_text", ["Sell"], {})], "finds nothing"), ([("evaluate", ["1"], {})], "no locator"),
        ([("locator", ["<<<"], {})], "locator"), ([("get_by_role", [], {})], "get_by_role"), ([("nth", [0], {})], "no locator"), ([("__class__", [], {})], "no locator"),
    ]  # fmt: skip
    for bad, why in refused:
        with pytest.raises(BadLocator, match=why):
            session.locator(bad)
