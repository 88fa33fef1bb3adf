"""How providers and their models do, as the admin plane answers it."""

from __future__ import annotations

from console.shapes.frame import shape


@shape
class TargetVitals:
    provider: str
    model: str
    calls: int
    running: int
    error_rate: float
    first_byte_ms: float | None
    tokens_per_second: float | None
    past_calls: int
    past_failed: int
    past_first_byte_p50_ms: float | None
    past_first_byte_p95_ms: float | None
    price_id: str | None
    """None: unpriced."""
    input_usd: str | None
    """Dollars per million tokens."""
    output_usd: str | None
    price_source: str | None


@shape
class Circuit:
    provider: str
    key: str
    faults: int
    next_try_seconds: float
    why: str


@shape
class ProviderVitals:
    since: str
    prices_dated: str
    prices_age_days: int | None
    targets: tuple[TargetVitals, ...]
    circuits: tuple[Circuit, ...]
