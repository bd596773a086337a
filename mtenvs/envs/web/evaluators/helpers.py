"""The ``func:`` forms in official task files: calls of a fixed list of helpers, read by hand and never evaluated."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlparse

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators import scripts
from mtenvs.envs.web.evaluators.magento import Magento
from mtenvs.envs.web.evaluators.pages import Page, PageError

PREFIX: Final = "func:"
_PAGE, _LAST = "__page__", "__last_url__"


@dataclass(frozen=True, slots=True)
class HelperCall:
    """A call of a helper.

    Args:
        name: of the helper.
        arguments: texts; None stands for the page.
    """

    name: str
    arguments: tuple[str | None, ...]


def read_helper(text: str) -> HelperCall:
    """A ``func:name(arguments)`` text as data.

    Raises:
        DataError: it is no such call, or of a helper that neither suite has.
    """
    body = text.partition(PREFIX)[2].strip()
    try:
        call = ast.parse(body, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        raise DataError(f"{text!r} is no call of a helper") from e
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        raise DataError(f"{text!r} is no call of a helper")
    arguments: list[str | None] = []
    for given in call.args:
        if isinstance(given, ast.Name) and given.id == _PAGE:
            arguments.append(None)
        elif isinstance(given, ast.Constant) and isinstance(given.value, str):
            arguments.append(given.value)
        else:
            raise DataError(f"{text!r} has an argument that is neither {_PAGE} nor a text")
    name, count = call.func.id, len(arguments)
    known = PAGE_HELPERS.get(name) or SHOP_HELPERS.get(name)
    if known is None and name != "reddit_get_post_url":
        raise DataError(f"{text!r} calls a helper that neither suite has")
    takes_page = name in PAGE_HELPERS
    expected = (known[1] + takes_page) if known else 1
    if count != expected or [a is None for a in arguments] != [takes_page and i == 0 for i in range(count)]:
        raise DataError(f"{text!r} has other arguments than {name} takes")
    return HelperCall(name, tuple(arguments))


def address_by(text: str, last_url: str, shop: Magento | None) -> str:
    """The address that a helper names.

    Args:
        text: such as ``"func:shopping_get_latest_order_url()"``.
        last_url: of the agent's active tab.
        shop: None where the shop's address is not set.

    Raises:
        DataError: no such helper, or it gives no address.
        PageError: the site does not answer.
    """
    call = read_helper(text)
    arguments = [last_url if a == _LAST else str(a) for a in call.arguments]
    if call.name == "reddit_get_post_url":
        return post_url(arguments[0])
    if call.name in SHOP_HELPERS:
        return _of_shop(call.name, arguments, shop)
    raise DataError(f"{text!r} gives no address")


def value_by(text: str, page: Page, last_url: str, shop: Magento | None) -> str | float:
    """What a helper reads, from the page or from the shop's REST interface; arguments as in `address_by`.

    Raises:
        DataError: no such helper.
        PageError: the shop does not answer.
    """
    call = read_helper(text)
    arguments = [last_url if a == _LAST else a for a in call.arguments if a is not None]
    if call.name in PAGE_HELPERS:
        return PAGE_HELPERS[call.name][0](page, *arguments)
    if call.name in SHOP_HELPERS:
        return _of_shop(call.name, arguments, shop)
    return post_url(*arguments)


def post_url(url: str) -> str:
    """The address of the submission that an address of Postmill belongs to; any other address unchanged."""
    parts = urlparse(url)
    steps = parts.path.split("/")
    if len(steps) < 4 or steps[1] != "f":
        return url
    return f"{parts.scheme}://{parts.netloc}/f/{steps[2]}/{steps[3]}/"


def _of_shop(name: str, arguments: list[str], shop: Magento | None) -> str:
    if shop is None:
        raise PageError(f"{name} asks the shop, whose address is not set")
    return SHOP_HELPERS[name][0](shop, *arguments)


def _read(page: Page, script: str, otherwise: Any) -> Any:
    try:
        return page.evaluate(script)
    except PageError:
        return otherwise


def _lines(page: Page) -> list[Mapping[str, Any]]:
    found = _read(page, scripts.ORDER_LINES, None)
    return found if isinstance(found, list) else []


def _names(page: Page) -> str:
    try:
        return " |OR| ".join(line["name"] for line in _lines(page))
    except KeyError:
        return ""


def _quantity(page: Page, skus: str) -> int:
    wanted = skus.split(" |OR| ")
    try:
        for line in _lines(page):
            if line["sku"].strip() in wanted:
                return int(line["qty"][len("Ordered") :])
    except (KeyError, ValueError):
        return 0
    return 0


def _option(page: Page, sku: str, option: str) -> str:
    try:
        return next((str(line["options"][option]) for line in _lines(page) if line["sku"].strip() == sku), "")
    except KeyError:
        return ""


Comment = Mapping[str, Any]


def _tree(page: Page) -> Comment | None:
    found = _read(page, scripts.COMMENTS, None)
    return found if isinstance(found, Mapping) else None


def _latest(page: Page, user: str) -> str:
    """The text of a user's newest comment; the earlier one in the page where two are of the same time."""
    best: Comment | None = None
    stack = [root] if (root := _tree(page)) else []
    while stack:
        node = stack.pop()
        if node["username"] == user and (best is None or _time(node) > _time(best)):
            best = node
        stack.extend(reversed(node["children"]))
    return str(best["content"]) if best else ""


