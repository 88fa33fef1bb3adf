"""Foretells that a budget will be used up before its window ends, once in a window."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from gateway_core.admission import Admission
from gateway_core.alerts import Alerts
from gateway_core.alerts.facts import budget_facts, told_of
from gateway_core.clock import Clock, instant_text
from gateway_core.model.alerts import Told
from gateway_core.model.events import EventKind
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Policy
from gateway_core.outlook import going_pace
from gateway_core.rules.marks import is_moving
from gateway_core.rules.projection import breaks_at, lands
from gateway_core.state.accounts import Account
from gateway_core.store.queries import Queries

LEAST_SHARE = 0.25
"""Of the limit that must be spent: what little a window has seen foretells nothing."""
NEAR = timedelta(days=7)
"""How far ahead one looks where a window has no end."""
MOST_REMEMBERED = 1000


class Landing:
    """Looks at every budget now and then, off the way of requests."""

    def __init__(self, alerts: Alerts, admission: Admission, queries: Queries, clock: Clock) -> None:
        self._alerts = alerts
        self._admission = admission
        self._queries = queries
        self._clock = clock
        self._told: set[Told] = set()
        """What was told a moment ago, which the store may not show yet."""

    async def look(self, policy: Policy) -> None:
        """Looks once."""
        for budget in policy.budgets:
            if not is_moving(budget):
                await self._judge(self._admission.account(budget))

    async def _judge(self, account: Account) -> None:
        position = account.position
        if not LEAST_SHARE <= position.share < 1:
            return
        told = told_of(account, f"landing:{position.limit}")
        if await self._was_told(told):
            return
        now, budget = self._clock.now(), account.budget
        money = account.unit_is_money
        going = await asyncio.to_thread(
            going_pace, self._queries, budget.match, budget.window, now, money=money
        )
        breaking = breaks_at(position.limit, position.spent, going, now, account.end)
        if breaking is None or (account.end is None and breaking > now + NEAR):
            return
        landing = lands(position.spent, going, now, account.end)
        self._told = {*self._told, told} if len(self._told) < MOST_REMEMBERED else {told}
        self._alerts.raise_(EventKind.BUDGET_LANDING, _facts(account, breaking, landing), told)

    async def _was_told(self, told: Told) -> bool:
        if told in self._told:
            return True
        store = self._alerts.store
        return told.what in await asyncio.to_thread(store.told, told.budget, told.counts, told.window_start)


def _facts(account: Account, breaking: datetime, landing: int | None) -> dict[str, Any]:
    facts = {**budget_facts(account), "breaks_at": instant_text(breaking)}
    if landing is not None and account.unit_is_money:
        facts["lands_usd"] = usd_string(landing)
    return facts
