"""Admission of streams: a first slice is held, the next one before it could be needed, and nothing beyond."""

from __future__ import annotations

import asyncio

import pytest

from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import AtLimit, Budget, Policy
from gateway_core.rules.slices import AHEAD, FIRST
from tests.gateway_core.admission.admitting import FACTS, admission, dollars, need

pytestmark = pytest.mark.anyio
TOKEN = nano_from_usd("0.0001")
"""What one output token costs."""


async def test_a_stream_holds_a_slice_of_a_large_cap() -> None:
    gate = admission(dollars("6.00"))
    hold = await gate.admit(FACTS, need(cap=30_000, hidden=0))
    assert (hold.output, hold.cap, hold.sent_cap) == (FIRST, 30_000, None)
    assert gate.state.accounts["b"].held == FIRST * TOKEN


async def test_whoever_has_ample_room_holds_its_whole_cap() -> None:
    hold = await admission(dollars("12.00")).admit(FACTS, need(cap=30_000, hidden=0))
    assert (hold.output, hold.room(0)) == (30_000, None)


async def test_what_may_be_thought_unseen_is_held_from_the_start() -> None:
    gate = admission(dollars("6.00"))
    thinking = await gate.admit(FACTS, need(cap=30_000, hidden=4000))
    assert thinking.output == 4000 + FIRST
    gate.settle(thinking, nano=0, tokens=0)
    assert (await gate.admit(FACTS, need(cap=30_000, hidden=None))).output == 30_000


async def test_the_hold_stays_ahead_of_what_was_seen() -> None:
    gate = admission(dollars("6.00"))
    hold = await gate.admit(FACTS, need(cap=30_000, hidden=0))
    seen = 0
    while hold.room(seen) is not None:
        assert hold.output < hold.cap
        if hold.is_due(seen):
            await gate.extend(hold, FACTS, seen)
        assert hold.output >= min(hold.cap, seen + AHEAD)
        account = gate.state.accounts["b"]
        assert account.held == hold.nano <= account.limit
        seen += 700
    assert hold.output == 30_000


async def test_a_slice_that_finds_no_room_ends_the_stream() -> None:
    gate = admission(dollars("0.60"))
    first = await gate.admit(FACTS, need(cap=6000, hidden=0))
    second = await gate.admit(FACTS, need(cap=6000, hidden=0))
    gate.settle(second, nano=nano_from_usd("0.30"), tokens=3000)
    await gate.extend(first, FACTS, 1500)
    with pytest.raises(Refusal, match="the answer ends here") as caught:
        await gate.extend(first, FACTS, 2900)
    assert caught.value.code == "budget_spent"
    account = gate.state.accounts["b"]
    assert account.spent + account.held <= account.limit


async def test_a_stream_waits_for_what_others_give_back() -> None:
    gate = admission(dollars("0.50"), patience=5.0)
    first = await gate.admit(FACTS, need(cap=4500, hidden=0))
    second = await gate.admit(FACTS, need(cap=4500, hidden=0))
    waiting = asyncio.create_task(gate.extend(first, FACTS, 2040))  # noqa: TID251 - ended in this test
    await asyncio.sleep(0.01)
    assert not waiting.done()
    gate.settle(second, nano=0, tokens=0)
    await waiting
    assert first.output >= 2040 + AHEAD


async def test_a_stream_under_an_alert_is_never_ended() -> None:
    gate = admission(dollars("0.01", at_limit=AtLimit.ALERT))
    hold = await gate.admit(FACTS, need(cap=30_000, hidden=0))
    assert hold.output == 30_000 or hold.room(0) is None


async def test_all_budgets_are_extended_or_none() -> None:
    gate = admission(dollars("6.00", name="wide"), dollars("0.22", name="narrow"))
    hold = await gate.admit(FACTS, need(cap=2200, hidden=0))
    other = await gate.admit(FACTS, need(cap=100, hidden=0)) if hold.output < 2100 else None
    before = gate.state.accounts["wide"].held
    with pytest.raises(Refusal, match="narrow"):
        await gate.extend(hold, FACTS, 2040)
    assert other is not None
    assert gate.state.accounts["wide"].held == before


@pytest.mark.parametrize("left", [(), (dollars("0.05", at_limit=AtLimit.ALERT),)], ids=["gone", "softened"])
async def test_a_budget_that_no_longer_binds_ends_no_stream(left: tuple[Budget, ...]) -> None:
    gate = admission(dollars("0.50"))
    hold = await gate.admit(FACTS, need(cap=4500, hidden=0))
    gate.settle(await gate.admit(FACTS, need(cap=100)), nano=nano_from_usd("0.28"), tokens=100)
    gate.apply(Policy(budgets=left))
    await gate.extend(hold, FACTS, 2040)
    assert hold.output > FIRST
    gate.settle(hold, nano=hold.nano, tokens=0)
    assert all(account.held == 0 for account in gate.state.accounts.values())
