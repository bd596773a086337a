"""Invoicing an order, all of it or some pieces."""

from __future__ import annotations

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.order_data import Order
from mtenvs.sites.admin.site import Params, action, number, page
from mtenvs.sites.kit import Visit


def refused(visit: Visit, order: Order, what: str) -> Response:
    """Back to the order, which is not in the state for that."""
    visit.flash(f"The order does not allow {what} to be created.", "error")
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")


def quantities(sent: Form, order: Order, field: str, limits: dict[int, int]) -> dict[int, int]:
    """How many pieces of each line the form asks for; all that is left of lines that it does not name."""
    found: dict[int, int] = {}
    for item in order.items:
        name = field.format(item.id)
        wanted = sent.whole(name, f"Quantity of {item.c['name']}") or 0 if sent.has(name) else limits[item.id]
        if wanted > limits[item.id]:
            sent.errors.append(f"The quantity of {item.c['name']} can be {limits[item.id]} at most.")
        if wanted:
            found[item.id] = wanted
    return found


@page("sales/order_invoice/new")
def new(visit: Visit, params: Params) -> Response:
    """The form of an invoice."""
    order = Order.load(visit, number(params, "order_id"))
    return _form(visit, order, []) if order.can_invoice else refused(visit, order, "an invoice")


def _form(visit: Visit, order: Order, errors: list[str]) -> Response:
    values = {key: str(value) for key, value in visit.form.multi_items()}
    return visit.render("invoice_new.html", 422 if errors else 200, order=order, v=values, errors=errors)


@action("sales/order_invoice/save")
def save(visit: Visit, params: Params) -> Response:
    """Invoice the pieces that the form names."""
    order, sent = Order.load(visit, number(params, "order_id")), Form(visit)
    if not order.can_invoice:
        return refused(visit, order, "an invoice")
    wanted = quantities(sent, order, "invoice[items][{}]", {item.id: item.to_invoice for item in order.items})
    comment = sent.text("invoice[comment_text]", "Comment", limit=5_000)
    if not wanted and not sent.errors:
        sent.errors.append("The invoice can't be created without products. Add products and try again.")
    if sent.errors:
        return _form(visit, order, sent.errors)
    invoice(visit, order, wanted)
    notified = sent.raw("invoice[send_email]") == "1"
    order.settle(visit, comment, notified=notified, visible=bool(comment) and sent.raw("invoice[comment_customer_notify]") == "1")
    visit.flash("The invoice has been created.")
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")


def invoice(visit: Visit, order: Order, wanted: dict[int, int]) -> None:
    """Write an invoice: the first one carries the shipping price, each its share of tax and discount."""
    chosen = [(item, wanted[item.id]) for item in order.items if item.id in wanted]
    subtotal = sum(item.c["price"] * qty for item, qty in chosen)
    tax = sum(item.part("tax", item.c["qty_invoiced"], qty) for item, qty in chosen)
    discount = sum(item.part("discount", item.c["qty_invoiced"], qty) for item, qty in chosen)
    shipping = order.c["shipping"] - order.invoiced_shipping()
    total = subtotal + tax - discount + shipping
    made = visit.db.execute(
        "INSERT INTO invoice (order_id, subtotal, shipping, tax, discount, grand_total, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (order.id, subtotal, shipping, tax, discount, total, text.stamp(visit.now)),
    )
    visit.db.executemany("INSERT INTO invoice_item VALUES (?, ?, ?)", [(made.lastrowid, item.id, qty) for item, qty in chosen])
    visit.db.executemany("UPDATE order_item SET qty_invoiced = qty_invoiced + ? WHERE id = ?", [(qty, item.id) for item, qty in chosen])
    visit.db.execute("UPDATE sales_order SET total_paid = total_paid + ? WHERE id = ?", (total, order.id))
