"""The reports: declared in `sales`, `products` and `people`, made by `engine`."""

from mtenvs.sites.admin.reports import people, products, sales

__all__ = ["people", "products", "sales"]
