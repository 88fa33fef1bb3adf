"""Alerts: the latest with how far each has come, a test of every channel, the webhook's secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from gateway_core.alerts.webhook import SHORTEST_SECRET, secret_holder
from gateway_core.http.admin.answers.alerts import AlertAnswer, AlertsAnswer, DeliveryAnswer
from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.bodies import NothingBody, SecretBody
from gateway_core.http.admin.engine import Gateway, read
from gateway_core.http.admin.subject import subject
from gateway_core.model.alerts import Alert, Delivery
from gateway_core.model.errors import Refusal

router = subject("alerts")


@router.get("/alerts")
async def alerts(gateway: Gateway, limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> AlertsAnswer:
    """The latest alerts and their deliveries."""
    found = await read(gateway.alerts.store.recent, limit)
    return AlertsAnswer(channels=gateway.alerts.channels, alerts=[_answer(*each) for each in found])


@router.post("/alerts/test")
async def test(body: NothingBody, gateway: Gateway) -> AlertAnswer:
    """Sends a test through every channel, once, and says how each went."""
    return _answer(*await gateway.alerts.test())


@router.put("/alerts/secret")
async def secret(body: SecretBody, gateway: Gateway) -> DoneAnswer:
    """Keeps the secret with which the webhook is signed, in the system's keyring or for this session."""
    setting = gateway.settings.alerts.webhook_secret
    if setting != "keyring":
        raise Refusal(409, "secret_elsewhere", f"the settings take the webhook's secret from {setting}")
    text = body.secret.get_secret_value().strip()
    if len(text) < SHORTEST_SECRET:
        raise Refusal(400, "secret_too_short", f"the secret must have {SHORTEST_SECRET} characters at least")
    await gateway.vault.set(secret_holder(setting).id, text, session_only=body.session_only)
    return DoneAnswer()


def _answer(alert: Alert, deliveries: Sequence[Delivery]) -> AlertAnswer:
    return AlertAnswer(
        id=alert.id,
        at=alert.at,
        kind=alert.kind,
        text=alert.text,
        data=dict(alert.data),
        deliveries=[
            DeliveryAnswer(
                channel=each.channel,
                state=str(each.state),
                attempts=each.attempts,
                due_at=each.due_at,
                error=each.error,
            )
            for each in deliveries
        ],
    )
