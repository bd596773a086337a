"""Products, variants, attributes and categories; what is changed is what the shop's visitors see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from backoffice import Office

from mtenvs.sites import admin
from mtenvs.sites.kit import SiteServer
from mtenvs.sites.shop import SITE as SHOP

SIMPLE = (
    "SELECT id FROM product WHERE type = 'simple' AND parent_id IS NULL AND enabled AND qty > 5 AND special_price IS NULL"
    " ORDER BY id LIMIT 1"
)
CONFIGURABLE = "SELECT id FROM product WHERE type = 'configurable' AND enabled ORDER BY id LIMIT 1"
QTY, STOCK = "product[quantity_and_stock_status][qty]", "product[quantity_and_stock_status][is_in_stock]"


@pytest.fixture
def both(server: SiteServer) -> Iterator[tuple[Office, Office]]:
    """An administrator and a customer in the same world."""
    episode = server.begin([admin.SITE, SHOP])
    office, customer = Office(server, episode, admin.SITE, "admin"), Office(server, episode, SHOP, "emma.lopez@gmail.com")
    yield office, customer
    for visitor in (office, customer):
        visitor.client.close()
    server.end(episode)


def edit(office: Office, product: int, **fields: str) -> str:
    page = office.get(f"/admin/catalog/product/edit/id/{product}/")
    return office.submit(page, "/admin/catalog/product/save/", **fields).text


def in_shop(office: Office, customer: Office, product: int) -> str:
    """The product's page as a customer sees it."""
    key = office.one("SELECT url_key FROM product WHERE id = ?", product)
    return customer.get(f"/{key}.html").text


def test_a_product_form_that_is_saved_as_it_is_changes_nothing(office: Office) -> None:
    tables = ("product", "product_attribute", "product_category", "configurable_attribute")
    keep = {table: office.rows(f"SELECT * FROM {table}") for table in tables}  # noqa: S608 - our names
    for row in office.rows("SELECT id FROM product WHERE id % 211 = 3"):
        assert "You saved the product." in edit(office, row["id"])
    for table in tables:
        now = office.rows(f"SELECT * FROM {table}")  # noqa: S608 - our names
        for before, after in zip(keep[table], now, strict=True):
            before.pop("updated_at", None)
            after.pop("updated_at", None)
            assert before == after


