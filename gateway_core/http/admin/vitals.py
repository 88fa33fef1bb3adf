"""The vital signs in one look: pace, today, the month and where it lands, what was saved, what needs you."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.overview import AttentionAnswer, SummaryAnswer
from gateway_core.http.admin.engine import Engine, read
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Budget
from gateway_core.outlook import going_pace
from gateway_core.rules.budgets import State, state
from gateway_core.rules.projection import lands
from gateway_core.rules.windows import window_bounds
from gateway_core.state.accounts import Account
from gateway_core.store.queries import Queries, Totals

AT_PRESENT = timedelta(minutes=1)
"""What `now` means for the pace of spending."""


@dataclass(frozen=True, slots=True)
class _Booked:
    """What the ledger says, all of it at one instant."""

    today: Totals
    month: Nano
    recent: Nano
    landing: Nano | None
    first_byte_ms: float | None


async def vitals(engine: Engine) -> SummaryAnswer:
    """The summary at this moment."""
    booked = await read(_look, engine.queries, engine.clock.now(), engine.timezone)
    today = booked.today
    saved, cost = today.saved_nano, today.all.cost_nano
    return SummaryAnswer(
        now_usd_per_min=usd_string(booked.recent),
        today_usd=usd_string(cost),
        month_usd=usd_string(booked.month),
        month_limit_usd=_month_limit(engine),
        lands_usd=None if booked.landing is None else usd_string(booked.landing),
        saved_today_usd=usd_string(saved),
        saved_share=saved / (saved + cost) if saved > 0 else 0.0,
        calls_today=today.all.calls,
        in_flight=len(engine.live_calls()),
        cache_hit_rate_today=today.hit_rate or 0.0,
        first_byte_p50_ms=booked.first_byte_ms,
        unpriced_today=today.all.unpriced,
        estimated_today_usd=usd_string(today.all.estimated_nano),
        attention=_attention(engine),
    )


def _look(queries: Queries, now: datetime, zone: tzinfo) -> _Booked:
    """Asked in a worker thread, all of one instant."""
    midnight = instant_text(window_bounds("day", now, zone)[0])
    begins, ends = window_bounds("month", now, zone)
    with queries.together() as at_once:
        month, _ = at_once.spent({}, instant_text(begins))
        going = going_pace(at_once, {}, "month", now, money=True)
        return _Booked(
            today=at_once.totals(midnight),
            month=month,
            recent=at_once.spent({}, instant_text(now - AT_PRESENT))[0],
            landing=lands(month, going, now, ends) if month else None,
            first_byte_ms=at_once.first_byte_ms(midnight),
        )


def _month_limit(engine: Engine) -> str | None:
    """The tightest monthly limit on everything."""
    limits = [
        budget.limit_nano
        for budget in engine.policies.current.budgets
        if not budget.match and budget.window == "month" and budget.limit_nano is not None
    ]
    return usd_string(min(limits)) if limits else None


def _attention(engine: Engine) -> AttentionAnswer | None:
    """The budget that needs a person most, if one does; above that, that the gateway is going."""
    if engine.draining:
        return AttentionAnswer(level="warning", text="the gateway is shutting down; new calls are refused")
    accounts = [engine.admission.account(each) for each in engine.policies.current.budgets]
    worst = max(accounts, key=lambda account: account.position.share, default=None)
    if worst is None:
        return None
    how = state(worst.position, worst.budget.alerts)
    if how is State.OK:
        return None
    return AttentionAnswer(level="error" if how is State.OVER else "warning", text=_sentence(worst))


def _sentence(account: Account) -> str:
    budget, position = account.budget, account.position
    share = int(position.share * 100)
    return f"budget {budget.name} at {share}% of {_limit(budget)} ({budget.window})"


def _limit(budget: Budget) -> str:
    if budget.limit_nano is None:
        return f"{budget.limit_tokens or 0:,} tokens"
    return f"${usd_string(budget.limit_nano)}"
