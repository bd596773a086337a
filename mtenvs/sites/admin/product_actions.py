"""What is done with several products at once."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import products, store, text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import back_to, none_selected, selected
from mtenvs.sites.admin.product_edit import STOCK_FIELD, remove
from mtenvs.sites.admin.site import Params, action, page
from mtenvs.sites.kit import Refused, Visit

_KEPT: Final = "products"  # in the session: which products are to be changed on the next page


@action("catalog/product/massDelete")
def delete(visit: Visit, _params: Params) -> Response:
    """Remove them."""
    idents = selected(visit, products.GRID)
    if not idents:
        return none_selected(visit, products.GRID)
    visit.flash(f"A total of {remove(visit, idents)} record(s) have been deleted.")
    return back_to(visit, products.GRID)


@action("catalog/product/massStatus")
def status(visit: Visit, params: Params) -> Response:
    """Enable or disable them."""
    idents = selected(visit, products.GRID)
    if not idents:
        return none_selected(visit, products.GRID)
    enabled = params.get("status")
    if enabled not in {"1", "2"}:
        raise Refused(404, "There is no such status.")
    changed = _update(visit, idents, {"enabled": int(enabled == "1")})
    visit.flash(f"A total of {changed} record(s) have been updated.")
    return back_to(visit, products.GRID)


@action("catalog/product_action_attribute/edit")
def choose(visit: Visit, _params: Params) -> Response:
    """Remember which products are meant, and ask for what shall be changed."""
    idents = selected(visit, products.GRID)
    if not idents:
        return none_selected(visit, products.GRID)
    visit.session.data[_KEPT] = idents
    return visit.redirect("/admin/catalog/product_action_attribute/edit/")


@page("catalog/product_action_attribute/edit")
def form(visit: Visit, _params: Params) -> Response:
    """Ask for what shall be changed."""
    return _form(visit, [])


def _form(visit: Visit, errors: list[str]) -> Response:
    idents = visit.session.data.get(_KEPT) or []
    if not idents:
        visit.flash("Please select products for attributes update.", "error")
        return visit.redirect("/admin/catalog/product/")
    values = {key: str(value) for key, value in visit.form.multi_items()}
    return visit.render("product_mass.html", 422 if errors else 200, count=len(idents), products=products, v=values, errors=errors)


@action("catalog/product_action_attribute/save")
def save(visit: Visit, _params: Params) -> Response:
    """Change what is filled in, in all of the products."""
    sent = Form(visit)
    found: dict[str, Any] = {}
    if sent.raw("product[status]"):
        found["enabled"] = int(sent.choice("product[status]", "Status", {"1", "2"}) == "1")
    if sent.raw(f"{STOCK_FIELD}[is_in_stock]"):
        found["in_stock"] = int(sent.choice(f"{STOCK_FIELD}[is_in_stock]", "Stock Status", {"0", "1"}))
    if sent.raw("product[sale]"):
        found["sale"] = int(sent.choice("product[sale]", "Sale", {"0", "1"}))
    given = (
        ("qty", sent.whole(f"{STOCK_FIELD}[qty]", "Quantity")),
        ("price", sent.cents("product[price]", "Price")),
        ("special_price", sent.cents("product[special_price]", "Special Price")),
        ("brand", sent.text("product[brand]", "Brand", limit=100) or None),
        ("short_description", sent.text("product[short_description]", "Short Description", limit=5_000) or None),
    )
    found |= {column: value for column, value in given if value is not None}
    if sent.raw("clear_special_price") == "1":
        found["special_price"] = None
    if not found:
        sent.errors.append("Please fill in what shall be changed.")
    if sent.errors:
        return _form(visit, sent.errors)
    idents = visit.session.data.pop(_KEPT, [])
    visit.flash(f"A total of {_update(visit, idents, found)} record(s) were updated.")
    return visit.redirect("/admin/catalog/product/")


def _update(visit: Visit, idents: list[int], found: dict[str, Any]) -> int:
    """Change columns of products; configurable ones have neither prices nor quantities of their own."""
    own = {key: value for key, value in found.items() if key not in {"qty", "price", "special_price"}}
    changed = 0
    for ident in idents:
        kind = visit.db.execute("SELECT type FROM product WHERE id = ?", (ident,)).fetchone()
        columns = own if kind is not None and kind["type"] == "configurable" else found
        if kind is not None and columns:
            store.update(visit.db, "product", ident, {**columns, "updated_at": text.stamp(visit.now)})
            changed += 1
    return changed
