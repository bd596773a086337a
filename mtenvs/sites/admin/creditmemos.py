"""Giving money back."""

from __future__ import annotations

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.invoices import quantities, refused
from mtenvs.sites.admin.order_data import Order
from mtenvs.sites.admin.site import Params, action, number, page
from mtenvs.sites.kit import Visit


@page("sales/order_creditmemo/new")
def new(visit: Visit, params: Params) -> Response:
    """The form of a credit memo."""
    order = Order.load(visit, number(params, "order_id"))
    return _form(visit, order, []) if order.can_refund else refused(visit, order, "a credit memo")


def _form(visit: Visit, order: Order, errors: list[str]) -> Response:
    values = {key: str(value) for key, value in visit.form.multi_items()}
    left = order.invoiced_shipping() - order.refunded_shipping()
    return visit.render("creditmemo_new.html", 422 if errors else 200, order=order, v=values, shipping=left, errors=errors)


@action("sales/order_creditmemo/save")
def save(visit: Visit, params: Params) -> Response:
    """Refund the pieces that the form names, shipping and adjustments; never more than was paid."""
    order, sent = Order.load(visit, number(params, "order_id")), Form(visit)
    if not order.can_refund:
        return refused(visit, order, "a credit memo")
    wanted = quantities(sent, order, "creditmemo[items][{}][qty]", {item.id: item.to_refund for item in order.items})
    left = order.invoiced_shipping() - order.refunded_shipping()
    given = sent.cents("creditmemo[shipping_amount]", "Refund Shipping")
    shipping = left if given is None else given
    plus = sent.cents("creditmemo[adjustment_positive]", "Adjustment Refund") or 0
    minus = sent.cents("creditmemo[adjustment_negative]", "Adjustment Fee") or 0
    comment = sent.text("creditmemo[comment_text]", "Comment", limit=5_000)
    if shipping > left:
        sent.errors.append(f"Maximum shipping amount allowed to refund is: {text.money(left)}")
    chosen = [(item, min(wanted[item.id], item.to_refund)) for item in order.items if item.id in wanted]
    subtotal = sum(item.c["price"] * qty for item, qty in chosen)
    tax = sum(item.part("tax", item.c["qty_refunded"], qty) for item, qty in chosen)
    discount = sum(item.part("discount", item.c["qty_refunded"], qty) for item, qty in chosen)
    total = subtotal + shipping + tax - discount + plus - minus
    most = order.c["total_paid"] - order.c["total_refunded"]
    if not sent.errors and total <= 0:
        sent.errors.append("The credit memo's total must be positive.")
    if not sent.errors and total > most:
        sent.errors.append(f"The most money available to refund is {text.money(most)}.")
    if sent.errors:
        return _form(visit, order, sent.errors)
    made = visit.db.execute(
        "INSERT INTO creditmemo (order_id, subtotal, shipping, tax, discount, adjustment_refund, adjustment_fee, grand_total,"
        " comment, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (order.id, subtotal, shipping, tax, discount, plus, minus, total, comment, text.stamp(visit.now)),
    )
    for item, qty in chosen:
        visit.db.execute("INSERT INTO creditmemo_item VALUES (?, ?, ?)", (made.lastrowid, item.id, qty))
        visit.db.execute("UPDATE order_item SET qty_refunded = qty_refunded + ? WHERE id = ?", (qty, item.id))
        if sent.raw(f"creditmemo[items][{item.id}][back_to_stock]") == "1":
            visit.db.execute("UPDATE product SET qty = qty + ? WHERE id = ?", (qty, item.c["product_id"]))
    visit.db.execute("UPDATE sales_order SET total_refunded = total_refunded + ? WHERE id = ?", (total, order.id))
    order.settle(visit, comment, notified=sent.raw("creditmemo[send_email]") == "1", visible=bool(comment))
    visit.flash("You created the credit memo.")
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")
