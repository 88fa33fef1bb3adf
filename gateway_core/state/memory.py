"""Budgets and throttles of one gateway, held together or not at all. Nothing here awaits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway_core.model.money import Nano
from gateway_core.model.policy import Budget, Throttle
from gateway_core.rules.budgets import is_hard
from gateway_core.rules.fitting import Amount, Claim, Fit, Short, fit
from gateway_core.state.accounts import Account
from gateway_core.state.pace import Load, Pace

AmountOf = Callable[[bool], Amount]
"""The amounts of a call: in nano-dollars (True) or in tokens (False)."""


@dataclass(slots=True)
class Hold:
    """What a call holds, until `MemoryState.settle` ends it, once."""

    nano: Nano
    tokens: int
    accounts: tuple[tuple[Account, datetime, int], ...]
    """Each account with the start of its window and the amount held of it."""
    paces: tuple[Pace, ...]
    load: Load
    cap: int | None
    """The output cap to send; None leaves the client's body as it is."""
    ended: bool = False


class MemoryState:
    """The counters of all budgets and throttles by name."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz
        self.accounts: dict[str, Account] = {}
        self.paces: dict[str, Pace] = {}

    def account(self, budget: Budget, now: datetime) -> Account:
        """The account of a budget, rolled to the window that holds `now`."""
        account = self.accounts.get(budget.name)
        if account is None:
            account = self.accounts[budget.name] = Account.opened(budget, now, self._tz)
        account.roll(now, self._tz)
        return account

    def pace(self, throttle: Throttle) -> Pace:
        return self.paces.setdefault(throttle.name, Pace(throttle))

    def fits(
        self,
        budgets: Iterable[Budget],
        amount_of: AmountOf,
        now: datetime,
        cap: int,
        least: int,
        patient: bool,
    ) -> Fit | Short:
        """Whether every hard budget has room, and for how much output."""
        claims = [
            Claim(budget.name, account.position, amount_of(account.unit_is_money))
            for budget in budgets
            if is_hard(budget)
            for account in (self.account(budget, now),)
        ]
        return fit(claims, cap, least, patient=patient)

    def hold(
        self,
        budgets: Iterable[Budget],
        throttles: Sequence[Throttle],
        *,
        nano: Nano,
        tokens: int,
        load: Load,
        cap: int | None,
        now: datetime,
        tick: float,
    ) -> Hold:
        """Takes everything at once; the caller has asked `fits` and the paces in the same breath."""
        accounts = []
        for budget in budgets:
            account = self.account(budget, now)
            amount = nano if account.unit_is_money else tokens
            account.hold(amount)
            accounts.append((account, account.start, amount))
        paces = tuple(self.pace(throttle) for throttle in throttles)
        for pace in paces:
            pace.take(load, tick)
        return Hold(nano, tokens, tuple(accounts), paces, load, cap)

    def settle(self, hold: Hold, *, nano: Nano, tokens: int, now: datetime, tick: float) -> list[Account]:
        """Ends a hold and books what was used; a second time does nothing. The accounts that changed."""
        if hold.ended:
            return []
        hold.ended = True
        for account, opened, amount in hold.accounts:
            account.give_back(amount, opened)
            account.book(nano if account.unit_is_money else tokens, opened, now)
        for pace in hold.paces:
            pace.settle(hold.load, Load(tokens, nano), tick)
        return [account for account, _, _ in hold.accounts]
