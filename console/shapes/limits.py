"""The shapes of the policy: limits and where they stand, questions that they ask, and their history."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from console.shapes.frame import shape


@shape
class Budget:
    """A limit and where it stands. `share` is spent of limit, nothing held counted; 1.0 is all of it."""

    name: str
    match: dict[str, str]
    limit_usd: Decimal | None = None
    limit_tokens: int | None = None
    window: str
    at_limit: str
    alerts: tuple[int, ...]
    spent_usd: Decimal
    held_usd: Decimal
    spent_tokens: int
    held_tokens: int
    share: float
    state: str
    """ok | warn | over"""
    window_start: str
    resets_at: str | None = None
    lands_usd: Decimal | None = None
    breaks_at: str | None = None
    """When the limit is reached at the present pace; None where it is not within this window."""
    unbounded: str = "refuse"
    """refuse | allow: calls whose cost nothing bounds."""
    downgrade_to: str | None = None
    expensive_above: Decimal | None = None
    """Dollars per million output tokens."""
    raised_to_usd: Decimal | None = None
    raised_to_tokens: int | None = None
    """A temporary limit, in force until `raised_until`."""
    raised_until: str | None = None
    ask_seconds: int = 60
    limit_now_usd: Decimal | None = None
    limit_now_tokens: int | None = None
    """The limit in force, a temporary one included."""
    revision: str = field(default="", compare=False)
    """How it stands, for writes that are to be made over nothing else; here and below."""

    @property
    def in_force_usd(self) -> Decimal | None:
        return self.limit_usd if self.limit_now_usd is None else self.limit_now_usd

    @property
    def in_force_tokens(self) -> int | None:
        return self.limit_tokens if self.limit_now_tokens is None else self.limit_now_tokens

    @property
    def raised(self) -> bool:
        """A temporary limit is in force."""
        return (self.in_force_usd, self.in_force_tokens) != (self.limit_usd, self.limit_tokens)


@shape
class Question:
    """A call that waits for a person's word, because a budget asks at its limit."""

    id: str
    asked_at: str
    until: str
    """After this instant the call is refused."""
    budget: str
    spent: str
    limit: str
    model: str
    tags: dict[str, str] = field(default_factory=dict)
    token: str = ""
    may_cost_usd: Decimal = Decimal(0)


@shape
class Edit:
    """A step of the policy's history; `lines` are TOML, '-' before and '+' after."""

    n: int
    at: str
    who: str
    what: str
    undoes: int | None = None
    lines: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """The budgets, throttles and routes that it made, changed or removed."""


@shape
class Throttle:
    name: str
    match: dict[str, str]
    tokens_per_minute: int | None = None
    requests_per_minute: int | None = None
    usd_per_hour: Decimal | None = None
    concurrent: int | None = None
    used_tokens_last_minute: int = 0
    revision: str = field(default="", compare=False)


@shape
class Route:
    name: str
    when: dict[str, str]
    use: tuple[str, ...]
    enabled: bool = True
    pick: str = "order"
    """order | weighted | price | latency | least_busy"""
    weights: tuple[int, ...] = ()
    escalate: float | None = None
    escalate_streams: bool = False
    shadow: bool = False
    pin: bool = True
    revision: str = field(default="", compare=False)


@shape
class Thresholds:
    """What holds for all routes: from which scores on a call is medium and hard, and what stays put."""

    medium: float
    hard: float
    margin: float
    """So little under one of them it counts as reached: up when unsure."""
    always_score: bool
    learn: bool
    pin: str
    """How long a conversation may pause and still be kept where it is, as '3600s'."""
    most_loss_usd: Decimal
    """What moving a conversation up may cost at the most in lost prompt cache."""
    revision: str = field(default="", compare=False)


@shape
class Classes:
    """Calls since then by the class that each fell in."""

    since: str
    simple: int
    medium: int
    hard: int
    unscored: int

    @property
    def scored(self) -> int:
        return self.simple + self.medium + self.hard


@shape
class Opinion:
    """Whose calls are asked again of another model, what that may cost in a day, and what it found."""

    name: str
    when: dict[str, str]
    cheap: str
    strong: str
    whose: str
    """both | cheap | strong"""
    share: float
    judge: str
    usd_per_day: Decimal
    enabled: bool
    spent_usd: Decimal
    """Today."""
    taken: int
    equal: int
    strong_better: int
    cheap_better: int
    last_at: str | None = None
    rests: str | None = None
    """Why none of it is taken now."""


@shape
class Panic:
    """A switch that was thrown in a hurry: `restraint` is stop or cheap."""

    restraint: str
    match: dict[str, str]
    since: str
    who: str


@shape
class ModeRule:
    """The mode of matching calls that name none."""

    mode: str
    match: dict[str, str]
