"""Budget marks as alerts: told once in a window, over restarts, and again where they may be."""

from __future__ import annotations

import asyncio

from gateway_core.alerts import Alerts
from gateway_core.alerts.facts import budget_facts, mark_name, marks_of, told_of
from gateway_core.model.events import EventKind
from gateway_core.rules.marks import fallen, is_moving, unreached
from gateway_core.state.accounts import Account


class Marks:
    """What admission tells of marks, passed on and remembered."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    def reached(self, account: Account, mark: int) -> None:
        """The account has reached a mark that nobody was told of."""
        facts = {**budget_facts(account), "mark": mark}
        self._alerts.raise_(EventKind.BUDGET_ALERT, facts, told_of(account, mark_name(mark)))

    def untell(self, account: Account, marks: set[int]) -> None:
        """These marks may be told again."""
        self._alerts.store.untell([told_of(account, mark_name(mark)) for mark in marks])

    async def load(self, account: Account) -> None:
        """What was told before a restart; nobody counts as told of marks that the share has left since."""
        key = told_of(account, "")
        told = await asyncio.to_thread(self._alerts.store.told, key.budget, key.counts, key.window_start)
        account.marks_told |= marks_of(told)
        left = fallen if is_moving(account.budget) else unreached
        account.let_fall(left(account.position, account.marks_told))
