"""The shop's data agrees with itself: money, stock, references, reviews and what they are about, searches."""

# ruff: noqa: S608 - questions to our own database, in our own words

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from mtenvs.sites.kit.image import Database
from mtenvs.sites.shop.seed import IMAGE
from mtenvs.sites.shop.seed.themes import NEUTRAL, THEMES, TITLES

SEEDS = (0, 7)


@cache
def db(seed: int) -> Database:
    return IMAGE.copy(seed)


OF_EMMA = "customer_id = (SELECT id FROM customer WHERE email = 'emma.lopez@gmail.com')"


def rows(sql: str, seed: int = 0) -> list[dict[str, Any]]:
    db(seed).allow()  # each query has a visit's work to itself
    return [dict(row) for row in db(seed).execute(sql)]


def count(sql: str, seed: int = 0) -> int:
    return int(rows(f"SELECT count(*) AS n FROM {sql}", seed)[0]["n"])


@pytest.mark.parametrize(
    ("what", "least"),
    [
        ("product WHERE parent_id IS NULL", 1500),
        ("product WHERE type = 'configurable'", 300),
        ("category WHERE level = 1", 8),
        ("category c WHERE level > 0 AND NOT EXISTS (SELECT 1 FROM category d WHERE d.parent_id = c.id)", 60),
        ("review", 8000),
        ("customer", 200),
        ("sales_order", 800),
        ("search_query", 80),
        (f"sales_order WHERE {OF_EMMA}", 40),
    ],
)
def test_there_is_enough_of_everything(what: str, least: int) -> None:
    assert count(what) >= least


def test_a_copy_is_lean_and_the_same_seed_builds_the_same() -> None:
    content = IMAGE.content()
    assert len(content) < 15_000_000
    assert IMAGE._built(0) == content
    assert IMAGE._built(1) != content


def test_references_hold() -> None:
    assert rows("PRAGMA foreign_key_check") == []
    assert rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


@pytest.mark.parametrize(
    "wrong",
    [
        "sales_order WHERE grand_total <> subtotal + shipping + tax - discount",
        "sales_order o WHERE subtotal <> (SELECT sum(row_total) FROM order_item WHERE order_id = o.id)",
        "sales_order o WHERE tax <> (SELECT sum(tax) FROM order_item WHERE order_id = o.id)",
        "sales_order o WHERE discount <> (SELECT sum(discount) FROM order_item WHERE order_id = o.id)",
        "sales_order o WHERE total_qty <> (SELECT sum(qty_ordered) FROM order_item WHERE order_id = o.id)",
        "order_item WHERE row_total <> price * qty_ordered OR discount > row_total OR tax < 0 OR discount < 0",
        "sales_order o WHERE total_paid <> (SELECT coalesce(sum(grand_total), 0) FROM invoice WHERE order_id = o.id)",
        "sales_order o WHERE total_refunded <> (SELECT coalesce(sum(grand_total), 0) FROM creditmemo WHERE order_id = o.id)",
        "invoice WHERE grand_total <> subtotal + shipping + tax - discount",
        "creditmemo WHERE grand_total <> subtotal + shipping + tax - discount + adjustment_refund - adjustment_fee",
        (
            "creditmemo c WHERE subtotal <> (SELECT sum(t.qty * i.price) FROM creditmemo_item t JOIN order_item i ON i.id = t.order_item_id"
            " WHERE t.creditmemo_id = c.id)"
        ),
        "order_item i WHERE qty_invoiced <> (SELECT coalesce(sum(qty), 0) FROM invoice_item WHERE order_item_id = i.id)",
        "order_item i WHERE qty_shipped <> (SELECT coalesce(sum(qty), 0) FROM shipment_item WHERE order_item_id = i.id)",
        "order_item i WHERE qty_refunded <> (SELECT coalesce(sum(qty), 0) FROM creditmemo_item WHERE order_item_id = i.id)",
        "order_item WHERE qty_invoiced + qty_canceled > qty_ordered OR qty_shipped > qty_invoiced OR qty_refunded > qty_invoiced",
        (
            "sales_order o WHERE status = 'complete' AND EXISTS (SELECT 1 FROM order_item i WHERE order_id = o.id AND qty_shipped <"
            " qty_ordered)"
        ),
        "sales_order o WHERE status = 'pending' AND EXISTS (SELECT 1 FROM invoice WHERE order_id = o.id)",
        "sales_order o WHERE status = 'closed' AND total_refunded <> grand_total",
        (
            "sales_order o WHERE status = 'canceled' AND EXISTS (SELECT 1 FROM order_item WHERE order_id = o.id AND qty_canceled <"
            " qty_ordered)"
        ),
        "shipment s WHERE NOT EXISTS (SELECT 1 FROM shipment_track WHERE shipment_id = s.id)",
        "sales_order o WHERE (SELECT count(*) FROM order_address WHERE order_id = o.id) <> 2",
        "sales_order o JOIN customer c ON c.id = o.customer_id WHERE o.created_at < c.created_at OR o.customer_email <> c.email",
        "sales_order WHERE created_at > '2026-06-15 10:00:00' OR updated_at > '2026-06-15 10:00:00' OR updated_at < created_at",
        "sales_order a JOIN sales_order b ON b.id = a.id + 1 WHERE b.created_at <= a.created_at",
        "order_item i JOIN sales_order o ON o.id = i.order_id JOIN product p ON p.id = i.product_id WHERE p.created_at > o.created_at",
        "coupon c WHERE times_used <> (SELECT count(*) FROM sales_order o WHERE o.coupon_code = c.code)",
    ],
)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_order_contradicts_itself(wrong: str, seed: int) -> None:
    assert count(wrong, seed) == 0, rows(f"SELECT * FROM {wrong} LIMIT 3", seed)


