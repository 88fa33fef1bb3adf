"""What the admin plane answers: money in dollars as decimal text, times RFC 3339 in UTC, shares 0 to 1."""

from __future__ import annotations

from pydantic import BaseModel


class Answer(BaseModel):
    """A frozen answer."""

    model_config = {"frozen": True}


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


class AttemptAnswer(Answer):
    """A try of a call that the call outlived."""

    number: int
    started_at: str
    finished_at: str
    provider: str
    model: str
    http_status: int | None
    """None where nothing answered."""
    error: str
    held_usd: str
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: str
    certainty: str
    price_id: str | None
    provider_request_id: str | None


class CorrectionAnswer(Answer):
    """A later word on what a call's own row, its last try, counts as."""

    at: str
    who: str
    why: str
    before_usd: str
    before_certainty: str
    cost_usd: str
    certainty: str
    price_id: str | None


class CallAnswer(Answer):
    """One request in the columns of the export, and what a watcher wants to know besides."""

    id: str
    started_at: str
    finished_at: str | None
    status: str
    """open | settled"""
    outcome: str | None
    format: str
    path: str
    asked_model: str
    model: str
    provider: str
    token: str
    stream: bool
    input_tokens: int
    """Uncached input; the token columns do not overlap."""
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int
    """The part of output_tokens that was reasoning."""
    cost_usd: str
    certainty: str | None
    """reported | computed | estimated | unpriced"""
    saved_usd: str
    cache: str | None
    route: str | None
    route_reason: str | None
    attempts: int
    first_byte_ms: float | None
    duration_ms: float | None
    overhead_ms: float | None
    session: str | None
    tags: dict[str, str]
    price_id: str | None
    provider_request_id: str | None
    error: str | None
    held_usd: str
    http_status: int | None
    provider_cache_saved_usd: str
    excess_usd: str = "0.00"
    """What the provider billed beyond the cap that it was given."""
    earlier: list[AttemptAnswer] = []
    """Tries before the last one, whose cost is in cost_usd too; where one call is asked for."""
    corrections: list[CorrectionAnswer] = []
    """The last one counts in cost_usd; where one call is asked for."""


class BackupAnswer(Answer):
    """A copy of the ledger."""

    file: str
    bytes: int
    calls: int
    """Calls that it has rows of."""


class CallsAnswer(Answer):
    calls: list[CallAnswer]
    """Newest first."""
    in_flight: list[CallAnswer]


class BudgetAnswer(Answer):
    """A limit and where it stands."""

    name: str
    match: dict[str, str]
    limit_usd: str | None
    limit_tokens: int | None
    window: str
    at_limit: str
    alerts: list[int]
    unbounded: str
    """refuse | allow: calls whose cost nothing bounds."""
    downgrade_to: str | None
    expensive_above: str | None
    raised_to_usd: str | None
    raised_to_tokens: int | None
    """A temporary limit, in force until `raised_until`."""
    raised_until: str | None
    ask_seconds: int
    limit_now_usd: str | None
    limit_now_tokens: int | None
    """The limit in force, a temporary one included."""
    spent_usd: str
    held_usd: str
    spent_tokens: int
    held_tokens: int
    share: float
    """Spent of the limit, nothing held counted; may be above 1."""
    state: str
    """ok | warn | over"""
    window_start: str
    resets_at: str | None
    lands_usd: str | None
    """What will have been spent at the window's end, at the present pace."""
    breaks_at: str | None
    """When the limit is reached at the present pace, if within the window."""


class BudgetsAnswer(Answer):
    budgets: list[BudgetAnswer]


class QuestionAnswer(Answer):
    """A call that waits for a person's word."""

    id: str
    asked_at: str
    until: str
    budget: str
    spent: str
    limit: str
    """In the budget's unit, in words."""
    model: str
    tags: dict[str, str]
    token: str
    may_cost_usd: str


class QuestionsAnswer(Answer):
    questions: list[QuestionAnswer]


class EditAnswer(Answer):
    """A step of the policy's history."""

    n: int
    at: str
    who: str
    what: str
    undoes: int | None
    """The edit that this one took back."""
    lines: list[str]
    """What it changed, as lines of TOML: '-' before, '+' after."""


class HistoryAnswer(Answer):
    edits: list[EditAnswer]
    """The latest first."""


class ThrottleAnswer(Answer):
    name: str
    match: dict[str, str]
    tokens_per_minute: int | None
    requests_per_minute: int | None
    usd_per_hour: str | None
    concurrent: int | None
    used_tokens_last_minute: int


class ThrottlesAnswer(Answer):
    throttles: list[ThrottleAnswer]


class RouteAnswer(Answer):
    name: str
    when: dict[str, str]
    use: list[str]
    enabled: bool


class RoutesAnswer(Answer):
    routes: list[RouteAnswer]
    """In the order in which they are tried."""


class ExactCacheAnswer(Answer):
    hits: int
    misses: int
    bypass: int
    rate: float
    """Hits of what was looked up."""
    saved_usd: str


class ProviderCacheAnswer(Answer):
    cached_tokens: int
    input_tokens: int
    """All input: uncached, cached and written."""
    share: float
    saved_usd: str


class CacheAnswer(Answer):
    exact: ExactCacheAnswer
    provider: ProviderCacheAnswer
    routing_saved_usd: str
    saved_total_usd: str


class DecisionAnswer(Answer):
    id: str
    at: str
    asked: str
    provider: str
    model: str
    route: str | None
    reason: str
    outcome: str | None
    cache: str | None
    saved_usd: str


class RoutingAnswer(Answer):
    decisions: list[DecisionAnswer]


class ModeAnswer(Answer):
    mode: str


class KeyAnswer(Answer):
    provider: str
    title: str
    source: str
    """keyring | env | file | session | client | none | missing"""
    hint: str | None
    """The last four characters."""
    base_url: str
    needs_key: bool
    key_env: list[str]
    """Environment variables that are looked at."""


class KeysAnswer(Answer):
    keyring: KeyringAnswer
    keys: list[KeyAnswer]


class KeyTestAnswer(Answer):
    ok: bool
    models: int
    """How many models the provider listed."""
    latency_ms: float | None
    problem: str | None


class TokenAnswer(Answer):
    name: str
    tags: dict[str, str]
    created_at: str
    revoked_at: str | None


class TokensAnswer(Answer):
    tokens: list[TokenAnswer]


class NewTokenAnswer(Answer):
    """A client token with its text, which is not kept."""

    name: str
    token: str


class PolicyAnswer(Answer):
    toml: str


class UndoneAnswer(Answer):
    what: str
    """budgets | throttles | routes | policy"""


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


class DoneAnswer(Answer):
    done: bool = True
