"""Kept answers, what they save, and how the semantic cache stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from console.shapes.frame import shape

KEY = 12
"""Digits of a key that are shown; six are enough to name one."""


@shape
class CacheEntry:
    """A kept answer. `kind`: exact | semantic, which questions alike may get too."""

    key: str
    kind: str
    model: str
    provider: str
    format: str
    stream: bool
    token: str
    scope: str
    created_at: str
    expires_at: str
    used_at: str
    hits: int
    saved_usd: Decimal
    cost_usd: Decimal
    bytes: int
    pinned: bool
    tags: Mapping[str, str] = field(default_factory=dict)
    project: str | None = None
    prompt_hash: str
    call_id: str
    status: int
    input_tokens: int
    output_tokens: int
    revision: str = field(default="", compare=False)
    answer: str | None = None
    """The beginning of its text, where it was asked for alone."""

    @property
    def short_key(self) -> str:
        return self.key[:KEY]


@shape
class CacheEntries:
    entries: tuple[CacheEntry, ...]
    total: int
    """All that fit the filter, on whatever page."""
    bytes: int


@shape
class Discarded:
    discarded: int
    counted_wrong: int = 0
    back_until: str | None = None
    """Until then it can be brought back."""


@shape
class CacheRow:
    keys: Mapping[str, str] = field(default_factory=dict)
    calls: int
    hits: int
    misses: int
    rate: float
    cost_usd: Decimal
    saved_usd: Decimal


@shape
class SemanticRule:
    """How a rule of the semantic cache stands. `state`: shadow | open."""

    name: str
    when: Mapping[str, str]
    endpoint: str
    threshold: float
    rate: float
    sample: float
    state: str
    serves_from: float
    trials: int
    wrong: int
    bound: float
    needed: int
    served: int


@shape
class CacheStats:
    since: str
    until: str
    by: tuple[str, ...]
    rows: tuple[CacheRow, ...]
    total: CacheRow
    entries: int
    bytes: int
    most_bytes: int
    pinned: int
    semantic: int
    rules: tuple[SemanticRule, ...]
