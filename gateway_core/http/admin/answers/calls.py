"""Calls, one by one, and how they were routed."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class AttemptAnswer(Answer):
    """A try of a call that the call outlived."""

    number: int
    started_at: str
    finished_at: str
    provider: str
    model: str
    http_status: int | None
    """None where nothing answered."""
    error: str
    held_usd: str
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: str
    certainty: str
    price_id: str | None
    provider_request_id: str | None


class CorrectionAnswer(Answer):
    """A later word on what a call's own row, its last try, counts as."""

    at: str
    who: str
    why: str
    before_usd: str
    before_certainty: str
    cost_usd: str
    certainty: str
    price_id: str | None


class RelabelAnswer(Answer):
    """A later word on which mode a call had; null: the one that it was written with."""

    at: str
    who: str
    before: str | None
    mode: str | None


class CallAnswer(Answer):
    """One request in the columns of the export, and what a watcher wants to know besides."""

    id: str
    started_at: str
    finished_at: str | None
    status: str
    """open | settled"""
    outcome: str | None
    format: str
    path: str
    asked_model: str
    model: str
    provider: str
    token: str
    stream: bool
    input_tokens: int
    """Uncached input; the token columns do not overlap."""
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int
    """The part of output_tokens that was reasoning."""
    cost_usd: str
    certainty: str | None
    """reported | computed | estimated | unpriced"""
    saved_usd: str
    cache: str | None
    route: str | None
    route_reason: str | None
    attempts: int
    first_byte_ms: float | None
    duration_ms: float | None
    overhead_ms: float | None
    session: str | None
    tags: dict[str, str]
    price_id: str | None
    provider_request_id: str | None
    error: str | None
    held_usd: str
    http_status: int | None
    provider_cache_saved_usd: str
    excess_usd: str = "0.00"
    """What the provider billed beyond the cap that it was given."""
    earlier: list[AttemptAnswer] = []
    """Tries before the last one, whose cost is in cost_usd too; where one call is asked for."""
    corrections: list[CorrectionAnswer] = []
    """The last one counts in cost_usd; where one call is asked for."""
    relabels: list[RelabelAnswer] = []
    """The last one is in the tags; where one call is asked for."""
    mode_revision: Revision | None = None
    """Of the last word on its mode; where one call is asked for."""


class CallsAnswer(Answer):
    calls: list[CallAnswer]
    """Newest first."""
    in_flight: list[CallAnswer]


class DecisionAnswer(Answer):
    id: str
    at: str
    asked: str
    provider: str
    model: str
    route: str | None
    reason: str
    outcome: str | None
    cache: str | None
    saved_usd: str


class RoutingAnswer(Answer):
    decisions: list[DecisionAnswer]


class ReceiptItemAnswer(Answer):
    """Tokens of one class and what they cost."""

    name: str
    """input | cached_input | cache_write | cache_write_1h | output"""
    tokens: int
    usd_per_million: str
    usd: str


class ReceiptAnswer(Answer):
    """What a call was made of."""

    items: list[ReceiptItemAnswer]
    """Empty where the price of today does not add up to what was booked."""
    asked_usd: str | None
    """What the model that was asked for would have cost, where another one served."""


class OtherModelAnswer(Answer):
    """A call's tokens on one model."""

    target: str
    """PROVIDER/MODEL"""
    usd: str | None
    """None where it has no price for all of these tokens."""
    served: bool
    asked: bool
    has_key: bool
    """Its provider can be called now."""
    too_small: bool
    """Its context window is known, and does not hold these tokens."""


class WhatIfAnswer(Answer):
    """What the same tokens cost elsewhere."""

    total_tokens: int
    cost_usd: str
    """What the call is booked at."""
    models: list[OtherModelAnswer]
    """The cheapest first, those without a price last; of a call that used nothing only its own."""
