"""Policy: what the user decides. Prices, budgets, throttles, routes and cache rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from gateway_core.model.money import Nano
from gateway_core.model.weekly import WeeklyReport

Match = Mapping[str, str]
"""Tag keys and `model`, `provider`, `token` to wanted values; every key must match; {} is everything.
A value may end in `*`."""

DEFAULT_ALERTS = (50, 80, 95, 100)


@dataclass(frozen=True, slots=True)
class Rates:
    """Dollars per million tokens. None: no price of its own, the rule in `rules.pricing` says what then."""

    input: Decimal | None = None
    output: Decimal | None = None
    cached_input: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    audio_input: Decimal | None = None
    audio_output: Decimal | None = None
    image_input: Decimal | None = None
    image_output: Decimal | None = None
    video_input: Decimal | None = None
    video_output: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """Rates that hold for all tokens of a call whose total input is strictly above `above` tokens."""

    above: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class Price:
    """What one model costs. `id` is frozen on each row: source, model and the day the price began."""

    id: str
    rates: Rates
    tiers: tuple[Tier, ...] = ()
    """Sorted by `above`. A rate that a tier leaves None is taken from the tier below, then from `rates`."""
    multipliers: Mapping[str, Decimal] = field(default_factory=dict)
    """By service tier, on the whole sum: {'batch': Decimal('0.5')}; by region, on tokens: {'us': …}."""
    per_call: Mapping[str, Decimal] = field(default_factory=dict)
    """Dollars for each use of a server-side tool, and for each `request`: {'web_search': Decimal('0.01')}."""
    context_window: int | None = None
    max_output: int | None = None
    services: Mapping[str, Price] = field(default_factory=dict)
    """Service tiers whose rates no single factor tells, each as a whole price; they beat `multipliers`."""

    def __hash__(self) -> int:
        # The generated hash would fail on the mappings, and what is computed from a price is kept by price.
        return hash(self.id)


class AtLimit(StrEnum):
    """What happens to a call when a budget has no room for it."""

    ALERT = "alert"
    SLOW = "slow"
    DOWNGRADE = "downgrade"
    BLOCK_EXPENSIVE = "block_expensive"
    BLOCK = "block"
    ASK = "ask"


class Unbounded(StrEnum):
    """What a hard budget does with a call whose cost nothing bounds: an unknown price, a search tool."""

    REFUSE = "refuse"
    ALLOW = "allow"


DEFAULT_EXPENSIVE = Decimal(5)
"""Dollars per million output tokens above which a model is expensive, where a budget does not say."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit on what matching calls may use within a window. Exactly one of the two limits is set."""

    name: str
    match: Match = field(default_factory=dict)
    limit_nano: Nano | None = None
    limit_tokens: int | None = None
    window: str = "month"
    """hour | day | week | week:sunday | month | month:15 | total | rolling:6h"""
    at_limit: AtLimit = AtLimit.BLOCK
    alerts: tuple[int, ...] = DEFAULT_ALERTS
    unbounded: Unbounded = Unbounded.REFUSE
    downgrade_to: str | None = None
    """The model that takes over, as a client would ask for it; None: a cheaper target of the plan."""
    expensive_above: Decimal | None = None
    """Dollars per million output tokens; dearer models are blocked at the limit, all others go on."""
    raised_to: int | None = None
    """A temporary limit in the budget's own unit, in force until `raised_until`."""
    raised_until: str | None = None
    """RFC 3339 UTC."""
    ask_seconds: int = 60
    """How long a call waits for a person's answer before it is refused."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """A limit on pace. At least one of the limits is set."""

    name: str
    match: Match = field(default_factory=dict)
    tokens_per_minute: int | None = None
    requests_per_minute: int | None = None
    usd_per_hour_nano: Nano | None = None
    concurrent: int | None = None


class Pick(StrEnum):
    """In which order the targets of a route are tried."""

    ORDER = "order"
    WEIGHTED = "weighted"
    PRICE = "price"
    LATENCY = "latency"
    LEAST_BUSY = "least_busy"


@dataclass(frozen=True, slots=True)
class Route:
    """When a call matches, use these targets; the next one on failure or refusal."""

    name: str
    when: Match
    """Tags, model, provider and token as in other matches, and the keys of `rules.routing.conditions`."""
    use: tuple[str, ...]
    """Model names as a client would ask for them: 'gpt-5-nano', 'ollama/qwen3:4b'."""
    enabled: bool = True
    pick: Pick = Pick.ORDER
    weights: tuple[int, ...] = ()
    """Shares of the targets, where they are picked by weight."""
    escalate: float | None = None
    """Distrust of a whole answer, 0 to 1, from which the next target is asked; None: never."""
    escalate_streams: bool = False
    """Clients that want a stream wait for its end, and get it once it is trusted."""
    shadow: bool = False
    """It only watches: what it would have done is kept with each decision."""
    pin: bool = True
    """A conversation stays where its first call went."""


class Whose(StrEnum):
    """Whose calls are asked again, of the two models of a second opinion."""

    BOTH = "both"
    CHEAP = "cheap"
    STRONG = "strong"


OPINION_TAG = "opinion"
"""The tag of calls that the gateway makes for a second opinion; its value is the opinion's name."""
PURPOSE_TAG = "purpose"
"""The tag of all calls that the gateway makes by itself; its value is a `Purpose`."""


