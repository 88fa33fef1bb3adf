"""Reports: what was used, in groups."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from console.shapes.forgone import Forgone
from console.shapes.frame import shape


@shape
class ReportRow:
    keys: dict[str, str] = field(default_factory=dict)
    calls: int
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int = 0
    output_tokens: int
    reasoning_tokens: int = 0
    cost_usd: Decimal
    saved_usd: Decimal
    """By the gateway's own cache and by routing."""
    cache_hits: int = 0
    cache_misses: int = 0
    cache_saved_usd: Decimal = Decimal(0)
    """The part of saved_usd that is the cache's own; the rest is routing's."""
    provider_cache_saved_usd: Decimal = Decimal(0)
    unpriced: int
    estimated_usd: Decimal

    @property
    def written(self) -> int:
        """Tokens that were written to a provider's cache, however long they are kept."""
        return self.cache_write_tokens + self.cache_write_1h_tokens

    @property
    def total_input(self) -> int:
        """All tokens on the input side: uncached, cached and written."""
        return self.input_tokens + self.cached_input_tokens + self.written

    @property
    def total_tokens(self) -> int:
        return self.total_input + self.output_tokens


@shape
class Report:
    """What was used, grouped by `by`; the rows add up to `total`."""

    since: str
    until: str
    by: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    total: ReportRow
    forgone: Forgone | None = None
    """What would have been saved, where that was asked for."""