def test_a_price_is_seen_in_the_shop(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(SIMPLE)
    edit(office, product, **{"product[price]": "1,234.5"})
    assert office.get(f"/admin/catalog/product/edit/id/{product}/").element(name="product[price]")["value"] == "1234.50"
    assert "$1,234.50" in in_shop(office, customer, product)
    edit(office, product, **{"product[special_price]": "99"})
    assert "$99.00" in in_shop(office, customer, product)
    edit(office, product, **{"product[special_price]": ""})
    assert "$99.00" not in in_shop(office, customer, product)


def test_a_product_is_marked_as_on_sale(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(SIMPLE)
    for marked in (True, False):
        page = office.get(f"/admin/catalog/product/edit/id/{product}/")
        form = page.form("/admin/catalog/product/save/")
        ticked = {"product[sale]": "1"} if marked else {}
        kept = {name: values for name, values in form.fields.items() if name != "product[sale]"}
        saved = office.post(form.action, {**kept, **ticked})
        assert saved.element(name="product[sale]")["value"] == str(int(marked))  # official checks read it so
        assert ("checked" in saved.element(name="product[sale]")) == marked
        assert office.one("SELECT sale FROM product WHERE id = ?", product) == marked
        name = office.one("SELECT name FROM product WHERE id = ?", product)
        assert (" Sale " in in_shop(office, customer, product).partition(name)[2].partition("Related")[0]) == marked
        assert (name in customer.get("/").text.partition("On sale")[2].partition("Best rated")[0]) == marked


def test_the_attribute_set_is_read_where_official_checks_look(office: Office) -> None:
    page = office.get(f"/admin/catalog/product/edit/id/{office.one(SIMPLE)}/")
    assert page.html.partition('data-role="selected-option"')[2].partition("<")[0].partition(">")[2] == office.one(
        f"SELECT attribute_set FROM product WHERE id = ({SIMPLE})"  # noqa: S608 - written above
    )


def test_name_description_and_stock_are_seen_in_the_shop(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(SIMPLE)
    edit(office, product, **{"product[name]": "Söme <i>new</i> name", "product[description]": "Customers love it.\n\nReally & truly."})
    text = in_shop(office, customer, product)
    assert "Söme <i>new</i> name" in text
    assert "Really & truly." in text
    assert "Add to Cart" in text
    edit(office, product, **{STOCK: "0"})
    assert "Out of stock".lower() in in_shop(office, customer, product).lower()
    edit(office, product, **{STOCK: "1", QTY: "0"})
    assert "Out of stock".lower() in in_shop(office, customer, product).lower()


def test_a_disabled_product_is_gone_from_the_shop(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(SIMPLE)
    key = office.one("SELECT url_key FROM product WHERE id = ?", product)
    assert customer.get(f"/{key}.html").status == 200
    edit(office, product, **{"product[status]": "2"})
    assert office.get(f"/admin/catalog/product/edit/id/{product}/").form("/admin/catalog/product/save/").fields["product[status]"] == ["2"]
    assert customer.get(f"/{key}.html").status == 404


def test_a_configurable_product_that_is_out_of_stock_can_not_be_bought(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(CONFIGURABLE)
    edit(office, product, **{STOCK: "0"})
    assert "out of stock" in in_shop(office, customer, product).lower()


def test_a_new_simple_product(both: tuple[Office, Office]) -> None:
    office, customer = both
    color, size = (
        office.one("SELECT id FROM attribute_option WHERE code = ? ORDER BY id DESC LIMIT 1", code) for code in ("color", "size")
    )
    category = office.one("SELECT id FROM category WHERE level = 3 ORDER BY id LIMIT 1")
    fields = {
        "product[name]": "Energy Bulk Yoga Mat",
        "product[price]": "60",
        QTY: "42",
        "product[size]": str(size),
        "product[color]": str(color),
        "product[category_ids][]": [str(category), "1", "99999", "x"],
    }
    form = office.get("/admin/catalog/product/new/set/4/type/simple/")
    page = office.submit(form, "/admin/catalog/product/save/type/simple/", **fields)
    assert page.response.history[0].status_code == 302
    assert page.element(name="product[price]")["value"] == "60.00"
    assert page.element(name=QTY)["value"] == "42"
    assert page.element(name="product[sku]")["value"] == "Energy Bulk Yoga Mat"
    saved = page.form("/admin/catalog/product/save/")
    assert (saved.fields["product[color]"], saved.fields["product[size]"]) == ([str(color)], [str(size)])
    assert saved.fields["product[category_ids][]"] == [str(category)]
    product = office.one("SELECT max(id) FROM product")
    assert "$60.00" in in_shop(office, customer, product)
    assert "Energy Bulk Yoga Mat" in customer.get("/catalogsearch/result/", q="energy bulk yoga").text
    again = office.submit(form, "/admin/catalog/product/save/type/simple/", **fields)
    assert again.status == 422
    assert "for SKU is taken" in again.text
    other = office.submit(form, "/admin/catalog/product/save/type/simple/", **{**fields, "product[sku]": "EB-2"})
    assert other.element(name="product[url_key]")["value"] == "energy-bulk-yoga-mat-1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("product[price]", v) for v in ("", "-1", "x", "1e12", "NaN", "Infinity", "100000000")],
        *[(QTY, v) for v in ("-5", "1.5", "x", "100000000", "1e400")],
        ("product[special_price]", "-0.01"),
        ("product[name]", ""),
        ("product[name]", "x" * 256),
        ("product[status]", "7"),
        (STOCK, "2"),
        ("product[sku]", "s" * 65),
        ("product[weight]", "-1"),
    ],
)
def test_values_that_no_product_can_have_are_told_and_kept_in_the_form(office: Office, field: str, value: str) -> None:
    product = office.one(SIMPLE)
    before = office.rows("SELECT * FROM product WHERE id = ?", product)
    page = office.submit(
        office.get(f"/admin/catalog/product/edit/id/{product}/"), "/admin/catalog/product/save/", **{"product[brand]": "Kept", field: value}
    )
    assert page.status == 422
    assert 'class="message message-error' in page.html
    assert page.element(name="product[brand]")["value"] == "Kept"
    assert office.rows("SELECT * FROM product WHERE id = ?", product) == before


def test_new_variants_of_a_configurable_product(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(
        "SELECT product_id FROM configurable_attribute GROUP BY 1 HAVING count(*) = 2 AND max(code = 'size') ORDER BY 1 LIMIT 1"
    )
    page = office.get(f"/admin/catalog/product_configurations/edit/id/{product}/")
    before = office.one("SELECT count(*) FROM product WHERE parent_id = ?", product)
    colors = len(page.form("/admin/catalog/product_configurations/save/").fields.get("attribute[color][]", []))
    page = office.submit(page, "/admin/catalog/product_configurations/save/", **{"new_value[size]": "XXXS", "price": "0.50", "qty": "3"})
    added = office.one("SELECT count(*) FROM product WHERE parent_id = ?", product) - before
    assert added == max(1, colors)
    assert f"{added} variant(s) have been added." in page.text
    (new,) = office.rows("SELECT * FROM product WHERE parent_id = ? ORDER BY id DESC LIMIT 1", product)
    assert "XXXS" in new["name"]
    assert new["name"] in page.text
    assert office.one("SELECT final_price FROM product WHERE id = ?", product) == 50
    shown = in_shop(office, customer, product)
    assert "$0.50" in shown
    again = office.get(f"/admin/catalog/product_configurations/edit/id/{product}/")
    assert "are there already" in office.submit(again, "/admin/catalog/product_configurations/save/").text


def test_a_simple_product_becomes_configurable(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(SIMPLE)
    sizes = [str(row["id"]) for row in office.rows("SELECT id FROM attribute_option WHERE code = 'size' LIMIT 2")]
    fields = {"attribute[size][]": sizes, "price": "10", "qty": "5"}
    page = office.post(f"/admin/catalog/product_configurations/save/id/{product}/", fields)
    assert "2 variant(s) have been added." in page.text
    assert office.one("SELECT type FROM product WHERE id = ?", product) == "configurable"
    assert "$10.00" in in_shop(office, customer, product)


def test_absurdly_many_variants_are_refused(office: Office) -> None:
    product = office.one(SIMPLE)
    every = {
        f"attribute[{code}][]": [str(r["id"]) for r in office.rows("SELECT id FROM attribute_option WHERE code = ?", code)]
        for code in ("color", "size", "pack")
    }
    page = office.post(f"/admin/catalog/product_configurations/save/id/{product}/", {**every, "price": "1"})
    assert page.status == 422
    assert office.one("SELECT count(*) FROM product") == 4286


def test_values_of_an_attribute_are_renamed_with_the_products_that_have_them(office: Office) -> None:
    page = office.get("/admin/catalog/product_attribute/edit/attribute_id/90/")
    first, second = office.rows("SELECT id, label FROM attribute_option WHERE code = 'color' ORDER BY id LIMIT 2")
    count = "SELECT count(*) FROM product_attribute WHERE code = 'color' AND value = ?"
    counts = office.one(count, first["label"]), office.one(count, second["label"])
    swapped = {
        f"option[value][{first['id']}]": second["label"],
        f"option[value][{second['id']}]": first["label"],
        "option[new]": "Mauve Mist\nUltra Teal ",
    }
    assert "You saved the product attribute." in office.submit(page, "/admin/catalog/product_attribute/save/", **swapped).text
    assert (office.one(count, second["label"]), office.one(count, first["label"])) == counts
    assert office.one("SELECT count(*) FROM attribute_option WHERE label IN ('Mauve Mist', 'Ultra Teal')") == 2
    page = office.get("/admin/catalog/product_attribute/edit/attribute_id/90/")
    assert "must be unique" in office.submit(page, "/admin/catalog/product_attribute/save/", **{"option[new]": "mauve mist"}).text


def test_many_products_at_once(office: Office) -> None:
    brand = office.one("SELECT brand FROM product GROUP BY brand ORDER BY count(*) DESC LIMIT 1")
    query = f"filters%5Bbrand%5D={brand}"
    total = office.one("SELECT count(*) FROM product WHERE brand = ?", brand)
    page = office.post(f"/admin/catalog/product_action_attribute/edit/?{query}", {"all": "1"})
    assert f"{total} product(s) will be changed." in page.text
    page = office.submit(page, "/admin/catalog/product_action_attribute/save/", **{STOCK: "0", "product[sale]": "1"})
    assert f"A total of {total} record(s) were updated." in page.text
    assert office.one("SELECT count(*) FROM product WHERE brand = ? AND in_stock", brand) == 0
    assert office.one("SELECT count(*) FROM product WHERE brand <> ? AND NOT in_stock", brand) == 0
    assert office.one("SELECT count(*) FROM product WHERE sale <> (brand = ?)", brand) == 0
    assert office.get("/admin/catalog/product/", **{"filters[sale]": "1"}).text.count(f"{total:,} records found") == 1
    page = office.post(f"/admin/catalog/product/massStatus/status/2/?{query}", {"all": "1"})
    assert office.one("SELECT sum(enabled) FROM product WHERE brand = ?", brand) == 0
    assert page.response.url.params["filters[brand]"] == brand


def test_all_products_can_be_deleted_at_once(office: Office) -> None:
    page = office.post("/admin/catalog/product/massDelete/", {"all": "1"})
    assert page.status == 200
    assert office.one("SELECT count(*) FROM product") == 0
    assert office.one("SELECT count(*) FROM sales_order") == 900
    for path in ("catalog/product/", "sales/order/view/order_id/900/", "review/product/index/", "admin/dashboard/"):
        assert office.get(f"/admin/{path}").status == 200


def test_a_deleted_product_is_gone_with_its_variants(both: tuple[Office, Office]) -> None:
    office, customer = both
    product = office.one(CONFIGURABLE)
    key = office.one("SELECT url_key FROM product WHERE id = ?", product)
    office.submit(office.get(f"/admin/catalog/product/edit/id/{product}/"), f"/admin/catalog/product/delete/id/{product}/")
    assert office.one("SELECT count(*) FROM product WHERE id = ? OR parent_id = ?", product, product) == 0
    assert customer.get(f"/{key}.html").status == 404
    assert office.get(f"/admin/catalog/product/edit/id/{product}/").status == 404


def test_a_category_is_renamed_and_disabled_in_the_shop(both: tuple[Office, Office]) -> None:
    office, customer = both
    (category,) = office.rows("SELECT id, name, url_path FROM category WHERE level = 1 ORDER BY id LIMIT 1")
    page = office.get(f"/admin/catalog/category/edit/id/{category['id']}/")
    office.submit(page, "/admin/catalog/category/save/", name="Gadgets & more")
    assert "Gadgets & more" in customer.get("/").text
    office.submit(page, "/admin/catalog/category/save/", is_active="0")
    assert category["name"] not in customer.get("/").text
    page = office.get(f"/admin/catalog/category/add/parent/{category['id']}/")
    made = office.submit(page, "/admin/catalog/category/save/", name="Brand new")
    assert "You saved the category." in made.text
    (new,) = office.rows("SELECT * FROM category WHERE name = 'Brand new'")
    assert (new["parent_id"], new["level"], new["url_path"]) == (category["id"], 2, category["url_path"] + "/brand-new")
