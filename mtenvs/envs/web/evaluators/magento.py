"""Magento's REST interface, as far as the suites' checks ask it: the latest order, a product's latest review."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from mtenvs.envs.web.evaluators.pages import PageError, Pages

ADMIN: Final[Mapping[str, str]] = {"username": "admin", "password": "admin1234"}  # the account of the official images
_LATEST: Final = {
    "searchCriteria[sortOrders][0][field]": "created_at",
    "searchCriteria[sortOrders][0][direction]": "DESC",
    "searchCriteria[pageSize]": "1",
}


@dataclass(frozen=True, slots=True)
class Magento:
    """A shop's REST interface.

    Args:
        pages: makes the requests.
        address: of the shop, without a slash at its end.
        admin: user name and password of an administrator.
    """

    pages: Pages
    address: str
    admin: Mapping[str, str] = field(default_factory=lambda: dict(ADMIN))

    def latest_order(self) -> str:
        """The address of the page of the newest order.

        Raises:
            PageError: the shop refuses, or has no order.
        """
        found = self._get(f"/rest/V1/orders?{urlencode(_LATEST)}")
        try:
            number = int(found["items"][0]["increment_id"])
        except (LookupError, TypeError, ValueError) as e:
            raise PageError(f"{self.address} names no latest order") from e
        return f"{self.address}/sales/order/view/order_id/{number}/"

    def latest_review(self, sku: str, what: str) -> str:
        """Author (``"nickname"``), ``"title"``, text (``"detail"``) or stars in percent (``"rating"``) of a product's newest review.

        Empty if it has none.

        Raises:
            PageError: the shop refuses, or answers something else.
        """
        found = self._get(f"/rest/V1/products/{sku}/reviews")
        if found == []:
            return ""
        try:
            if what != "rating":
                return str(found[-1][what])
            if found[0]["ratings"][0]["rating_name"] != "Rating":
                raise PageError(f"the reviews of {sku} are rated by something other than stars")
            return str(found[-1]["ratings"][0]["percent"])
        except (LookupError, TypeError) as e:
            raise PageError(f"the reviews of {sku} have no {what}") from e

    def product_page(self, sku: str) -> str:
        """The address of a product's page, empty if it has none.

        Raises:
            PageError: the shop refuses, or answers something else.
        """
        found = self._get(f"/rest/V1/products/{sku}")
        try:
            keys = [a["value"] for a in found["custom_attributes"] if a["attribute_code"] == "url_key"]
        except (LookupError, TypeError) as e:
            raise PageError(f"{self.address} says nothing of {sku}") from e
        return f"{self.address}/{keys[0]}.html" if keys else ""

    def _get(self, path: str) -> Any:
        token = self._json("POST", "/rest/default/V1/integration/admin/token", {}, json.dumps(dict(self.admin)))
        return self._json("GET", path, {"Authorization": f"Bearer {token}"}, "")

    def _json(self, method: str, path: str, headers: Mapping[str, str], body: str) -> Any:
        status, text = self.pages.request(method, self.address + path, {"Content-Type": "application/json", **headers}, body)
        if status != 200:
            raise PageError(f"{method} {self.address}{path} answers with status {status}")
        try:
            return json.loads(text)
        except ValueError as e:
            raise PageError(f"{method} {self.address}{path} answers no JSON") from e
