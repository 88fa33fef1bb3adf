"""What the gateway is and what is spent and saved, at a glance."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class KeyringAnswer(Answer):
    """Where provider keys are kept; `problem` and `mend` say what is wrong with it, if anything."""

    backend: str
    usable: bool
    problem: str | None
    mend: str | None


class StatusAnswer(Answer):
    version: str
    pid: int
    started_at: str
    data: str
    url: str
    simulated: bool
    """The money is not real."""
    mode: str
    mode_revision: Revision
    modes: list[str]
    draining: bool
    in_flight: int
    timezone: str
    """The zone of days, weeks and months, by its IANA name."""
    prices_dated: str
    keyring: KeyringAnswer
    any_key: bool
    """Some provider can be called."""
    watchers: int
    bell: bool
    """A console is to ring the terminal's bell at each alert."""


class AttentionAnswer(Answer):
    level: str
    """info | warning | error"""
    text: str


class SummaryAnswer(Answer):
    now_usd_per_min: str
    today_usd: str
    month_usd: str
    month_limit_usd: str | None
    """The limit of the monthly budget on everything, if there is one."""
    lands_usd: str | None
    """What the month will have cost at the present pace."""
    saved_today_usd: str
    saved_share: float
    """Saved of what today would have cost otherwise."""
    calls_today: int
    in_flight: int
    cache_hit_rate_today: float
    first_byte_p50_ms: float | None
    unpriced_today: int
    estimated_today_usd: str
    attention: AttentionAnswer | None
    """The most important sentence right now."""


class SeriesAnswer(Answer):
    name: str
    cost_usd: list[str]
    total_usd: str


class SpendAnswer(Answer):
    """Spend in equal steps; the series (eight at most, the rest is `other`) add up to the total."""

    start: str
    step_seconds: int
    by: str
    series: list[SeriesAnswer]
    total_usd: str


class ExactCacheAnswer(Answer):
    hits: int
    misses: int
    bypass: int
    rate: float
    """Hits of what was looked up."""
    saved_usd: str


class SemanticCacheAnswer(Answer):
    """Answers that were given to other questions which mean the same."""

    hits: int
    saved_usd: str


class ProviderCacheAnswer(Answer):
    cached_tokens: int
    input_tokens: int
    """All input: uncached, cached and written."""
    share: float
    saved_usd: str


class CacheAnswer(Answer):
    exact: ExactCacheAnswer
    semantic: SemanticCacheAnswer
    provider: ProviderCacheAnswer
    routing_saved_usd: str
    saved_total_usd: str


class ModeAnswer(Answer):
    mode: str
    revision: Revision
