"""Reading a form: values with what is wrong about them, so that the page can be shown again with both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from mtenvs.sites.admin import text
from mtenvs.sites.kit import Visit

MOST_PIECES: Final = 99_999_999
_MOST_GRAMS: Final = 10_000_000
_EMAIL: Final = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]+\Z")


class Form:
    """The fields of a form that was sent.

    Args:
        visit: what brought it.

    Each method returns the value or, after noting an error in ``errors``, something harmless.
    """

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.errors: list[str] = []

    def raw(self, name: str) -> str:
        """The field as it was sent, for showing it again."""
        return self.visit.text(name)

    def has(self, name: str) -> bool:
        """Whether the form has the field at all."""
        return name in self.visit.form

    def text(self, name: str, label: str, *, limit: int = 255, required: bool = False) -> str:
        """Some text."""
        value = self.visit.text(name, limit=limit + 1)
        if required and not value:
            self.errors.append(f"{label} is a required field.")
        if len(value) > limit:
            self.errors.append(f"{label} may have {limit} characters at most.")
        return value

    def email(self, name: str, label: str) -> str:
        """An e-mail address."""
        value = self.text(name, label, required=True)
        if value and not _EMAIL.match(value):
            self.errors.append(f"{label} must be an e-mail address such as name@example.com.")
        return value

    def cents(self, name: str, label: str, *, required: bool = False) -> int | None:
        """An amount of money that is not negative, in cents; None where the field is empty."""
        written = self.text(name, label, required=required)
        if not written:
            return None
        found = text.cents_of(written)
        if found is None or found < 0:
            self.errors.append(f"{label} must be an amount from 0 to 99,999,999.99.")
            return 0
        return found

    def grams(self, name: str, label: str) -> int:
        """A weight in kilograms, in grams; 0 where the field is empty."""
        written = self.text(name, label)
        try:
            found = Decimal(written or "0") * 1000
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or not 0 <= found <= _MOST_GRAMS:
            self.errors.append(f"{label} must be a number from 0 to {_MOST_GRAMS // 1000:,}.")
            return 0
        return int(found.to_integral_value())

    def whole(self, name: str, label: str, *, most: int = MOST_PIECES, required: bool = False) -> int | None:
        """A whole number that is not negative; None where the field is empty."""
        written = self.text(name, label, required=required)
        if not written:
            return None
        found = text.cents_of(written)
        if found is None or found < 0 or found % 100 or found // 100 > most:
            self.errors.append(f"{label} must be a whole number from 0 to {most:,}.")
            return 0
        return found // 100

    def choice(self, name: str, label: str, choices: Collection[str], default: str | None = None) -> str:
        """One of some values."""
        value = self.raw(name) if self.has(name) or default is None else default
        if value not in choices:
            self.errors.append(f"{label}: please choose one of the values offered.")
            return next(iter(choices), "")
        return value

    def choices(self, name: str, label: str, choices: Collection[str], *, required: bool = False) -> list[str]:
        """Several of some values, from fields called ``name`` or ``name[]``."""
        sent = [value for key in (name, name + "[]") for value in self.visit.form.getlist(key) if isinstance(value, str) and value]
        if any(value not in choices for value in sent):
            self.errors.append(f"{label}: please choose from the values offered.")
        if required and not sent:
            self.errors.append(f"{label} is a required field.")
        return [value for value in dict.fromkeys(sent) if value in choices]

    def date(self, name: str, label: str) -> date | None:
        """A day; None where the field is empty."""
        written = self.raw(name)
        found = text.date_of(written) if written else None
        if written and found is None:
            self.errors.append(f"{label} must be a date such as 6/15/2026.")
        return found

    def values(self, names: Iterable[str]) -> Mapping[str, str]:
        """Fields as they were sent, for showing them again."""
        return {name: self.raw(name) for name in names if self.has(name)}
