"""The shapes of decisions: why one call went where it went, and what other rules make of calls."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from console.shapes.frame import shape


@shape
class Asked:
    """What a call looked like to the routes."""

    model: str
    target: str
    format: str
    operation: str
    stream: bool
    tools: bool
    images: bool
    context_tokens: int
    messages: int
    conversation: str | None = None


@shape
class Rule:
    """One route before a call."""

    name: str
    when: str
    use: tuple[str, ...]
    state: str
    """matched | failed | watched | not_reached | disabled | off"""
    why: str = ""


@shape
class Part:
    name: str
    value: float


@shape
class Score:
    value: float
    complexity: str
    medium: float
    hard: float
    judge: str
    parts: tuple[Part, ...] = ()
    margin: float = 0.0
    unsure: str = ""
    """Why the class is higher than the value says."""


@shape
class BudgetThen:
    """A budget over a call, as it stood when the call began."""

    name: str
    window: str
    at_limit: str
    share: float
    state: str


@shape
class TargetThen:
    """A place that a call could go to. usd: what its tokens cost there; None where nobody knows."""

    target: str
    usd: Decimal | None = None
    asked: bool = False
    served: bool = False


@shape
class Try:
    number: int
    target: str
    http_status: int | None = None
    ended: str
    cost_usd: Decimal


@shape
class SecondOpinion:
    """The same question to another model. gain: what the strong one's answer is better by; None: unknown."""

    opinion: str
    other: str
    shadow_id: str
    judge_id: str | None
    gain: float | None
    how: str
    cost_usd: Decimal


@shape
class Explanation:
    """Why a call went where it went; without a decision on record `why_unknown` says why there is none."""

    id: str
    started_at: str
    known: bool
    why_unknown: str | None = None
    asked: Asked | None = None
    route: str | None = None
    reason: str = ""
    rules: tuple[Rule, ...] = ()
    score: Score | None = None
    kept: str | None = None
    overruled: tuple[str, ...] = ()
    budgets: tuple[BudgetThen, ...] = ()
    targets: tuple[TargetThen, ...] = ()
    attempts: tuple[Try, ...] = ()
    outcome: str | None = None
    http_status: int | None = None
    served: str = ""
    error: str | None = None
    cache: str | None = None
    cost_usd: Decimal = Decimal(0)
    asked_usd: Decimal | None = None
    saved_usd: Decimal = Decimal(0)
    second_opinion: SecondOpinion | None = None


@shape
class Move:
    from_target: str
    to_target: str
    calls: int
    now_usd: Decimal
    draft_usd: Decimal


@shape
class Group:
    project: str
    mode: str
    calls: int
    now_usd: Decimal
    draft_usd: Decimal


@shape
class Caught:
    name: str
    now: int
    draft: int
    shadow: int = 0


@shape
class TooLarge:
    id: str
    tokens: int
    target: str
    window: int


@shape
class Reason:
    why: str
    calls: int


@shape
class Share:
    """So many of them, and the interval that their share lies in with 95 %."""

    count: int
    share: float
    low: float
    high: float


@shape
class Outcomes:
    """What is known of changed calls' answers: by their persons, and by their new model's own answers."""

    judged: int = 0
    badly: Share | None = None
    compared: int = 0
    better: Share | None = None
    worse: Share | None = None


@shape
class RoutesTest:
    """What a change of routes would have done to past calls; `now` is by the routes in force."""

    since: str
    until: str
    calls: int
    replayed: int
    booked_usd: Decimal
    now_usd: Decimal
    draft_usd: Decimal
    change_usd: Decimal
    changed: int
    rerouted_now: int
    rerouted: int
    blocked_now: int
    blocked: int
    blocked_why: tuple[Reason, ...] = ()
    blocked_ids: tuple[str, ...] = ()
    too_large: int
    too_large_calls: tuple[TooLarge, ...] = ()
    conversations: int
    losing_cache: int
    cache_lost_usd: Decimal
    unpriced: int
    moves: tuple[Move, ...] = ()
    groups: tuple[Group, ...] = ()
    routes: tuple[Caught, ...] = ()
    outcomes: Outcomes = Outcomes()
    drifted: int
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@shape
class PromptTest:
    """Where one prompt would go; nothing is sent."""

    asked: str
    target: str
    route: str | None = None
    reason: str
    rules: tuple[Rule, ...] = ()
    score: Score | None = None
    targets: tuple[TargetThen, ...] = ()
    input_tokens: int
    output_tokens: int
    usd: Decimal | None = None
    asked_usd: Decimal | None = None


@shape
class Hit:
    id: str
    at: str
    user: str = ""
    token: str = ""


@shape
class LimitWindow:
    start: str
    spent_usd: Decimal | None = None
    spent_tokens: int | None = None
    stopped: int = 0


@shape
class BudgetTest:
    """What a budget would have done over past calls."""

    since: str
    until: str
    calls: int
    matched: int
    cost_usd: Decimal
    refused: int
    blocked: int
    unbounded: int
    asked: int
    slowed: int
    downgraded: int
    unpriced: int
    over: int
    saved_usd: Decimal
    share: float
    first: Hit | None = None
    windows: tuple[LimitWindow, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)
    seconds: float = 0.0
