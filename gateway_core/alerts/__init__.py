"""Alerts: raised once, kept in the ledger's file, told to watchers, and delivered by every channel."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from gateway_core.alerts.channel import Channel
from gateway_core.alerts.outbox import Outbox
from gateway_core.alerts.words import sentence
from gateway_core.bus import Bus
from gateway_core.clock import Clock, instant_text
from gateway_core.model.alerts import Alert, Delivery, DeliveryState, Told
from gateway_core.model.events import EventKind
from gateway_core.model.ids import request_id
from gateway_core.store.alerts import AlertStore

__all__ = ["Alerts"]

RARELY = 300.0
"""Seconds."""
TEST = "this is a test; alerts of this gateway come here"


class Alerts:
    """The room where alerts begin. To raise one costs no wait and can fail no call."""

    def __init__(
        self,
        store: AlertStore,
        bus: Bus,
        clock: Clock,
        tz: tzinfo,
        channels: Sequence[Channel],
        first_pause: float,
    ) -> None:
        self.store = store
        self._bus = bus
        self._clock = clock
        self._tz = tz
        self._lately: dict[str, float] = {}
        self._outbox = Outbox(store, channels, clock, first_pause, self._troubled)

    @property
    def channels(self) -> list[str]:
        """The names of the ways by which alerts leave."""
        return list(self._outbox.channels)

    def raise_(
        self,
        kind: EventKind,
        facts: Mapping[str, Any],
        told: Told | None = None,
        *,
        rarely: str | None = None,
    ) -> Alert:
        """Tells watchers and channels. told: noted together with the alert, so that a crash loses neither
        without the other; rarely: of all alerts with this text, channels get one in five minutes."""
        alert = self._made(kind, facts)
        self._bus.publish(kind, alert.data)
        if rarely is None or self._is_rare(rarely):
            self._keep(alert, told)
        return alert

    def _is_rare(self, what: str) -> bool:
        now = self._clock.monotonic()
        self._lately = {each: at for each, at in self._lately.items() if now - at < RARELY}
        if what in self._lately:
            return False
        self._lately[what] = now
        return True

    async def test(self) -> tuple[Alert, list[Delivery]]:
        """Sends a test through every channel at once; how each went. It is tried once only."""
        alert = self._made(EventKind.ALERT_TEST, {"text": TEST})
        first = self._outbox.first(alert)
        tried = await asyncio.gather(*(self._outbox.attempt(each) for each in first))
        ended = [
            replace(each, state=DeliveryState.FAILED, due_at=None) if each.error else each for each in tried
        ]
        self._bus.publish(EventKind.ALERT_TEST, alert.data)
        self.store.keep(alert, ended)
        return alert, ended

    async def run(self) -> None:
        """Delivers for ever, beginning with what an earlier run has left."""
        self._outbox.add(await asyncio.to_thread(self.store.waiting))
        await self._outbox.run()

    async def aclose(self) -> None:
        await self._outbox.aclose()

    def _made(self, kind: EventKind, facts: Mapping[str, Any]) -> Alert:
        now = self._clock.now()
        id = request_id(int(now.timestamp() * 1000), secrets.randbits(80))
        text = sentence(kind, facts, now, self._tz)
        return Alert(id, instant_text(now), str(kind), text, {**facts, "text": text})

    def _keep(self, alert: Alert, told: Told | None) -> None:
        deliveries = self._outbox.first(alert)
        self.store.keep(alert, deliveries, told)
        self._outbox.add(deliveries)

    def _troubled(self, delivery: Delivery) -> None:
        """A delivery failed: said when it does so first, and when it is given up."""
        given_up = delivery.state is DeliveryState.FAILED
        if delivery.attempts > 1 and not given_up:
            return
        then = "; given up" if given_up else "; it is tried again"
        message = f"alert {delivery.alert.id} was not delivered by {delivery.channel}: {delivery.error}{then}"
        self._bus.say("warning", message)
