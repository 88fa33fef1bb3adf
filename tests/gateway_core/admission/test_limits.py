"""What happens at a limit: slow, block the expensive, ask, raise, and what has no bound."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway_core.admission.questions import Verdict
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import AtLimit, Policy, Price, Rates, Unbounded
from gateway_core.rules.matching import Facts
from gateway_core.rules.need import Need
from gateway_core.state.accounts import Account
from tests.gateway_core.admission.admitting import FACTS, StillClock, admission, dollars, need

pytestmark = pytest.mark.anyio
CHEAP = Price("c", Rates(input=Decimal(0), output=Decimal(4)))


async def spend(gate: object, usd: str) -> None:
    hold = await gate.admit(FACTS, need(cap=100))  # type: ignore[attr-defined]
    gate.settle(hold, nano=nano_from_usd(usd), tokens=1000)  # type: ignore[attr-defined]


async def test_a_budget_that_slows_spreads_what_is_left() -> None:
    clock = StillClock()
    gate = admission(dollars("1.00", at_limit=AtLimit.SLOW), clock=clock, slow_patience=0.0)
    await spend(gate, "0.79")
    await spend(gate, "0.01")
    # Now $0.20 are left for the twelve hours until midnight: ten cents last for six of them.
    hold = await gate.admit(FACTS, need())
    gate.settle(hold, nano=0, tokens=0)
    with pytest.raises(Refusal, match="spreads what is left") as caught:
        await gate.admit(FACTS, need())
    assert (caught.value.status, caught.value.code) == (429, "budget_slowed")
    assert caught.value.retry_after == pytest.approx(6 * 3600, rel=0.01)
    clock.at += timedelta(hours=6, minutes=1)
    await gate.admit(FACTS, need())


async def test_a_slowed_call_waits_a_little_by_itself() -> None:
    gate = admission(dollars("1.00", at_limit=AtLimit.SLOW, window="rolling:1m"), slow_patience=30.0)
    await spend(gate, "0.80")
    first = await gate.admit(FACTS, need(cap=1))
    assert first.nano == nano_from_usd("0.0001")
    began = asyncio.get_running_loop().time()
    await gate.admit(FACTS, need(cap=1))
    # A token costs a two-thousandth of what is left, and so lasts for as much of the minute.
    assert asyncio.get_running_loop().time() - began >= 0.02


async def test_a_budget_that_slows_still_holds() -> None:
    gate = admission(dollars("1.00", at_limit=AtLimit.SLOW), clock=StillClock())
    await spend(gate, "1.00")
    with pytest.raises(Refusal, match=r"used up: .* llmconsole budgets raise .+ --to LIMIT$"):
        await gate.admit(FACTS, need())


async def test_only_expensive_models_are_blocked() -> None:
    gate = admission(dollars("1.00", at_limit=AtLimit.BLOCK_EXPENSIVE, expensive_above=Decimal(10)))
    await spend(gate, "1.00")
    with pytest.raises(Refusal, match="used up"):
        await gate.admit(FACTS, need())
    await gate.admit(FACTS, need(price=CHEAP))


async def test_a_raise_counts_until_it_ends() -> None:
    clock = StillClock()
    raised = dollars("1.00", raised_to=nano_from_usd("2.00"), raised_until="2026-11-23T18:00:00Z")
    gate = admission(raised, clock=clock)
    await spend(gate, "1.00")
    assert gate.state.accounts["b"].limit == nano_from_usd("2.00")
    await gate.admit(FACTS, need())
    clock.at += timedelta(hours=6)
    with pytest.raises(Refusal, match=r"of \$1.00"):
        await gate.admit(FACTS, need())


@pytest.mark.parametrize("unbounded", list(Unbounded))
async def test_what_nothing_bounds_passes_only_where_its_owner_says_so(unbounded: Unbounded) -> None:
    gate = admission(dollars("1.00", unbounded=unbounded))
    for open_ended in (need(open_ended="a web search without a limit"), need(price=None)):
        if unbounded is Unbounded.ALLOW:
            await gate.admit(FACTS, open_ended)
        else:
            with pytest.raises(Refusal, match="cannot hold") as caught:
                await gate.admit(FACTS, open_ended)
            assert caught.value.status == 402
    await admission(dollars("1.00", at_limit=AtLimit.ALERT)).admit(FACTS, need(open_ended="a search"))


async def test_tokens_of_an_unpriced_model_are_bounded() -> None:
    tokens = dollars("1.00", limit_nano=None, limit_tokens=5000)
    await admission(tokens).admit(FACTS, need(price=None))
    with pytest.raises(Refusal, match="cannot hold"):
        await admission(tokens).admit(FACTS, need(open_ended="a document of unknown length"))


async def asked(verdict: Verdict) -> tuple[Refusal | None, list[str]]:
    """A call at the limit of a budget that asks, and what was asked."""
    questions: list[str] = []

    async def ask(account: Account, facts: Facts, call: Need) -> Verdict:
        questions.append(account.budget.name)
        if verdict is Verdict.RAISED:
            gate.apply(Policy(budgets=(dollars("5.00", at_limit=AtLimit.ASK),)))
        return verdict

    gate = admission(dollars("1.00", at_limit=AtLimit.ASK), ask=ask)
    await spend(gate, "1.00")
    try:
        await gate.admit(FACTS, need())
    except Refusal as refusal:
        return refusal, questions
    return None, questions


async def test_a_budget_that_asks() -> None:
    assert await asked(Verdict.ONCE) == (None, ["b"])
    assert await asked(Verdict.RAISED) == (None, ["b"])
    for verdict, code in (
        (Verdict.REFUSE, "budget_refused"),
        (Verdict.CHEAPER, "budget_spent"),
        (Verdict.UNASKED, "budget_spent"),
    ):
        refusal, questions = await asked(verdict)
        assert refusal is not None and (refusal.status, refusal.code) == (402, code)
        assert questions == ["b"]


async def test_a_call_that_was_let_pass_leaves_the_limit_as_it_is() -> None:
    answers = iter([Verdict.ONCE, Verdict.UNASKED])

    async def ask(account: Account, facts: Facts, call: Need) -> Verdict:
        return next(answers)

    gate = admission(dollars("0.10", at_limit=AtLimit.ASK), ask=ask)
    await spend(gate, "0.10")
    await gate.admit(FACTS, need())
    with pytest.raises(Refusal):
        await gate.admit(FACTS, need())
