"""What a person writes in the form of thresholds, read and judged. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from console.limit_reading import MOST_USD, Mistake

_LENGTH = re.compile(r"(\d{1,9})\s*([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def read_score(text: str, field: str) -> float:
    """A score, 0 to 1. Raises Mistake."""
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise Mistake(field, "a number from 0 to 1, as 0.55")
    return score


def read_pause(text: str, field: str) -> str:
    """'90m' in seconds, as the policy says it: '5400s'. Raises Mistake."""
    found = _LENGTH.match(text.strip())
    if not found or not int(found[1]):
        raise Mistake(field, "a length of time, as 30m, 1h or 1d")
    return f"{int(found[1]) * _SECONDS[found[2]]}s"


def read_loss(text: str, field: str) -> Decimal:
    """Dollars, nothing too. Raises Mistake."""
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= MOST_USD:
        raise Mistake(field, "an amount in dollars, as 0.25; 0 for nothing")
    return amount
