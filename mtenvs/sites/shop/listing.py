"""Lists of products: filters, order, paging, and how many there are of each; for categories and searches alike."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.site import Row, every, money, one

SHOWN: Final = "p.enabled AND p.visible AND p.parent_id IS NULL"
COLUMNS: Final = (
    "p.id, p.sku, p.type, p.name, p.url_key, p.brand, p.price, p.special_price, p.final_price, p.sale, p.picture, p.short_description,"
    " p.review_count, p.rating_sum,"
    " CASE p.type WHEN 'simple' THEN p.in_stock AND p.qty > 0 ELSE p.in_stock AND EXISTS"
    " (SELECT 1 FROM product v WHERE v.parent_id = p.id AND v.enabled AND v.in_stock AND v.qty > 0) END AS salable"
)
MODES: Final = {"grid": (12, 24, 36), "list": (10, 15, 20, 25)}
_STEPS: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
_OF_VARIANTS: Final = (
    "SELECT p.id, a.value FROM {0} JOIN product v ON v.parent_id = p.id AND v.enabled"
    " JOIN product_attribute a ON a.product_id = v.id AND a.code = 'color' WHERE {1}"
)
_ITS_OWN: Final = "SELECT p.id, a.value FROM {0} JOIN product_attribute a ON a.product_id = p.id AND a.code = 'color' WHERE {1}"
_FACETS: Final = {  # filter -> its label, and the selects of all products with their values, given tables and condition
    "brand": ("Brand", ["SELECT p.id, p.brand AS value FROM {0} WHERE {1} AND p.brand <> ''"]),
    "color": ("Color", [_ITS_OWN, _OF_VARIANTS]),
}


@dataclass
class Listing:
    """A page of a list.

    Args:
        products: on this page.
        total: of all pages.
        page: this page's number, from 1.
        pages: how many there are.
        limit: products on a page.
        mode: ``"grid"`` or ``"list"``.
        order: code of the order.
        direction: ``"asc"`` or ``"desc"``.
        orders: code -> label of what the list can be ordered by.
        prices: the price filter's choices: label, value and count.
        facets: the other filters' choices: parameter, label and choices.
        chosen: the filters that are set: parameter, label and value.
    """

    products: list[Row]
    total: int
    page: int
    pages: int
    limit: int
    mode: str
    order: str
    direction: str
    orders: dict[str, str]
    prices: list[tuple[str, str, int]] = field(default_factory=list)
    facets: list[tuple[str, str, list[tuple[str, int]]]] = field(default_factory=list)
    chosen: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Number of the first product on this page."""
        return (self.page - 1) * self.limit + 1

    @property
    def last(self) -> int:
        """Number of the last product on this page."""
        return min(self.total, self.page * self.limit)

    @property
    def near(self) -> list[int]:
        """Pages to jump to."""
        start = max(1, min(self.page - 2, self.pages - 4))
        return list(range(start, min(self.pages, start + 4) + 1))

    @property
    def limits(self) -> tuple[int, ...]:
        """How many products a page may have."""
        return MODES[self.mode]


def price_range(text: str) -> tuple[int, int] | None:
    """``"0-50"`` as cents from and below; an end may be missing. None: it is no such range."""
    found = re.fullmatch(r"(\d{0,9}(?:\.\d{1,2})?)-(\d{0,9}(?:\.\d{1,2})?)", text)
    if not found or text == "-":
        return None
    low, high = found.groups()
    return round(float(low or 0) * 100), round(float(high) * 100) if high else 10**12


