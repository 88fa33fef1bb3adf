"""Alerts: what a person should hear of, and how far each has come on its ways to that person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence and its facts. Nothing in it is a secret or part of a prompt."""

    id: str
    at: str
    """RFC 3339, UTC."""
    kind: str
    """The name of its event: 'budget.alert'."""
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    """For its first try, or for the next one."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after the last try."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on its way through one channel."""

    alert: Alert
    channel: str
    """A name that holds no secret: 'webhook', 'json:3f2a91bc'."""
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    due_at: str | None = None
    """When it is tried next (RFC 3339, UTC); None once it has ended."""
    error: str | None = None
    """What was wrong with the last try."""


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody was told `what` ('mark:80', 'landing:…') of a budget in a window."""

    budget: str
    counts: str
    """What the budget counts: one that counts other calls under the same name is another budget."""
    what: str
    window_start: str
    """RFC 3339, UTC; the epoch for windows whose start moves or is none."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """[alerts] of the configuration."""

    webhook: str = ""
    """Where alerts are posted; empty: nowhere."""
    webhook_secret: str = "keyring"
    """Where the signing secret is: keyring | env:NAME | file:PATH."""
    notify: tuple[str, ...] = ()
    """Addresses in apprise's form, each a secret, or env:NAME."""
    retry_seconds: int = 30
    """Until the second try; each later pause is four times the one before, six hours at the most."""
    landing: bool = True
    """Whether to foretell that a budget will be used up before its window ends."""
    bell: bool = False
    """Whether the console rings the terminal's bell at each alert."""
