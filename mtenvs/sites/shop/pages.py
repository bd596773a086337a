"""All pages of the shop: importing this module declares them."""

from mtenvs.sites.shop import account, addresses, cart, catalog, checkout, contact, orders, product, rest, wishlist
from mtenvs.sites.shop.site import SITE

__all__ = ["account", "addresses", "cart", "catalog", "checkout", "contact", "orders", "product", "rest", "wishlist"]

SITE.get("/{identifier}/")(catalog.text_page)  # the last of all routes: it takes every short address that is left
