"""A call before its budgets and throttles, as they stand at one instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gateway_core.admission.refusals import budget_in_words, open_ended, unpriced
from gateway_core.model.money import Nano
from gateway_core.model.policy import OPINION_TAG, AtLimit, Unbounded
from gateway_core.rules.budgets import Position, is_near
from gateway_core.rules.fitting import Claim, Fit, Short, fit
from gateway_core.rules.matching import Facts
from gateway_core.rules.need import Need
from gateway_core.rules.pricing import worst_case
from gateway_core.rules.slices import first_slice, may_hold_all
from gateway_core.state.accounts import Account
from gateway_core.state.pace import Load, Pace

PACED_OUTPUT = 1024
"""Output tokens that a throttle counts at the start; the rest follows when the call settles."""
OWN_LIMIT = "x-llmconsole-max-cost"


@dataclass(slots=True)
class Case:
    """`hard` are those of `accounts` that the call may not outgrow; `max_nano` is its caller's own limit."""

    facts: Facts
    need: Need
    max_nano: Nano | None
    accounts: list[Account]
    hard: list[Account]
    paces: list[Pace]
    now: datetime
    tick: float
    load: Load = field(init=False)
    """What it puts on the paces."""

    def __post_init__(self) -> None:
        self.load = _load(self.need) if self.paces or self.slowing() else Load(0, 0)

    @property
    def bounded(self) -> bool:
        """Whether a hard limit rests on the output cap that the provider is told."""
        return bool(self.hard or self.max_nano is not None) and self.need.output and not self.need.free

    def fits(self, *, patient: bool) -> Fit | Short:
        """How much output every hard limit has room for. patient: rather wait than take less."""
        need = self.need
        if self.max_nano is None and self._ample():
            return Fit(need.cap, need.cap)
        if unknown := next((each for each in self.hard if each.loading), None):
            return Short(unknown.budget.name, reserved=True)
        claims = [
            Claim(each.budget.name, each.position, need.amount(each.unit_is_money)) for each in self.hard
        ]
        if self.max_nano is not None:
            claims.append(Claim(OWN_LIMIT, Position(self.max_nano, 0), need.amount(True)))
        cap = need.cap
        ample = all(may_hold_all(each.amount(cap), each.position.free) for each in claims)
        first = cap if ample else first_slice(cap, need.hidden)
        return fit(claims, cap, need.least, first=first, patient=patient)

    def _ample(self) -> bool:
        """Whether every hard limit has room for several such calls side by side, as most have."""
        nano, tokens, cap = self.need.amount(True), self.need.amount(False), self.need.cap
        for each in self.hard:
            amount = nano(cap) if each.unit_is_money else tokens(cap)
            if each.loading or not may_hold_all(amount, each.free):
                return False
        return True

    def crowded(self, cap: int) -> str | None:
        """The first budget or throttle of the user's that a call which can wait would bring near its limit;
        what the call's own budget has left is for such calls alone."""
        for each in self.accounts:
            limit, after = each.limit, each.spent + each.held + self.need.amount(each.unit_is_money)(cap)
            own = OPINION_TAG in each.budget.match
            if each.loading or (not own and is_near(Position(limit, after), each.budget.alerts)):
                return each.budget.name
        full = (pace.throttle.name for pace in self.paces if not pace.leaves_half(self.load, self.tick))
        return next(full, None)

    def slowing(self) -> list[Account]:
        """The budgets that spread what is left, because they have reached their warning mark."""
        slow = [each for each in self.hard if each.budget.at_limit is AtLimit.SLOW]
        return slow and [each for each in slow if is_near(each.position, each.budget.alerts)]


def _load(need: Need) -> Load:
    if need.free:
        return Load(0, 0)
    output = min(need.cap, PACED_OUTPUT)
    price = need.price
    nano = worst_case(price, input_tokens=need.usual_input, output_tokens=output) if price else 0
    return Load(need.usual_input + output, nano)


def refuse_unbounded(case: Case) -> None:
    """What has no bound passes a hard limit only where its owner says so. Raises Refusal 402."""
    need = case.need
    if need.free or not (need.open_ended or need.price is None):
        return
    for account in case.hard:
        budget = account.budget
        if budget.unbounded is Unbounded.ALLOW:
            continue
        if need.open_ended:
            raise open_ended(need, budget_in_words(budget))
        if account.unit_is_money:
            raise unpriced(need, budget_in_words(budget))
    if case.max_nano is not None:
        raise (open_ended if need.open_ended else unpriced)(need, OWN_LIMIT)
