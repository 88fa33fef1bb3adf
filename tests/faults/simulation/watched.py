"""Admission that is looked at after each of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from gateway_core.admission import Admission
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Policy
from gateway_core.rules.matching import Facts
from gateway_core.state.accounts import Account
from gateway_core.state.memory import Hold
from tests.faults.simulation.policy import is_hard


class Judge(Protocol):
    """Who hears of what is done, and of what must never be."""

    def tell(self, text: str) -> None: ...

    def broken(self, rule: str, what: str) -> None: ...

    def edited(self) -> None: ...


@dataclass
class Standing:
    """An account when it was last looked at."""

    account: Account
    limit: int
    over: int
    """Beyond the limit for reasons that are no call's."""
    held: int
    """By calls that were admitted before the account was there."""


class WatchedAdmission(Admission):
    """Counts the ends of each hold, and how far each budget is over its limit for reasons that are no call's:
    an edit, a raise that ended, a past that was loaded, what a provider billed beyond what was held."""

    judge: Judge

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ends: dict[int, int] = {}
        self.taken: list[Hold] = []
        self._standing: dict[str, Standing] = {}

    def apply(self, policy: Policy) -> list[Account]:
        fresh = super().apply(policy)
        for budget in policy.budgets:
            limit = (
                f"${usd_string(budget.limit_nano)}" if budget.limit_nano is not None else budget.limit_tokens
            )
            words = f"{budget.match or 'all'} {limit} a {budget.window}, {budget.at_limit}"
            raised = f", raised to {budget.raised_to}" if budget.raised_to is not None else ""
            self.judge.tell(f"policy    {budget.name}: {words}{raised}")
        self.judge.edited()
        self.tolerate()
        return fresh

    def recounted(self) -> None:
        super().recounted()
        self.tolerate()

    def _take(self, *args: Any) -> Hold:
        hold = super()._take(*args)
        self.taken.append(hold)
        slice = "" if hold.output == hold.cap else f" ({hold.output} of {hold.cap} tokens)"
        self.judge.tell(f"gateway   holds ${usd_string(hold.nano)}{slice} for {hold.need.model}")
        self.look("admitted")
        return hold

    async def extend(self, hold: Hold, facts: Facts, seen: int) -> None:
        await super().extend(hold, facts, seen)
        self.judge.tell(f"gateway   holds ${usd_string(hold.nano)} ({hold.output} of {hold.cap} tokens) now")
        self.look("extended")

    def settle(self, hold: Hold, *, nano: int, tokens: int) -> None:
        running = not hold.ended
        more = nano > hold.nano or tokens > hold.tokens
        super().settle(hold, nano=nano, tokens=tokens)
        self.judge.tell(f"gateway   settles ${usd_string(nano)} of ${usd_string(hold.nano)}")
        self.ends[id(hold)] = self.ends.get(id(hold), 0) + running
        if self.ends[id(hold)] != 1:
            what = f"a hold of {hold.need.model} ended {self.ends[id(hold)]} times"
            self.judge.broken("every hold ends once", what)
        if more:
            self.tolerate()
        self.look("settled")

    def tolerate(self) -> None:
        """What is over now is nobody's call's doing."""
        for name, account in self.state.accounts.items():
            self._standing[name] = Standing(account, account.limit, _over(account), account.held)

    def look(self, after: str) -> None:
        """Whether a call took a budget over its limit."""
        for name, account in self.state.accounts.items():
            if account.held < 0:
                self.judge.broken("held is never negative", f"{name}: {account.held} after {after}")
            known, over = self._standing.get(name), _over(account)
            if known is None or known.account is not account or known.limit != account.limit:
                self._standing[name] = Standing(account, account.limit, over, account.held)
                continue
            known.held = min(known.held, account.held)
            tolerated = max(known.over, account.spent + known.held - account.limit)
            if is_hard(account.budget) and over > tolerated:
                words = f"{name}: {account.spent} spent + {account.held} held > {account.limit} after {after}"
                self.judge.broken("spent + held ≤ limit", words)
            known.over = over


def _over(account: Account) -> int:
    return max(0, account.spent + account.held - account.limit)
