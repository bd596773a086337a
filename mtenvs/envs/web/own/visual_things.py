"""More tasks that cannot be done without looking at pictures: a clock, shapes, goods, and what is not there."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.forum_common import FORUM, MARVEL, ME, NOTHING_CHANGED, only, rows, some_forum
from mtenvs.envs.web.own.shop_common import EMMA, LOOKS_ALONE, SHOP, money
from mtenvs.envs.web.own.shop_common import NOTHING_CHANGED as NOTHING_IN_SHOP
from mtenvs.envs.web.own.template import Ask, Made, Step, Template
from mtenvs.envs.web.own.visual import asked, scenes

_OTHER_KINDS: Final = ("landscape", "animal", "keyboard", "pizza", "mug", "bicycle")  # a shelf may have books on it


def _clock(ask: Ask, rng: Random) -> Made:
    post = rng.choice(scenes(ask, "clock"))
    hour, minute = int(post["scene"]["hour"]), int(post["scene"]["minute"])
    times = [f"{h}:{minute:02d}" for h in (hour, hour % 12 + 12 * (hour < 12))] + [f"{hour:02d}:{minute:02d}"]
    truth = [f"{time}{half}" for time in times for half in ("", " am", " pm", " a.m", " p.m")]
    look = Step("goto", f"{FORUM}/f/{post['forum']}/{post['id']}")
    return Made(
        goal=f'What time does the clock on the picture of the submission "{post["title"]}" in the forum {post["forum"]} show? '
        "Answer such as 4:05.",
        start=(f"{FORUM}/",),
        login={"forum": MARVEL},
        checks=({"kind": "answer", "name": "answer", "form": "one_of", "value": truth}, NOTHING_CHANGED),
        plan=(look, Step("stop", truth[0])),
        miss=(look, Step("stop", f"{minute // 5 or 12}:{hour % 12 * 5:02d}")),  # the hands taken for each other
    )


def _shapes(ask: Ask, rng: Random) -> Made:
    return asked(ask, rng, "shapes", "count", "How many shapes are on it? Answer with a number.", "number")


def _there_or_not(ask: Ask, rng: Random) -> Made:
    """A question on a thing that is on the picture, or that is not; nobody can tell which from the question, nor always from the title."""
    kind, part, form, question, wrong = rng.choice(
        (
            ("cake", "candles", "number", "How many candles are on the cake? If there is no cake on it, answer N/A.", "0"),
            ("books", "count", "number", "How many books are on it? If there are none on it, answer N/A.", "12"),
            ("sign", "text", "text", "What does the sign say? If there is no sign on it, answer N/A.", "EXIT"),
        )
    )
    there = rng.random() < 0.5
    post = rng.choice(scenes(ask, kind if there else rng.choice(_OTHER_KINDS), part if there else ""))
    check = {"form": form, "value": post["scene"][part]} if there else {"form": "none", "value": None}
    right, wrong = (str(post["scene"][part]), "N/A") if there else ("N/A", wrong)
    look = Step("goto", f"{FORUM}/f/{post['forum']}/{post['id']}")
    return Made(
        goal=f'Look at the picture of the submission "{post["title"]}" in the forum {post["forum"]}. {question}',
        start=(f"{FORUM}/",),
        login={"forum": MARVEL},
        checks=({"kind": "answer", "name": "answer", **check}, NOTHING_CHANGED),
        plan=(look, Step("stop", right)),
        miss=(look, Step("stop", wrong)),
    )


def _pictured(ask: Ask, rng: Random) -> tuple[dict[str, Any], dict[str, Any], str]:
    """A product whose picture no other has, another one of its category, and the category's name."""
    found = ask(
        "shop",
        f"""SELECT p.id, p.name, p.url_key, p.picture, p.final_price, c.name AS category, c.id AS place FROM product p
        JOIN product_category pc ON pc.product_id = p.id JOIN category c ON c.id = pc.category_id WHERE p.visible AND p.enabled
        AND p.type = 'simple' AND c.active AND c.level = (SELECT max(d.level) FROM category d JOIN product_category pd
        ON pd.category_id = d.id WHERE pd.product_id = p.id) AND {LOOKS_ALONE}
        AND (SELECT count(*) FROM product q WHERE q.name = p.name) = 1 ORDER BY p.id""",  # noqa: S608 - a constant
    )
    wanted = rng.choice(found)
    others = [row for row in found if row["place"] == wanted["place"] and row["final_price"] != wanted["final_price"]]
    return wanted, rng.choice(others), wanted["category"]


def _picture_of(product: dict[str, Any]) -> str:
    return f"{SHOP}/media/catalog/product/{product['picture']}.jpg"


def _price(ask: Ask, rng: Random) -> Made:
    wanted, other, category = _pictured(ask, rng)
    right, wrong = (f"${money(row['final_price'])}" for row in (wanted, other))
    look = Step("goto", f"{SHOP}/{wanted['url_key']}.html")
    return Made(
        goal=f'What does the thing on this picture cost at the moment? It is in the category "{category}". Answer with the amount.',
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=({"kind": "answer", "name": "price", "form": "money", "value": right[1:]}, NOTHING_IN_SHOP),
        plan=(look, Step("stop", right)),
        miss=(look, Step("stop", wrong)),
        images=(_picture_of(wanted),),
    )


def _name_it(ask: Ask, rng: Random) -> Made:
    wanted, other, category = _pictured(ask, rng)
    place = some_forum(ask, rng)
    sql = f"SELECT forum_id, title FROM submission WHERE user_id = {ME} AND created >= unixepoch('2026-06-15 10:00')"  # noqa: S608 - a constant

    def posted(product: dict[str, Any]) -> tuple[Step, ...]:
        return (
            Step("goto", f"{FORUM}/submit/{place['name']}"),
            Step("type", "Title", value=product["name"]),
            Step("click", "Create submission", "button"),
            Step("stop"),
        )

    return Made(
        goal=f"Somebody in the forum {place['name']} would like to know what the thing on this picture is called. The shop sells it, "
        f'in the category "{category}". Post its whole name there as the title of a submission, with nothing else in it.',
        start=(f"{FORUM}/f/{place['name']}", f"{SHOP}/"),
        login={"shop": EMMA, "forum": MARVEL},
        checks=(
            rows("posted", sql, [], [[place["id"], wanted["name"]]]),
            only("nothing else in the forum", submission=[1, 0, 0], submission_vote=None),
            {**NOTHING_IN_SHOP, "name": "nothing in the shop"},
        ),
        plan=posted(wanted),
        miss=posted(other),
        images=(_picture_of(wanted),),
    )


TEMPLATES: Final = (
    Template("visual/clock", ("forum",), _clock, visual=True, turns=15),
    Template("visual/shapes", ("forum",), _shapes, visual=True, turns=15),
    Template("visual/there-or-not", ("forum",), _there_or_not, visual=True, turns=15),
    Template("visual/price", ("shop",), _price, visual=True, turns=25),
    Template("visual/name-it", ("shop", "forum"), _name_it, visual=True, turns=30),
)
