"""Kept answers, what they save, and how far the semantic cache may be trusted."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class EntryAnswer(Answer):
    """A kept answer. `kind`: exact | semantic, which questions alike may get too."""

    key: str
    """64 hex digits, as in the header x-llmconsole-cache-key."""
    kind: str
    model: str
    provider: str
    format: str
    stream: bool
    token: str
    """Of the call that brought it, as are tags, project and call_id."""
    scope: str
    """Who may get it: a token's hash, or a declared group of tokens."""
    created_at: str
    expires_at: str
    used_at: str
    hits: int
    saved_usd: str
    cost_usd: str
    bytes: int
    pinned: bool
    tags: dict[str, str]
    project: str | None
    prompt_hash: str
    """The prompt itself is not kept."""
    call_id: str
    status: int
    input_tokens: int
    output_tokens: int
    revision: Revision


class EntryDetailAnswer(EntryAnswer):
    answer: str | None
    """The beginning of its text, where it has one."""


class EntriesAnswer(Answer):
    entries: list[EntryAnswer]
    total: int
    """All that fit the filter, on whatever page."""
    bytes: int


class DiscardedAnswer(Answer):
    discarded: int
    counted_wrong: int = 0
    """Rules of the semantic cache that the discarding tells against."""
    back_until: str | None = None
    """Until then it can be brought back, as long as the gateway runs; None: it cannot."""


class CacheRowAnswer(Answer):
    keys: dict[str, str] = {}
    calls: int
    hits: int
    misses: int
    rate: float
    """Hits of what was looked up."""
    cost_usd: str
    saved_usd: str


class SemanticRuleAnswer(Answer):
    """How a rule of the semantic cache stands."""

    name: str
    when: dict[str, str]
    endpoint: str
    """Empty: words alone, without a model."""
    threshold: float
    rate: float
    sample: float
    state: str
    """shadow: it only watches | open: it serves"""
    serves_from: float
    """Likeness from which it serves, or would."""
    trials: int
    wrong: int
    bound: float
    """Share of wrong answers that is not exceeded with a confidence of 95 %, however often one looks."""
    needed: int
    """Further trials, all of them right, until it opens."""
    served: int


class CacheStatsAnswer(Answer):
    """Hits and savings since then, grouped; the rows add up to the total."""

    since: str
    until: str
    by: list[str]
    rows: list[CacheRowAnswer]
    total: CacheRowAnswer
    entries: int
    bytes: int
    most_bytes: int
    pinned: int
    semantic: int
    """Kept answers that questions alike may get."""
    rules: list[SemanticRuleAnswer]
