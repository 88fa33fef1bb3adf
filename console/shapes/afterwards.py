"""The shapes of what is known of a call once it has ended: its tries, words on its cost, other models."""

from __future__ import annotations

from decimal import Decimal

from console.shapes.frame import shape


@shape
class Attempt:
    """A try of a call that the call outlived."""

    number: int
    started_at: str
    finished_at: str
    provider: str
    model: str
    http_status: int | None = None
    error: str
    cost_usd: Decimal
    certainty: str


@shape
class Correction:
    """A later word on what a call counts as."""

    at: str
    who: str
    why: str
    before_usd: Decimal
    cost_usd: Decimal
    certainty: str


@shape
class Relabel:
    """A later word on which mode a call had; None: the one that it was written with."""

    at: str
    who: str
    before: str | None = None
    mode: str | None = None


@shape
class OtherModel:
    """A call's tokens on one model. usd: None where it has no price for all of them."""

    target: str
    usd: Decimal | None = None
    served: bool = False
    asked: bool = False
    has_key: bool = False
    """Its provider can be called now."""
    too_small: bool = False
    """Its context window does not hold these tokens."""


@shape
class WhatIf:
    """The same tokens elsewhere: the cheapest model first, those without a price last."""

    total_tokens: int
    cost_usd: Decimal
    """What the call is booked at."""
    models: tuple[OtherModel, ...] = ()
