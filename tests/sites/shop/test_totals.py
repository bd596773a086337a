"""Money is whole cents and nothing is lost on the way, whatever is bought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.sites.shop.totals import FREE_SHIPPING_FROM, SHIPPING, Line, Rule, discounts, share, shipping_price, totals

LINES = st.lists(
    st.builds(Line, st.integers(0, 500_000), st.integers(1, 60), st.integers(0, 60_000), st.booleans()), min_size=1, max_size=6
)
RULES = st.builds(
    Rule,
    st.sampled_from(["by_percent", "by_fixed", "cart_fixed", "buy_x_get_y"]),
    st.integers(0, 12_000),
    st.integers(0, 20_000),
    st.integers(0, 4),
    st.booleans(),
)


@given(LINES, st.lists(RULES, max_size=3), st.integers(0, 1_100), st.integers(0, 5_000))
def test_totals_add_up_and_no_line_costs_less_than_nothing(lines: list[Line], rules: list[Rule], rate: int, shipping: int) -> None:
    found = totals(lines, shipping=shipping, rate=rate, rules=rules)
    assert found.grand_total == found.subtotal + found.shipping + found.tax - found.discount
    assert found.subtotal == sum(line.price * line.qty for line in lines)
    assert all(0 <= discount <= line.total for line, discount in zip(lines, found.discounts, strict=True))
    assert all(0 <= tax <= line.total for line, tax in zip(lines, found.taxes, strict=True))
    assert found.shipping in {0, shipping}
    assert all(isinstance(value, int) for value in (found.grand_total, *found.taxes, *found.discounts))


@given(LINES, st.integers(0, 50_000))
def test_a_fixed_amount_is_shared_out_to_the_cent(lines: list[Line], amount: int) -> None:
    subtotal = sum(line.total for line in lines)
    found = sum(discounts(lines, Rule("cart_fixed", amount)))
    assert min(amount, subtotal) - len(lines) < found <= min(amount, subtotal)


@pytest.mark.parametrize(("amount", "rate", "cents"), [(1000, 725, 73), (100, 50, 1), (100, 49, 0), (0, 725, 0), (999, 10_000, 999)])
def test_shares_round_half_up(amount: int, rate: int, cents: int) -> None:
    assert share(amount, rate) == cents


def test_the_third_is_free() -> None:
    assert discounts([Line(500, 7), Line(300, 2)], Rule("buy_x_get_y", 1, step=2)) == (1000, 0)


def test_shipping_is_offered_where_it_is() -> None:
    cheap, dear = [Line(100, 1, 900)], [Line(FREE_SHIPPING_FROM, 1, 2_100)]
    assert [shipping_price(code, dear) for code in SHIPPING] == [500, 575, 0]
    with pytest.raises(ValueError, match="not offered"):
        shipping_price("freeshipping_freeshipping", cheap)
    with pytest.raises(ValueError, match="not offered"):
        shipping_price("teleport", dear)
