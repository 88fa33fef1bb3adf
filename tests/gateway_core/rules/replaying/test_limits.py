"""A budget over the past: nothing is let through beyond it, and what it saves is what it stops."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.call import Target
from gateway_core.model.past import PastCall
from gateway_core.model.policy import AtLimit, Budget
from gateway_core.model.usage import Usage
from gateway_core.rules.replaying.limits import Limited, LimitTrial
from tests.gateway_core.rules.replaying.past import START, Gateway, price

NANO = Target("openai", "gpt-5-nano")


def limited(calls: list[PastCall], spare: Target | None = None, **words: Any) -> Limited:
    budget = Budget("draft", **words)
    trial = LimitTrial(budget, UTC, START, lambda *_: 0, price, lambda call: spare)
    trial.take(calls)
    return trial.found


def calls(count: int, **words: Any) -> list[PastCall]:
    gateway = Gateway(())
    return [gateway.call(**words) for _ in range(count)]


@given(st.lists(st.integers(1, 100_000), max_size=15), st.integers(0, 10**9))
def test_what_it_lets_through_is_within_it(sizes: list[int], limit: int) -> None:
    gateway = Gateway(())
    made = [gateway.call(usage=Usage(input=size)) for size in sizes]
    found = limited(made, limit_nano=limit, window="total")
    assert found.cost - found.saved <= limit
    assert found.blocked == sum(each.stopped for each in found.windows)
    assert found.matched == len(made)


def test_the_first_one_it_stops_is_named() -> None:
    made = calls(3, tags={"user": "cyd"})
    found = limited(made, limit_nano=made[0].cost * 2, window="total")
    assert (found.blocked, found.saved) == (1, made[2].cost)
    assert found.first is not None
    assert (found.first.id, found.first.user, found.first.at) == (made[2].id, "cyd", made[2].at)


def test_it_counts_tokens() -> None:
    made = calls(3)
    assert limited(made, limit_tokens=made[0].usage.total * 2, window="total").blocked == 1


def test_other_calls_are_not_its_own() -> None:
    found = limited(calls(3), limit_nano=0, window="total", match={"user": "ann"})
    assert (found.calls, found.matched, found.blocked) == (3, 0, 0)


def test_an_alert_stops_nothing() -> None:
    found = limited(calls(3), limit_nano=0, window="total", at_limit=AtLimit.ALERT)
    assert (found.blocked, found.over, found.saved) == (0, 3, 0)


def test_it_asks_and_lets_through() -> None:
    found = limited(calls(3), limit_nano=0, window="total", at_limit=AtLimit.ASK)
    assert (found.blocked, found.asked, found.saved) == (0, 3, 0)


def test_it_downgrades_from_the_warning_mark_on() -> None:
    made = calls(4)
    limit = made[0].cost
    found = limited(made, NANO, limit_nano=limit, window="total", at_limit=AtLimit.DOWNGRADE, alerts=(80,))
    assert found.downgraded == 0, "at the limit itself nothing is left, not even for the cheap one"
    assert found.blocked == 3
    found = limited(made, NANO, limit_nano=int(limit * 1.2), window="total", at_limit=AtLimit.DOWNGRADE)
    assert (found.downgraded, found.blocked) == (3, 0)
    assert 0 < found.saved < 3 * made[0].cost


def test_expensive_models_alone_are_stopped() -> None:
    found = limited(calls(2), limit_nano=0, window="total", at_limit=AtLimit.BLOCK_EXPENSIVE)
    assert found.blocked == 2
