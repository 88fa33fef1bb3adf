"""Reports, check-ups and copies."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class ReportRowAnswer(Answer):
    keys: dict[str, str] = {}
    calls: int
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: str
    saved_usd: str
    """By our own cache and by routing."""
    cache_saved_usd: str
    """The part of saved_usd that is our own cache's; the rest is routing's."""
    provider_cache_saved_usd: str
    unpriced: int
    """Calls without a price, which count as nothing."""
    estimated_usd: str
    """The part of cost_usd that is estimated."""


class ReportAnswer(Answer):
    """What was used, grouped; the rows add up to the total."""

    since: str
    until: str
    by: list[str]
    rows: list[ReportRowAnswer]
    total: ReportRowAnswer


class CheckAnswer(Answer):
    name: str
    ok: bool
    detail: str
    mend: str | None


class ChecksAnswer(Answer):
    checks: list[CheckAnswer]


class BackupAnswer(Answer):
    """A copy of the ledger."""

    file: str
    bytes: int
    calls: int
    """Calls that it has rows of."""
