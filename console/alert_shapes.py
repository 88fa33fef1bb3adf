"""The shapes of the admin plane's answers about alerts and the runaway guard."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from console.shapes import shape


@shape
class Delivery:
    """How far an alert has come through one channel."""

    channel: str
    state: str
    """waiting | delivered | failed"""
    attempts: int
    due_at: str | None = None
    """When it is tried next."""
    error: str | None = None
    """What was wrong with the last try."""


@shape
class Alert:
    id: str
    at: str
    kind: str
    text: str
    data: dict[str, Any]
    deliveries: tuple[Delivery, ...]


@shape
class Alerts:
    channels: tuple[str, ...]
    """By which alerts leave the gateway, beside its event stream."""
    alerts: tuple[Alert, ...]
    """The newest first."""


@shape
class Stop:
    """A kind of call that the guard refuses until an instant."""

    number: int
    rule: str
    what: str
    usd_per_hour: Decimal
    until: str
    refused: int


@shape
class GuardRule:
    rule: str
    action: str
    """off | alert | stop"""
    words: str


@shape
class Guard:
    on: bool
    rules: tuple[GuardRule, ...]
    stops: tuple[Stop, ...]
