"""Tasks that cannot be done without looking at pictures."""

from __future__ import annotations

import calendar
import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.forum_common import FORUM, MARVEL, ME, NOTHING_CHANGED, UNIQUE, only, rows, some_forum
from mtenvs.envs.web.own.shop_common import EMMA, LOOKS_ALONE, MINE, SHOP
from mtenvs.envs.web.own.shop_common import only as shop_only
from mtenvs.envs.web.own.shop_common import rows as shop_rows
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_PICTURED: Final = f"""SELECT s.id, s.title, s.image, f.name AS forum, p.scene FROM submission s JOIN forum f ON f.id = s.forum_id
  JOIN picture p ON p.name = s.image WHERE NOT s.deleted AND s.user_id != {ME} AND s.title IN {UNIQUE} AND s.title NOT LIKE '%"%'
  AND s.id NOT IN (SELECT submission_id FROM submission_vote WHERE user_id = {ME}) ORDER BY s.id"""  # noqa: S608 - constants

_COUNTED: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def scenes(ask: Ask, kind: str, untold: str = "") -> list[dict[str, Any]]:
    """Submissions with a picture of a kind; ``untold`` names a part of the scene that the title must not give away."""
    found = [{**row, "scene": json.loads(row["scene"])} for row in ask("forum", _PICTURED)]
    chosen = [row for row in found if row["scene"]["kind"] == kind]
    return [row for row in chosen if not untold or not _tells(row["title"], str(row["scene"][untold]))]


def _tells(title: str, value: str) -> bool:
    """Whether a title says a value, in digits or in words."""
    words = (value, *_COUNTED[int(value) : int(value) + 1]) if value.isdigit() else (value,)
    return any(word.casefold() in title.casefold() for word in words)


