"""Whether a call may start and go on: budgets and throttles held before it is sent, settled at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, tzinfo

from gateway_core.admission.refusals import (
    budget_in_words,
    no_room,
    open_ended,
    over_own_limit,
    refused,
    slowed,
    throttled,
    unpriced,
)
from gateway_core.clock import Clock
from gateway_core.model.money import Nano
from gateway_core.model.policy import AtLimit, Budget, Policy, Throttle, Unbounded
from gateway_core.questions import Verdict
from gateway_core.rules.budgets import Position, is_hard, is_near, marks_reached, spread
from gateway_core.rules.fitting import Claim, Fit, Short, fit
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.need import Need
from gateway_core.rules.pricing import worst_case
from gateway_core.rules.slices import first_slice, may_hold_all
from gateway_core.state.accounts import Account
from gateway_core.state.memory import Hold, MemoryState, Part
from gateway_core.state.pace import Load

PATIENCE = 2.0
"""Seconds to wait for running calls to settle, or for a throttle to refill, before refusing."""
SLOW_PATIENCE = 20.0
"""Seconds that a budget which slows makes a call wait before it is refused for longer."""
PACED_OUTPUT = 1024
"""Output tokens that a throttle counts at the start; the rest follows when the call settles."""
OWN_LIMIT = "x-llmconsole-max-cost"

Alert = Callable[[Account, int], None]
Untell = Callable[[Account, set[int]], None]
Asks = Callable[[Account, Facts, Need], Awaitable[Verdict]]


async def nobody_asks(account: Account, facts: Facts, need: Need) -> Verdict:
    """What happens at the limit of an `ask` budget where nobody can be asked."""
    return Verdict.UNASKED


def nobody_told(account: Account, marks: set[int]) -> None:
    """Marks that may be told again, where nobody keeps what was told."""


class Admission:
    """Holds calls against the policy. `alert` is told each budget mark once, when it is reached, `untell`
    of marks that may be told again; `ask` asks a person about a call that does not fit into a budget that
    wants that."""

    def __init__(
        self,
        clock: Clock,
        tz: tzinfo,
        alert: Alert,
        patience: float = PATIENCE,
        ask: Asks = nobody_asks,
        slow_patience: float = SLOW_PATIENCE,
        untell: Untell = nobody_told,
    ) -> None:
        self._clock = clock
        self._tz = tz
        self._alert = alert
        self._untell = untell
        self._ask = ask
        self._patience = patience
        self._slow_patience = slow_patience
        self._policy = Policy()
        self._waiting: list[asyncio.Future[None]] = []
        self.state = MemoryState(tz)
        self.holds: dict[int, tuple[Hold, Facts]] = {}

    def account(self, budget: Budget) -> Account:
        """Where a budget stands now."""
        return self.state.account(budget, self._clock.now())

    def near(self, facts: Facts, at_limit: AtLimit) -> list[Account]:
        """The budgets of that kind over the call that have reached their warning mark."""
        accounts = [
            self.account(each)
            for each in self._policy.budgets
            if each.at_limit is at_limit and matches(each.match, facts)
        ]
        return [each for each in accounts if is_near(each.position, each.budget.alerts)]

    def apply(self, policy: Policy) -> list[Account]:
        """Takes a policy over. Returns the accounts whose past the caller has to load from the ledger:
        those of budgets that are new, or now count other calls or another window."""
        now, old = self._clock.now(), self.state.accounts
        self._policy = policy
        self.state.accounts = {}
        fresh = []
        for budget in policy.budgets:
            account = old.get(budget.name)
            if account is not None and _counts_alike(account.budget, budget):
                account.budget = budget
                account.roll(now, self._tz)
                self.state.accounts[budget.name] = account
                self.tell_marks(account)
            else:
                fresh.append(self._open(budget, now))
        paces = self.state.paces
        self.state.paces = {t.name: paces[t.name] for t in policy.throttles if t.name in paces}
        for throttle in policy.throttles:
            self.state.pace(throttle).throttle = throttle
        self._wake()
        return fresh

    def recounted(self) -> None:
        """The accounts were changed from outside: who waits looks again, marks that are reached are told."""
        for account in self.state.accounts.values():
            self.tell_marks(account)
        self._wake()

    def _open(self, budget: Budget, now: datetime) -> Account:
        """A new account that already holds what running calls may use of it."""
        account = self.state.account(budget, now)
        for hold, facts in self.holds.values():
            if matches(budget.match, facts):
                amount = hold.nano if account.unit_is_money else hold.tokens
                account.hold(amount)
                hold.parts.append(Part(account, account.start, amount, is_hard(budget, hold.need.price)))
        return account

    async def admit(self, facts: Facts, need: Need, *, max_nano: Nano | None = None) -> Hold:
        """Holds what the call may use at the most, in all budgets and throttles that match, or none.

        A stream holds a first slice of its output; `extend` holds the next ones. Waits a little where only
        running calls or the pace stand in the way. max_nano: the caller's own limit for this one call.
        Raises Refusal 402 (a budget) or 429 (a throttle).
        """
        began = self._clock.monotonic()
        granted: set[str] = set()
        while True:
            now, tick = self._clock.now(), self._clock.monotonic()
            budgets = [each for each in self._policy.budgets if matches(each.match, facts)]
            throttles = [each for each in self._policy.throttles if matches(each.match, facts)]
            hard = [each for each in budgets if is_hard(each, need.price) and each.name not in granted]
            _refuse_unbounded(hard, need, max_nano)
            last_try = tick - began >= self._patience
            found = self._fits(hard, need, max_nano, now, patient=not last_try)
            if isinstance(found, Short) and (last_try or not found.reserved):
                if await self._verdict(found, facts, need, max_nano) is Verdict.ONCE:
                    granted.add(found.name)
                began = self._clock.monotonic()
                continue
            load = self._load(need)
            pause = self._pause(throttles, hard, load, began, now, tick)
            if isinstance(found, Fit) and not pause:
                return self._take(facts, need, found, budgets, hard, throttles, load, max_nano, now, tick)
            left = self._patience - (tick - began)
            await self._change(pause or max(left, 0.0))

    async def extend(self, hold: Hold, facts: Facts, seen: int) -> None:
        """Holds the next slice of a running stream. seen: bytes of content that it has brought.

        Waits a little where only running calls stand in the way. Raises Refusal 402: end the stream here.
        """
        until = self._clock.monotonic() + self._patience
        while (short := self.state.extend(hold, seen, self._clock.now())) is not None:
            left = until - self._clock.monotonic()
            if short.reserved and left > 0:
                await self._change(left)
                continue
            if await self._verdict(short, facts, hold.need, None, running=True) is Verdict.ONCE:
                for part in hold.parts:
                    part.hard = part.hard and part.account.budget.name != short.name
            until = self._clock.monotonic() + self._patience

    def settle(self, hold: Hold, *, nano: Nano, tokens: int) -> None:
        """Ends a hold with what the call really used; a second call does nothing."""
        self.holds.pop(id(hold), None)
        now = self._clock.now()
        changed = self.state.settle(hold, nano=nano, tokens=tokens, now=now, tick=self._clock.monotonic())
        for account in changed:
            self.tell_marks(account)
        self._wake()

    def tell_marks(self, account: Account) -> None:
        """Tells each mark that the account has reached and nobody was told of in this window."""
        if account.marks_fallen:
            self._untell(account, account.marks_fallen)
            account.marks_fallen = set()
        for mark in marks_reached(account.position, account.budget.alerts):
            if mark not in account.marks_told:
                account.marks_told.add(mark)
                self._alert(account, mark)

    def _fits(
        self, hard: list[Budget], need: Need, max_nano: Nano | None, now: datetime, *, patient: bool
    ) -> Fit | Short:
        claims = self.state.claims(hard, need, now)
        if max_nano is not None:
            claims.append(Claim(OWN_LIMIT, Position(max_nano, 0), need.amount(True)))
        ample = all(may_hold_all(each.amount(need.cap), each.position.free) for each in claims)
        first = need.cap if ample else first_slice(need.cap, need.hidden)
        return fit(claims, need.cap, need.least, first=first, patient=patient)

    async def _verdict(
        self, short: Short, facts: Facts, need: Need, max_nano: Nano | None, *, running: bool = False
    ) -> Verdict:
        """A person's word where the budget asks for one, else its refusal. ONCE and RAISED: try again."""
        if short.name == OWN_LIMIT:
            raise over_own_limit(need, max_nano or 0)
        account = self.state.accounts.get(short.name)
        if account is None:
            # The budget was removed while the call waited for it.
            return Verdict.RAISED
        if account.budget.at_limit is AtLimit.ASK:
            verdict = await self._ask(account, facts, need)
            if verdict in (Verdict.ONCE, Verdict.RAISED):
                return verdict
            if verdict is Verdict.REFUSE:
                raise refused(account)
        raise no_room(short, account, self._tz, running=running)

    def _take(
        self,
        facts: Facts,
        need: Need,
        found: Fit,
        budgets: list[Budget],
        hard: list[Budget],
        throttles: list[Throttle],
        load: Load,
        max_nano: Nano | None,
        now: datetime,
        tick: float,
    ) -> Hold:
        bounded = bool(hard or max_nano is not None) and need.output and not need.free
        hold = self.state.hold(
            need,
            budgets,
            frozenset(each.name for each in hard),
            throttles,
            output=found.slice,
            cap=found.cap,
            bounded=bounded,
            load=load,
            now=now,
            tick=tick,
        )
        self.holds[id(hold)] = (hold, facts)
        for account in self._slowing(hard, now):
            self._slow_down(account, load, now, tick)
        return hold

    def _load(self, need: Need) -> Load:
        if need.free:
            return Load(0, 0)
        output = min(need.cap, PACED_OUTPUT)
        price = need.price
        nano = worst_case(price, input_tokens=need.usual_input, output_tokens=output) if price else 0
        return Load(need.usual_input + output, nano)

    def _pause(
        self,
        throttles: list[Throttle],
        hard: list[Budget],
        load: Load,
        began: float,
        now: datetime,
        tick: float,
    ) -> float:
        """Seconds until the pace lets the call start. Raises Refusal 429 where that is too long to wait."""
        waits = {each.name: self.state.pace(each).wait(load, tick) for each in throttles}
        pause = max(waits.values(), default=0.0)
        if pause and pause > self._patience - (tick - began):
            raise throttled(throttles, waits)
        for account in self._slowing(hard, now):
            wait = account.next_start - tick
            if wait > self._slow_patience:
                raise slowed(account, wait)
            pause = max(pause, wait)
        return pause

    def _slowing(self, hard: list[Budget], now: datetime) -> list[Account]:
        """The budgets that spread what is left, because they have reached their warning mark."""
        slow = [self.state.account(each, now) for each in hard if each.at_limit is AtLimit.SLOW]
        return [each for each in slow if is_near(each.position, each.budget.alerts)]

    def _slow_down(self, account: Account, load: Load, now: datetime, tick: float) -> None:
        cost = load.nano if account.unit_is_money else load.tokens
        lasts = spread(account.position, cost, account.remaining(now)).total_seconds()
        account.next_start = max(account.next_start, tick) + lasts

    async def _change(self, seconds: float) -> None:
        """Until a call settles or the policy changes, for that long at the most."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await asyncio.wait_for(future, max(seconds, 0.001))
        except TimeoutError:
            return

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


def _refuse_unbounded(hard: Iterable[Budget], need: Need, max_nano: Nano | None) -> None:
    """What has no bound passes a hard limit only where its owner says so."""
    if need.free or not (need.open_ended or need.price is None):
        return
    for budget in hard:
        if budget.unbounded is Unbounded.ALLOW:
            continue
        if need.price is None and budget.limit_nano is not None:
            raise unpriced(need, budget_in_words(budget))
        if need.open_ended:
            raise open_ended(need, budget_in_words(budget))
    if max_nano is not None:
        raise (unpriced if need.price is None else open_ended)(need, OWN_LIMIT)


def _counts_alike(old: Budget, new: Budget) -> bool:
    return (dict(old.match), old.window, old.limit_nano is None) == (
        dict(new.match),
        new.window,
        new.limit_nano is None,
    )
