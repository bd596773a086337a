"""What a report is about: dates, periods and order statuses, in the address as base64 of a query."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from mtenvs.sites.admin import text

PERIODS: Final = {"day": 10, "month": 7, "year": 4}  # name -> leading characters of a stored time that tell it
_MOST: Final = 4_000  # characters of a filter
_KEYS: Final = ("report_type", "period_type", "from", "to", "show_order_statuses", "show_empty_rows")
# Reports about products and customers call these otherwise.
_ALIASES: Final = {"report_from": "from", "report_to": "to", "report_period": "period_type"}


@dataclass
class Filter:
    """What a report is about.

    Args:
        kind: whose date counts, such as ``"created_at_order"``.
        period: ``"day"``, ``"month"`` or ``"year"``.
        since: as it was written.
        until: as it was written.
        statuses: of orders; empty for any.
        empty_rows: whether periods in which nothing happened are shown.
        asked: whether anything was asked for.
        errors: what could not be understood.
    """

    kind: str = ""
    period: str = "day"
    since: str = ""
    until: str = ""
    statuses: Sequence[str] = ()
    empty_rows: bool = False
    asked: bool = False
    errors: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, pairs: Sequence[tuple[str, str]], kinds: Sequence[str]) -> Filter:
        """The filter that a form describes."""
        given = {_ALIASES.get(key, key): value.strip()[:40] for key, value in pairs}
        named = tuple(part for key, value in pairs if key.rstrip("[]") == "order_statuses" for part in value.split(","))
        made = cls(
            kind=given.get("report_type", "") if given.get("report_type") in kinds else next(iter(kinds), ""),
            period=given.get("period_type", "") if given.get("period_type") in PERIODS else "day",
            since=given.get("from", ""),
            until=given.get("to", ""),
            statuses=tuple(code for code in text.STATUSES if code in named) if given.get("show_order_statuses") == "1" else (),
            empty_rows=given.get("show_empty_rows") == "1",
            asked="from" in given or "to" in given,
        )
        if made.asked:
            made._check()
        return made

    @classmethod
    def decoded(cls, written: str, kinds: Sequence[str]) -> Filter:
        """The filter in an address."""
        try:
            raw = base64.b64decode(written[:_MOST].replace("-", "+").replace("_", "/") + "=" * (-len(written[:_MOST]) % 4), validate=True)
            pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=50)
        except (binascii.Error, ValueError):
            made = cls.read((), kinds)
            made.errors.append("The filter in the address can not be read.")
            return made
        return cls.read(pairs, kinds)

    def encoded(self) -> str:
        """For the address."""
        values = (self.kind, self.period, self.since, self.until, str(int(bool(self.statuses))), str(int(self.empty_rows)))
        pairs = [*zip(_KEYS, values, strict=True), *(("order_statuses[]", code) for code in self.statuses)]
        return base64.urlsafe_b64encode(urlencode(pairs).encode()).decode()

    def _check(self) -> None:
        days = [text.date_of(written) for written in (self.since, self.until)]
        for label, written, found in zip(("From", "To"), (self.since, self.until), days, strict=True):
            if not written:
                self.errors.append(f"{label} is a required field.")
            elif found is None:
                self.errors.append(f"{label} must be a date such as 6/15/2026.")
        if days[0] and days[1] and days[1] < days[0]:
            self.errors.append("The first day must not be after the last one.")

    @property
    def ready(self) -> bool:
        """Whether the report can be made."""
        return self.asked and not self.errors

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day.

        Raises:
            ValueError: there are none.
        """
        first, last = text.date_of(self.since), text.date_of(self.until)
        if first is None or last is None:
            raise ValueError("the filter has no dates")
        return first, last

    def values(self) -> Mapping[str, Any]:
        """For named parameters of SQL: ``:since``, ``:until`` (times) and ``:cut`` (leading characters of a time)."""
        first, last = self.days
        return {"since": f"{first} 00:00:00", "until": f"{last} 23:59:59", "cut": PERIODS[self.period]}

    def among(self, column: str, *, default: str = "1") -> str:
        """A condition on an order's status; the codes are ours, so they can stand in the SQL."""
        return f"{column} IN ({', '.join(repr(code) for code in self.statuses)})" if self.statuses else default

    def periods(self) -> list[str]:
        """All periods from the first to the last day, as the database tells them; 1000 at most."""
        first, last = self.days
        cut, found, at = PERIODS[self.period], list[str](), first
        while at <= last and len(found) < 1000:
            found.append(at.isoformat()[:cut])
            if self.period == "year":
                following = (at.year + 1, 1, 1)
            elif self.period == "month":
                following = (at.year + at.month // 12, at.month % 12 + 1, 1)
            else:
                following = None
            try:
                at = date(*following) if following else date.fromordinal(at.toordinal() + 1)
            except ValueError:
                break
        return found


def period_label(period: str) -> str:
    """A period as people read it: ``"Jun 5, 2026"``, ``"6/2026"`` or ``"2026"``."""
    parts = period.split("-")
    if len(parts) == 3:
        return text.day(period)
    return f"{int(parts[1])}/{parts[0]}" if len(parts) == 2 else period
