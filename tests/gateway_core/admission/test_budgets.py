"""Admission: what is held, waited for, refused and settled, whatever the order of events."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import AtLimit, Budget, Policy, Throttle
from gateway_core.rules.matching import Facts
from tests.gateway_core.admission.admitting import FACTS, StillClock, admission, dollars, need

pytestmark = pytest.mark.anyio


async def test_a_hundred_at_once_and_a_budget_for_ten() -> None:
    gate = admission(dollars("1.00"), patience=1.0)

    async def call() -> int:
        try:
            hold = await gate.admit(FACTS, need())
        except Refusal as refusal:
            return refusal.status
        await asyncio.sleep(0.01)
        gate.settle(hold, nano=nano_from_usd("0.10"), tokens=1000)
        return 200

    answers = await asyncio.gather(*(call() for _ in range(100)))
    assert (answers.count(200), answers.count(402)) == (10, 90)
    account = gate.state.accounts["b"]
    assert (account.spent, account.held) == (nano_from_usd("1.00"), 0)


async def test_only_held_is_told_apart_from_spent() -> None:
    gate = admission(dollars("0.10"))
    hold = await gate.admit(FACTS, need())
    with pytest.raises(Refusal) as caught:
        await gate.admit(FACTS, need())
    assert (caught.value.code, caught.value.headers["x-should-retry"]) == ("budget_reserved", "true")
    gate.settle(hold, nano=hold.nano, tokens=1000)
    with pytest.raises(Refusal, match=r"\$0.10 of \$0.10 spent, resets 2") as caught:
        await gate.admit(FACTS, need())
    assert (caught.value.code, caught.value.headers["x-should-retry"]) == ("budget_spent", "false")


async def test_who_waits_is_served_when_others_give_back() -> None:
    gate = admission(dollars("0.10"), patience=5.0)
    first = await gate.admit(FACTS, need())
    waiting = asyncio.create_task(gate.admit(FACTS, need()))  # noqa: TID251 - ended in this test
    await asyncio.sleep(0.01)
    assert not waiting.done()
    gate.settle(first, nano=0, tokens=0)
    assert (await waiting).nano == nano_from_usd("0.10")


async def test_a_missing_cap_is_set_and_a_large_one_lowered() -> None:
    gate = admission(dollars("0.08"))
    assert (await gate.admit(FACTS, need(cap=1000))).sent_cap == 800
    gate = admission(dollars("0.08"))
    hold = await gate.admit(FACTS, need(cap=None))
    assert (hold.sent_cap, hold.nano) == (800, nano_from_usd("0.08"))


async def test_a_cap_that_fits_is_left_alone() -> None:
    assert (await admission(dollars("1.00")).admit(FACTS, need(cap=1000))).sent_cap is None
    assert (await admission().admit(FACTS, need(cap=None))).sent_cap is None
    assert (await admission(dollars("0.01", at_limit=AtLimit.ALERT)).admit(FACTS, need())).sent_cap is None


async def test_half_of_what_was_asked_is_the_least() -> None:
    told = r"too little left for this call, which may use \$0.05: \$0.00 of \$0.04 spent, resets 2.*; ask"
    with pytest.raises(Refusal, match=told):
        await admission(dollars("0.04")).admit(FACTS, need(cap=1000))


async def test_unknown_prices_are_refused_under_a_hard_budget_only() -> None:
    with pytest.raises(Refusal, match=r"no known price.*llmconsole prices set p/m ") as caught:
        await admission(dollars("1.00")).admit(FACTS, need(price=None))
    assert caught.value.code == "unpriced_model"
    assert (await admission(dollars("1", at_limit=AtLimit.ALERT)).admit(FACTS, need(price=None))).nano == 0


async def test_a_budget_in_tokens_holds_input_and_output() -> None:
    gate = admission(Budget("t", limit_tokens=2500, window="day"))
    holds = [await gate.admit(FACTS, need()) for _ in range(2)]
    assert gate.state.accounts["t"].held == 2020
    gate.settle(holds[0], nano=0, tokens=700)
    gate.settle(holds[0], nano=0, tokens=700)
    assert (gate.state.accounts["t"].spent, gate.state.accounts["t"].held) == (700, 1010)


async def test_all_matching_budgets_are_held_or_none() -> None:
    gate = admission(dollars("1.00", name="wide"), dollars("0.05", name="narrow", match={"project": "web"}))
    with pytest.raises(Refusal, match="narrow"):
        await gate.admit(FACTS, need(cap=2000))
    assert gate.state.accounts["wide"].held == 0
    await gate.admit(Facts({}, "default", "m", "p"), need())
    assert gate.state.accounts["narrow"].held == 0


async def test_a_call_has_a_limit_of_its_own() -> None:
    hold = await admission().admit(FACTS, need(), max_nano=nano_from_usd("0.09"))
    assert (hold.sent_cap, hold.nano) == (900, nano_from_usd("0.09"))
    with pytest.raises(Refusal, match="x-llmconsole-max-cost") as caught:
        await admission().admit(FACTS, need(), max_nano=nano_from_usd("0.04"))
    assert caught.value.code == "max_cost"
    with pytest.raises(Refusal, match="x-llmconsole-max-cost cannot hold"):
        await admission().admit(FACTS, need(price=None), max_nano=nano_from_usd("9"))


async def test_a_throttle_says_when_to_come_back() -> None:
    gate = admission(throttles=(Throttle("pace", tokens_per_minute=1005),), clock=StillClock(), patience=0.0)
    hold = await gate.admit(FACTS, need())
    with pytest.raises(Refusal, match="1,005 tokens a minute") as caught:
        await gate.admit(FACTS, need())
    assert (caught.value.status, caught.value.retry_after) == (429, 60)
    gate.settle(hold, nano=0, tokens=0)
    await gate.admit(FACTS, need())


async def test_a_throttle_counts_calls_at_once() -> None:
    gate = admission(throttles=(Throttle("few", concurrent=1),))
    hold = await gate.admit(FACTS, need())
    with pytest.raises(Refusal, match="1 calls at once"):
        await gate.admit(FACTS, need())
    gate.settle(hold, nano=0, tokens=0)
    await gate.admit(FACTS, need())


async def test_each_mark_is_told_once_in_a_window() -> None:
    told: list[int] = []
    clock = StillClock()
    gate = admission(dollars("1.00"), clock=clock, alert=lambda account, mark: told.append(mark))
    for _ in range(9):
        gate.settle(await gate.admit(FACTS, need()), nano=nano_from_usd("0.10"), tokens=1000)
    assert told == [50, 80]
    clock.at += timedelta(days=1)
    for _ in range(5):
        gate.settle(await gate.admit(FACTS, need()), nano=nano_from_usd("0.10"), tokens=1000)
    assert told == [50, 80, 50]


async def test_a_call_belongs_to_the_window_in_which_it_started() -> None:
    clock = StillClock()
    gate = admission(dollars("1.00"), clock=clock)
    hold = await gate.admit(FACTS, need())
    clock.at += timedelta(days=1)
    gate.settle(hold, nano=hold.nano, tokens=1000)
    account = gate.account(gate.state.accounts["b"].budget)
    assert (account.spent, account.held) == (0, 0)


async def test_a_clock_that_jumps_back_opens_no_window() -> None:
    clock = StillClock()
    gate = admission(dollars("1.00"), clock=clock)
    gate.settle(await gate.admit(FACTS, need()), nano=nano_from_usd("0.10"), tokens=1000)
    clock.at -= timedelta(days=3)
    assert gate.account(gate.state.accounts["b"].budget).spent == nano_from_usd("0.10")


async def test_a_rolling_window_lets_go_bit_by_bit() -> None:
    clock = StillClock()
    gate = admission(dollars("0.20", window="rolling:2h"), clock=clock)
    for _ in range(2):
        gate.settle(await gate.admit(FACTS, need()), nano=nano_from_usd("0.10"), tokens=1000)
        clock.at += timedelta(hours=1)
    with pytest.raises(Refusal, match="used up"):
        await gate.admit(FACTS, need())
    clock.at += timedelta(minutes=1)
    await gate.admit(FACTS, need())


async def test_an_edited_budget_keeps_what_counts_alike() -> None:
    gate = admission(dollars("1.00"))
    gate.settle(await gate.admit(FACTS, need()), nano=nano_from_usd("0.10"), tokens=1000)
    running = await gate.admit(FACTS, need())
    assert gate.apply(Policy(budgets=(dollars("2.00"),))) == []
    account = gate.state.accounts["b"]
    assert (account.spent, account.held) == (nano_from_usd("0.10"), running.nano)
    [fresh] = gate.apply(Policy(budgets=(dollars("2.00", match={"project": "web"}),)))
    assert (fresh.spent, fresh.held) == (0, running.nano)
    gate.settle(running, nano=nano_from_usd("0.10"), tokens=1000)
    assert (fresh.spent, fresh.held) == (nano_from_usd("0.10"), 0)


async def test_a_budget_whose_past_is_not_known_yet_makes_calls_wait() -> None:
    gate = admission(dollars("1.00"), patience=5.0)
    account = gate.state.accounts["b"]
    account.loading = True
    waiting = asyncio.create_task(gate.admit(FACTS, need()))  # noqa: TID251 - ended in this test
    await asyncio.sleep(0.01)
    assert not waiting.done()
    account.load([(datetime.now(UTC), nano_from_usd("1.00"))])
    gate.loaded(account)
    with pytest.raises(Refusal, match="used up"):
        await waiting


async def test_a_new_budget_counts_running_calls_of_its_window_only() -> None:
    clock = StillClock()
    gate = admission(clock=clock)
    early = await gate.admit(FACTS, need())
    clock.at += timedelta(days=1)
    late = await gate.admit(FACTS, need())
    [fresh] = gate.apply(Policy(budgets=(dollars("1.00"),)))
    assert fresh.held == late.nano
    gate.settle(early, nano=early.nano, tokens=1000)
    assert (fresh.spent, fresh.held) == (0, late.nano)
