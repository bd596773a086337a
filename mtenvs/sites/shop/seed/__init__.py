"""The shop's data: generated, the same for the same seed, with one account that tasks are written for."""

from __future__ import annotations

import hashlib
import importlib.resources
import sqlite3

from mtenvs.sites.kit import Image
from mtenvs.sites.shop.seed.content import add_content, add_searches
from mtenvs.sites.shop.seed.extras import add_extras, add_views
from mtenvs.sites.shop.seed.orders import add_orders
from mtenvs.sites.shop.seed.people import add_people
from mtenvs.sites.shop.seed.products import add_attributes, add_categories, add_products
from mtenvs.sites.shop.seed.reviews import add_reviews

__all__ = ["IMAGE", "build"]


def build(db: sqlite3.Connection, seed: int) -> None:
    """Fill an empty database."""
    _run(db, "schema.sql")
    categories = add_categories(db)
    add_attributes(db)
    made = add_products(db, seed, categories)
    people = add_people(db, seed)
    add_content(db)
    bought = add_orders(db, seed, made, people)
    add_reviews(db, seed, made, people, bought)
    add_searches(db, seed, made)
    add_extras(db, seed, made, people)
    add_views(db, seed, made)
    _run(db, "triggers.sql")
    db.execute("INSERT INTO product_search (product_search) VALUES ('optimize')")
    db.execute("ANALYZE")


def _run(db: sqlite3.Connection, file: str) -> None:
    """Run a script in the transaction that is open (`executescript` would commit it)."""
    statement = ""
    for line in (importlib.resources.files("mtenvs.sites.shop") / file).read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def _version() -> str:
    """Of the data: a digest of everything that makes it, so that no stale copy is taken from the cache."""
    shop = importlib.resources.files("mtenvs.sites.shop")
    files = [*(shop / "seed").iterdir(), shop / "schema.sql", shop / "triggers.sql", shop / "totals.py", shop / "passwords.py"]
    digest = hashlib.blake2b(digest_size=6)
    for file in sorted(files, key=lambda f: f.name):
        if file.name.endswith((".py", ".sql")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


IMAGE = Image("shop", _version(), build)
