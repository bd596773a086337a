"""Tasks of our own in the official schema, over our own shop and forum, each with steps that solve it and steps that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mtenvs.envs.web.own.tasks import start_data
from mtenvs.envs.web.own.template import Step

EMMA: Final = "emma.lopez@gmail.com"
PRODUCTS: Final = start_data(
    "shop",
    """SELECT id, sku, name, url_key FROM product p WHERE visible AND enabled AND in_stock AND qty > 20 AND type = 'simple' AND id NOT IN
    (SELECT product_id FROM wishlist_item) AND (SELECT count(*) FROM product q WHERE q.name = p.name) = 1 ORDER BY id LIMIT 2""",
)
ORDER: Final = start_data(
    "shop",
    """SELECT o.id, o.increment_id, o.grand_total FROM sales_order o JOIN customer c ON c.id = o.customer_id WHERE c.email = ?
    ORDER BY o.id DESC""",
    EMMA,
)[0]
TOTAL: Final = f"{ORDER['grand_total'] / 100:.2f}"
SHOP, FORUM, ADMIN = "__SHOPPING__", "__REDDIT__", "__SHOPPING_ADMIN__"


@dataclass(frozen=True)
class Case:
    """A task's fields, and how it is played; addresses in steps have placeholders."""

    name: str
    checks: dict[str, Any]
    right: tuple[Step, ...]
    wrong: tuple[Step, ...]
    start: str = SHOP
    sites: tuple[str, ...] = ("shopping",)
    intent: str = "Do it"


def stop(answer: str = "") -> Step:
    return Step("stop", answer)


def goto(address: str) -> Step:
    return Step("goto", address)


def html(url: str, locator: str, **wanted: Any) -> dict[str, Any]:
    return {"eval_types": ["program_html"], "program_html": [{"url": url, "locator": locator, "required_contents": wanted}]}


def page(number: int) -> str:
    return f"{SHOP}/{PRODUCTS[number]['url_key']}.html"


WISH: Final = Step("click", "Add to Wish List", "button")
EDIT_BIO: Final = (goto(f"{FORUM}/user/MarvelsGrantMan136/edit_biography"),)
BUY: Final = (
    goto(page(0)),
    Step("click", "Add to Cart", "button"),
    goto(f"{SHOP}/checkout/"),
    Step("click", "Fixed Flat Rate", "radio"),
    Step("click", "Next", "button"),
    Step("click", "Place Order", "button"),
)


def review(stars: int) -> tuple[Step, ...]:
    word = f"{stars} star" + ("s" if stars > 1 else "")
    return (
        goto(page(1)),
        Step("click", "Review", "tab", exact=False),
        Step("click", word, "radio"),
        Step("type", "Nickname", value="Emma"),
        Step("type", "Summary", value="Well"),
        Step("type", "Review", "textbox", "It works."),
        Step("click", "Submit Review", "button"),
        stop(),
    )


def post(title: str) -> tuple[Step, ...]:
    return (
        goto(f"{FORUM}/submit/books"),
        Step("type", "Title", value=title),
        Step("type", "Body", value="I have three days."),
        Step("click", "Create submission", "button"),
        stop(),
    )


