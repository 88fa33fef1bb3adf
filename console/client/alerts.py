"""The part of the admin plane that tells of trouble: alerts, and the runaway guard."""

from __future__ import annotations

from console import alert_shapes
from console.client.asking import PATIENT, Asking
from console.shapes import wrapped
from console.wire import decoded


class Alerts(Asking):
    """Alerts and the guard of the gateway at the other end of a wire."""

    async def alerts(self, limit: int = 50) -> alert_shapes.Alerts:
        return await self._wire.get("/alerts", alert_shapes.Alerts, [("limit", str(limit))])

    async def test_alerts(self) -> alert_shapes.Alert:
        """Sends a test through every channel, once; the deliveries say how each went."""
        answer = await self._wire.send("POST", "/alerts/test", {}, timeout=PATIENT)
        return decoded(answer, alert_shapes.Alert)

    async def set_webhook_secret(self, secret: str, *, session_only: bool = False) -> None:
        """session_only: kept in the gateway's memory until it ends, where no keyring can be used."""
        body = {"secret": secret, "session_only": session_only}
        await self._wire.send("PUT", "/alerts/secret", body)

    async def guard(self) -> alert_shapes.Guard:
        return await self._wire.get("/guard", alert_shapes.Guard)

    async def lift_guard(self, number: int | None = None) -> int:
        """Lets calls through again that the guard has stopped: one stop, or all; how many were lifted."""
        return decoded(
            await self._wire.send("POST", "/guard/lift", {"number": number}), wrapped.Lifted
        ).lifted
