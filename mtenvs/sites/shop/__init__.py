"""A shop whose addresses, form names and selectors are those of Magento, with looks, texts and goods of its own."""

# the pages declare themselves when they are imported; contact comes last because its last route takes every address that is left
from mtenvs.sites.shop import account, addresses, cart, catalog, checkout, orders, product, rest, wishlist  # noqa: F401
from mtenvs.sites.shop import contact  # noqa: F401  # isort: skip
from mtenvs.sites.shop.site import SITE

__all__ = ["SITE"]
