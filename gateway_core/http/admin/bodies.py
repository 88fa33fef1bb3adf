"""What the admin plane takes: unknown keys are errors, and what is written is judged like config.toml."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr

from gateway_core.model.policy import DEFAULT_ALERTS
from gateway_core.settings.table import Table


class Body(BaseModel):
    model_config = {"extra": "forbid", "hide_input_in_errors": True}

    def table(self, what: str, name: str) -> Table:
        """The body as a table of the configuration, so that both are read by the same rules."""
        fields: dict[str, Any] = {"name": name, **self.model_dump(exclude_none=True)}
        return Table(fields, f"{what} {name!r}")


class BudgetBody(Body):
    match: dict[str, str] = {}
    limit_usd: str | None = None
    limit_tokens: int | None = None
    window: str = "month"
    at_limit: str = "block"
    alerts: list[int] = list(DEFAULT_ALERTS)
    unbounded: str | None = None
    downgrade_to: str | None = None
    expensive_above: str | None = None
    raised_to_usd: str | None = None
    raised_to_tokens: int | None = None
    raised_until: str | None = None
    ask_seconds: int | None = None


class RaiseBody(Body):
    to_usd: str | None = None
    to_tokens: int | None = None
    until: str | None = None
    """RFC 3339; without it until the end of the window."""


class VerdictBody(Body):
    answer: str
    """once | raised | cheaper | refuse"""


class ThrottleBody(Body):
    match: dict[str, str] = {}
    tokens_per_minute: int | None = None
    requests_per_minute: int | None = None
    usd_per_hour: str | None = None
    concurrent: int | None = None


class PriceBody(Body):
    """Rates in dollars per million tokens, each left as it is where it is not given."""

    input: str | None = None
    cached_input: str | None = None
    cache_write: str | None = None
    cache_write_1h: str | None = None
    output: str | None = None


class ModeRuleBody(Body):
    mode: str
    match: dict[str, str]


class ModeRulesBody(Body):
    rules: list[ModeRuleBody]


class RouteFields(Body):
    """A route in the words of config.toml. What is left out is as usual, or as it was."""

    when: dict[str, str] | None = None
    use: list[str] | None = None
    enabled: bool | None = None
    pick: str | None = None
    weights: list[int] | None = None
    escalate: float | None = None
    escalate_streams: bool | None = None
    shadow: bool | None = None
    pin: bool | None = None


class RouteBody(RouteFields):
    """The fields of a route and its place; without a place it keeps its own, and a new one comes last."""

    position: int | None = None
    """The place in the order, 0 first."""
    before: str | None = None
    """The name of the route that it is to stand before."""


class RoutesBody(Body):
    routes: list[dict[str, Any]]
    """All of them in their order, in the fields of config.toml."""


class ThresholdsBody(Body):
    """Fields of [routing] in the words of config.toml; what is left out stays as it is."""

    model_config = {"strict": True}

    medium: float | None = None
    hard: float | None = None
    margin: float | None = None
    always_score: bool | None = None
    learn: bool | None = None
    pin: str | None = None
    most_loss_usd: str | None = None


class OpinionBody(Body):
    """A second opinion in the words of config.toml; what is left out is as it was, or as usual."""

    when: dict[str, str] | None = None
    cheap: str | None = None
    strong: str | None = None
    whose: str | None = None
    share: float | None = None
    judge: str | None = None
    usd_per_day: str | None = None
    enabled: bool | None = None


class WeeklyBody(Body):
    """The weekly report in the words of config.toml; what is left out is as usual."""

    every: str
    to: str
    format: str | None = None
    by: list[str] | None = None
    where: dict[str, str] | None = None
    mask: bool | None = None
    include: list[str] | None = None


class DraftBody(Body):
    """Other routes than those in force: a whole policy, all routes, or one route; and other thresholds."""

    toml: str | None = None
    """A policy as `policy show` prints it; its routes and its [routing] are tried."""
    routes: list[dict[str, Any]] | None = None
    """All routes in their order, in the fields of config.toml."""
    put: dict[str, RouteBody] | None = None
    """Routes by name, each made, replaced or moved."""
    change: dict[str, RouteBody] | None = None
    """Routes by name, of which only what is said here changes."""
    remove: list[str] = []
    routing: dict[str, Any] | None = None
    """Fields of [routing] that differ: medium, hard, margin, always_score, pin, most_loss_usd."""


class RoutesTestBody(DraftBody):
    since: str = "7d"
    until: str | None = None
    where: dict[str, str] = {}
    """Only these calls, as in a report."""


class PromptBody(DraftBody):
    prompt: str
    model: str = "auto"
    tags: dict[str, str] = {}
    token: str = "default"
    format: str = "openai"
    context: int = 0
    """Tokens of the input besides the prompt."""
    messages: int = 1
    tools: int = 0
    images: int = 0
    stream: bool = False


class BudgetTestBody(BudgetBody):
    name: str = "draft"
    since: str = "30d"
    until: str | None = None


class PanicBody(Body):
    restraint: str
    """stop | cheap"""
    match: dict[str, str] = {}


class PanicsBody(Body):
    panics: list[PanicBody]


class RenameBody(Body):
    key: str
    values: list[str] = Field(min_length=1, max_length=100)
    name: str
    apply: bool = False


class PolicyBody(Body):
    toml: str


class ModeBody(Body):
    mode: str


class KeyBody(Body):
    key: SecretStr
    session_only: bool = False
    """Keep it in memory until the gateway ends, where no keyring can be used."""


class KeyTestBody(Body):
    key: SecretStr | None = None
    """One that is not stored yet; without it the stored one is tested."""


class SecretBody(Body):
    secret: SecretStr
    session_only: bool = False
    """Keep it in memory until the gateway ends, where no keyring can be used."""


class LiftBody(Body):
    number: int | None = None
    """The stop to lift; all of them without it."""


class TokenBody(Body):
    name: str
    tags: dict[str, str] = {}


class CorrectionBody(Body):
    cost_usd: str
    """What the call's last try cost, in dollars; its earlier tries count beside it."""
    why: str = Field(min_length=1, max_length=500)


class CallModeBody(Body):
    mode: str | None
    """null: the mode that the call was written with."""


class ThumbBody(Body):
    thumb: Literal["up", "down"]


class FixBody(Body):
    model: str | None = None
    """provider/model, or a provider for all of its models."""
    since: str | None = None
    until: str | None = None
    apply: bool = False


class BackupBody(Body):
    file: str
    """An absolute path on the gateway's machine, where no file is yet."""


class KeepBody(Body):
    keep: bool


class NothingBody(Body):
    """An empty object."""
