"""The provider's own prompt cache: its share and dollars, and what broke it."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class PromptCacheSums(Answer):
    calls: int
    input_tokens: int
    """Fresh input, neither read nor written."""
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    share: float
    """Of all input, what was read from the cache."""
    cost_usd: str
    saved_usd: str
    """What was read, against plain input."""
    write_usd: str
    """What writing cost more than plain input."""
    net_usd: str
    again_calls: int
    """Calls that paid again for what had been cached, or could have been."""
    again_tokens: int
    again_usd: str
    marked_calls: int
    """Calls in which cache marks were set for the client."""
    marked_saved_usd: str
    """What these saved net of their writes."""


class PromptCacheRow(PromptCacheSums):
    key: str


class BreakAnswer(Answer):
    """One cause, with all calls that it struck."""

    why: str
    """changed | expired | moved | other_key | unmarked | missed"""
    across: bool
    """Compared with calls of other conversations, which are the same but for this block."""
    kind: str | None
    """tool | system | options | message"""
    index: int | None
    """Its place among its kind; null for later messages, told together."""
    change: str | None
    """changed | added | removed"""
    byte: int | None
    """Where in the block the first change begins, to 64 bytes."""
    size: int | None
    provider: str
    model: str
    project: str | None
    calls: int
    again_tokens: int
    again_usd: str
    last_call: str
    session: str | None
    text: str
    """The cause in words."""


class PromptCacheAnswer(Answer):
    since: str
    by: str
    rows: list[PromptCacheRow]
    total: PromptCacheSums
    breaks: list[BreakAnswer]
    """The dearest first."""


class BlockAnswer(Answer):
    kind: str
    index: int
    size: int
    """Bytes."""


class TodayAnswer(Answer):
    calls: int
    again_tokens: int
    again_usd: str


class CallPromptCacheAnswer(Answer):
    """What the provider's prompt cache did in one call."""

    call: str
    why: str
    """kept | first | short | unmarked | changed | expired | moved | other_key | missed"""
    text: str
    before: str | None
    """The call that it is compared with."""
    across: bool
    paused_seconds: float | None
    kind: str | None
    index: int | None
    change: str | None
    byte: int | None
    size: int | None
    again_tokens: int
    again_usd: str
    saved_usd: str
    write_usd: str
    marks: int
    today: TodayAnswer
    """How often the same happened at the same model and project today."""
    blocks: list[BlockAnswer]
    """The prompt's blocks in order; only of the latest calls of a conversation."""
