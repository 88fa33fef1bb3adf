"""Budget marks are told once in a window, over restarts and edits, and where the pace leads is foretold."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine

from gateway_core.alerts.landing import Landing
from gateway_core.clock import instant_text
from gateway_core.model.money import NANO_PER_USD
from gateway_core.model.policy import Budget, Policy
from gateway_core.service import Gateway, opened
from gateway_core.settings import Settings
from tests.gateway_core.store.making import ending

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
DAY = Budget("web", {"project": "web"}, limit_nano=10 * NANO_PER_USD, window="day", alerts=(50, 80, 100))
ROLLING = replace(DAY, window="rolling:6h")

Open = Callable[..., AbstractAsyncContextManager["Desk"]]
_numbers = count()


class Desk:
    """A gateway on a real ledger whose clock stands where the test puts it."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.landing = Landing(gateway.alerts, gateway.admission, gateway.queries, gateway.clock)

    async def spend(self, dollars: float, name: str = "web") -> None:
        """A call that started and ended now, in the ledger and in the account."""
        admission, now = self.gateway.admission, self.gateway.clock.now()
        nano, at = round(dollars * NANO_PER_USD), instant_text(now)
        id = f"call-{next(_numbers)}"
        self.gateway.ledger.finish(ending(id, started_at=at, finished_at=at, cost_nano=nano))
        budget = next(each for each in self.gateway.policies.current.budgets if each.name == name)
        account = admission.account(budget)
        account.book(nano, now)
        admission.tell_marks(account)
        await self.gateway.ledger.flush()

    async def edit(self, *budgets: Budget) -> None:
        await self.gateway.policies.edit("budgets", lambda _: Policy(budgets), "test")

    async def look_ahead(self) -> None:
        await self.landing.look(self.gateway.policies.current)

    async def told(self) -> list[int | str]:
        """Marks, or the texts of other alerts, in the order in which they were told since the beginning."""
        await self.gateway.ledger.flush()
        alerts = reversed([alert for alert, _ in self.gateway.alerts.store.recent(1000)])
        return [each.data.get("mark", each.text) for each in alerts]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def open_desk(tmp_path: Path, compiled_prices: Path) -> Open:
    """Opens a gateway on the same data folder each time."""

    @asynccontextmanager
    async def open_it(*budgets: Budget) -> AsyncIterator[Desk]:
        data = tmp_path / "data"
        if not data.exists():
            data.mkdir(mode=0o700)
            shutil.copy(compiled_prices, data / "prices.json")
        settings = Settings(data, tmp_path / "config.toml", timezone="Europe/Berlin", policy=Policy(budgets))
        async with opened(settings) as gateway:
            yield Desk(gateway)

    return open_it


async def test_once_in_a_window_also_over_restarts(open_desk: Open, clock: time_machine.Traveller) -> None:
    async with open_desk(DAY) as desk:
        await desk.spend(5)
        await desk.spend(1)
        assert await desk.told() == [50]
    for _ in range(2):
        async with open_desk() as desk:
            assert await desk.told() == [50]
            await desk.spend(0.1)
    async with open_desk() as desk:
        await desk.spend(2)
        assert await desk.told() == [50, 80]
        clock.move_to(NOON + timedelta(days=1))
        await desk.spend(5.5)
        assert await desk.told() == [50, 80, 50]
    async with open_desk() as desk:
        await desk.spend(0.1)
        assert await desk.told() == [50, 80, 50]


async def test_a_crash_before_anybody_was_told_tells_at_the_start(open_desk: Open) -> None:
    """The row is in the ledger, the mark is not: as after a SIGKILL between the two."""
    async with open_desk(DAY) as desk:
        at = instant_text(desk.gateway.clock.now())
        desk.gateway.ledger.finish(ending("late", started_at=at, finished_at=at, cost_nano=6 * NANO_PER_USD))
        assert await desk.told() == []
    async with open_desk() as desk:
        assert await desk.told() == [50]


async def test_rolling_windows_tell_again_when_the_share_has_been_well_below(
    open_desk: Open, clock: time_machine.Traveller
) -> None:
    async with open_desk(ROLLING) as desk:
        await desk.spend(4.6)
        clock.shift(timedelta(hours=1))
        await desk.spend(0.6)
        assert await desk.told() == [50]
        clock.shift(timedelta(hours=5, minutes=1))
        await desk.spend(4.2)
        assert await desk.told() == [50], "4.8 of 10: below the mark, not told again on the way"
        await desk.spend(0.3)
        assert await desk.told() == [50, 50], "it has been at 0.6 of 10 in between"


async def test_rolling_windows_do_not_tell_again_at_the_mark(
    open_desk: Open, clock: time_machine.Traveller
) -> None:
    async with open_desk(ROLLING) as desk:
        await desk.spend(0.3)
        clock.shift(timedelta(hours=1))
        await desk.spend(4.75)
        assert await desk.told() == [50]
        clock.shift(timedelta(hours=5, minutes=1))
        await desk.spend(0.01)
        await desk.spend(0.3)
        assert await desk.told() == [50], "4.76 of 10 is not well below 5"


