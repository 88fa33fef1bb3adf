"""The outbox: tried until taken, each channel at its own pace, never twice at once, never lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from gateway_core.alerts import Alerts
from gateway_core.alerts.outbox import LONGEST_PAUSE, MOST_TRIES, pause
from gateway_core.model.alerts import Alert, Delivery
from gateway_core.model.errors import Fault
from gateway_core.model.events import EventKind
from gateway_core.store.alerts import AlertStore
from gateway_core.store.ledger import Ledger
from tests.gateway_core.alerts.conftest import MakeAlerts

pytestmark = pytest.mark.anyio

SECRET = "token-that-nobody-may-see"


class Scripted:
    """A channel whose tries end as listed, then well."""

    def __init__(self, name: str, *outcomes: Exception) -> None:
        self.name = name
        self.outcomes = list(outcomes)
        self.tries: list[str] = []
        self.hold: asyncio.Event | None = None

    async def send(self, alert: Alert) -> None:
        self.tries.append(alert.text)
        if self.hold is not None:
            await self.hold.wait()
        if self.outcomes:
            raise self.outcomes.pop(0)

    async def aclose(self) -> None:
        return


@asynccontextmanager
async def running(alerts: Alerts) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(alerts.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(found: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not found():  # noqa: ASYNC110 - it looks at the file
            await asyncio.sleep(0.01)


def raised(alerts: Alerts, text: str = "it happened") -> Alert:
    return alerts.raise_(EventKind.RUNAWAY, {"text": text})


def ways(alerts: Alerts) -> list[Delivery]:
    return [way for _, deliveries in alerts.store.recent() for way in deliveries]


async def test_a_failing_channel_is_tried_again_until_it_takes_the_alert(make_alerts: MakeAlerts) -> None:
    channel = Scripted("one", Fault("it answered 500"), Fault("it answered 503"))
    alerts = make_alerts([channel])
    async with running(alerts):
        raised(alerts)
        await until(lambda: [way.state for way in ways(alerts)] == ["delivered"])
    assert channel.tries == ["it happened"] * 3
    (way,) = ways(alerts)
    assert (way.attempts, way.due_at, way.error) == (3, None, None)


async def test_after_the_last_try_it_is_given_up_and_said_so(make_alerts: MakeAlerts) -> None:
    channel = Scripted("one", *(Fault("nobody there") for _ in range(MOST_TRIES)))
    alerts = make_alerts([channel], 0.00001)
    async with running(alerts):
        raised(alerts)
        await until(lambda: [way.state for way in ways(alerts)] == ["failed"])
    assert len(channel.tries) == MOST_TRIES
    assert ways(alerts)[0].error == "nobody there" and ways(alerts)[0].due_at is None


async def test_one_channel_that_hangs_holds_up_no_other(make_alerts: MakeAlerts) -> None:
    stuck, quick = Scripted("stuck"), Scripted("quick")
    stuck.hold = asyncio.Event()
    alerts = make_alerts([stuck, quick])
    async with running(alerts):
        for number in range(3):
            raised(alerts, str(number))
        await until(lambda: quick.tries == ["0", "1", "2"])
        assert stuck.tries == ["0"]
        stuck.hold.set()
        await until(lambda: stuck.tries == ["0", "1", "2"])


async def test_what_an_earlier_run_left_is_delivered_once(make_alerts: MakeAlerts, ledger: Ledger) -> None:
    raised(make_alerts([Scripted("one")]), "from before")
    await ledger.flush()
    channel = Scripted("one")
    later = make_alerts([channel])
    raised(later, "from now")
    await ledger.flush()
    async with running(later):
        await until(lambda: {way.state for way in ways(later)} == {"delivered"})
    assert sorted(channel.tries) == ["from before", "from now"]


async def test_a_channel_that_is_gone_from_the_settings_is_given_up(
    make_alerts: MakeAlerts, ledger: Ledger
) -> None:
    raised(make_alerts([Scripted("old")]))
    await ledger.flush()
    later = make_alerts([Scripted("new")])
    async with running(later):
        await until(lambda: [way.state for way in ways(later)] == ["failed"])
    assert ways(later)[0].error == "this channel is no longer configured"


async def test_whatever_a_library_raises_the_others_go_on_and_its_words_stay_in(
    make_alerts: MakeAlerts, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = Scripted("broken", RuntimeError(SECRET)), Scripted("fine")
    alerts = make_alerts([broken, fine], 60)
    with caplog.at_level(logging.DEBUG):
        async with running(alerts):
            raised(alerts)
            await until(lambda: {way.attempts for way in ways(alerts)} == {1})
    found = {way.channel: way for way in ways(alerts)}
    assert found["fine"].state == "delivered"
    assert found["broken"].error == "it failed with RuntimeError"
    assert SECRET not in caplog.text and "RuntimeError" in caplog.text


async def test_watchers_hear_of_the_alert_and_of_its_first_failure(make_alerts: MakeAlerts) -> None:
    alerts = make_alerts([Scripted("one", Fault("it answered 500"), Fault("it answered 500"))])
    async with running(alerts):
        raised(alerts)
        await until(lambda: [way.state for way in ways(alerts)] == ["delivered"])
    alerts._bus.close()
    events = [event async for some in alerts._bus.watch(0) for event in some]
    assert [event.kind for event in events] == ["runaway", "log"]
    assert events[0].data["text"] == "it happened"
    assert "was not delivered by one: it answered 500; it is tried again" in events[1].data["message"]


async def test_a_test_goes_through_every_channel_once(make_alerts: MakeAlerts, ledger: Ledger) -> None:
    bad, good = Scripted("bad", Fault("it answered 404")), Scripted("good")
    alerts = make_alerts([bad, good])
    alert, tried = await alerts.test()
    assert {way.channel: (str(way.state), way.error) for way in tried} == {
        "bad": ("failed", "it answered 404"),
        "good": ("delivered", None),
    }
    await ledger.flush()
    assert alerts.store.recent()[0][0] == alert and alerts.store.waiting() == []


async def test_an_alert_costs_its_caller_no_wait(make_alerts: MakeAlerts, ledger: Ledger) -> None:
    """Nobody delivers and nobody reads: to raise an alert is to queue it."""
    alerts = make_alerts([Scripted("one")])
    for number in range(600):
        raised(alerts, str(number))
    await ledger.flush()
    assert len(AlertStore(ledger).waiting()) == 500


def test_pauses_grow_from_half_a_minute_to_six_hours() -> None:
    pauses = [pause(attempts, 30) for attempts in range(1, MOST_TRIES)]
    assert pauses == [30, 120, 480, 1920, 7680, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