def make_listing(visit: Visit, source: str, where: str, values: list[Any], orders: dict[str, tuple[str, str, str]]) -> Listing:
    """The page that the visit's parameters ask for.

    Args:
        visit: with the parameters.
        source: tables, ``product p`` among them.
        where: condition.
        values: for the condition's marks.
        orders: code -> label, SQL expression and usual direction; the usual order first.
    """
    where, values = f"{where} AND {SHOWN}", list(values)
    chosen: list[tuple[str, str, str]] = []
    span = price_range(visit.query.get("price", ""))
    if span:
        label = f"{money(span[0])} - {money(span[1] - 1)}" if span[1] < 10**12 else f"{money(span[0])} and above"
        chosen.append(("price", "Price", label))
    for name, (label, _) in _FACETS.items():
        value = visit.query.get(name, "")[:100]
        if value:
            where += " AND p.brand = ?" if name == "brand" else " AND " + _HAS_COLOR
            values += [value] if name == "brand" else [value, value]
            chosen.append((name, label, value))
    if span:
        where, values = f"{where} AND p.final_price >= ? AND p.final_price < ?", [*values, *span]
    prices = [] if span else _price_choices(visit, source, where, values)
    facets = _facets(visit, source, where, values, {name for name, _, _ in chosen})
    (total,) = visit.db.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchone()
    mode = "list" if visit.query.get("product_list_mode") == "list" else "grid"
    asked = visit.query.get("product_list_limit", "")
    limit = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 and int(asked) in MODES[mode] else MODES[mode][0]
    order = visit.query.get("product_list_order", "")
    order = order if order in orders else next(iter(orders))
    direction = visit.query.get("product_list_dir", "")
    direction = direction if direction in {"asc", "desc"} else orders[order][2]
    pages = max(1, -(-total // limit))
    page = min(visit.page_number(), pages)
    by = f"{orders[order][1]} {direction}, p.id"
    products = every(
        visit, f"SELECT {COLUMNS} FROM {source} WHERE {where} ORDER BY {by} LIMIT ? OFFSET ?", *values, limit, (page - 1) * limit
    )
    labels = {code: label for code, (label, _, _) in orders.items()}
    return Listing(products, total, page, pages, limit, mode, order, direction, labels, prices, facets, chosen)


_HAS_COLOR: Final = (
    "(EXISTS (SELECT 1 FROM product_attribute a WHERE a.product_id = p.id AND a.code = 'color' AND a.value = ?) OR EXISTS"
    " (SELECT 1 FROM product v JOIN product_attribute a ON a.product_id = v.id AND a.code = 'color' WHERE v.parent_id = p.id AND"
    " v.enabled AND a.value = ?))"
)


def _price_choices(visit: Visit, source: str, where: str, values: list[Any]) -> list[tuple[str, str, int]]:
    """Ranges of equal width, few of them, and only those with products in them."""
    span = one(visit, f"SELECT min(p.final_price) AS low, max(p.final_price) AS high, count(*) AS n FROM {source} WHERE {where}", *values)
    if not span or (span["n"] or 0) < 2 or span["low"] == span["high"]:
        return []
    step = next((step for step in _STEPS if span["high"] // step - span["low"] // step <= 7), 100_000)
    rows = every(visit, f"SELECT p.final_price / {step} AS part, count(*) AS n FROM {source} WHERE {where} GROUP BY 1 ORDER BY 1", *values)
    found = []
    for row in rows[:12]:
        low, high = row["part"] * step, (row["part"] + 1) * step
        found.append((f"{money(low)} - {money(high - 1)}", f"{low // 100}-{high // 100}", row["n"]))
    return found


def _facets(visit: Visit, source: str, where: str, values: list[Any], done: set[str]) -> list[tuple[str, str, list[tuple[str, int]]]]:
    found = []
    for name, (label, selects) in _FACETS.items():
        if name in done:
            continue
        union = " UNION ALL ".join(select.format(source, where) for select in selects)
        sql = f"SELECT value, count(DISTINCT id) AS n FROM ({union}) GROUP BY value ORDER BY n DESC, value LIMIT 14"
        rows = every(visit, sql, *values * len(selects))
        if len(rows) > 1:
            found.append((name, label, [(row["value"], row["n"]) for row in rows]))
    return found