@pytest.mark.parametrize(
    "wrong",
    [
        "product WHERE special_price >= price OR price <= 0 OR qty < 0",
        "product WHERE type = 'simple' AND final_price <> min(price, coalesce(special_price, price))",
        "product p WHERE type = 'configurable' AND final_price <> (SELECT min(final_price) FROM product v WHERE v.parent_id = p.id)",
        "product p WHERE type = 'configurable' AND (SELECT count(*) FROM product v WHERE v.parent_id = p.id) < 2",
        "product p WHERE parent_id IS NULL AND NOT EXISTS (SELECT 1 FROM product_category WHERE product_id = p.id)",
        (
            "product v JOIN configurable_attribute c ON c.product_id = v.parent_id WHERE NOT EXISTS"
            " (SELECT 1 FROM product_attribute a JOIN attribute_option o ON o.code = a.code AND o.label = a.value"
            "  WHERE a.product_id = v.id AND a.code = c.code)"
        ),
        "product p WHERE review_count <> (SELECT count(*) FROM review WHERE product_id = p.id AND status = 'approved')",
        "product p WHERE rating_sum <> (SELECT coalesce(sum(rating), 0) FROM review WHERE product_id = p.id AND status = 'approved')",
        "review r JOIN product p ON p.id = r.product_id WHERE r.created_at < p.created_at OR p.parent_id IS NOT NULL",
        "review a JOIN review b ON a.product_id = b.product_id AND a.id < b.id AND a.nickname = b.nickname",
        "review r WHERE NOT EXISTS (SELECT 1 FROM review_theme WHERE review_id = r.id)",
        "related_product WHERE product_id = related_id",
        "review r JOIN customer c ON c.id = r.customer_id WHERE r.created_at < c.created_at",
        (
            "review r WHERE customer_id = 27 AND NOT EXISTS (SELECT 1 FROM sales_order o JOIN order_item i ON i.order_id = o.id"
            " JOIN product v ON v.id = i.product_id WHERE o.customer_id = 27 AND o.created_at < r.created_at"
            " AND coalesce(v.parent_id, v.id) = r.product_id)"
        ),
        "category c WHERE level > 1 AND url_path NOT GLOB (SELECT url_path || '/*' FROM category d WHERE d.id = c.parent_id)",
        "product p JOIN category c ON c.url_path = p.url_key",
    ],
)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_product_or_review_contradicts_itself(wrong: str, seed: int) -> None:
    assert count(wrong, seed) == 0, rows(f"SELECT * FROM {wrong} LIMIT 3", seed)


