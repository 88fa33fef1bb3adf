"""Money as whole nano-dollars: 1 USD = 1,000,000,000 nano-dollars, always an int."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal, InvalidOperation

NANO_PER_USD = 1_000_000_000
MAX_NANO = 2**63 - 1
MOST_DIGITS = 10
"""Digits before the point, less one, of the largest amount in dollars."""

Nano = int
"""An amount in nano-dollars. Fits a signed 64-bit column."""


def nano_from_usd(usd: Decimal | str | int) -> Nano:
    """Nano-dollars of a dollar amount; a part below one nano-dollar is rounded up.

    Raises ValueError for text that is no finite decimal number and for amounts beyond 64 bits.
    """
    try:
        amount = Decimal(usd)
    except InvalidOperation:
        raise ValueError(f"not a dollar amount: {usd!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not a finite dollar amount: {usd!r}")
    # Looked at before it is worked out: 1e999999999 is short to write and a billion digits long.
    beyond = amount.adjusted() > MOST_DIGITS
    nano = 0 if beyond else int((amount * NANO_PER_USD).to_integral_value(rounding=ROUND_CEILING))
    if beyond or abs(nano) > MAX_NANO:
        raise ValueError(f"dollar amount out of range: {usd!r}")
    return nano


def usd_string(nano: Nano) -> str:
    """The exact decimal string of an amount in dollars, at least two decimals: 1500000 → '0.0015'."""
    sign = "-" if nano < 0 else ""
    dollars, rest = divmod(abs(nano), NANO_PER_USD)
    decimals = f"{rest:09d}".rstrip("0").ljust(2, "0")
    return f"{sign}{dollars}.{decimals}"
