"""What can be done with orders, in which state, and what it does to stock and money."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backoffice import Office, visiting
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.sites.kit import SiteServer


def order_of(office: Office, status: str, *, lines: int = 1) -> int:
    """The newest order of a status with at least so many lines."""
    return int(
        office.one(
            "SELECT max(id) FROM sales_order o WHERE status = ? AND (SELECT count(*) FROM order_item i WHERE i.order_id = o.id) >= ?",
            status,
            lines,
        )
    )


def view(office: Office, order: int) -> str:
    return office.get(f"/admin/sales/order/view/order_id/{order}/").text


def status(office: Office, order: int) -> str:
    return str(office.one("SELECT status FROM sales_order WHERE id = ?", order))


def stock(office: Office, order: int) -> dict[int, int]:
    rows = office.rows("SELECT p.id, p.qty FROM product p WHERE id IN (SELECT product_id FROM order_item WHERE order_id = ?)", order)
    return {row["id"]: row["qty"] for row in rows}


def invariants(office: Office, order: int) -> None:
    """What holds whatever was done."""
    (o,) = office.rows("SELECT * FROM sales_order WHERE id = ?", order)
    items = office.rows("SELECT * FROM order_item WHERE order_id = ?", order)
    for i in items:
        assert 0 <= i["qty_refunded"] <= i["qty_invoiced"]
        assert i["qty_invoiced"] + i["qty_canceled"] <= i["qty_ordered"]
        assert i["qty_shipped"] + i["qty_canceled"] <= i["qty_ordered"]
    assert 0 <= o["total_refunded"] <= o["total_paid"] <= o["grand_total"]
    for table, total, column in (("invoice", "total_paid", "invoiced"), ("creditmemo", "total_refunded", "refunded")):
        assert office.one(f"SELECT coalesce(sum(grand_total), 0) FROM {table} WHERE order_id = ?", order) == o[total]  # noqa: S608 - our names
        counted = office.one(
            f"SELECT coalesce(sum(i.qty), 0) FROM {table}_item i JOIN {table} d ON d.id = i.{table}_id WHERE d.order_id = ?",  # noqa: S608
            order,
        )
        assert counted == sum(i[f"qty_{column}"] for i in items)
        sums = "subtotal + shipping + tax - discount" + (" + adjustment_refund - adjustment_fee" if table == "creditmemo" else "")
        assert not office.rows(f"SELECT 1 FROM {table} WHERE order_id = ? AND grand_total <> {sums}", order)  # noqa: S608 - our names
    if all(i["qty_invoiced"] == i["qty_ordered"] for i in items):
        assert o["total_paid"] == o["grand_total"]
    if o["status"] == "canceled":
        assert all(i["qty_canceled"] == i["qty_ordered"] for i in items)
    if o["status"] == "pending":
        assert not any(i["qty_invoiced"] or i["qty_shipped"] or i["qty_canceled"] for i in items)
    if o["status"] == "closed":
        assert o["total_refunded"] == o["total_paid"]
    shown = {"holded": "On Hold"}.get(o["status"], o["status"].capitalize())
    page = office.get(f"/admin/sales/order/view/order_id/{order}/")
    assert f'id="order_status">{shown}<' in page.html


def test_cancel_puts_everything_back_on_the_shelf(office: Office) -> None:
    order = order_of(office, "pending", lines=2)
    before = stock(office, order)
    page = office.get(f"/admin/sales/order/view/order_id/{order}/")
    done = office.submit(page, f"/admin/sales/order/cancel/order_id/{order}/")
    assert "You canceled the order." in done.text
    assert status(office, order) == "canceled"
    for item in office.rows("SELECT * FROM order_item WHERE order_id = ?", order):
        before[item["product_id"]] += item["qty_ordered"]
    assert stock(office, order) == before
    invariants(office, order)
    again = office.post(f"/admin/sales/order/cancel/order_id/{order}/")
    assert "You have not canceled the item" in again.text
    assert stock(office, order) == before


@pytest.mark.parametrize("state", ["complete", "canceled", "closed", "holded", "processing"])
def test_what_is_invoiced_sent_or_over_is_not_cancelled(office: Office, state: str) -> None:
    order = order_of(office, state)
    before = office.rows("SELECT * FROM order_item WHERE order_id = ?", order), stock(office, order)
    assert "Cancel</button>" not in office.get(f"/admin/sales/order/view/order_id/{order}/").html.partition("<dialog")[0]
    assert "You have not canceled the item" in office.post(f"/admin/sales/order/cancel/order_id/{order}/").text
    assert (office.rows("SELECT * FROM order_item WHERE order_id = ?", order), stock(office, order)) == before
    assert status(office, order) == state


def test_hold_and_release(office: Office) -> None:
    for state in ("pending", "processing"):
        order = order_of(office, state)
        office.submit(office.get(f"/admin/sales/order/view/order_id/{order}/"), f"/admin/sales/order/hold/order_id/{order}/")
        assert status(office, order) == "holded"
        for step in ("cancel/order_id", "hold/order_id"):
            office.post(f"/admin/sales/order/{step}/{order}/")
        office.post(f"/admin/admin/order_shipment/save/order_id/{order}/")
        assert "does not allow an invoice" in office.get(f"/admin/sales/order_invoice/new/order_id/{order}/").text
        assert status(office, order) == "holded"
        office.submit(office.get(f"/admin/sales/order/view/order_id/{order}/"), f"/admin/sales/order/unhold/order_id/{order}/")
        assert status(office, order) == state
        assert "Can't unhold order." in office.post(f"/admin/sales/order/unhold/order_id/{order}/").text


def test_invoice_ship_with_tracking_and_refund(office: Office) -> None:
    order = order_of(office, "pending", lines=2)
    grand = office.one("SELECT grand_total FROM sales_order WHERE id = ?", order)
    page = office.submit(office.get(f"/admin/sales/order_invoice/new/order_id/{order}/"), "/admin/sales/order_invoice/save/")
    assert "The invoice has been created." in page.text
    assert status(office, order) == "processing"
    assert office.one("SELECT grand_total FROM invoice WHERE order_id = ?", order) == grand
    form = office.get(f"/admin/admin/order_shipment/new/order_id/{order}/")
    tracking = {"tracking[1][carrier_code]": "fedex", "tracking[1][title]": "Federal Express", "tracking[1][number]": "8974568499"}
    page = office.submit(form, "/admin/admin/order_shipment/save/", **tracking, **{"shipment[comment_text]": "On its way"})
    assert "The shipment has been created." in page.text
    assert status(office, order) == "complete"
    events = office.get(f"/admin/sales/order/commentsHistory/order_id/{order}/active_tab/order_shipments/").text
    assert "Tracking number 8974568499 for Federal Express assigned" in events
    before = stock(office, order)
    form = office.get(f"/admin/sales/order_creditmemo/new/order_id/{order}/")
    items = office.rows("SELECT id, qty_ordered, product_id FROM order_item WHERE order_id = ? ORDER BY id", order)
    page = office.submit(form, "/admin/sales/order_creditmemo/save/", **{f"creditmemo[items][{items[0]['id']}][back_to_stock]": "1"})
    assert "You created the credit memo." in page.text
    assert status(office, order) == "closed"
    before[items[0]["product_id"]] += items[0]["qty_ordered"]
    assert stock(office, order) == before
    assert office.one("SELECT total_refunded FROM sales_order WHERE id = ?", order) == grand
    invariants(office, order)
    for path in ("sales/order_invoice/save", "admin/order_shipment/save", "sales/order_creditmemo/save"):
        assert "does not allow" in office.post(f"/admin/{path}/order_id/{order}/").text
    invariants(office, order)


def test_a_form_that_is_sent_twice_counts_once(office: Office) -> None:
    order = order_of(office, "pending")
    form = office.get(f"/admin/sales/order_invoice/new/order_id/{order}/")
    office.submit(form, "/admin/sales/order_invoice/save/")
    assert "does not allow an invoice" in office.submit(form, "/admin/sales/order_invoice/save/").text
    assert office.one("SELECT count(*) FROM invoice WHERE order_id = ?", order) == 1
    invariants(office, order)


@pytest.mark.parametrize("qty", ["-1", "1000000", "0.5", "x", "1e9", "99999999999999999999"])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("sales/order_invoice/save", "invoice[items][{}]"),
        ("admin/order_shipment/save", "shipment[items][{}]"),
        ("sales/order_creditmemo/save", "creditmemo[items][{}][qty]"),
    ],
)
def test_absurd_quantities_are_told_and_change_nothing(office: Office, path: str, field: str, qty: str) -> None:
    order = order_of(office, "complete" if "creditmemo" in path else "pending")
    item = office.one("SELECT id FROM order_item WHERE order_id = ?", order)
    before = list(office.episode.database("admin").iterdump())
    page = office.post(f"/admin/{path}/order_id/{order}/", {field.format(item): qty})
    assert page.status == 422
    assert f'value="{qty}"' in page.html
    assert list(office.episode.database("admin").iterdump()) == before


def test_no_more_is_refunded_than_was_paid(office: Office) -> None:
    order = order_of(office, "complete")
    path = f"/admin/sales/order_creditmemo/save/order_id/{order}/"
    (o,) = office.rows("SELECT * FROM sales_order WHERE id = ?", order)
    nothing = {f"creditmemo[items][{r['id']}][qty]": "0" for r in office.rows("SELECT id FROM order_item WHERE order_id = ?", order)}
    for fields, said in (
        ({"creditmemo[adjustment_positive]": "0.01"}, "The most money available"),
        ({"creditmemo[adjustment_negative]": "99999"}, "must be positive"),
        ({"creditmemo[adjustment_positive]": "-5"}, "must be an amount"),
        ({"creditmemo[shipping_amount]": "999"}, "Maximum shipping amount"),
        ({**nothing, "creditmemo[shipping_amount]": "0"}, "must be positive"),
    ):
        page = office.post(path, fields)
        assert page.status == 422
        assert said in page.text
    assert office.rows("SELECT * FROM sales_order WHERE id = ?", order) == [o]
    office.post(path, {**nothing, "creditmemo[shipping_amount]": "0", "creditmemo[adjustment_positive]": "1.00"})
    assert office.one("SELECT total_refunded FROM sales_order WHERE id = ?", order) == o["total_refunded"] + 100
    assert status(office, order) == "complete"
    invariants(office, order)


def test_a_comment_is_the_first_note_and_the_customer_is_told(office: Office) -> None:
    order = order_of(office, "pending")
    fields = {"history[comment]": "Sorry, <b>we</b> are out of stock", "history[is_customer_notified]": "1"}
    page = office.submit(office.get(f"/admin/sales/order/view/order_id/{order}/"), "/admin/sales/order/addComment/", **fields)
    assert page.html.index("note-list-comment") < page.html.index("Sorry, &lt;b&gt;we&lt;/b&gt; are out of stock")
    (last,) = office.rows("SELECT * FROM order_comment WHERE order_id = ? ORDER BY id DESC LIMIT 1", order)
    assert (last["comment"], last["notified"], last["visible"], last["status"]) == (fields["history[comment]"], 1, 0, "pending")
    assert office.post(f"/admin/sales/order/addComment/order_id/{order}/", {"history[comment]": "  "}).status == 422


def test_an_address_is_corrected_and_the_money_stays(office: Office) -> None:
    order = order_of(office, "pending")
    money = office.rows("SELECT grand_total, tax FROM sales_order WHERE id = ?", order)
    page = office.get(f"/admin/sales/order/view/order_id/{order}/")
    link = next(link for link in page.links if link.endswith(f"address_id/{2 * order}/"))
    fields = {"street[0]": "456 Oak Avenue", "street[1]": "Apartment 5B", "city": "New York", "region": "New York", "postcode": "10001"}
    page = office.submit(office.get(link), "/admin/sales/order/addressSave/", **fields)
    for piece in (*fields.values(), "You updated the order address."):
        assert piece in page.text
    (found,) = office.rows("SELECT * FROM order_address WHERE order_id = ? AND kind = 'shipping'", order)
    assert found["street"] == "456 Oak Avenue\nApartment 5B"
    assert office.rows("SELECT grand_total, tax FROM sales_order WHERE id = ?", order) == money
    assert office.submit(office.get(link), "/admin/sales/order/addressSave/", city="").status == 422


def test_mass_actions_do_what_can_be_done_and_tell_the_rest(office: Office) -> None:
    pending, complete = order_of(office, "pending"), order_of(office, "complete")
    page = office.post("/admin/sales/order/massHold/", {"selected[]": [str(pending), str(complete), "123456"]})
    assert "1 order(s) have been put on hold." in page.text
    assert "2 order(s) could not be put on hold." in page.text
    assert (status(office, pending), status(office, complete)) == ("holded", "complete")
    total = office.one("SELECT count(*) FROM sales_order WHERE status = 'pending'")
    page = office.post("/admin/sales/order/massCancel/?filters%5Bstatus%5D=pending", {"all": "1"})
    assert f"{total} order(s) have been canceled." in page.text
    assert not office.rows("SELECT 1 FROM sales_order WHERE status = 'pending'")
    assert "An item needs to be selected" in office.post("/admin/sales/order/massCancel/").text


def test_an_order_shows_what_was_bought(office: Office) -> None:
    order = office.one("SELECT max(order_id) FROM order_item WHERE options <> '{}'")
    text = view(office, order)
    for item in office.rows("SELECT * FROM order_item WHERE order_id = ?", order):
        assert item["name"] in text
        assert f"SKU: {item['sku']}" in text
        for label, value in json.loads(item["options"]).items():
            assert f"{label}: {value}" in text
    (o,) = office.rows("SELECT * FROM sales_order WHERE id = ?", order)
    assert f"Grand Total ${o['grand_total'] / 100:,.2f}" in text


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["cancel", "hold", "unhold", "invoice", "ship", "refund"]), st.lists(st.integers(0, 4), min_size=5, max_size=5)
    ),
    max_size=9,
)


@pytest.mark.slow
def test_no_order_of_steps_breaks_an_order(server: SiteServer) -> None:
    @given(steps=STEPS, seed=st.integers(0, 9))
    @settings(max_examples=60)
    def play(steps: list[tuple[str, list[int]]], seed: int) -> None:
        with visiting(server) as office:
            orders = [row["id"] for row in office.rows("SELECT id FROM sales_order WHERE status = 'pending' ORDER BY total_qty DESC")]
            order = orders[seed % len(orders)]
            items = office.rows("SELECT id, qty_ordered, product_id FROM order_item WHERE order_id = ?", order)
            before = stock(office, order)
            for name, quantities in steps:
                _do(office, order, name, items, quantities)
                invariants(office, order)
            for item in office.rows("SELECT product_id, qty_canceled FROM order_item WHERE order_id = ?", order):
                before[item["product_id"]] += item["qty_canceled"]
            assert stock(office, order) == before

    play()


def _do(office: Office, order: int, name: str, items: list[dict[str, Any]], quantities: list[int]) -> None:
    wanted = list(zip(items, quantities, strict=False))
    if name in {"cancel", "hold", "unhold"}:
        page = office.post(f"/admin/sales/order/{name}/order_id/{order}/")
    elif name == "invoice":
        page = office.post(f"/admin/sales/order_invoice/save/order_id/{order}/", {f"invoice[items][{i['id']}]": str(q) for i, q in wanted})
    elif name == "ship":
        page = office.post(
            f"/admin/admin/order_shipment/save/order_id/{order}/", {f"shipment[items][{i['id']}]": str(q) for i, q in wanted}
        )
    else:
        fields = {f"creditmemo[items][{i['id']}][qty]": str(q) for i, q in wanted} | {"creditmemo[shipping_amount]": "0"}
        page = office.post(f"/admin/sales/order_creditmemo/save/order_id/{order}/", fields)
    assert page.status in {200, 422}
