"""The shop's administration: its addresses, form names and selectors are those of Magento, its looks and texts its own."""

import importlib

from mtenvs.sites.admin.site import SITE

__all__ = ["SITE"]

# Importing an area declares its pages.
for _area in (
    "categories",
    "cms",
    "configurable",
    "creditmemos",
    "customers",
    "dashboard",
    "documents",
    "export",
    "invoices",
    "login",
    "marketing",
    "order_actions",
    "orders",
    "product_actions",
    "product_edit",
    "products",
    "promos",
    "reports",
    "reviews",
    "search",
    "shipments",
):
    importlib.import_module(f"mtenvs.sites.admin.{_area}")
