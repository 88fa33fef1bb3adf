"""The outbox: each alert on its way through each channel, tried until it is taken or given up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gateway_core.alerts.channel import Channel
from gateway_core.clock import Clock, instant_text
from gateway_core.model.alerts import Alert, Delivery, DeliveryState
from gateway_core.model.errors import Fault
from gateway_core.store.alerts import AlertStore

MOST_TRIES = 9
LONGEST_PAUSE = 6 * 3600
"""Seconds. With half a minute at first, the nine tries take twenty-one hours."""
MOST_WAITING = 500
"""Deliveries of one channel that are tried; of more, the oldest are given up."""
LOOK_AGAIN = 60.0
"""Seconds after which the clock is looked at again at the latest: it may have been set."""
log = logging.getLogger(__name__)


class Outbox:
    """What waits, by channel. The store knows of a delivery before its first try and hears of each outcome:
    a crash between try and outcome delivers it twice, with the same id, never not at all.

    troubled: told of each try that failed, with whether it was the last.
    """

    def __init__(
        self,
        store: AlertStore,
        channels: Sequence[Channel],
        clock: Clock,
        first_pause: float,
        troubled: Callable[[Delivery], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._first_pause = first_pause
        self._troubled = troubled
        self.channels = {channel.name: channel for channel in channels}
        self._waiting: dict[str, list[Delivery]] = {name: [] for name in self.channels}
        self._news = {name: asyncio.Event() for name in self.channels}

    def first(self, alert: Alert) -> list[Delivery]:
        """The deliveries with which an alert begins."""
        return [Delivery(alert, name, due_at=alert.at) for name in self.channels]

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Takes deliveries up; those of channels that are no longer configured are given up."""
        for delivery in deliveries:
            waiting = self._waiting.get(delivery.channel)
            if waiting is None:
                self._end(delivery, "this channel is no longer configured")
                continue
            if any(_same(delivery, each) for each in waiting):
                continue
            waiting.append(delivery)
            if len(waiting) > MOST_WAITING:
                self._end(waiting.pop(0), "too many alerts were waiting")
            self._news[delivery.channel].set()

    async def run(self) -> None:
        """Delivers for ever, each channel at its own pace."""
        async with asyncio.TaskGroup() as tasks:
            for channel in self.channels.values():
                tasks.create_task(self._work(channel))

    async def attempt(self, delivery: Delivery) -> Delivery:
        """Tries once; the delivery as it then stands. Raises nothing."""
        problem = await _problem(self.channels[delivery.channel], delivery.alert)
        attempts = delivery.attempts + 1
        if problem is None:
            return replace(
                delivery, state=DeliveryState.DELIVERED, attempts=attempts, due_at=None, error=None
            )
        if attempts >= MOST_TRIES:
            return replace(
                delivery, state=DeliveryState.FAILED, attempts=attempts, due_at=None, error=problem
            )
        due = self._clock.now() + timedelta(seconds=pause(attempts, self._first_pause))
        return replace(delivery, attempts=attempts, due_at=instant_text(due), error=problem)

    async def aclose(self) -> None:
        for channel in self.channels.values():
            await channel.aclose()

    async def _work(self, channel: Channel) -> None:
        waiting, news = self._waiting[channel.name], self._news[channel.name]
        while True:
            news.clear()
            delivery = min(waiting, key=lambda each: each.due_at or "", default=None)
            if delivery is None:
                await news.wait()
                continue
            if (seconds := self._until(delivery)) > 0:
                await _either(news, min(seconds, LOOK_AGAIN))
                continue
            after = await self.attempt(delivery)
            if delivery in waiting:
                waiting.remove(delivery)
            self._store.tried(after)
            if after.state is DeliveryState.WAITING:
                waiting.append(after)
            if after.error:
                self._troubled(after)

    def _until(self, delivery: Delivery) -> float:
        if delivery.due_at is None:
            return 0.0
        return (datetime.fromisoformat(delivery.due_at) - self._clock.now()).total_seconds()

    def _end(self, delivery: Delivery, why: str) -> None:
        ended = replace(delivery, state=DeliveryState.FAILED, due_at=None, error=why)
        self._store.tried(ended)
        self._troubled(ended)


def _same(one: Delivery, other: Delivery) -> bool:
    return one.alert.id == other.alert.id


def pause(attempts: int, first: float) -> float:
    """Seconds from the last of so many tries to the next: four times as long each time, to six hours."""
    return float(min(first * 4 ** (attempts - 1), LONGEST_PAUSE))


async def _problem(channel: Channel, alert: Alert) -> str | None:
    """What was wrong with a try; None where the alert was taken."""
    try:
        await channel.send(alert)
    except Fault as fault:
        return fault.message
    except Exception as error:
        # A supervisor: whatever a channel's library does, the other channels and the gateway go on. The
        # error's own words may hold an address that is a secret.
        log.warning("channel %s failed with %s", channel.name, type(error).__name__)
        return f"it failed with {type(error).__name__}"
    return None


async def _either(news: asyncio.Event, seconds: float) -> None:
    """Until there is news, for that long at the most."""
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return
