"""What the user decides, where it stands, and how it came about."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class ModeRuleAnswer(Answer):
    """The mode of matching calls that name none."""

    mode: str
    match: dict[str, str]


class ModeRulesAnswer(Answer):
    rules: list[ModeRuleAnswer]
    """The first that matches counts."""
    revision: Revision


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
    revision: Revision


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
    names: list[str]
    """The budgets, throttles and routes that it made, changed or removed."""


class HistoryAnswer(Answer):
    edits: list[EditAnswer]
    """The latest first."""
    revision: Revision
    """Of the whole policy."""


class ThrottleAnswer(Answer):
    name: str
    match: dict[str, str]
    tokens_per_minute: int | None
    requests_per_minute: int | None
    usd_per_hour: str | None
    concurrent: int | None
    used_tokens_last_minute: int
    revision: Revision


class ThrottlesAnswer(Answer):
    throttles: list[ThrottleAnswer]


class OpinionAnswer(Answer):
    """Whose calls are asked again of another model, what that may cost, and what it found."""

    name: str
    when: dict[str, str]
    cheap: str
    strong: str
    whose: str
    """both | cheap | strong: whose calls are asked again."""
    share: float
    judge: str
    """The model that compares what no check can; empty: checks alone."""
    usd_per_day: str
    enabled: bool
    rests: str | None
    """Why none of it is taken now; it is tried again some minutes later, or once it was edited."""
    spent_usd: str
    """Today."""
    taken: int
    """Opinions since `since`; of them: as good, the strong better, the cheap better."""
    equal: int
    strong_better: int
    cheap_better: int
    last_at: str | None
    revision: Revision


class OpinionsAnswer(Answer):
    since: str
    opinions: list[OpinionAnswer]
    rests: str | None
    """Why none of any is taken now."""


class RouteAnswer(Answer):
    name: str
    when: dict[str, str]
    use: list[str]
    """Tried in order; the next one on failure or refusal."""
    enabled: bool
    pick: str
    """order | weighted | price | latency | least_busy"""
    weights: list[int]
    escalate: float | None
    """Distrust of an answer, 0 to 1, from which the next target is asked."""
    shadow: bool
    """It only watches: what it would have done is kept with each decision."""
    pin: bool
    """A conversation stays where its first call went."""
    escalate_streams: bool
    revision: Revision


class RoutesAnswer(Answer):
    routes: list[RouteAnswer]
    """In the order in which they are tried."""
    revision: Revision


class RoutesServedAnswer(Answer):
    served: dict[str, int]
    """Calls by the name of the route that led them, also of routes that have gone since."""


class ThresholdsAnswer(Answer):
    """What holds for all routes, as in [routing]."""

    medium: float
    hard: float
    """Scores from which a call is medium, and hard."""
    margin: float
    """So little under one of them it counts as reached."""
    always_score: bool
    learn: bool
    pin: str
    """How long a conversation may pause and still be kept where it is, as '3600s'."""
    most_loss_usd: str
    """What moving a conversation up may cost at the most in lost prompt cache."""
    revision: str
    """For `If-Match`, so that a write is made over nothing else."""


class ClassesAnswer(Answer):
    """Calls by the class that each fell in."""

    since: str
    simple: int
    medium: int
    hard: int
    unscored: int
    """Calls that nobody scored, as no route asked."""


class PolicyAnswer(Answer):
    toml: str
    revision: Revision


class UndoneAnswer(Answer):
    what: str
    """budgets | throttles | routes | routing | policy, …"""


class PanicAnswer(Answer):
    """A switch that was thrown: `restraint` is stop or cheap."""

    restraint: str
    match: dict[str, str]
    since: str
    who: str


class PanicsAnswer(Answer):
    panics: list[PanicAnswer]
    revision: Revision
