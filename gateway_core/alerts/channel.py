"""A way by which alerts leave the gateway."""

from __future__ import annotations

from typing import Protocol

from gateway_core.model.alerts import Alert


class Channel(Protocol):
    @property
    def name(self) -> str:
        """Tells it from the others; holds no secret."""

    async def send(self, alert: Alert) -> None:
        """Delivers the alert. Raises Fault saying what was wrong, without a secret in it."""

    async def aclose(self) -> None:
        """Lets go of connections."""
