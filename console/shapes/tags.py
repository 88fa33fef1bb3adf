"""Tags in use, and what their values are called."""

from __future__ import annotations

from decimal import Decimal

from console.shapes.frame import shape


@shape
class Tag:
    key: str
    value: str
    calls: int
    cost_usd: Decimal


@shape
class TagName:
    key: str
    value: str
    name: str


@shape
class Renamed:
    """What a renaming of tags changes, or would."""

    calls: int
    cost_usd: Decimal
    rules: tuple[str, ...]
    applied: bool
