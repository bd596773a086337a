"""`Answers`: what a visitor filled in, checked field by field."""

from __future__ import annotations

import re
from typing import Final

from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.seed.names import REGIONS

REQUIRED: Final = "This is a required field."
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
ADDRESS_FIELDS: Final = ("firstname", "lastname", "company", "telephone", "street", "city", "region", "postcode", "country")
COUNTRIES: Final = {"US": "United States"}


class Answers:
    """Values and errors by field, to be shown again in the form if something is wrong."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.values: dict[str, str] = {}
        self.errors: dict[str, str] = {}

    def text(self, name: str, *, required: bool = True, limit: int = 255, field: str = "") -> str:
        """A text on one line or more; without control characters."""
        value = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", self.visit.text(field or name, limit=limit)).strip()
        self.values[name] = value
        if required and not value:
            self.errors[name] = REQUIRED
        return value

    def email(self, name: str) -> str:
        """An e-mail address."""
        value = self.text(name)
        if value and not (_EMAIL.fullmatch(value) and len(value) < 128):
            self.errors[name] = "Please enter a valid email address (Ex: johndoe@domain.com)."
        return value

    def new_password(self, name: str, again: str) -> str:
        """A password that is long and varied enough, twice the same; it is not shown again."""
        first, second = self.visit.form.get(name, ""), self.visit.form.get(again, "")
        first, second = str(first)[:256], str(second)[:256]
        classes = sum(bool(re.search(kind, first)) for kind in ("[a-z]", "[A-Z]", r"\d", r"[^A-Za-z\d]"))
        if not first:
            self.errors[name] = REQUIRED
        elif len(first) < 8:
            self.errors[name] = "Minimum length of this field must be equal or greater than 8 symbols."
        elif classes < 3:
            self.errors[name] = "Use at least three of these: lower case, upper case, digits, special characters."
        if not second:
            self.errors[again] = REQUIRED
        elif first != second:
            self.errors[again] = "Please enter the same value again."
        return first

    def address(self) -> dict[str, str]:
        """An address; street lines become one text."""
        for name in ("firstname", "lastname", "city", "postcode", "telephone"):
            self.text(name)
        self.text("company", required=False)
        given = self.visit.form.getlist("street[]") or [self.visit.form.get(f"street[{i}]", "") for i in range(3)]
        lines = [" ".join(str(line).split())[:120] for line in given[:3]]
        self.values["street"] = "\n".join(line for line in lines if line)
        if not lines or not lines[0]:
            self.errors["street"] = REQUIRED
        region = self.text("region", field="region_id" if "region_id" in self.visit.form else "region")
        if region.isdigit() and 0 < int(region) <= len(REGIONS):
            region = self.values["region"] = REGIONS[int(region) - 1]
        if region and region not in REGIONS:
            self.errors["region"] = "Please select a region, state or province."
        self.values["country"] = "US"
        if self.values["postcode"] and not re.fullmatch(r"\d{5}(-\d{4})?", self.values["postcode"]):
            self.errors["postcode"] = "Zip codes look like 12345 or 12345-6789."
        if self.values["telephone"] and not re.fullmatch(r"[\d +().x-]{5,30}", self.values["telephone"]):
            self.errors["telephone"] = "Please enter a phone number."
        return {name: self.values[name] for name in ADDRESS_FIELDS}
