"""What people left behind: wish lists, carts, messages and visits."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from random import Random
from typing import Final

from mtenvs.sites.shop.seed.people import EMMA, Person, guest
from mtenvs.sites.shop.seed.products import Made

_NOW: Final = datetime(2026, 6, 15, 8, 0)  # noqa: DTZ001 - the sites' world has one time zone
_MESSAGES: Final = (
    "Do you ship to Canada?",
    "When will the green one be back?",
    "My parcel says delivered but nothing is here.",
    "Can I change the address of an order?",
    "Do you have a shop that I can visit?",
    "I would like an invoice with our company's name.",
)


def add_extras(db: sqlite3.Connection, seed: int, made: list[Made], people: list[Person]) -> None:
    """Wish lists (Emma's has two products), carts (hers is empty), and messages."""
    rng = Random(f"{seed}/extras")
    on_sale = [product for product in made if product.enabled]
    for person in people:
        wanted = 2 if person.id == EMMA else rng.randrange(1, 5) if rng.random() < 0.2 else 0
        for product in rng.sample(on_sale, wanted):
            when = _NOW - timedelta(days=rng.randrange(1, 90), minutes=rng.randrange(900))
            db.execute(
                "INSERT INTO wishlist_item (customer_id, product_id, added_at) VALUES (?, ?, ?)",
                (person.id, product.id, when.isoformat(" ")),
            )
        if person.id != EMMA and rng.random() < 0.12:
            day = (_NOW - timedelta(days=rng.randrange(1, 60), minutes=rng.randrange(900))).isoformat(" ")
            cart = db.execute("INSERT INTO cart (customer_id, created_at, updated_at) VALUES (?, ?, ?)", (person.id, day, day)).lastrowid
            for product in rng.sample(on_sale, rng.randrange(1, 4)):
                db.execute(
                    "INSERT INTO cart_item (cart_id, product_id, qty) VALUES (?, ?, ?)",
                    (cart, rng.choice(product.variants).id, rng.randint(1, 2)),
                )
    for text in _MESSAGES:
        when = _NOW - timedelta(days=rng.randrange(1, 40), minutes=rng.randrange(900))
        writer = guest(rng, when)
        db.execute(
            "INSERT INTO contact_message (name, email, comment, created_at) VALUES (?, ?, ?, ?)",
            (f"{writer.first} {writer.last}", writer.email, text, when.isoformat(" ")),
        )


def add_views(db: sqlite3.Connection, seed: int, made: list[Made]) -> None:
    """How often products were looked at on each day of two years; a few are looked at often."""
    rng = Random(f"{seed}/views")
    liked = rng.sample([product.id for product in made if product.enabled], 400)
    for ago in range(1, 741):
        day = (_NOW - timedelta(days=ago)).date().isoformat()
        seen = sorted({liked[int(len(liked) * rng.random() ** 2)] for _ in range(6)})
        db.executemany("INSERT INTO product_view VALUES (?, ?, ?)", [(day, ident, 1 + int(rng.expovariate(0.2))) for ident in seen])