_ITEMS: Final = "document.querySelector('.order-details-items.ordered').outerText"
_POSTED: Final = html("func:reddit_get_post_url('__last_url__')", "document.querySelector('.submission__inner').outerText", must_include=[
    "Which novel for a journey?", "I have three days.",
])  # fmt: skip
CASES: Final = (
    Case(
        "an answer",
        {"eval_types": ["string_match"], "reference_answers": {"must_include": [TOTAL]}},
        (goto(f"{SHOP}/sales/order/history/"), stop(f"It was ${TOTAL}.")),
        (stop("It was $1.23."),),
    ),
    Case(
        "an exact answer",
        {"eval_types": ["string_match"], "reference_answers": {"exact_match": ORDER["increment_id"]}},
        (stop(f'"{ORDER["increment_id"]}"'),),
        (stop(f"Number {ORDER['increment_id']}"),),
    ),
    Case(
        "one of two addresses",
        {"eval_types": ["url_match"], "reference_url": f"{SHOP}/contact |OR| {SHOP}/wishlist", "url_note": "GOLD in PRED"},
        (goto(f"{SHOP}/wishlist/"), stop()),
        (goto(f"{SHOP}/checkout/cart/"), stop()),
    ),
    Case(
        "a search",
        {"eval_types": ["url_match"], "reference_url": f"{SHOP}/catalogsearch/result/?q=lamp", "url_note": "GOLD in PRED"},
        (Step("type", "Search", value="lamp"), Step("press", "Enter"), stop()),
        (Step("type", "Search", value="chair"), Step("press", "Enter"), stop()),
    ),
    Case(
        "a wish",
        html(f"{SHOP}/wishlist/", "document.querySelector('.products-grid.wishlist').outerText", must_include=[PRODUCTS[0]["name"]]),
        (goto(page(0)), WISH, stop()),
        (goto(page(1)), WISH, stop()),
    ),
    Case(
        "from the open tabs",
        html(f"{SHOP}/wishlist/", "", must_include=[f"{PRODUCTS[0]['name']} |OR| no such thing"]),
        (WISH, stop()),  # the first tab is the active one
        (Step("tab", PRODUCTS[1]["name"]), WISH, stop()),
        start=f"{page(0)} |AND| {page(1)}",
    ),
    Case(
        "the latest order",
        html("func:shopping_get_latest_order_url()", _ITEMS, must_include=[PRODUCTS[0]["sku"], PRODUCTS[0]["name"]]),
        (*BUY, stop()),
        (*BUY[:-1], stop()),
    ),
    Case(
        "the latest review",
        html("last", f"func:shopping_get_sku_latest_review_rating('{PRODUCTS[1]['sku']}')", must_include=["80"]),
        review(4),
        review(2),
    ),
    Case("a post", _POSTED, post("Which novel for a journey?"), post("Which song for a journey?"), FORUM, ("reddit",)),
    Case(
        "address and page",
        {
            **html("last", "document.querySelector('.submission__title').outerText", exact_match="Which novel for a journey?"),
            "eval_types": ["url_match", "program_html"],
            "reference_url": f"{FORUM}/f/books",
            "url_note": "GOLD in PRED",
        },
        post("Which novel for a journey?"),
        (*post("Which novel for a journey?")[:-1], goto(f"{FORUM}/f/movies"), stop()),
        FORUM,
        ("reddit",),
    ),
    Case(
        "a biography",
        html(f"{FORUM}/user/MarvelsGrantMan136", "document.querySelector('.user-bio__biography').outerText", exact_match="I bake."),
        (
            goto(f"{FORUM}/user/MarvelsGrantMan136/edit_biography"),
            Step("type", "Biography", value="I bake."),
            Step("click", "Save"),
            stop(),
        ),
        (
            goto(f"{FORUM}/user/MarvelsGrantMan136/edit_biography"),
            Step("type", "Biography", value="I cook."),
            Step("click", "Save"),
            stop(),
        ),
        FORUM,
        ("reddit",),
    ),
    Case(
        "across sites, logged in on both",
        {
            "eval_types": ["program_html"],
            "program_html": [
                *html(f"{SHOP}/customer/account/", "", must_include=[EMMA])["program_html"],
                *html(FORUM, "", must_include=["MarvelsGrantMan136"])["program_html"],
                *html(f"{SHOP}/wishlist/", "", must_include=[PRODUCTS[0]["name"]])["program_html"],
            ],
        },
        (goto(f"{FORUM}/f/books"), goto(page(0)), WISH, stop()),
        (goto(f"{FORUM}/f/books"), stop()),
        f"{SHOP} |AND| {FORUM}",
        ("shopping", "reddit"),
    ),
    Case(
        "the administration",
        {
            **html("last", "document.querySelector('h1').outerText", must_include=["Orders"]),
            "eval_types": ["url_match", "program_html"],
            "reference_url": f"{ADMIN}/sales/order",
            "url_note": "GOLD in PRED",
        },
        (goto(f"{ADMIN}/sales/order/"), stop()),
        (goto(f"{ADMIN}/customer/index/"), stop()),
        ADMIN,
        ("shopping_admin",),
    ),
)
