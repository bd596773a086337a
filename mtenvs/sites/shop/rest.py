"""The interface for programs: tokens, orders, products and reviews, at Magento's addresses and with its field names."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

import hmac
import json
import re
from typing import TYPE_CHECKING, Any, Final

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.shop.passwords import matches
from mtenvs.sites.shop.site import SITE, Row, every, one

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

_SIGNS: Final = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gteq": ">=",
    "from": ">=",
    "lt": "<",
    "lteq": "<=",
    "to": "<=",
    "like": "LIKE",
    "nlike": "NOT LIKE",
}
_ORDER_FIELDS: Final = {
    "entity_id": "id",
    "increment_id": "increment_id",
    "status": "status",
    "state": "status",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "grand_total": "grand_total / 100.0",
    "subtotal": "subtotal / 100.0",
    "customer_id": "customer_id",
    "customer_email": "customer_email",
    "customer_firstname": "customer_firstname",
    "customer_lastname": "customer_lastname",
    "total_qty_ordered": "total_qty",
}
_PRODUCT_FIELDS: Final = {
    "entity_id": "id",
    "sku": "sku",
    "name": "name",
    "price": "price / 100.0",
    "type_id": "type",
    "status": "2 - enabled",
    "visibility": "1 + 3 * visible",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "url_key": "url_key",
    "brand": "brand",
}
_MOST: Final = 300
_FILTER: Final = re.compile(
    r"searchCriteria\[(?:filter_groups|filterGroups)\]\[(\d{1,3})\]\[filters\]\[(\d{1,3})\]\[(field|value|condition_type|conditionType)\]"
)
_SORT: Final = re.compile(r"searchCriteria\[sortOrders\]\[(\d{1,3})\]\[(field|direction)\]")


def _both(path: str, method: str) -> Callable[[Any], Any]:
    """Declare a handler with and without the store's code in the path."""

    def keep(handler: Any) -> Any:
        for start in ("/rest/V1", "/rest/default/V1", "/rest/all/V1"):
            SITE.route(start + path, [method])(handler)
        return handler

    return keep


def _token(visit: Visit, kind: str, ident: int) -> str:
    """Of an administrator or a customer: worthless in other episodes, and nothing to store."""
    secret = hmac.new(visit.episode.token.encode(), f"rest {kind} {ident}".encode(), "sha256").hexdigest()[:32]
    return f"{kind[0]}{ident}{secret}"


def _holder(visit: Visit) -> tuple[str, int]:
    """Who the request's token was given to: kind and id; ``("", 0)`` for nobody."""
    given = visit.request.headers.get("authorization", "").removeprefix("Bearer ").strip().strip('"')
    found = re.fullmatch(r"([ac])(\d{1,9})[0-9a-f]{32}", given)
    if not found:
        return "", 0
    kind, ident = {"a": "admin", "c": "customer"}[found[1]], int(found[2])
    return (kind, ident) if hmac.compare_digest(given, _token(visit, kind, ident)) else ("", 0)


def _problem(visit: Visit, status: int, message: str) -> Response:
    return visit.json({"message": message}, status)


def _admin_only(handler: Callable[..., Response]) -> Callable[..., Response]:
    def guarded(visit: Visit, **parts: Any) -> Response:
        if _holder(visit)[0] != "admin":
            return _problem(visit, 401, "The consumer isn't authorized to access this resource.")
        return handler(visit, **parts)

    return guarded


def _credentials(visit: Visit) -> tuple[str, str]:
    body = visit.json_body() if visit.body else {"username": visit.text("username"), "password": visit.text("password")}
    if not isinstance(body, dict):
        raise Refused(400, "Username and password are expected.")
    return str(body.get("username", ""))[:255], str(body.get("password", ""))[:255]


@_both("/integration/admin/token", "POST")
def admin_token(visit: Visit) -> Response:
    """A token for an administrator's name and password."""
    return _signed_in(visit, "admin", "SELECT id, password FROM admin_user WHERE username = ? AND active")


@_both("/integration/customer/token", "POST")
def customer_token(visit: Visit) -> Response:
    """A token for a customer's e-mail address and password."""
    return _signed_in(visit, "customer", "SELECT id, password FROM customer WHERE email = ?")


def _signed_in(visit: Visit, kind: str, sql: str) -> Response:
    name, password = _credentials(visit)
    row = one(visit, sql, name)
    if row is None or not matches(password, row["password"]):
        return _problem(
            visit, 401, "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
        )
    return visit.json(_token(visit, kind, row["id"]))


