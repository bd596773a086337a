"""The shop's administration: its addresses, form names and selectors are those of Magento, its looks and texts its own."""

from mtenvs.sites.admin import (
    categories,
    cms,
    configurable,
    creditmemos,
    customers,
    dashboard,
    documents,
    invoices,
    login,
    marketing,
    order_actions,
    orders,
    product_actions,
    product_edit,
    products,
    promos,
    reports,
    reviews,
    search,
    shipments,
)
from mtenvs.sites.admin.site import SITE

__all__ = ["SITE"]
