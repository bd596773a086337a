"""How money, dates and names are written in the administration, and read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

MOST_CENTS: Final = 99_999_999_99
STATUSES: Final = {
    "canceled": "Canceled",
    "closed": "Closed",
    "complete": "Complete",
    "fraud": "Suspected Fraud",
    "holded": "On Hold",
    "payment_review": "Payment Review",
    "pending": "Pending",
    "pending_payment": "Pending Payment",
    "processing": "Processing",
}
REVIEW_STATUSES: Final = {"approved": "Approved", "pending": "Pending", "not_approved": "Not Approved"}
CARRIERS: Final = {
    "custom": "Custom Value",
    "dhl": "DHL",
    "fedex": "Federal Express",
    "ups": "United Parcel Service",
    "usps": "United States Postal Service",
}
COUNTRIES: Final = {"US": "United States", "CA": "Canada", "GB": "United Kingdom", "DE": "Germany", "FR": "France", "MX": "Mexico"}
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})\Z", re.ASCII)


def money(cents: int | None) -> str:
    """``"-$1,234.50"``; nothing for None."""
    if cents is None:
        return ""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def plain(cents: int | None) -> str:
    """``"1234.50"``, as in a form's field."""
    return "" if cents is None else f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def hundredths(value: int) -> str:
    """``"12.5"``: a number that is kept in hundredths, without needless zeros."""
    return f"{Decimal(value) / 100:f}".rstrip("0").rstrip(".") if value % 100 else str(value // 100)


def cents_of(written: str) -> int | None:
    """Cents of an amount as people write it; None where it is no amount."""
    cleaned = written.strip().removeprefix("$").replace(",", "")
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) * 100 > MOST_CENTS:
        return None
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def when(stamp: str | None) -> str:
    """``"Jun 5, 2026 2:03:04 PM"``."""
    try:
        at = datetime.fromisoformat(stamp or "")
    except ValueError:
        return ""
    return f"{at:%b} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"


def day(stamp: str | None) -> str:
    """``"Jun 5, 2026"``."""
    return re.sub(r" \d+:.*", "", when(stamp))


def date_of(written: str) -> date | None:
    """A day as people write it, ``6/5/2026``, ``06/05/26`` or ``2026-06-05``; None where it is none."""
    found = _DATE.match(written.strip())
    try:
        if found:
            month, of_month, year = (int(part) for part in found.groups())
            return date(year + 2000 if year < 100 else year, month, of_month)
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


def stamp(at: datetime) -> str:
    """As the database keeps times."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def status(code: str) -> str:
    """Of an order, for people."""
    return STATUSES.get(code, code)


def review_status(code: str) -> str:
    """Of a review, for people."""
    return REVIEW_STATUSES.get(code, code)


def country(code: str) -> str:
    """Of an address, for people."""
    return COUNTRIES.get(code, code)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "money": money,
    "plain": plain,
    "hundredths": hundredths,
    "when": when,
    "day": day,
    "status": status,
    "review_status": review_status,
    "country": country,
    "carrier": lambda code: CARRIERS.get(code, code),
}
