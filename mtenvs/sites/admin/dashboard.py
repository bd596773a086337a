"""The dashboard: how the shop does, at a glance."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from mtenvs.sites.admin.site import Params, page
from mtenvs.sites.kit import Visit

_FIGURES: Final = (
    "SELECT coalesce(sum(total_paid - total_refunded), 0) AS lifetime, count(*) FILTER (WHERE total_paid > 0) AS paid, count(*) AS orders,"
    " count(*) FILTER (WHERE status = 'pending') AS pending FROM sales_order"
)
_LAST: Final = (
    "SELECT id, increment_id, customer_firstname || ' ' || customer_lastname AS customer, total_qty, grand_total FROM sales_order"
    " ORDER BY created_at DESC, id DESC LIMIT 5"
)
_BEST: Final = (
    "SELECT i.product_id AS id, i.name, i.sku, i.price, sum(i.qty_ordered) AS qty FROM order_item i JOIN sales_order o ON o.id = i.order_id"
    " WHERE o.status <> 'canceled' GROUP BY i.sku ORDER BY qty DESC, i.sku LIMIT 5"
)
_REVIEWED: Final = (
    "SELECT id, name, sku, review_count, rating_sum FROM product WHERE parent_id IS NULL ORDER BY review_count DESC, id LIMIT 5"
)
_NEW: Final = (
    "SELECT c.id, c.firstname || ' ' || c.lastname AS name, c.created_at, count(o.id) AS orders, coalesce(avg(o.grand_total), 0) AS average"
    " FROM (SELECT * FROM customer ORDER BY created_at DESC, id DESC LIMIT 5) c LEFT JOIN sales_order o ON o.customer_id ="
    " c.id GROUP BY c.id ORDER BY c.created_at DESC"
)
_TERMS: Final = "SELECT id, query_text, num_results, popularity FROM search_query ORDER BY {} DESC, id DESC LIMIT 5"


@page("admin/dashboard/index")
def show(visit: Visit, _params: Params) -> Response:
    """The dashboard."""
    db = visit.db
    figures = db.execute(_FIGURES).fetchone()
    return visit.render(
        "dashboard.html",
        figures=figures,
        average=figures["lifetime"] // figures["paid"] if figures["paid"] else 0,
        pending_reviews=db.execute("SELECT count(*) FROM review WHERE status = 'pending'").fetchone()[0],
        last=db.execute(_LAST).fetchall(),
        last_terms=db.execute(_TERMS.format("updated_at")).fetchall(),
        top_terms=db.execute(_TERMS.format("popularity")).fetchall(),
        best=db.execute(_BEST).fetchall(),
        reviewed=db.execute(_REVIEWED).fetchall(),
        customers=db.execute(_NEW).fetchall(),
    )