def _found(visit: Visit, table: str, fields: dict[str, str], told: Callable[[Visit, Row], Row]) -> Response:
    """The rows that the search criteria ask for, each as it is ``told``, and how many there are on all pages.

    Raises:
        Refused: with 400, a field or condition that there is not.
    """
    groups: dict[str, dict[str, dict[str, str]]] = {}
    sorts: dict[str, dict[str, str]] = {}
    for name, value in visit.query.multi_items():
        if found := _FILTER.fullmatch(name):
            groups.setdefault(found[1], {}).setdefault(found[2], {})[found[3].replace("conditionType", "condition_type")] = value
        elif found := _SORT.fullmatch(name):
            sorts.setdefault(found[1], {})[found[2]] = value
    where, values = ["1"], list[Any]()
    for _, group in sorted(groups.items()):
        parts = []
        for _, rule in sorted(group.items()):
            parts.append(_condition(rule, fields, values))
        where.append("(" + " OR ".join(parts) + ")")
    order = []
    for _, sort in sorted(sorts.items()):
        direction = "ASC" if sort.get("direction", "").upper() == "ASC" else "DESC"
        order.append(f"{_column(sort.get('field', ''), fields)} {direction}")
        last = direction
    order.append(f"id {last if sorts else 'ASC'}")
    size = max(1, min(visit.number("searchCriteria[pageSize]", _MOST), _MOST))
    page = max(1, min(visit.number("searchCriteria[currentPage]", 1), 10**6))
    condition = " AND ".join(where)
    (total,) = visit.db.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values).fetchone()
    rows = every(
        visit, f"SELECT * FROM {table} WHERE {condition} ORDER BY {', '.join(order)} LIMIT ? OFFSET ?", *values, size, (page - 1) * size
    )
    return visit.json({"items": [told(visit, row) for row in rows], "search_criteria": _criteria(visit), "total_count": total})


def _single(visit: Visit, sql: str, value: object, told: Callable[[Visit, Row], Any], what: str) -> Response:
    """The one row that a query finds, as it is ``told``."""
    row = one(visit, sql, value)
    if row is None:
        return _problem(visit, 404, f"The {what} that was requested doesn't exist. Verify the {what} and try again.")
    return visit.json(told(visit, row))


def _column(name: str, fields: dict[str, str]) -> str:
    if name not in fields:
        raise Refused(400, "There is no such field.")
    return fields[name]


def _condition(rule: dict[str, str], fields: dict[str, str], values: list[Any]) -> str:
    column, kind, value = _column(rule.get("field", ""), fields), rule.get("condition_type", "eq"), rule.get("value", "")
    if kind in {"in", "nin"}:
        some = value.split(",")[:100]
        values += [_number(item) for item in some]
        return f"{column} {'NOT ' if kind == 'nin' else ''}IN ({', '.join('?' * len(some))})"
    if kind not in _SIGNS:
        raise Refused(400, "There is no such condition.")
    values.append(value if "like" in kind else _number(value))
    return f"{column} {_SIGNS[kind]} ?"


def _number(value: str) -> float | str:
    """What it is compared as: the order number 000000012 is a text, 12.5 a number."""
    return float(value) if re.fullmatch(r"-?([1-9]\d{0,12}|0)(\.\d{1,6})?", value) else value


def _criteria(visit: Visit) -> Row:
    return {"page_size": visit.number("searchCriteria[pageSize]", _MOST), "current_page": visit.number("searchCriteria[currentPage]", 1)}


@_both("/orders", "GET")
@_admin_only
def orders(visit: Visit) -> Response:
    """Orders by search criteria."""
    return _found(visit, "sales_order", _ORDER_FIELDS, _order)


@_both("/orders/{ident:int}", "GET")
@_admin_only
def order(visit: Visit, ident: int) -> Response:
    """One order by id."""
    return _single(visit, "SELECT * FROM sales_order WHERE id = ?", ident, _order, "entity")


