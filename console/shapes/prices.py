"""What models cost, and past calls priced anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any

from console.shapes.frame import shape


@shape
class ModelPrice:
    model: str
    """provider/model"""
    price_id: str | None
    """None: unpriced."""
    price: Mapping[str, Any]
    revision: str = field(default="", compare=False)
    """Of the user's own price; NOTHING where there is none."""


@shape
class PriceFixRow:
    model: str
    calls: int
    unpriced: int
    before_usd: Decimal
    after_usd: Decimal


@shape
class PriceFix:
    applied: bool
    looked_at: int
    rows: tuple[PriceFixRow, ...]
    total: PriceFixRow
    unpriced: int
    unexplained: int
