"""Whether a call may start and go on: budgets and throttles held before it is sent, settled at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, tzinfo

from gateway_core.admission.case import OWN_LIMIT, Case, refuse_unbounded
from gateway_core.admission.over import Over
from gateway_core.admission.questions import Verdict
from gateway_core.admission.refusals import crowded, no_room, over_own_limit, refused, slowed, throttled
from gateway_core.clock import Clock
from gateway_core.model.money import Nano
from gateway_core.model.policy import AtLimit, Budget, Policy, Price, Unbounded
from gateway_core.rules.budgets import is_hard, is_near, is_reached, spread
from gateway_core.rules.fitting import Fit, Short
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.need import Need
from gateway_core.state.accounts import Account
from gateway_core.state.memory import Hold, MemoryState, Part

PATIENCE = 2.0
"""Seconds to wait for running calls to settle, or for a throttle to refill, before refusing."""
SLOW_PATIENCE = 20.0
"""Seconds that a budget which slows makes a call wait before it is refused for longer."""

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
        self._over = Over(self._policy)
        self._waiting: list[asyncio.Future[None]] = []
        self.state = MemoryState(tz)
        self.holds: dict[int, tuple[Hold, Facts]] = {}
        self._asides: dict[int, Hold] = {}
        """Those of calls that no client waits for."""

    def account(self, budget: Budget) -> Account:
        """Where a budget stands now."""
        return self.state.account(budget, self._clock.now())

    def binds(self, facts: Facts, price: Price | None) -> bool:
        """Whether a budget over the call is a hard limit that lets nothing pass without a bound."""
        return any(
            each.unbounded is Unbounded.REFUSE and is_hard(each, price) for each in self._over.budgets(facts)
        )

    def may_ask(self, facts: Facts) -> bool:
        """Whether a budget over the call waits for a person's word at its limit."""
        return any(each.at_limit is AtLimit.ASK for each in self._over.budgets(facts))

    def near(self, facts: Facts, at_limit: AtLimit) -> list[Account]:
        """The budgets of that kind over the call that have reached their warning mark."""
        accounts = [self.account(each) for each in self._over.budgets(facts) if each.at_limit is at_limit]
        return [each for each in accounts if is_near(each.position, each.budget.alerts)]

    def apply(self, policy: Policy) -> list[Account]:
        """Takes a policy over. Returns the accounts whose past the caller has to load from the ledger:
        those of budgets that are new, or now count other calls or another window."""
        now, old = self._clock.now(), self.state.accounts
        self._policy, self._over = policy, Over(policy)
        self.state.accounts = {}
        kept = [each for each in policy.all_budgets if _counts_alike(old.get(each.name), each)]
        for budget in kept:
            self.state.accounts[budget.name], old[budget.name].budget = old[budget.name], budget
            self.tell_marks(self.state.account(budget, now))
        self._let_go()
        fresh = [self._open(each, now) for each in policy.all_budgets if each not in kept]
        paces = self.state.paces
        self.state.paces = {t.name: paces[t.name] for t in policy.throttles if t.name in paces}
        for throttle in policy.throttles:
            self.state.pace(throttle).throttle = throttle
        self._wake()
        return fresh

    def loaded(self, account: Account) -> None:
        """The past of an account is known: marks that it has reached are told, and who waits looks again."""
        self.tell_marks(account)
        self._wake()

    def recounted(self) -> None:
        """The accounts were changed from outside: who waits looks again, marks that are reached are told."""
        for account in self.state.accounts.values():
            self.tell_marks(account)
        self._wake()

    def _let_go(self) -> None:
        """Running calls hold nothing of budgets that are gone, and softened ones bind them no longer."""
        for hold, _ in self.holds.values():
            hold.parts = [part for part in hold.parts if self._counts(part.account)]
            for part in hold.parts:
                part.hard = part.hard and is_hard(part.account.budget, hold.need.price)

    def _counts(self, account: Account) -> bool:
        """Whether the account is that of a budget in force, of its window now or of one that has closed."""
        current = self.state.accounts.get(account.budget.name)
        return current is account or (current is not None and account.closed)

    def _open(self, budget: Budget, now: datetime) -> Account:
        """A new account that already holds what running calls of its window may use of it."""
        account = self.state.account(budget, now)
        for hold, facts in self.holds.values():
            if hold.at >= account.start and matches(budget.match, facts):
                amount = hold.nano if account.unit_is_money else hold.tokens
                account.held += amount
                hold.parts.append(Part(account, amount, is_hard(budget, hold.need.price)))
        return account

    async def admit(
        self,
        facts: Facts,
        need: Need,
        *,
        max_nano: Nano | None = None,
        windows: Collection[Account] = (),
    ) -> Hold:
        """Holds what the call may use at the most, in all budgets and throttles that match, or none.

        A stream holds a first slice of its output; `extend` holds the next ones. Waits a little where only
        running calls or the pace stand in the way. max_nano: the caller's own limit for this one call;
        windows: accounts that an earlier attempt of the call counted in, where it still belongs when they
        have closed. Raises Refusal 402 (a budget) or 429 (a throttle).
        """
        began = self._clock.monotonic()
        granted: set[str] = set()
        while True:
            case = self._case(facts, need, max_nano, granted, windows)
            refuse_unbounded(case)
            waited = case.tick - began
            found = case.fits(patient=waited < self._patience)
            if isinstance(found, Short) or case.paces:
                self._make_way(case, found)
            if isinstance(found, Short) and (waited >= self._patience or not found.reserved):
                if await self._verdict(found, case) is Verdict.ONCE:
                    granted.add(found.name)
                began = self._clock.monotonic()
                continue
            pause = self._pause(case, self._patience - waited)
            if isinstance(found, Fit) and not pause:
                return self._take(case, found)
            await self._change(pause or self._patience - waited)

    def admit_aside(self, facts: Facts, need: Need, *, most: Nano, gives_way: Callable[[], None]) -> Hold:
        """Holds a call that no client waits for, at once or not at all, and only where plenty is left for
        those of clients. most: what it may cost; gives_way: ends it, should a client need what it holds.
        Raises Refusal 402.
        """
        case = self._case(facts, need, most, (), ())
        refuse_unbounded(case)
        found = case.fits(patient=False)
        short = found.name if isinstance(found, Short) else case.crowded(found.cap)
        if isinstance(found, Short) or short is not None:
            raise crowded(short or "")
        hold = self._take(case, found)
        hold.gives_way = gives_way
        self._asides[id(hold)] = hold
        return hold

    def _make_way(self, case: Case, found: Fit | Short) -> None:
        """What no client waits for ends where it stands in the way of one that does."""
        if not self._asides:
            return
        short = found.name if isinstance(found, Short) and found.reserved else None
        full = {id(each) for each in case.accounts if each.budget.name == short}
        full |= {id(each) for each in case.paces if each.wait(case.load, case.tick)}
        for hold in tuple(self._asides.values()):
            of = {*(id(part.account) for part in hold.parts), *map(id, hold.paces)}
            if hold.gives_way is not None and of & full:
                hold.gives_way()

    async def extend(self, hold: Hold, facts: Facts, seen: int) -> None:
        """Holds the next slice of a running stream. seen: bytes of content that it has brought.

        Waits a little where only running calls stand in the way. Raises Refusal 402: end the stream here.
        """
        until = self._clock.monotonic() + self._patience
        while (short := self.state.extend(hold, seen, self._clock.now())) is not None:
            case = self._case(facts, hold.need, None, (), ())
            if hold.gives_way is not None:
                raise crowded(short.name)
            self._make_way(case, short)
            left = until - self._clock.monotonic()
            if short.reserved and left > 0:
                await self._change(left)
                continue
            if await self._verdict(short, case, running=True) is Verdict.ONCE:
                for part in hold.parts:
                    part.hard = part.hard and part.account.budget.name != short.name
            until = self._clock.monotonic() + self._patience

    def settle(self, hold: Hold, *, nano: Nano, tokens: int) -> None:
        """Ends a hold with what the call really used; a second call does nothing."""
        self.holds.pop(id(hold), None)
        self._asides.pop(id(hold), None)
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
        position = account.position
        for mark in account.budget.alerts:
            if not is_reached(position, mark):
                return
            if mark not in account.marks_told:
                account.marks_told.add(mark)
                self._alert(account, mark)

    def _case(
        self,
        facts: Facts,
        need: Need,
        max_nano: Nano | None,
        granted: Collection[str],
        windows: Collection[Account],
    ) -> Case:
        """The call before its budgets and throttles, as they stand now. granted: budgets that let it pass."""
        now = self._clock.now()
        closed = {each.budget.name: each for each in windows if each.ends_by(now)}
        accounts = [
            closed.get(each.name) or self.state.account(each, now) for each in self._over.budgets(facts)
        ]
        return Case(
            facts=facts,
            need=need,
            max_nano=max_nano,
            accounts=accounts,
            hard=[
                each
                for each in accounts
                if is_hard(each.budget, need.price) and each.budget.name not in granted
            ],
            paces=[self.state.pace(each) for each in self._over.throttles(facts)],
            now=now,
            tick=self._clock.monotonic(),
        )

    async def _verdict(self, short: Short, case: Case, *, running: bool = False) -> Verdict:
        """A person's word where the budget asks for one, else its refusal. ONCE and RAISED: try again."""
        if short.name == OWN_LIMIT:
            raise over_own_limit(case.need, case.max_nano or 0)
        account = self.state.accounts.get(short.name)
        if account is None:
            # The budget was removed while the call waited for it.
            return Verdict.RAISED
        if account.budget.at_limit is AtLimit.ASK:
            verdict = await self._ask(account, case.facts, case.need)
            if verdict in (Verdict.ONCE, Verdict.RAISED):
                return verdict
            if verdict is Verdict.REFUSE:
                raise refused(account)
        raise no_room(short, account, case.need, self._tz, running=running)

    def _take(self, case: Case, found: Fit) -> Hold:
        hold = self.state.hold(
            case.need,
            case.accounts,
            case.hard,
            case.paces,
            output=found.slice,
            cap=found.cap,
            bounded=case.bounded,
            load=case.load,
            now=case.now,
            tick=case.tick,
        )
        self.holds[id(hold)] = (hold, case.facts)
        for account in case.slowing():
            cost = case.load.nano if account.unit_is_money else case.load.tokens
            lasts = spread(account.position, cost, account.remaining(case.now)).total_seconds()
            account.next_start = max(account.next_start, case.tick) + lasts
        return hold

    def _pause(self, case: Case, patience: float) -> float:
        """Seconds until the pace lets the call start. Raises Refusal 429 where that is too long to wait."""
        waits = [each.wait(case.load, case.tick) for each in case.paces]
        pause = max(waits, default=0.0)
        if pause > max(patience, 0.0):
            raise throttled(case.paces[waits.index(pause)].throttle, pause)
        for account in case.slowing():
            wait = account.next_start - case.tick
            if wait > self._slow_patience:
                raise slowed(account, wait)
            pause = max(pause, wait)
        return pause

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


def _counts_alike(old: Account | None, new: Budget) -> bool:
    """Whether what an account has counted is what a budget of that name counts."""
    return old is not None and (dict(old.budget.match), old.budget.window, old.unit_is_money) == (
        dict(new.match),
        new.window,
        new.limit_nano is not None,
    )