def _answered(page: Page, user: str) -> str:
    """Who wrote what a user's newest comment answers; comments below the user's own are not looked at, as upstream."""
    best: tuple[float, str] | None = None
    stack = [root] if (root := _tree(page)) else []
    while stack:
        node = stack.pop()
        below = []
        for child in node["children"]:
            if child["username"] != user:
                below.append(child)
            elif best is None or _time(child) > best[0]:
                best = _time(child), str(node["username"])
        stack.extend(reversed(below))
    return best[1] if best else ""


def _time(node: Comment) -> float:
    return float(node["time"] or 0)


PageHelper = tuple[Callable[..., "str | float"], int]  # and how many texts it takes
PAGE_HELPERS: Final[Mapping[str, PageHelper]] = {
    "get_query_text": (lambda page, selector: str(_read(page, scripts.text_of(selector), "")), 1),
    "get_query_text_lowercase": (lambda page, selector: str(_read(page, scripts.text_of(selector), "")).lower(), 1),
    "gitlab_get_project_memeber_role": (lambda page, account: str(_read(page, scripts.role_of(account), "")), 1),
    "reddit_get_latest_comment_content_by_username": (_latest, 1),
    "reddit_get_parent_comment_username_of_latest_comment_by_username": (_answered, 1),
    "shopping_get_num_reviews": (lambda page: _read(page, scripts.REVIEW_COUNT, 0), 0),
    "shopping_get_order_product_name_list": (_names, 0),
    "shopping_get_order_product_option": (_option, 2),
    "shopping_get_order_product_quantity": (_quantity, 1),
    "shopping_get_product_attributes": (lambda page, names: str(_read(page, scripts.details(names), "")), 1),
    "shopping_get_product_price": (lambda page: _read(page, scripts.PRICE, 0), 0),
    "shopping_get_rating_as_percentage": (lambda page: _read(page, scripts.RATING, 0), 0),
}
ShopHelper = tuple[Callable[..., str], int]
SHOP_HELPERS: Final[Mapping[str, ShopHelper]] = {
    "shopping_get_latest_order_url": (lambda shop: shop.latest_order(), 0),
    "shopping_get_sku_latest_review_author": (lambda shop, sku: shop.latest_review(sku, "nickname"), 1),
    "shopping_get_sku_latest_review_rating": (lambda shop, sku: shop.latest_review(sku, "rating"), 1),
    "shopping_get_sku_latest_review_text": (lambda shop, sku: shop.latest_review(sku, "detail"), 1),
    "shopping_get_sku_latest_review_title": (lambda shop, sku: shop.latest_review(sku, "title"), 1),
    "shopping_get_sku_product_page_url": (lambda shop, sku: shop.product_page(sku), 1),
}