def _order(visit: Visit, row: Row) -> Row:
    address = {a["kind"]: a for a in every(visit, "SELECT * FROM order_address WHERE order_id = ?", row["id"])}
    items = every(visit, "SELECT * FROM order_item WHERE order_id = ? ORDER BY id", row["id"])
    return {
        "entity_id": row["id"],
        "increment_id": row["increment_id"],
        "status": row["status"],
        "state": {"pending": "new"}.get(row["status"], row["status"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "customer_id": row["customer_id"],
        "customer_email": row["customer_email"],
        "customer_firstname": row["customer_firstname"],
        "customer_lastname": row["customer_lastname"],
        "subtotal": row["subtotal"] / 100,
        "shipping_amount": row["shipping"] / 100,
        "shipping_description": row["shipping_method"],
        "tax_amount": row["tax"] / 100,
        "discount_amount": -row["discount"] / 100,
        "grand_total": row["grand_total"] / 100,
        "total_paid": row["total_paid"] / 100,
        "total_refunded": row["total_refunded"] / 100,
        "total_qty_ordered": row["total_qty"],
        "total_item_count": len(items),
        "coupon_code": row["coupon_code"],
        "payment": {"method": row["payment_method"]},
        "billing_address": _address(address.get("billing")),
        "extension_attributes": {
            "shipping_assignments": [{"shipping": {"address": _address(address.get("shipping")), "method": row["shipping_method"]}}]
        },
        "items": [
            {
                "item_id": item["id"],
                "order_id": row["id"],
                "product_id": item["product_id"],
                "sku": item["sku"],
                "name": item["name"],
                "price": item["price"] / 100,
                "qty_ordered": item["qty_ordered"],
                "qty_invoiced": item["qty_invoiced"],
                "qty_shipped": item["qty_shipped"],
                "qty_refunded": item["qty_refunded"],
                "qty_canceled": item["qty_canceled"],
                "row_total": item["row_total"] / 100,
                "options": [{"label": label, "value": value} for label, value in json.loads(item["options"]).items()],
            }
            for item in items
        ],
    }


def _address(row: Row | None) -> Row | None:
    if row is None:
        return None
    kept = {name: row[name] for name in ("firstname", "lastname", "company", "city", "region", "postcode", "telephone")}
    return {**kept, "street": row["street"].split("\n"), "country_id": row["country"]}


@_both("/products", "GET")
@_admin_only
def products(visit: Visit) -> Response:
    """Products by search criteria."""
    return _found(visit, "product", _PRODUCT_FIELDS, _product)


@_both("/products/{sku}", "GET")
@_admin_only
def product(visit: Visit, sku: str) -> Response:
    """One product by SKU."""
    return _single(visit, "SELECT * FROM product WHERE sku = ?", sku, _product, "product")


def _product(visit: Visit, row: Row) -> Row:
    facts = every(visit, "SELECT code, value FROM product_attribute WHERE product_id = ?", row["id"])
    special = [] if row["special_price"] is None else [("special_price", f"{row['special_price'] / 100:.2f}")]
    texts = [(name, row[name]) for name in ("url_key", "brand", "description", "short_description")]
    return {
        "id": row["id"],
        "sku": row["sku"],
        "name": row["name"],
        "price": row["price"] / 100,
        "status": 1 if row["enabled"] else 2,
        "visibility": 4 if row["visible"] else 1,
        "type_id": row["type"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "weight": row["weight"] / 1000,
        "extension_attributes": {"stock_item": {"qty": row["qty"], "is_in_stock": bool(row["in_stock"])}},
        "custom_attributes": [
            {"attribute_code": code, "value": value} for code, value in (*texts, *special, *((f["code"], f["value"]) for f in facts))
        ],
    }


@_both("/products/{sku}/reviews", "GET")
@_admin_only
def product_reviews(visit: Visit, sku: str) -> Response:
    """All reviews of a product, read by an administrator or not, the newest last."""
    return _single(visit, "SELECT id FROM product WHERE sku = ?", sku, _reviews, "product")


def _reviews(visit: Visit, row: Row) -> list[Row]:
    return [_review(review) for review in every(visit, "SELECT * FROM review WHERE product_id = ? ORDER BY id", row["id"])]


def _review(row: Row) -> Row:
    rating = {"vote_id": row["id"], "rating_id": 4, "rating_name": "Rating", "percent": row["rating"] * 20, "value": row["rating"]}
    return {
        "id": row["id"],
        "title": row["title"],
        "detail": row["detail"],
        "nickname": row["nickname"],
        "ratings": [rating],
        "review_entity": "product",
        "review_type": 1,
        "review_status": {"approved": 1, "pending": 2, "not_approved": 3}[row["status"]],
        "created_at": row["created_at"],
        "entity_pk_value": row["product_id"],
        "store_id": 1,
    }