async def test_rolling_windows_over_restarts(open_desk: Open, clock: time_machine.Traveller) -> None:
    async with open_desk(ROLLING) as desk:
        await desk.spend(8.5)
        assert await desk.told() == [50, 80]
    clock.shift(timedelta(hours=3))
    async with open_desk() as desk:
        await desk.spend(0.1)
        assert await desk.told() == [50, 80], "the window's start has moved, the share has not"
    clock.shift(timedelta(hours=4))
    async with open_desk() as desk:
        assert await desk.told() == [50, 80]
        await desk.spend(5.5)
        assert await desk.told() == [50, 80, 50]


async def test_another_limit_tells_what_it_makes_true(open_desk: Open) -> None:
    async with open_desk(DAY) as desk:
        await desk.spend(8.5)
        assert await desk.told() == [50, 80]
        await desk.edit(replace(DAY, limit_nano=20 * NANO_PER_USD))
        await desk.edit(replace(DAY, limit_nano=16 * NANO_PER_USD))
        assert await desk.told() == [50, 80, 50], "below half of 20, then again above half of 16"
        await desk.edit(replace(DAY, limit_nano=9 * NANO_PER_USD))
        assert await desk.told() == [50, 80, 50, 80], "80 % of 9 are reached by the edit itself"
    async with open_desk() as desk:
        assert await desk.told() == [50, 80, 50, 80]


async def test_other_marks_tell_only_what_is_new(open_desk: Open) -> None:
    async with open_desk(DAY) as desk:
        await desk.spend(8.5)
        await desk.edit(replace(DAY, alerts=(80,)))
        await desk.edit(replace(DAY, alerts=(50, 70, 80)))
        assert await desk.told() == [50, 80, 70]


async def test_a_budget_that_counts_other_calls_begins_anew(open_desk: Open) -> None:
    async with open_desk(DAY) as desk:
        await desk.spend(8.5)
        await desk.edit(replace(DAY, window="month"))
        assert await desk.told() == [50, 80, 50, 80]
        await desk.edit()
        await desk.edit(replace(DAY, window="month"))
        assert await desk.told() == [50, 80, 50, 80], "taken away and put back is the same budget"


async def test_a_token_budget_speaks_of_tokens(open_desk: Open) -> None:
    async with open_desk(replace(DAY, limit_nano=None, limit_tokens=1_000_000)) as desk:
        account = desk.gateway.admission.account(desk.gateway.policies.current.budgets[0])
        account.book(512_345, NOON)
        desk.gateway.admission.tell_marks(account)
        await desk.gateway.ledger.flush()
        ((alert, _),) = desk.gateway.alerts.store.recent()
    assert "512,345 tokens of 1,000,000 tokens spent" in alert.text
    assert (alert.data["unit"], alert.data["spent_tokens"]) == ("tokens", 512_345)


# Where the pace leads


async def test_a_budget_that_will_break_is_foretold_once(
    open_desk: Open, clock: time_machine.Traveller
) -> None:
    quiet = replace(DAY, alerts=())
    async with open_desk(quiet) as desk:
        for _ in range(3):
            await desk.spend(1)
            clock.shift(timedelta(hours=1))
        await desk.look_ahead()
        await desk.look_ahead()
        expected = "budget web crosses 100 % on Tuesday 23:00 at this pace: $3.00 of $10.00 spent by now"
        assert await desk.told() == [expected]
    async with open_desk() as desk:
        await desk.look_ahead()
        assert await desk.told() == [expected]
        await desk.edit(replace(quiet, limit_nano=9 * NANO_PER_USD))
        await desk.look_ahead()
        assert len(await desk.told()) == 2, "another limit is another promise"


@pytest.mark.parametrize(
    ("budget", "dollars"),
    [
        (replace(DAY, limit_nano=13 * NANO_PER_USD), 1.0),  # little is spent
        (replace(DAY, limit_nano=100 * NANO_PER_USD), 26.0 / 3),  # the day ends before
        (replace(DAY, limit_nano=3 * NANO_PER_USD), 1.0),  # it is used up already
        (ROLLING, 1.0),  # what is spent falls out again
    ],
)
async def test_what_does_not_break_is_not_foretold(
    open_desk: Open, clock: time_machine.Traveller, budget: Budget, dollars: float
) -> None:
    async with open_desk(replace(budget, alerts=())) as desk:
        for _ in range(3):
            await desk.spend(dollars)
            clock.shift(timedelta(minutes=20))
        clock.move_to(NOON + timedelta(hours=10, minutes=30))
        await desk.look_ahead()
        assert await desk.told() == []
