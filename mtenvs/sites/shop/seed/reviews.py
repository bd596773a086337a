"""Reviews: who says what about which product, and (for verifiers) what each review is about."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from random import Random
from typing import Final

from mtenvs.sites.shop.seed.names import FIRST, LAST
from mtenvs.sites.shop.seed.people import EMMA, Person
from mtenvs.sites.shop.seed.products import Made
from mtenvs.sites.shop.seed.themes import NEUTRAL, THEMES, TITLES

_NOW: Final = datetime(2026, 6, 15, 10, 0)  # noqa: DTZ001 - the sites' world has one time zone
_RECENT: Final = timedelta(days=50)


def add_reviews(db: sqlite3.Connection, seed: int, made: list[Made], people: list[Person], bought: set[tuple[int, int]]) -> None:
    """All reviews.

    Args:
        db: where they go.
        seed: of the data.
        made: the products.
        people: the customers; Emma writes only about what she has bought.
        bought: pairs of customer and product.
    """
    rng = Random(f"{seed}/reviews")
    emmas = sorted(product for person, product in bought if person == EMMA)
    by_emma = set(rng.sample(emmas, min(6, len(emmas))))
    reviews: list[tuple[object, ...]] = []
    themes: list[tuple[int, str, int]] = []
    for product in made:
        signed: set[str] = set()
        for number in range(min(28, int(rng.expovariate(1 / 5.4) + 0.6))):
            when = product.created_at + (_NOW - product.created_at) * (rng.random() ** 0.8) - timedelta(seconds=rng.randrange(9000))
            writer = people[EMMA - 1] if number == 0 and product.id in by_emma else None
            customer, name = _signature(rng, people, when, writer)
            if name in signed:
                continue
            signed.add(name)
            rating = _rating(rng, product.charm)
            detail, about = _text(rng, product, rating)
            status = "pending" if _NOW - when < _RECENT and rng.random() < 0.4 and writer is None else "not_approved" if rng.random() < 0.02 else "approved"
            stamp = max(when, product.created_at + timedelta(hours=1)).replace(microsecond=0).isoformat(" ")
            reviews.append((product.id, customer, name, rng.choice(TITLES[rating]), detail, rating, status, stamp))
            themes += [(len(reviews), theme, likes) for theme, likes in about]
    order = sorted(range(len(reviews)), key=lambda i: str(reviews[i][-1]))
    ids = {before + 1: after + 1 for after, before in enumerate(order)}
    db.executemany(
        "INSERT INTO review (id, product_id, customer_id, nickname, title, detail, rating, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(ids[before + 1], *reviews[before]) for before in order],
    )
    db.executemany("INSERT INTO review_theme VALUES (?, ?, ?)", [(ids[review], theme, likes) for review, theme, likes in themes])
    db.execute(
        "UPDATE product SET review_count = r.n, rating_sum = r.stars FROM (SELECT product_id, count(*) AS n, sum(rating) AS stars FROM review"
        " WHERE status = 'approved' GROUP BY 1) r WHERE r.product_id = product.id"
    )


def _signature(rng: Random, people: list[Person], when: datetime, writer: Person | None) -> tuple[int | None, str]:
    """The customer, None for a stranger, and the nickname."""
    if writer is None and rng.random() < 0.35:
        writer = rng.choice(people)
        if writer.since > when or writer.id == EMMA:
            writer = None
    if writer is not None:
        return writer.id, writer.nickname
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return None, rng.choice((f"{first} {last}", f"{first} {last}", f"{first} {last[0]}.", f"{first}{rng.randrange(10, 99)}"))


def _rating(rng: Random, charm: float) -> int:
    return 1 + sum(rng.random() < charm for _ in range(4))


def _text(rng: Random, product: Made, rating: int) -> tuple[str, list[tuple[str, int]]]:
    """What is written, and what it is about."""
    known = [theme for theme in product.kind.themes.split() if theme in THEMES]
    likes = {5: rng.randint(1, 2), 4: rng.randint(1, 2), 3: 1, 2: int(rng.random() < 0.3), 1: 0}[rating]
    dislikes = {5: 0, 4: int(rng.random() < 0.3), 3: 1, 2: rng.randint(1, 2), 1: rng.randint(1, 2)}[rating]
    bad = [product.weak] if dislikes and rng.random() < 0.6 else []
    bad += rng.sample([theme for theme in known if theme not in bad], dislikes - len(bad)) if dislikes > len(bad) else []
    good = rng.sample([theme for theme in known if theme not in bad and theme != product.weak], min(likes, len(known) - len(bad) - 1))
    sentences = [rng.choice(THEMES[theme].praise) for theme in good] + [rng.choice(THEMES[theme].complaints) for theme in bad]
    rng.shuffle(sentences)
    if rng.random() < 0.45:
        sentences.insert(0, rng.choice(NEUTRAL))
    return " ".join(sentences), [(theme, 1) for theme in good] + [(theme, 0) for theme in bad]
