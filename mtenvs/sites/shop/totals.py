"""Money: whole cents, rounded half up, in one place for the cart, the orders and the seed data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

FREE_SHIPPING_FROM: Final = 150_00
FLAT_RATE: Final = 5_00
# method -> carrier, title
SHIPPING: Final = {
    "flatrate_flatrate": ("Flat Rate", "Fixed"),
    "tablerate_bestway": ("Best Way", "Table Rate"),
    "freeshipping_freeshipping": ("Free Shipping", "Free"),
}
PAYMENT: Final = {"checkmo": "Check / Money order", "cashondelivery": "Cash On Delivery", "banktransfer": "Bank Transfer Payment"}


def share(amount: int, rate: int) -> int:
    """That many hundredths of a percent of an amount that is not negative, in cents, rounded half up."""
    return (amount * rate + 5_000) // 10_000


@dataclass(frozen=True)
class Line:
    """What is bought.

    Args:
        price: of one, in cents.
        qty: how many.
        weight: of one, in grams.
        taxable: whether tax is due on it.
    """

    price: int
    qty: int
    weight: int = 0
    taxable: bool = True

    @property
    def total(self) -> int:
        """Price of all of them, in cents."""
        return self.price * self.qty


@dataclass(frozen=True)
class Rule:
    """A price rule.

    Args:
        action: ``"by_percent"`` of each line, ``"by_fixed"`` off each piece, ``"cart_fixed"`` off the whole, ``"buy_x_get_y"``.
        amount: hundredths of a percent, cents, or how many pieces are free.
        min_subtotal: from which it applies, in cents.
        step: how many pieces must be bought for the free ones.
        free_shipping: whether shipping costs nothing.
    """

    action: str
    amount: int
    min_subtotal: int = 0
    step: int = 0
    free_shipping: bool = False


@dataclass(frozen=True)
class Totals:
    """What an order costs, in cents; ``grand_total = subtotal + shipping + tax - discount``.

    Args:
        subtotal: of the lines.
        shipping: of the parcel.
        taxes: due on each line.
        discounts: of each line, positive.
    """

    subtotal: int
    shipping: int
    taxes: tuple[int, ...] = field(default=())
    discounts: tuple[int, ...] = field(default=())

    @property
    def tax(self) -> int:
        """Of all lines."""
        return sum(self.taxes)

    @property
    def discount(self) -> int:
        """Of all lines."""
        return sum(self.discounts)

    @property
    def grand_total(self) -> int:
        """What is to be paid."""
        return self.subtotal + self.shipping + self.tax - self.discount


def shipping_price(method: str, lines: Sequence[Line]) -> int:
    """What a shipping method costs for these lines, in cents.

    Raises:
        ValueError: it is not offered for them.
    """
    if method == "flatrate_flatrate":
        return FLAT_RATE
    if method == "tablerate_bestway":
        kilos = -(-sum(line.weight * line.qty for line in lines) // 1000)
        return 3_50 + 75 * min(kilos, 60)
    if method == "freeshipping_freeshipping" and sum(line.total for line in lines) >= FREE_SHIPPING_FROM:
        return 0
    raise ValueError(f"shipping method {method!r} is not offered")


def discounts(lines: Sequence[Line], rule: Rule) -> tuple[int, ...]:
    """What a rule takes off each line, in cents; never more than the line."""
    subtotal = sum(line.total for line in lines)
    if not lines or subtotal < rule.min_subtotal:
        return (0,) * len(lines)
    if rule.action == "by_percent":
        return tuple(share(line.total, min(rule.amount, 10_000)) for line in lines)
    if rule.action == "by_fixed":
        return tuple(min(rule.amount, line.price) * line.qty for line in lines)
    if rule.action == "buy_x_get_y":
        group = max(1, rule.step) + rule.amount
        return tuple(line.price * rule.amount * (line.qty // group) for line in lines)
    left, whole, found = min(rule.amount, subtotal), min(rule.amount, subtotal), []
    for line in lines[:-1]:
        found.append(min(left, whole * line.total // subtotal if subtotal else 0))
        left -= found[-1]
    return (*found, min(left, lines[-1].total))


def totals(lines: Sequence[Line], *, shipping: int, rate: int, rules: Sequence[Rule] = ()) -> Totals:
    """What an order costs.

    Args:
        lines: what is bought.
        shipping: in cents.
        rate: of the tax where it goes, in hundredths of a percent; taken on each line after its discount.
        rules: applied one after the other, each to the full prices; together they take no more than a line costs.
    """
    off = [0] * len(lines)
    for rule in rules:
        for i, discount in enumerate(discounts(lines, rule)):
            off[i] = min(lines[i].total, off[i] + discount)
        if rule.free_shipping and sum(line.total for line in lines) >= rule.min_subtotal:
            shipping = 0
    taxes = tuple(share(line.total - discount, rate) if line.taxable else 0 for line, discount in zip(lines, off, strict=True))
    return Totals(sum(line.total for line in lines), shipping, taxes, tuple(off))