def test_a_review_is_about_a_theme_if_and_only_if_the_themes_words_stand_in_it() -> None:
    about: dict[int, set[str]] = {}
    for row in rows("SELECT review_id, theme FROM review_theme"):
        about.setdefault(row["review_id"], set()).add(row["theme"])
    for review in rows("SELECT id, title, detail FROM review"):
        found = {name for name, theme in THEMES.items() if re.search(theme.words, f"{review['title']} {review['detail']}", re.IGNORECASE)}
        assert found == about[review["id"]], review


def test_each_sentence_speaks_of_one_theme_only() -> None:
    for name, theme in THEMES.items():
        for sentence in (*theme.praise, *theme.complaints):
            assert [n for n, t in THEMES.items() if re.search(t.words, sentence, re.IGNORECASE)] == [name], sentence
    for sentence in (*NEUTRAL, *(title for titles in TITLES.values() for title in titles)):
        assert not any(re.search(t.words, sentence, re.IGNORECASE) for t in THEMES.values()), sentence


def test_stars_agree_with_what_is_written() -> None:
    assert count("review r JOIN review_theme t ON t.review_id = r.id WHERE rating = 5 AND NOT likes") == 0
    assert count("review r JOIN review_theme t ON t.review_id = r.id WHERE rating = 1 AND likes") == 0


def test_a_search_term_finds_as_many_as_it_says() -> None:
    for row in rows("SELECT query_text, num_results FROM search_query"):
        words = " ".join(f'"{word}"' for word in row["query_text"].split())
        found = count(f"product_search s JOIN product p ON p.id = s.rowid WHERE product_search MATCH '{words}' AND p.enabled AND p.visible")
        assert found == row["num_results"], row


@pytest.mark.parametrize("seed", SEEDS)
def test_emma_has_an_order_of_each_status_and_some_that_can_be_had_again(seed: int) -> None:
    statuses = {row["status"] for row in rows(f"SELECT DISTINCT status FROM sales_order WHERE {OF_EMMA}", seed)}
    assert statuses == {"pending", "processing", "complete", "canceled", "closed", "holded"}
    again = rows(
        f"SELECT o.id FROM sales_order o WHERE o.{OF_EMMA} AND NOT EXISTS (SELECT 1 FROM order_item i LEFT JOIN product p"
        " ON p.id = i.product_id AND p.enabled AND p.in_stock AND p.qty >= i.qty_ordered WHERE i.order_id = o.id AND p.id IS NULL)",
        seed,
    )
    assert len(again) >= 10


def test_the_database_keeps_prices_reviews_and_the_search_index_by_itself() -> None:
    own = IMAGE.copy()
    parent = own.execute("SELECT parent_id AS id FROM product WHERE parent_id IS NOT NULL LIMIT 1").fetchone()["id"]
    own.execute("UPDATE product SET price = 123 WHERE id = (SELECT max(id) FROM product WHERE parent_id = ?)", (parent,))
    assert own.execute("SELECT final_price FROM product WHERE id = ?", (parent,)).fetchone()[0] == 123
    before = own.execute("SELECT review_count, rating_sum FROM product WHERE id = ?", (parent,)).fetchone()
    made = own.execute(
        "INSERT INTO review (product_id, nickname, title, detail, rating, created_at) VALUES (?, 'n', 't', 'd', 4, '2026-06-15 10:00:00')",
        (parent,),
    )
    assert tuple(own.execute("SELECT review_count, rating_sum FROM product WHERE id = ?", (parent,)).fetchone()) == tuple(before)
    own.execute("UPDATE review SET status = 'approved' WHERE id = ?", (made.lastrowid,))
    assert tuple(own.execute("SELECT review_count, rating_sum FROM product WHERE id = ?", (parent,)).fetchone()) == (
        before[0] + 1,
        before[1] + 4,
    )
    own.execute("UPDATE product SET name = 'Xylophonic Zebra' WHERE id = ?", (parent,))
    assert own.execute("SELECT rowid FROM product_search WHERE product_search MATCH 'xylophonic'").fetchone()[0] == parent
