"""The channels that the settings name."""

from __future__ import annotations

from gateway_core.alerts.channel import Channel
from gateway_core.alerts.notify import Notify
from gateway_core.alerts.webhook import Webhook, secret_holder
from gateway_core.clock import Clock
from gateway_core.model.alerts import AlertSettings
from gateway_core.vault import Vault


def channels_of(settings: AlertSettings, vault: Vault, clock: Clock) -> list[Channel]:
    """The webhook first, then one channel for each address of `notify`."""
    channels: list[Channel] = []
    if settings.webhook:
        channels.append(Webhook(settings.webhook, secret_holder(settings.webhook_secret), vault, clock))
    return [*channels, *map(Notify, settings.notify)]
