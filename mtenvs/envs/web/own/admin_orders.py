"""Tasks in the administration that carry orders through, ask its reports, and change what the shop says of itself."""

from __future__ import annotations

import calendar
from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.admin import ADMIN, of_status, view
from mtenvs.envs.web.own.shop_common import NOTHING_CHANGED, only, rows
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_STOP: Final = Step("stop")
_CARRIERS: Final = (("ups", "United Parcel Service", "1Z"), ("fedex", "Federal Express", "6129"), ("dhl", "DHL", "JD0"))
_TITLES: Final = ("Who we are", "Our story", "Meet the shop", "Help and contact", "What we stand for")


def _made(goal: str, checks: tuple[dict[str, Any], ...], plan: tuple[Step, ...], miss: tuple[Step, ...]) -> Made:
    return Made(goal, (ADMIN,), checks, plan, miss, login={"admin": "admin"})


def _cancel(ask: Ask, rng: Random) -> Made:
    order, other = rng.sample(of_status(ask, "pending"), 2)
    sql = "SELECT id, status FROM sales_order WHERE id IN (?, ?) ORDER BY id"
    cancel = (Step("click", "Cancel", "button"), Step("click", "OK", "button"), _STOP)
    return _made(
        f"The customer of order #{order['number']} does not want it any more. Cancel the order.",
        (
            rows("canceled", sql, [order["id"], order["id"]], [[order["id"], "canceled"]]),
            only("nothing else", sales_order=[0, 1, 0], order_item=None, order_comment=None, product=None),
        ),
        (view(order), *cancel),
        (view(other), *cancel),
    )


def _ship(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        """SELECT *, printf('%09d', id) AS number FROM sales_order o WHERE status = 'processing' AND id IN (SELECT order_id FROM invoice)
        AND id NOT IN (SELECT order_id FROM shipment) ORDER BY id""",
    )
    order, (code, carrier, start) = rng.choice(found), rng.choice(_CARRIERS)
    tracking = f"{start}{rng.randint(10**9, 10**10 - 1)}"
    sql = """SELECT s.order_id, t.carrier, t.number FROM shipment s LEFT JOIN shipment_track t ON t.shipment_id = s.id
      WHERE s.created_at >= '2026-06-15'"""
    left = "SELECT sum(qty_ordered - qty_shipped) FROM order_item WHERE order_id = ?"

    def sent(by: str, number: str) -> tuple[Step, ...]:
        return (
            Step("goto", f"{ADMIN}/admin/order_shipment/new/order_id/{order['id']}/"),
            Step("select", "Carrier 1", value=by),
            Step("type", "Tracking number 1", value=number),
            Step("click", "Submit Shipment", "button"),
            _STOP,
        )

    what = {"shipment": [1, 0, 0], "shipment_item": None, "shipment_track": [1, 0, 0], "order_item": None, "sales_order": [0, 1, 0]}
    return _made(
        f"Order #{order['number']} has left the house, all of it, with {carrier} under the tracking number {tracking}. Make the shipment.",
        (
            rows("shipped", sql, [], [[order["id"], code, tracking]]),
            rows("whole", left, [order["id"]], [[0]]),
            only("nothing else", **what, order_comment=None),
        ),
        sent(carrier, tracking),
        sent(carrier, tracking[:-1]),
    )


def _page_title(ask: Ask, rng: Random) -> Made:
    pages = ask("shop", "SELECT id, title FROM cms_page WHERE identifier IN ('about-us', 'customer-service', 'privacy-policy') ORDER BY id")
    page, title = rng.choice(pages), rng.choice(_TITLES)
    edit = (Step("goto", f"{ADMIN}/cms/page/edit/page_id/{page['id']}/"), Step("type", "Page Title", value=title))
    return _made(
        f'Change the title of the page "{page["title"]}" on our site to "{title}".',
        (
            rows("changed", "SELECT title FROM cms_page WHERE id = ?", [page["id"]], [[title]]),
            only("nothing else", cms_page=[0, 1, 0]),
        ),
        (*edit, Step("click", "Save", "button"), _STOP),
        (*edit, _STOP),
    )


def _told(goal: str, form: str, value: Any, page: str, wrong: str) -> Made:
    look = Step("goto", f"{ADMIN}/{page}")
    check = {"kind": "answer", "name": "answer", "form": form, "value": value}
    return _made(goal, (check, NOTHING_CHANGED), (look, Step("stop", str(value))), (look, Step("stop", wrong)))


def _term_uses(ask: Ask, rng: Random) -> Made:
    term = rng.choice(ask("shop", "SELECT query_text AS said, popularity AS uses FROM search_query WHERE popularity > 1 ORDER BY id"))
    goal = f'How often have people searched our shop for "{term["said"]}"? Answer with the number of uses.'
    return _told(goal, "number", term["uses"], "search/term/", str(term["uses"] + 1))


def _bestseller(ask: Ask, rng: Random) -> Made:
    sold = ask(
        "shop",
        """SELECT substr(o.created_at, 1, 7) AS month, i.sku, sum(i.qty_ordered) AS qty FROM order_item i JOIN sales_order o
        ON o.id = i.order_id WHERE o.status <> 'canceled' AND o.created_at < '2026-06-01' GROUP BY month, i.sku ORDER BY month, qty DESC""",
    )
    months: dict[str, list[dict[str, Any]]] = {}
    for row in sold:
        months.setdefault(row["month"], []).append(row)
    clear = sorted(month for month, best in months.items() if len(best) > 1 and best[0]["qty"] > best[1]["qty"])
    month = rng.choice(clear)
    year, number = month.split("-")
    goal = (
        f"Which product did we sell the most pieces of in {calendar.month_name[int(number)]} {year}, by the date of the orders and without "
        "canceled ones? Answer with its SKU."
    )
    return _told(goal, "code", months[month][0]["sku"], "reports/report_sales/bestsellers/", months[month][1]["sku"])


TEMPLATES: Final = (
    Template("admin/cancel", ("admin",), _cancel, turns=20),
    Template("admin/ship", ("admin",), _ship, turns=25),
    Template("admin/page-title", ("admin",), _page_title, turns=20),
    Template("admin/term-uses", ("admin",), _term_uses, turns=20),
    Template("admin/bestseller", ("admin",), _bestseller, turns=30),
)
