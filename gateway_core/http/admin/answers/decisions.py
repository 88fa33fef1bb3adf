"""Why a call went where it went, in parts that a person can check."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer


class AskedAnswer(Answer):
    """What the call looked like to the routes."""

    model: str
    """As the client wrote it."""
    target: str
    """What that name alone leads to: provider/model."""
    format: str
    operation: str
    """generate | embed | count"""
    stream: bool
    tools: bool
    images: bool
    context_tokens: int
    """Likely tokens of the input."""
    messages: int
    conversation: str | None


class RuleAnswer(Answer):
    """One route before the call."""

    name: str
    when: str
    use: list[str]
    state: str
    """matched | failed | watched (in shadow) | not_reached | disabled | off"""
    why: str
    """The condition that failed and what the call had there; of one that matched its target."""


class PartAnswer(Answer):
    name: str
    value: float


class ScoreAnswer(Answer):
    """How complex the request looked, as the sum of its parts."""

    value: float
    complexity: str
    """simple | medium | hard"""
    medium: float
    hard: float
    """The scores from which a request was medium, and hard."""
    margin: float
    """How little under one of them it counted as reached."""
    unsure: str
    """Where it did: 'up, as unsure: 0.02 under hard'; else empty."""
    judge: str
    parts: list[PartAnswer]


class BudgetThenAnswer(Answer):
    """A budget over the call, as it stood when the call began."""

    name: str
    window: str
    at_limit: str
    share: float
    state: str
    """ok | warn | over"""


class TargetAnswer(Answer):
    """A place that the call could go to, in the order of trying."""

    target: str
    usd: str | None
    """What this call's tokens cost there; None where nobody knows."""
    asked: bool
    served: bool


class TryAnswer(Answer):
    """A try and how it ended."""

    number: int
    target: str
    http_status: int | None
    ended: str
    cost_usd: str


class SecondOpinionAnswer(Answer):
    """The same question to another model, and which answer was better."""

    call_id: str
    opinion: str
    """The name of the entry in the policy."""
    target: str
    other: str
    """The model that was asked again."""
    shadow_id: str
    judge_id: str | None
    """The calls that asked again, and that compared, if in vain; the latter None where no judge was asked."""
    gain: float | None
    """What the strong model's answer is better by, -1 to 1; None: nobody knows."""
    how: str
    cost_usd: str
    """Of these calls."""


class ExplanationAnswer(Answer):
    """Why a call went where it went."""

    id: str
    started_at: str
    known: bool
    """False where no decision is on record; `why_unknown` says why, and the lists are empty."""
    why_unknown: str | None = None
    asked: AskedAnswer | None = None
    route: str | None
    """The route that matched."""
    reason: str
    rules: list[RuleAnswer] = []
    """In the order of the policy that was in force."""
    score: ScoreAnswer | None = None
    kept: str | None = None
    """Why the conversation stayed where it was, or what its moving cost."""
    overruled: list[str] = []
    """What changed the routes' word: a thrown switch, a budget near its limit."""
    budgets: list[BudgetThenAnswer] = []
    targets: list[TargetAnswer] = []
    attempts: list[TryAnswer] = []
    outcome: str | None
    http_status: int | None
    served: str
    """provider/model; empty where the call went nowhere."""
    error: str | None
    cache: str | None
    """hit | miss | bypass"""
    cost_usd: str
    asked_usd: str | None = None
    """What the model that was asked for would have cost, where another one served."""
    saved_usd: str
    second_opinion: SecondOpinionAnswer | None = None
