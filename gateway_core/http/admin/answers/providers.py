"""How providers do: latency, errors, circuits and prices."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class TargetVitalsAnswer(Answer):
    """One provider's model. What is measured live is since the gateway's start, and fades."""

    provider: str
    model: str
    calls: int
    """Attempts since the start that ended by the provider's doing."""
    running: int
    error_rate: float
    first_byte_ms: float | None
    """Median of the latest; None where it was not served in the last ten minutes."""
    mean_first_byte_ms: float | None
    duration_ms: float | None
    tokens_per_second: float | None
    past_calls: int
    """Of the ledger's latest calls within the range, up to 20 000 in all."""
    past_failed: int
    past_first_byte_p50_ms: float | None
    past_first_byte_p95_ms: float | None
    price_id: str | None
    """None: unpriced."""
    input_usd: str | None
    """Dollars per million tokens."""
    output_usd: str | None
    price_source: str | None
    """'yours', or the price table with its version."""


class CircuitAnswer(Answer):
    """A provider that rests for one of its keys. `key` tells keys apart and is made of none of it."""

    provider: str
    key: str
    faults: int
    """In a row."""
    next_try_seconds: float
    why: str


class ProviderVitalsAnswer(Answer):
    since: str
    """Where the past begins."""
    prices_dated: str
    """The newest day on which a price of the table was checked."""
    prices_age_days: int | None
    targets: list[TargetVitalsAnswer]
    circuits: list[CircuitAnswer]