def _alone(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose scene nobody else has shown in the same forum, so that no other picture there looks alike."""
    count = Counter((row["forum"], str(row["scene"])) for row in posts)
    return [row for row in posts if count[row["forum"], str(row["scene"])] == 1]


def asked(ask: Ask, rng: Random, kind: str, part: str, question: str, form: str, also: Callable[[str], list[str]] | None = None) -> Made:
    """A question on one picture, answered from its scene; ``also`` gives other words for the same."""
    posts = scenes(ask, kind, part)
    post = rng.choice(posts)
    value = post["scene"][part]
    truth = value if also is None else [value, *also(value)]
    others = sorted({row["scene"][part] for row in posts} - {value}) or [f"no {value}"]
    look = Step("goto", f"{FORUM}/f/{post['forum']}/{post['id']}")
    return Made(
        goal=f'Look at the picture of the submission "{post["title"]}" in the forum {post["forum"]}. {question}',
        start=(f"{FORUM}/",),
        login={"forum": MARVEL},
        checks=({"kind": "answer", "name": "answer", "form": form, "value": truth}, NOTHING_CHANGED),
        plan=(look, Step("stop", value)),
        miss=(look, Step("stop", rng.choice(others))),
    )


def _scores(score: str) -> list[str]:
    return [score.replace(":", mark) for mark in ("-", " - ", " : ", " to ")]


def _days_and_months(label: str) -> list[str]:
    return [name for name in (*calendar.day_name, *calendar.month_name) if name[:3] == label]


def _scoreboard(ask: Ask, rng: Random) -> Made:
    return asked(ask, rng, "scoreboard", "score", "Which score is on the board? Answer such as 1:0.", "one_of", _scores)


def _sign(ask: Ask, rng: Random) -> Made:
    return asked(ask, rng, "sign", "text", "What does the sign say?", "text")


def _candles(ask: Ask, rng: Random) -> Made:
    return asked(ask, rng, "cake", "candles", "How many candles are on the cake? Answer with a number.", "number")


def _books(ask: Ask, rng: Random) -> Made:
    return asked(ask, rng, "books", "count", "How many books are there? Answer with a number.", "number")


def _peak(ask: Ask, rng: Random) -> Made:
    return asked(ask, rng, "chart", "peak", "Which label of the chart has the largest value?", "one_of", _days_and_months)


def _mark(ask: Ask, rng: Random) -> Made:
    return asked(
        ask, rng, "mug", "mark", "What is on the mug? Answer with one word.", "one_of", lambda mark: [f"{mark}s", f"a {mark}", f"an {mark}"]
    )


def _vote_for_picture(ask: Ask, rng: Random) -> Made:
    posts = _alone(scenes(ask, rng.choice(("landscape", "animal", "meme", "keyboard", "pizza"))))
    post = rng.choice(posts)
    other = rng.choice([row for row in posts if row["id"] != post["id"]])
    sql = f"SELECT submission_id, choice FROM submission_vote WHERE user_id = {ME} AND submission_id = ?"  # noqa: S608 - a constant

    def voted(row: dict[str, Any]) -> tuple[Step, ...]:
        return Step("goto", f"{FORUM}/f/{row['forum']}/{row['id']}"), Step("click", "Upvote", "button"), Step("stop")

    return Made(
        goal=f"Somebody posted this very picture in the forum {post['forum']}. Upvote that submission.",
        start=(f"{FORUM}/f/{post['forum']}/new",),
        login={"forum": MARVEL},
        checks=(
            rows("voted", sql, [post["id"]], [[post["id"], 1]]),
            only("nothing else", submission_vote=[1, 0, 0], submission=[0, 1, 0]),
        ),
        plan=voted(post),
        miss=voted(other),
        images=(f"{FORUM}/submission_images/{post['image']}",),
    )


def _repost(ask: Ask, rng: Random) -> Made:
    post, forum = rng.choice(scenes(ask, "landscape")), some_forum(ask, rng)
    title = f"Seen elsewhere, number {rng.randint(100, 999)}"
    sql = f"""SELECT forum_id, title, image IS NOT NULL FROM submission WHERE user_id = {ME}
      AND created >= unixepoch('2026-06-15 10:00')"""  # noqa: S608 - a constant
    fill = (
        Step("goto", f"{FORUM}/submit/{forum['name']}"),
        Step("click", "Image", "radio"),
        Step("upload", "Image", value="picture_0.png"),
        Step("type", "Title", value=title),
    )
    return Made(
        goal=f'Post this picture, the file picture_0.png, in the forum {forum["name"]} under the title "{title}".',
        start=(f"{FORUM}/",),
        login={"forum": MARVEL},
        checks=(
            rows("posted", sql, [], [[forum["id"], title, 1]]),
            only("nothing else", submission=[1, 0, 0], submission_vote=None, picture=None),
        ),
        plan=(*fill, Step("click", "Create submission", "button"), Step("stop")),
        miss=(*fill, Step("stop")),
        images=(f"{FORUM}/submission_images/{post['image']}",),
    )


def _wish_for_picture(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        f"""SELECT id, name, url_key, picture FROM product p WHERE visible AND enabled AND in_stock AND type = 'simple' AND id NOT IN
        (SELECT product_id FROM wishlist_item) AND {LOOKS_ALONE} ORDER BY id""",  # noqa: S608 - a constant
    )
    wanted, other = rng.sample(found, 2)
    sql = f"SELECT count(*) FROM wishlist_item WHERE {MINE} AND product_id = ?"  # noqa: S608 - a constant

    def added(product: dict[str, Any]) -> tuple[Step, ...]:
        return Step("goto", f"{SHOP}/{product['url_key']}.html"), Step("click", "Add to Wish List", "button"), Step("stop")

    category = ask(
        "shop",
        """SELECT c.name FROM category c JOIN product_category pc ON pc.category_id = c.id
        WHERE pc.product_id = ? ORDER BY c.level DESC LIMIT 1""",
        wanted["id"],
    )[0]["name"]
    return Made(
        goal=f'I like the thing on this picture. It is in the category "{category}". Put exactly that one on my wish list.',
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=(shop_rows("on the list", sql, [wanted["id"]], [[1]]), shop_only("nothing else", wishlist_item=[1, 0, 0])),
        plan=added(wanted),
        miss=added(other),
        images=(f"{SHOP}/media/catalog/product/{wanted['picture']}.jpg",),
    )


TEMPLATES: Final = (
    Template("visual/scoreboard", ("forum",), _scoreboard, visual=True, turns=15),
    Template("visual/sign", ("forum",), _sign, visual=True, turns=15),
    Template("visual/candles", ("forum",), _candles, visual=True, turns=15),
    Template("visual/books", ("forum",), _books, visual=True, turns=15),
    Template("visual/chart", ("forum",), _peak, visual=True, turns=15),
    Template("visual/mug", ("forum",), _mark, visual=True, turns=15),
    Template("visual/vote", ("forum",), _vote_for_picture, visual=True, turns=25),
    Template("visual/repost", ("forum",), _repost, visual=True, turns=20),
    Template("visual/wish", ("shop",), _wish_for_picture, visual=True, turns=25),
)
