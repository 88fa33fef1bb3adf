"""A count that is made anew loses nothing that is booked meanwhile; a rolling window forgets in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway_core.model.policy import Budget
from gateway_core.state.accounts import Account

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def opened(window: str) -> Account:
    account = Account.opened(Budget("b", limit_nano=1000, window=window), NOW, UTC)
    account.book(700, NOW)
    return account


@pytest.mark.parametrize("window", ["month", "total", "day", "rolling:6h"])
def test_the_old_count_stands_until_the_new_one_is_there(window: str) -> None:
    account = opened(window)
    recount = account.recounting()
    assert account.spent == 700
    account.book(5, NOW)
    assert account.spent == 705
    recount([(NOW, 40)])
    assert account.spent == 45


def test_a_rolling_window_lets_the_new_entries_go_one_by_one() -> None:
    account = opened("rolling:6h")
    recount = account.recounting()
    account.book(5, later(1))
    recount([(later(-3), 30), (NOW, 10)])
    assert account.spent == 45
    for hours, spent in ((2.9, 45), (3.1, 15), (6.1, 5), (7.1, 0)):
        account.move(later(hours))
        assert account.spent == spent
