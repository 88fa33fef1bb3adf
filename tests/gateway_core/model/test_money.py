"""Money: whole nano-dollars in, exact decimal text out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.money import MAX_NANO, nano_from_usd, usd_string


@pytest.mark.parametrize(
    ("usd", "nano"),
    [
        ("0", 0),
        ("1", 10**9),
        ("25.00", 25 * 10**9),
        ("0.000000001", 1),
        ("0.0000000001", 1),
        ("-0.5", -(5 * 10**8)),
    ],
)
def test_a_part_below_one_nano_dollar_is_rounded_up(usd: str, nano: int) -> None:
    assert nano_from_usd(usd) == nano


@pytest.mark.parametrize("text", ["", "ten", "NaN", "Infinity", "1e30", "1e999999999", "-1e999999999"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="dollar amount"):
        nano_from_usd(text)


@given(st.integers(-MAX_NANO, MAX_NANO))
def test_text_says_exactly_the_amount(nano: int) -> None:
    text = usd_string(nano)
    assert Decimal(text) * 10**9 == nano
    assert len(text.split(".")[1]) >= 2
