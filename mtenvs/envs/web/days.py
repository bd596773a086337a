"""The calendar days that a text names, in the forms in which people and shops write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME: Final = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>\d{4})"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})(?!\d)",  # as the shop writes them
        rf"\b{_NAME}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_NAME},?\s+{_YEAR}\b",
    )
)


def days_in(text: str) -> set[date]:
    """Every day that a text names; the month comes first where only numbers and slashes are written, and 26 is 2026."""
    return {day for form in _FORMS for match in form.finditer(text) if (day := _day(match.groupdict())) is not None}


def _day(parts: dict[str, str]) -> date | None:
    month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"][:3].lower()) + 1
    year = int(parts["year"])
    try:
        return date(year + 2000 if len(parts["year"]) == 2 else year, month, int(parts["day"]))
    except ValueError:
        return None
