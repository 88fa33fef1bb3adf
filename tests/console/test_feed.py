"""The feed: events and answers become snapshots; totals come from the store, rows from either, none twice."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import anyio
import pytest

from console.events import BACK, LOST
from console.feed import QUEUED_EVENTS, Feed
from console.shapes import Budget, CacheUse, Call, Calls, Event, Spend, Status, Summary
from console.snapshot import Snapshot
from console.trouble import ClientError, GatewayGone
from tests.screens.story import Story
from tests.screens.story_clock import clock

pytestmark = pytest.mark.anyio


class Spoken(Story):
    """A story whose events are told by the test, and which can refuse or be gone."""

    def __init__(self) -> None:
        super().__init__(empty=True)
        self.told: deque[Event] = deque()
        self.asked: list[str] = []
        self.fault: Exception | None = None
        self.pause = 0.0
        self.known: tuple[Call, ...] = ()
        self.flying: tuple[Call, ...] = ()

    async def events(self, last_id: int | None = None) -> AsyncIterator[Event]:
        while True:
            while self.told:
                yield self.told.popleft()
            await anyio.sleep(0.01)

    async def _ask(self, name: str) -> None:
        self.asked.append(name)
        await anyio.sleep(self.pause)
        if self.fault is not None:
            raise self.fault

    async def summary(self) -> Summary:
        await self._ask("summary")
        return await super().summary()

    async def spend(self, range: str = "24h", by: str = "model") -> Spend:
        await self._ask(f"spend {range} {by}")
        return await super().spend(range, by)

    async def calls(self, limit: int = 200, **_: Any) -> Calls:
        answer = Calls(calls=self.known, in_flight=self.flying)
        await self._ask("calls")
        return answer

    async def budgets(self) -> tuple[Budget, ...]:
        await self._ask("budgets")
        return await super().budgets()

    async def cache(self, range: str = "24h") -> CacheUse:
        await self._ask(f"cache {range}")
        return await super().cache(range)

    async def status(self) -> Status:
        await self._ask("status")
        return await super().status()

    def tell(self, kind: str, **data: Any) -> None:
        self.told.append(Event(len(self.asked), kind, data))


def as_data(call: Call) -> dict[str, Any]:
    """The call as its event carries it: amounts are text."""
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(call).items()}


FLYING = as_data(Story()._flying[0])
ENDED = as_data(Story()._calls[0])


def opened(number: int) -> dict[str, Any]:
    return {**FLYING, "id": f"c{number}", "cost_usd": "0", "output_tokens": 0}


def settled(number: int, cost: str = "0.5") -> dict[str, Any]:
    return {**ENDED, "id": f"c{number}", "cost_usd": cost}


async def until(feed: Feed, found: Callable[[Snapshot], object], seconds: float = 5.0) -> Snapshot:
    """Ticks as a screen does until the snapshot is as wanted."""
    with anyio.fail_after(seconds):
        for _ in range(100_000):
            if found(snap := feed.tick()):
                return snap
            await anyio.sleep(0.02)
    raise AssertionError("never")


async def running(source: Spoken, body: Any) -> None:
    feed = Feed(source, clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await until(feed, lambda snap: snap.summary and snap.cache and snap.budgets is not None)
        await body(feed)
        tasks.cancel_scope.cancel()


async def test_a_call_opens_grows_and_settles_once() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.tell("call.opened", **opened(1))
        await until(feed, lambda snap: len(snap.in_flight) == 1)
        source.tell("call.progress", id="c1", output_tokens=70, cost_usd="0.0123", first_byte_ms=412.5)
        snap = await until(feed, lambda snap: snap.in_flight[0].output_tokens == 70)
        assert snap.in_flight[0].cost_usd == Decimal("0.0123")
        assert snap.in_flight[0].first_byte_ms == 412.5
        source.tell("call.settled", **settled(1))
        source.tell("call.settled", **settled(1))
        snap = await until(feed, lambda snap: snap.calls)
        assert [call.id for call in snap.calls] == ["c1"]
        assert snap.in_flight == ()

    await running(source, body)


async def test_progress_of_an_unknown_call_is_nothing() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.tell("call.progress", id="nobody", output_tokens=1, cost_usd="1")
        source.tell("call.settled", **settled(2))
        assert (await until(feed, lambda snap: snap.calls)).in_flight == ()

    await running(source, body)


async def test_totals_are_asked_for_not_added_up() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.asked.clear()
        source.tell("call.settled", **settled(1, "1000"))
        await until(feed, lambda _: "summary" in source.asked and "spend 1h model" in source.asked)
        summary = feed.tick().summary
        assert summary is not None
        assert summary.today_usd == 0

    await running(source, body)


async def test_an_idle_gateway_is_asked_seldom() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        await anyio.sleep(0.3)
        source.asked.clear()
        await anyio.sleep(2.0)
        assert len(source.asked) <= 2

    await running(source, body)


async def test_a_run_asks_everything_whatever_the_one_before_has_left_open() -> None:
    first, second = Spoken(), Spoken()
    feed = Feed(first, clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await until(feed, lambda snap: snap.summary and snap.cache and snap.budgets is not None)
        feed.refresh()
        feed.attach(second)
        tasks.cancel_scope.cancel()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await until(feed, lambda _: {"status", "summary", "calls", "budgets"} <= set(second.asked))
        tasks.cancel_scope.cancel()


async def test_nothing_stirs_until_something_comes() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        await anyio.sleep(0.3)
        feed.tick()
        shown = feed.live
        assert not feed.stirs(shown)
        source.tell("call.opened", **opened(1))
        await until(feed, lambda snap: snap.in_flight)
        assert feed.stirs(shown)
        # It grows with every second.
        assert feed.stirs(feed.live)
        source.tell("call.settled", **settled(1))
        await until(feed, lambda snap: snap.calls and not snap.in_flight)
        feed.take_mode("vibing", "r2")
        assert feed.stirs(shown)

    await running(source, body)


async def test_a_storm_of_events_costs_at_most_a_round_of_questions_a_second() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.asked.clear()
        for number in range(1_000):
            source.tell("call.settled", **settled(number))
        await until(feed, lambda snap: len(snap.calls) == 1_000)
        await anyio.sleep(0.8)
        assert source.asked.count("summary") <= 3

    await running(source, body)


async def test_too_many_events_at_once_drop_rows_and_ask_for_the_truth() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.known = tuple(Story()._calls[:3])
        source.asked.clear()
        for number in range(QUEUED_EVENTS + 50):
            source.tell("call.opened", **opened(number))
        await anyio.sleep(0.5)
        await until(feed, lambda _: "calls" in source.asked)
        snap = await until(feed, lambda snap: len(snap.calls) == 3)
        assert snap.in_flight == ()

    await running(source, body)


async def test_another_range_is_shown_when_its_answer_is_there() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.pause = 0.2
        feed.look(range="7d", by="project")
        assert feed.tick().range == "1h"
        snap = await until(feed, lambda snap: snap.range == "7d")
        assert snap.spend is not None
        assert (snap.by, snap.spend.by, snap.spend.step_seconds) == ("project", "project", 3_600)

    await running(source, body)


async def test_an_answer_to_an_older_wish_is_not_shown() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.pause = 0.2
        feed.look(range="24h")
        await anyio.sleep(0.1)
        feed.look(range="month")
        seen = set()
        with anyio.fail_after(5):
            while feed.tick().range != "month":
                seen.add(feed.tick().range)
                await anyio.sleep(0.01)
        assert seen == {"1h"}

    await running(source, body)


async def test_an_edit_is_shown_at_once_and_no_older_answer_takes_it_back() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        (first, *_) = await Story().budgets()
        source.pause = 0.2
        feed.refresh()
        await anyio.sleep(0.1)
        feed.take_budget(first.name, first)
        shown = feed.tick().budgets
        assert shown is not None
        assert [one.name for one in shown] == [first.name]
        source._budgets = {first.name: first}
        for _ in range(40):
            assert feed.tick().budgets, "an answer from before the edit was shown"
            await anyio.sleep(0.02)
        feed.take_budget(first.name, None)
        assert feed.tick().budgets == ()

    await running(source, body)


async def test_a_gateway_that_is_gone_is_said_and_the_last_numbers_stay() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.fault = GatewayGone("no gateway answers")
        source.tell(LOST)
        snap = await until(feed, lambda snap: snap.gone_since)
        assert snap.summary is not None
        source.fault = None
        source.asked.clear()
        source.tell(BACK)
        await until(feed, lambda snap: snap.gone_since is None)
        await until(feed, lambda _: {"calls", "summary", "budgets"} <= set(source.asked))

    await running(source, body)


async def test_a_refusal_is_a_sentence_not_a_crash() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.fault = ClientError("unauthorized", "the admin token is wrong", 401)
        feed.refresh()
        snap = await until(feed, lambda snap: snap.problem)
        assert snap.problem == "the admin token is wrong"
        source.fault = None
        feed.refresh()
        await until(feed, lambda snap: snap.problem is None)

    await running(source, body)


async def test_what_is_asked_once_is_asked_again_where_it_was_refused() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.fault = ClientError("busy", "the ledger is busy", 503)
        feed.refresh()
        await until(feed, lambda snap: snap.problem)
        source.known = tuple(Story()._calls[:3])
        source.fault = None
        await until(feed, lambda snap: len(snap.calls) == 3)

    await running(source, body)


async def test_what_is_told_while_calls_are_asked_for_outlives_the_answer() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.tell("call.opened", **opened(1))
        snap = await until(feed, lambda snap: snap.in_flight)
        source.flying, source.pause = snap.in_flight, 0.5
        source.asked.clear()
        feed.refresh()
        await until(feed, lambda _: "calls" in source.asked)
        source.tell("call.settled", **settled(1))
        source.tell("call.opened", **opened(2))
        await until(feed, lambda snap: [call.id for call in snap.in_flight] == ["c2"])
        before = feed.tick().summary
        await until(feed, lambda snap: snap.summary is not before)
        with anyio.move_on_after(0.5):
            while True:
                snap = feed.tick()
                assert [call.id for call in snap.in_flight] == ["c2"]
                assert [call.id for call in snap.calls] == ["c1"]
                await anyio.sleep(0.01)

    await running(source, body)


async def test_a_frozen_view_holds_still_while_the_feed_goes_on() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.tell("call.settled", **settled(1))
        await until(feed, lambda snap: snap.calls)
        feed.freeze(True)
        for number in range(2, 5):
            source.tell("call.settled", **settled(number))
        snap = await until(feed, lambda snap: snap.waiting == 3)
        assert [call.id for call in snap.calls] == ["c1"]
        assert snap.frozen_at is not None
        feed.freeze(False)
        assert len(feed.tick().calls) == 4

    await running(source, body)


async def test_alerts_wait_to_be_shown() -> None:
    source = Spoken()

    async def body(feed: Feed) -> None:
        source.tell("budget.alert", budget="web", mark=80, spent_usd="8", limit_usd="10", window_start="x")
        await until(feed, lambda _: feed.alerts)
        assert feed.alerts[0]["budget"] == "web"

    await running(source, body)
