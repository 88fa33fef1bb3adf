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
    cache_hits: int
    cache_misses: int
    """Calls that our own cache was asked for in vain."""
    cache_saved_usd: str
    """The part of saved_usd that is our own cache's; the rest is routing's."""
    provider_cache_saved_usd: str
    unpriced: int
    """Calls without a price, which count as nothing."""
    estimated_usd: str
    """The part of cost_usd that is estimated."""


class ForgoneRowAnswer(Answer):
    """What would have been saved in a group, had one thing been on; never real money, and below nothing where
    it would have cost more."""

    keys: dict[str, str] = {}
    routed: int
    """Calls that a route in shadow would have led: the first one of each, had all been on."""
    routed_usd: str
    """By these, priced on what the calls used."""
    routed_unpriced: int
    """Those of them that cannot be priced; they are no part of the dollars."""
    alike: int
    """Calls that the semantic cache, in shadow, would have answered."""
    agreed: int
    """Those of them that it would have answered with what they were answered."""
    alike_usd: str
    """What those that agreed cost."""
    wrong_usd: str
    """What the others cost: no saving."""
    alike_unpriced: int
    same: int
    """Calls that repeat an answered one, with the exact cache off for them."""
    same_usd: str
    same_unpriced: int
    together: int
    """Calls on which anything would have acted: a cache, else the first route."""
    together_usd: str
    """Each of these counted once."""
    together_unpriced: int


class WatchedRouteAnswer(Answer):
    """A route in shadow and a target that it would have chosen, as if it alone had been on."""

    route: str
    target: str
    calls: int
    saved_usd: str
    unpriced: int


class ForgoneAnswer(Answer):
    """What would have been saved; rows and modes each add up to the total."""

    rows: list[ForgoneRowAnswer]
    modes: list[ForgoneRowAnswer]
    routes: list[WatchedRouteAnswer]
    total: ForgoneRowAnswer


class ReportAnswer(Answer):
    """What was used, grouped; the rows add up to the total."""

    since: str
    until: str
    by: list[str]
    rows: list[ReportRowAnswer]
    total: ReportRowAnswer
    forgone: ForgoneAnswer | None = None
    """Where it was asked for."""


class GroupAnswer(Answer):
    """One grouping of an overview; its rows add up to the total."""

    by: str
    rows: list[ReportRowAnswer]


class HourAnswer(Answer):
    """A local hour of the week, added up over the period."""

    weekday: int
    """1 is Monday."""
    hour: int
    calls: int
    cost_usd: str


class SavingsAnswer(Answer):
    own_cache_usd: str
    provider_cache_usd: str
    routing_usd: str


class LedgerRowsAnswer(Answer):
    """The rows behind an overview."""

    rows: int
    under_way: int
    """Of them; they cost nothing yet."""
    sha256: str
    """Of the lines of GET /admin/v1/export over the same range and filter."""


class OverviewAnswer(ReportAnswer):
    """A period as a whole, read at one instant: every part adds up to the total."""

    timezone: str
    groups: list[GroupAnswer]
    """By each key of `by` alone, and by model."""
    step: str
    """hour | day | month: the grouping of time that over_time has."""
    over_time: list[ReportRowAnswer]
    """By step and model."""
    hours: list[HourAnswer]
    savings: SavingsAnswer
    ledger: LedgerRowsAnswer | None
    """None where it was not asked for."""


class FirstSeenAnswer(Answer):
    """Names in the order in which the ledger met them, by tag key, and of tokens."""

    names: dict[str, list[str]]


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
