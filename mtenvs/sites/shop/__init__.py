"""A shop whose addresses, form names and selectors are those of Magento, with looks, texts and goods of its own."""

from mtenvs.sites.shop import pages  # noqa: F401 - the pages declare themselves
from mtenvs.sites.shop.site import SITE

__all__ = ["SITE"]
