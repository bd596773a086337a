"""Customers with addresses, groups and newsletters; administrators."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from mtenvs.sites.shop.passwords import hashed
from mtenvs.sites.shop.seed.names import CITIES, FIRST, LAST, STREETS

ACCOUNT: Final = ("emma.lopez@gmail.com", "Password.123")
ADMIN: Final = ("admin", "admin1234")
EMMA: Final = 27  # her number among the customers
CUSTOMERS: Final = 200
GROUPS: Final = ("NOT LOGGED IN", "General", "Wholesale", "Retailer")
_MAILS: Final = ("gmail.com", "yahoo.com", "example.com", "example.org", "outlook.com")
_FIRST_DAY: Final = datetime(2024, 1, 8, 9, 0)  # noqa: DTZ001 - the sites' world has one time zone


@dataclass(frozen=True)
class Person:
    """Somebody who buys; the number is 0 for guests."""

    id: int
    email: str
    first: str
    last: str
    group: int
    since: datetime
    addresses: tuple[tuple[str, ...], ...]

    @property
    def nickname(self) -> str:
        """How they sign reviews."""
        return f"{self.first} {self.last}"


def address(rng: Random, first: str, last: str) -> tuple[str, ...]:
    """First and last name, company, street, city, region, postcode, country, telephone."""
    city, region, postcode, dial = rng.choice(CITIES)
    street = f"{rng.randrange(10, 4900)} {rng.choice(STREETS)}"
    if rng.random() < 0.2:
        street += f"\nApt {rng.randrange(1, 40)}{rng.choice('ABC')}"
    company = f"{rng.choice(LAST)} {rng.choice(('Ltd', 'Studio', 'Partners', 'Works'))}" if rng.random() < 0.1 else ""
    return (first, last, company, street, city, region, postcode, "US", f"{dial}-555-{rng.randrange(100, 200):04d}")


def guest(rng: Random, when: datetime) -> Person:
    """Somebody who buys without an account."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return Person(0, _mail(rng, first, last), first, last, 0, when, (address(rng, first, last),))


def _mail(rng: Random, first: str, last: str) -> str:
    return f"{first}.{last}{rng.randrange(10, 99)}@{rng.choice(_MAILS)}".lower()


def add_people(db: sqlite3.Connection, seed: int) -> list[Person]:
    """All customers, in the order of their numbers."""
    rng = Random(f"{seed}/people")
    people: list[Person] = []
    names: set[tuple[str, str]] = {("Emma", "Lopez")}
    for number in range(1, CUSTOMERS + 1):
        since = _FIRST_DAY + timedelta(days=number * 4, minutes=rng.randrange(700))
        if number == EMMA:
            home = ("Emma", "Lopez", "", "2210 Larkspur Lane", "Redwood City", "California", "94061", "US", "650-555-0127")
            work = ("Emma", "Lopez", "Weber Studio", "480 Canal Street\nSuite 12", "Oakland", "California", "94610", "US", "510-555-0144")
            people.append(Person(number, ACCOUNT[0], "Emma", "Lopez", 1, since, (home, work)))
            continue
        first, last = rng.choice(FIRST), rng.choice(LAST)
        while (first, last) in names:
            first, last = rng.choice(FIRST), rng.choice(LAST)
        names.add((first, last))
        group = rng.choices((1, 2, 3), (86, 8, 6))[0]
        addresses = tuple(address(rng, first, last) for _ in range(rng.choices((1, 2, 3), (70, 24, 6))[0]))
        people.append(Person(number, _mail(rng, first, last), first, last, group, since, addresses))
    _write(db, rng, people)
    return people


def _write(db: sqlite3.Connection, rng: Random, people: list[Person]) -> None:
    db.executemany("INSERT INTO customer_group VALUES (?, ?)", list(enumerate(GROUPS)))
    customers, addresses, subscribers = [], [], []
    for person in people:
        home = len(addresses) + 1
        password = ACCOUNT[1] if person.id == EMMA else f"{person.first}.{person.last}.{person.id}"
        customers.append(
            (person.id, person.email, person.first, person.last, hashed(password, person.email), person.group, home, home, person.since.isoformat(" "), person.since.isoformat(" "))
        )
        addresses += [(person.id, *place) for place in person.addresses]
        if rng.random() < 0.3 and person.id != EMMA:
            status = "subscribed" if rng.random() < 0.85 else "unsubscribed"
            subscribers.append((person.email, person.id, status, (person.since + timedelta(days=rng.randrange(60))).isoformat(" ")))
    for _ in range(24):
        when = _FIRST_DAY + timedelta(days=rng.randrange(860), minutes=rng.randrange(700))
        subscribers.append((guest(rng, when).email, None, "subscribed", when.isoformat(" ")))
    db.executemany("INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", customers)
    db.executemany(
        "INSERT INTO address (customer_id, firstname, lastname, company, street, city, region, postcode, country, telephone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        addresses,
    )
    db.executemany("INSERT OR IGNORE INTO newsletter_subscriber (email, customer_id, status, changed_at) VALUES (?, ?, ?, ?)", subscribers)
    db.execute(
        "INSERT INTO admin_user (username, firstname, lastname, email, password) VALUES (?, 'Ada', 'Winter', 'admin@example.com', ?)", (ADMIN[0], hashed(ADMIN[1], ADMIN[0]))
    )
