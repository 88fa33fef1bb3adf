"""The shapes of the admin plane's answers: frozen values, money as Decimal dollars, times RFC 3339 UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from console.shapes.access import Keyring, Keys, KeyState, KeyTest, NewToken, Token
from console.shapes.afterwards import Attempt, Correction, OtherModel, Relabel, WhatIf
from console.shapes.frame import shape
from console.shapes.learning import Lesson
from console.shapes.limits import (
    Budget,
    Classes,
    Edit,
    ModeRule,
    Opinion,
    Panic,
    Question,
    Route,
    Thresholds,
    Throttle,
)
from console.shapes.prices import ModelPrice, PriceFix, PriceFixRow
from console.shapes.reports import Report, ReportRow
from console.shapes.tags import Renamed, Tag, TagName

__all__ = [
    "Attempt",
    "Attention",
    "Backup",
    "Budget",
    "CacheUse",
    "Call",
    "Calls",
    "Check",
    "Classes",
    "Correction",
    "Decision",
    "Edit",
    "Event",
    "ExactCache",
    "KeyState",
    "KeyTest",
    "Keyring",
    "Keys",
    "Lesson",
    "ModeRule",
    "ModelPrice",
    "NewToken",
    "OtherModel",
    "Panic",
    "PriceFix",
    "PriceFixRow",
    "ProviderCache",
    "Question",
    "Receipt",
    "ReceiptItem",
    "Relabel",
    "Renamed",
    "Report",
    "ReportRow",
    "Opinion",
    "Route",
    "Spend",
    "SpendSeries",
    "Status",
    "Summary",
    "Tag",
    "TagName",
    "Thresholds",
    "Throttle",
    "Token",
    "WhatIf",
    "shape",
]


@shape
class Status:
    version: str
    pid: int
    started_at: str
    data: str
    url: str
    simulated: bool
    mode: str
    mode_revision: str = ""
    modes: tuple[str, ...]
    draining: bool
    in_flight: int
    timezone: str
    prices_dated: str
    keyring: Keyring
    any_key: bool
    """Some provider can be called: a key was found, or one that needs none is configured."""
    watchers: int
    bell: bool = False
    """The terminal's bell is to ring at each alert."""


@shape
class Attention:
    """The most important sentence right now."""

    level: str
    """info | warning | error"""
    text: str


@shape
class Summary:
    """The vital signs: dollars in the local day and month; shares are 0 to 1."""

    now_usd_per_min: Decimal
    today_usd: Decimal
    month_usd: Decimal
    month_limit_usd: Decimal | None = None
    lands_usd: Decimal | None = None
    """What the month will have cost at the present pace."""
    saved_today_usd: Decimal
    saved_share: float
    calls_today: int
    in_flight: int
    cache_hit_rate_today: float
    first_byte_p50_ms: float | None = None
    unpriced_today: int
    estimated_today_usd: Decimal
    attention: Attention | None = None


@shape
class SpendSeries:
    name: str
    cost_usd: tuple[Decimal, ...]
    total_usd: Decimal


@shape
class Spend:
    """Spend over time in equal steps from `start`; the series' parts add up to `total_usd`."""

    start: str
    step_seconds: int
    by: str
    series: tuple[SpendSeries, ...]
    total_usd: Decimal


@shape
class Call:
    """One request, in the columns of the export. A call under way has no end, outcome or usage yet."""

    id: str
    started_at: str
    finished_at: str | None = None
    status: str
    """open | settled"""
    outcome: str | None = None
    format: str
    path: str
    asked_model: str
    model: str
    provider: str
    token: str
    stream: bool
    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    certainty: str | None = None
    saved_usd: Decimal = Decimal(0)
    cache: str | None = None
    route: str | None = None
    route_reason: str | None = None
    attempts: int = 0
    first_byte_ms: float | None = None
    duration_ms: float | None = None
    overhead_ms: float | None = None
    session: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    price_id: str | None = None
    provider_request_id: str | None = None
    error: str | None = None
    held_usd: Decimal = Decimal(0)
    http_status: int | None = None
    provider_cache_saved_usd: Decimal = Decimal(0)
    earlier: tuple[Attempt, ...] = ()
    """Tries before the last one; where one call is asked for."""
    corrections: tuple[Correction, ...] = ()
    """Later words on its cost, the last one counts; where one call is asked for."""
    relabels: tuple[Relabel, ...] = ()
    """Later words on its mode, the last one is in its tags; where one call is asked for."""
    mode_revision: str | None = field(default=None, compare=False)
    """Of the last word on its mode; where one call is asked for."""

    @property
    def total_input(self) -> int:
        """All tokens on the input side: uncached, cached and written."""
        written = self.cache_write_tokens + self.cache_write_1h_tokens
        return self.input_tokens + self.cached_input_tokens + written


@shape
class ReceiptItem:
    """Tokens of one class: dollars per million of them, and dollars for these."""

    name: str
    """input | cached_input | cache_write | cache_write_1h | output"""
    tokens: int
    usd_per_million: Decimal
    usd: Decimal


@shape
class Receipt:
    """What a call was made of; no items where its price is not known any more."""

    items: tuple[ReceiptItem, ...] = ()
    asked_usd: Decimal | None = None
    """What the model that was asked for would have cost, where another one served."""


@shape
class Calls:
    calls: tuple[Call, ...]
    """Newest first."""
    in_flight: tuple[Call, ...]


@shape
class ExactCache:
    hits: int
    misses: int
    bypass: int
    rate: float
    saved_usd: Decimal


@shape
class SemanticCache:
    hits: int = 0
    saved_usd: Decimal = Decimal(0)


@shape
class ProviderCache:
    cached_tokens: int
    input_tokens: int
    share: float
    saved_usd: Decimal


@shape
class CacheUse:
    exact: ExactCache
    semantic: SemanticCache = SemanticCache()
    provider: ProviderCache
    routing_saved_usd: Decimal
    saved_total_usd: Decimal


@shape
class Backup:
    file: str
    bytes: int
    calls: int


@shape
class Check:
    name: str
    ok: bool
    detail: str
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, as told by the gateway; the kinds and their data stand in its EventKind.

    Two further kinds come from the client itself, with the last id seen and no data: `connection.lost` and
    `connection.back`. After the second, what was on the screen may be old: ask again.
    """

    id: int
    kind: str
    data: dict[str, Any]
