"""What the admin plane answers about alerts and the runaway guard."""

from __future__ import annotations

from typing import Any

from gateway_core.http.admin.answers.base import Answer


class DeliveryAnswer(Answer):
    channel: str
    state: str
    """waiting | delivered | failed"""
    attempts: int
    due_at: str | None
    """When it is tried next."""
    error: str | None
    """What was wrong with the last try."""


class AlertAnswer(Answer):
    id: str
    at: str
    kind: str
    """The name of its event."""
    text: str
    data: dict[str, Any]
    deliveries: list[DeliveryAnswer]


class AlertsAnswer(Answer):
    channels: list[str]
    """By which alerts leave, beside the event stream."""
    alerts: list[AlertAnswer]
    """The newest first."""


class StopAnswer(Answer):
    number: int
    rule: str
    what: str
    usd_per_hour: str
    until: str
    refused: int
    """Calls that it has refused so far."""


class RuleAnswer(Answer):
    rule: str
    action: str
    """off | alert | stop"""
    words: str


class GuardAnswer(Answer):
    on: bool
    rules: list[RuleAnswer]
    stops: list[StopAnswer]


class LiftedAnswer(Answer):
    lifted: int
