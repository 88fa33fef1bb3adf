"""Prices, and what they would make of past calls."""

from __future__ import annotations

from typing import Any

from gateway_core.http.admin.answers.base import Answer


class PriceAnswer(Answer):
    """What a model costs now; `price` in the words of the policy, dollars per million tokens."""

    model: str
    """provider/model"""
    price_id: str | None
    """None: unpriced."""
    price: dict[str, Any]
    revision: str
    """Of the user's own price; nothing where there is none."""


class PricesAnswer(Answer):
    prices: list[PriceAnswer]


class FixRow(Answer):
    """The calls of one model that are priced anew."""

    model: str
    calls: int
    unpriced: int
    """Those of them that had no price."""
    before_usd: str
    after_usd: str


class FixAnswer(Answer):
    """Past calls at the prices of now."""

    applied: bool
    looked_at: int
    rows: list[FixRow]
    total: FixRow
    unpriced: int
    """Calls that still have no price."""
    unexplained: int
    """Calls whose cost does not follow from their usage, such as those booked at their holds."""