class Purpose(StrEnum):
    """What a call of the gateway's own is for."""

    SHADOW = "shadow"
    """The same question to another model."""
    JUDGE = "judge"
    """Which of two answers is better."""
    EMBEDDING = "embedding"
    """What a question means, for the semantic cache."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A share of the calls that one of two models has answered is asked again of the other, in the
    background; which answer is better is learned from."""

    name: str
    cheap: str
    strong: str
    """Model names as a client would ask for them."""
    usd_per_day_nano: Nano
    """What its calls may cost in a day, those of the judge too."""
    when: Match = field(default_factory=dict)
    """As that of a route."""
    whose: Whose = Whose.BOTH
    share: float = 0.05
    judge: str = ""
    """The model that compares what no check can; empty: only what a check can compare counts."""
    enabled: bool = True

    @property
    def budget(self) -> Budget:
        """What its calls are held against, beside the user's own budgets."""
        return Budget(
            name=f"second opinion {self.name}",
            match={OPINION_TAG: self.name},
            limit_nano=self.usd_per_day_nano,
            window="day",
            alerts=(),
        )


@dataclass(frozen=True, slots=True)
class Routing:
    """What holds for all routes."""

    medium: float = 0.3
    hard: float = 0.55
    """Scores from which a request is medium, and hard."""
    margin: float = 0.02
    """So little under one of them it counts as reached: up when unsure. 0: only on it."""
    always_score: bool = False
    """Score every call, also where no route asks, so that routes can be tried on what was."""
    learn: bool = False
    """Remember signs and hashed words of calls, and how their answers were taken, to learn from them."""
    pin_seconds: int = 3_600
    """How long a conversation may pause and still be kept where it is."""
    most_loss_nano: Nano = 250_000_000
    """What moving a conversation up may cost at the most in lost prompt cache."""


@dataclass(frozen=True, slots=True)
class ModeRule:
    """The mode of matching calls that name none themselves."""

    mode: str
    match: Match


class Restraint(StrEnum):
    """What a switch that was thrown in a hurry does to calls."""

    STOP = "stop"
    """Nothing that costs is sent; what is cached or local goes on."""
    CHEAP = "cheap"
    """Everything goes to the cheapest target that may serve it."""


@dataclass(frozen=True, slots=True)
class Panic:
    """A switch that was thrown for matching calls, until it is lifted."""

    restraint: Restraint
    match: Match = field(default_factory=dict)
    since: str = ""
    """RFC 3339, UTC."""
    who: str = ""


@dataclass(frozen=True, slots=True)
class ExactCacheRule:
    """Which calls the exact cache answers without being asked by header, and how long answers live."""

    when: Match = field(default_factory=dict)
    ttl_seconds: int = 86_400
    on: bool = False
    tools: bool = False
    """Also calls that offer tools, whose answers may be calls of these."""
    pace: str = "instant"
    """How a kept stream is replayed: instant | recorded | tokens a second as a number ('80')."""


@dataclass(frozen=True, slots=True)
class SemanticCacheRule:
    """Calls that may get the answer of a question which means the same, once that has proved right."""

    when: Match
    """Never empty: whose calls these are is said, by project or by another tag."""
    endpoint: str = ""
    """The model that makes the embeddings, as a client would ask for it; empty: plain words, without one."""
    threshold: float = 0.9
    """Likeness, 0 to 1, from which two questions may be the same."""
    rate: float = 0.01
    """Wrong answers of those served at the most, with a confidence of 95 %."""
    sample: float = 0.1
    """Share of the hits that are still asked for and compared once the cache serves."""


@dataclass(frozen=True, slots=True)
class CacheSpace:
    """Who shares kept answers, and how much is kept."""

    share: tuple[tuple[str, ...], ...] = ()
    """Names of client tokens that get each other's answers; every other token has its own."""
    max_mb: int = 256
    """Compressed; the least recently used answers go first."""


@dataclass(frozen=True, slots=True)
class MarksRule:
    """Which calls to Claude models get cache marks where their client set none."""

    when: Match = field(default_factory=dict)
    life: str = "5m"
    """5m or 1h: how long Anthropic keeps what is marked; an hour is dearer to write."""
    on: bool = False


@dataclass(frozen=True, slots=True)
class CaptureRule:
    """Whose messages are kept, and for how long. Without such a rule nobody's are."""

    match: Match
    """Never empty: whose calls these are is said, by project or by another tag."""
    days: int = 7


@dataclass(frozen=True, slots=True)
class Policy:
    """All that can be edited live. `prices` are the user's own, by 'provider/model'."""

    budgets: tuple[Budget, ...] = ()
    throttles: tuple[Throttle, ...] = ()
    routes: tuple[Route, ...] = ()
    routing: Routing = Routing()
    opinions: tuple[Opinion, ...] = ()
    panics: tuple[Panic, ...] = ()
    mode_rules: tuple[ModeRule, ...] = ()
    """The first that matches says the mode; without one it is the current mode."""
    capture: tuple[CaptureRule, ...] = ()
    """The first that matches says how long."""
    exact_cache: ExactCacheRule = ExactCacheRule()
    marks: MarksRule = MarksRule()
    semantic_cache: tuple[SemanticCacheRule, ...] = ()
    cache_space: CacheSpace = CacheSpace()
    weekly: WeeklyReport | None = None
    """The report that is written once a week."""
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def all_budgets(self) -> tuple[Budget, ...]:
        """The user's own, and those of second opinions."""
        return (*self.budgets, *(each.budget for each in self.opinions))


@dataclass(frozen=True, slots=True)
class ClientToken:
    """A token that clients send. `digest` is the keyed hash; the text itself is shown once and not kept."""

    name: str
    digest: bytes
    tags: Mapping[str, str]
    created_at: str
    """RFC 3339, UTC."""
    revoked_at: str | None = None
