"""Where a budget stands: spent, held, and what comes of it at the present pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.limits import BudgetAnswer
from gateway_core.http.admin.engine import Engine, read
from gateway_core.http.admin.policy_parts import revision_alone
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Budget
from gateway_core.outlook import going_pace
from gateway_core.rules.budgets import state
from gateway_core.rules.matching import matches
from gateway_core.rules.projection import Pace, breaks_at, lands
from gateway_core.state.accounts import Account
from gateway_core.store.queries import Queries


@dataclass(frozen=True, slots=True)
class _Booked:
    """What the ledger says of an account: booked in its window, and how fast of late in its unit."""

    nano: Nano
    tokens: int
    going: Pace


async def standing(engine: Engine, budget: Budget) -> BudgetAnswer:
    """The budget now. What admission counts by is its account; the other unit is asked of the ledger."""
    return (await standings(engine, [budget]))[0]


async def standings(engine: Engine, budgets: Sequence[Budget]) -> list[BudgetAnswer]:
    """As `standing`, all of one instant."""
    accounts, now = [engine.admission.account(each) for each in budgets], engine.clock.now()
    booked = await read(_look, engine.queries, accounts, now)
    return [_answer(engine, *each, now) for each in zip(accounts, booked, strict=True)]


async def as_it_would_stand(engine: Engine, budget: Budget) -> BudgetAnswer:
    """A budget that is not in force yet, over what its window has already seen."""
    now = engine.clock.now()
    account = Account.opened(budget, now, engine.timezone)
    (booked,) = await read(_look, engine.queries, [account], now)
    account.spent = booked.nano if account.unit_is_money else booked.tokens
    held_nano, held_tokens = _held(engine, budget)
    account.held = held_nano if account.unit_is_money else held_tokens
    return _answer(engine, account, booked, now)


def _look(queries: Queries, accounts: Sequence[Account], now: datetime) -> list[_Booked]:
    """Asked in a worker thread, all of one instant."""
    with queries.together() as at_once:
        return [_of_account(at_once, account, now) for account in accounts]


def _of_account(queries: Queries, account: Account, now: datetime) -> _Booked:
    match, window = account.budget.match, account.budget.window
    nano, tokens = queries.spent(match, instant_text(account.start))
    return _Booked(nano, tokens, going_pace(queries, match, window, now, money=account.unit_is_money))


def _answer(engine: Engine, account: Account, booked: _Booked, now: datetime) -> BudgetAnswer:
    budget, position, going = account.budget, account.position, booked.going
    spent_nano, spent_tokens = booked.nano, booked.tokens
    held_nano, held_tokens = _held(engine, budget)
    if account.unit_is_money:
        spent_nano, held_nano = account.spent, account.held
    else:
        spent_tokens, held_tokens = account.spent, account.held
    landing = lands(account.spent, going, now, account.end) if account.unit_is_money else None
    breaking = breaks_at(account.limit, account.spent, going, now, account.end)
    return BudgetAnswer(
        name=budget.name,
        match=dict(budget.match),
        limit_usd=_usd(budget.limit_nano),
        limit_tokens=budget.limit_tokens,
        window=budget.window,
        at_limit=str(budget.at_limit),
        alerts=list(budget.alerts),
        unbounded=str(budget.unbounded),
        downgrade_to=budget.downgrade_to,
        expensive_above=None if budget.expensive_above is None else str(budget.expensive_above),
        raised_to_usd=_usd(budget.raised_to) if account.unit_is_money else None,
        raised_to_tokens=None if account.unit_is_money else budget.raised_to,
        raised_until=budget.raised_until,
        ask_seconds=budget.ask_seconds,
        limit_now_usd=usd_string(account.limit) if account.unit_is_money else None,
        limit_now_tokens=None if account.unit_is_money else account.limit,
        spent_usd=usd_string(spent_nano),
        held_usd=usd_string(held_nano),
        spent_tokens=spent_tokens,
        held_tokens=held_tokens,
        share=position.share,
        state=str(state(position, budget.alerts)),
        window_start=instant_text(account.start),
        resets_at=_maybe(account.end),
        lands_usd=_usd(landing),
        breaks_at=_maybe(breaking),
        revision=revision_alone("budgets", budget),
    )


def _held(engine: Engine, budget: Budget) -> tuple[int, int]:
    holds = [hold for hold, facts in engine.admission.holds.values() if matches(budget.match, facts)]
    return sum(hold.nano for hold in holds), sum(hold.tokens for hold in holds)


def _usd(nano: Nano | None) -> str | None:
    return None if nano is None else usd_string(nano)


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
