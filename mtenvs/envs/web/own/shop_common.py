"""What the tasks in the shop share: where it is, who shops there, and how money is written."""

from __future__ import annotations

from typing import Any, Final

SHOP: Final = "http://shop.localhost"
EMMA: Final = "emma.lopez@gmail.com"
NOTHING_CHANGED: Final[dict[str, Any]] = {"kind": "only", "name": "nothing changed", "site": "shop"}
MINE: Final = "customer_id = (SELECT id FROM customer WHERE email = 'emma.lopez@gmail.com')"
"""In SQL: rows that are Emma's."""
LOOKS_ALONE: Final = """rtrim(picture, '0123456789') IN
(SELECT rtrim(picture, '0123456789') FROM product WHERE visible GROUP BY 1 HAVING count(*) = 1)"""
"""In SQL: products like no other on show: pictures whose names differ in the number alone differ in the backdrop alone."""


def money(cents: int) -> str:
    """Dollars and cents, such as ``"12.50"``."""
    return f"{cents / 100:.2f}"


def only(name: str, **tables: list[int] | None) -> dict[str, Any]:
    """The check that nothing but these tables changed, and those as often as said: ``[added, changed, removed]`` or None."""
    return {"kind": "only", "name": name, "site": "shop", "tables": tables}


def rows(name: str, sql: str, values: list[Any], equals: list[list[Any]]) -> dict[str, Any]:
    """The check that a query gives exactly these rows."""
    return {"kind": "rows", "name": name, "site": "shop", "sql": sql, "values": values, "equals": equals}
