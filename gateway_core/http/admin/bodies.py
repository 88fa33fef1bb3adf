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


class RouteBody(Body):
    when: dict[str, str] = {}
    use: list[str]
    enabled: bool = True
    position: int | None = None
    """The place in the order, 0 first; without it a route keeps its place, and a new one comes last."""


class PanicBody(Body):
    restraint: str
    """stop | cheap"""
    match: dict[str, str] = {}


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
