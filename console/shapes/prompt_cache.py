"""The providers' own prompt caches, as the admin plane answers it."""

from __future__ import annotations

from decimal import Decimal

from console.shapes.frame import shape


@shape
class PromptCacheSums:
    calls: int
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    share: float
    cost_usd: Decimal
    saved_usd: Decimal
    write_usd: Decimal
    net_usd: Decimal
    again_calls: int
    again_tokens: int
    again_usd: Decimal
    marked_calls: int
    marked_saved_usd: Decimal


@shape
class PromptCacheRow(PromptCacheSums):
    key: str


@shape
class PromptBreak:
    why: str
    across: bool
    kind: str | None
    index: int | None
    change: str | None
    byte: int | None
    size: int | None
    provider: str
    model: str
    project: str | None
    calls: int
    again_tokens: int
    again_usd: Decimal
    last_call: str
    session: str | None
    text: str


@shape
class PromptCache:
    since: str
    by: str
    rows: tuple[PromptCacheRow, ...]
    total: PromptCacheSums
    breaks: tuple[PromptBreak, ...]
