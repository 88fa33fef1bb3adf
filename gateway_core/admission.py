"""Whether a call may start: budgets and throttles held before it is sent, settled when it has ended."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo

from gateway_core.clock import Clock
from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Budget, Policy, Throttle
from gateway_core.rules.budgets import is_hard, marks_reached
from gateway_core.rules.fitting import Fit, Short
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.need import Need
from gateway_core.rules.pricing import worst_case
from gateway_core.state.accounts import Account
from gateway_core.state.memory import Hold, MemoryState
from gateway_core.state.pace import Load

PATIENCE = 2.0
"""Seconds to wait for running calls to settle, or for a throttle to refill, before refusing."""
PACED_OUTPUT = 1024
"""Output tokens that a throttle counts at the start; the rest follows when the call settles."""


class Admission:
    """Holds calls against the policy. `alert` is told each budget mark once, when it is reached."""

    def __init__(
        self, clock: Clock, tz: tzinfo, alert: Callable[[Account, int], None], patience: float = PATIENCE
    ) -> None:
        self._clock = clock
        self._tz = tz
        self._alert = alert
        self._patience = patience
        self._policy = Policy()
        self._waiting: list[asyncio.Future[None]] = []
        self.state = MemoryState(tz)
        self.holds: dict[int, tuple[Hold, Facts]] = {}

    def account(self, budget: Budget) -> Account:
        """Where a budget stands now."""
        return self.state.account(budget, self._clock.now())

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
                self.state.accounts[budget.name] = account
            else:
                fresh.append(self._open(budget, now))
        paces = self.state.paces
        self.state.paces = {t.name: paces[t.name] for t in policy.throttles if t.name in paces}
        for throttle in policy.throttles:
            self.state.pace(throttle).throttle = throttle
        self._wake()
        return fresh

    def _open(self, budget: Budget, now: datetime) -> Account:
        """A new account that already holds what running calls may use of it."""
        account = self.state.account(budget, now)
        for hold, facts in self.holds.values():
            if matches(budget.match, facts):
                amount = hold.nano if account.unit_is_money else hold.tokens
                account.hold(amount)
                hold.accounts = (*hold.accounts, (account, account.start, amount))
        return account

    async def admit(self, facts: Facts, need: Need, *, max_nano: Nano | None = None) -> Hold:
        """Holds what the call may use at the most, in all budgets and throttles that match, or none.

        Waits a little where only running calls or the pace stand in the way. max_nano: the caller's own
        limit for this one call. Raises Refusal 402 (a budget) or 429 (a throttle).
        """
        until = self._clock.monotonic() + self._patience
        while True:
            now, tick = self._clock.now(), self._clock.monotonic()
            budgets = [each for each in self._policy.budgets if matches(each.match, facts)]
            throttles = [each for each in self._policy.throttles if matches(each.match, facts)]
            self._refuse_unpriced(budgets, need)
            last_try = tick >= until
            found = self.state.fits(budgets, need.amount, now, need.cap, need.least, patient=not last_try)
            if isinstance(found, Short) and (last_try or not found.reserved):
                raise self._no_room(found)
            load = self._load(need)
            waits = {each.name: self.state.pace(each).wait(load, tick) for each in throttles}
            pause = max(waits.values(), default=0.0)
            if pause and (last_try or pause > until - tick):
                raise _throttled(throttles, waits)
            if isinstance(found, Fit) and not pause:
                return self._take(facts, need, found, budgets, throttles, load, max_nano, now, tick)
            await self._change(min(pause or PATIENCE, until - tick))

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
        for mark in marks_reached(account.position, account.budget.alerts):
            if mark not in account.marks_told:
                account.marks_told.add(mark)
                self._alert(account, mark)

    def _take(
        self,
        facts: Facts,
        need: Need,
        found: Fit,
        budgets: list[Budget],
        throttles: list[Throttle],
        load: Load,
        max_nano: Nano | None,
        now: datetime,
        tick: float,
    ) -> Hold:
        nano = need.amount(True)(found.cap)
        if max_nano is not None and nano > max_nano:
            raise Refusal(
                402,
                "max_cost",
                f"this call may cost ${usd_string(nano)}, over its own limit of ${usd_string(max_nano)} "
                "(x-llmconsole-max-cost); lower its output cap or raise that limit",
            )
        bounded = any(map(is_hard, budgets)) and need.output and not need.free
        send = found.cap if bounded and found.cap != need.output_cap else None
        hold = self.state.hold(
            budgets,
            throttles,
            nano=nano,
            tokens=need.amount(False)(found.cap),
            load=load,
            cap=send,
            now=now,
            tick=tick,
        )
        self.holds[id(hold)] = (hold, facts)
        return hold

    def _load(self, need: Need) -> Load:
        if need.free:
            return Load(0, 0)
        output = min(need.cap, PACED_OUTPUT)
        price = need.price
        nano = worst_case(price, input_tokens=need.usual_input, output_tokens=output) if price else 0
        return Load(need.usual_input + output, nano)

    def _refuse_unpriced(self, budgets: Iterable[Budget], need: Need) -> None:
        if need.price is not None or need.free:
            return
        for budget in budgets:
            if is_hard(budget) and budget.limit_nano is not None:
                raise Refusal(
                    402,
                    "unpriced_model",
                    f"{need.model} has no known price, so budget {budget.name!r} cannot hold for it; "
                    f'set one under [prices."{need.model}"] with: llmconsole policy apply FILE',
                )

    def _no_room(self, short: Short) -> Refusal:
        account = self.state.accounts[short.name]
        spent, limit = _amounts(account)
        resets = f", resets {_local(account.end, self._tz)}" if account.end else ""
        if short.reserved:
            return Refusal(
                402,
                "budget_reserved",
                f"budget {short.name!r}: {spent} of {limit} spent and the rest is held by running "
                f"calls{resets}; try again when they have ended",
                retry_after=1,
                headers={"x-should-retry": "true"},
            )
        return Refusal(
            402,
            "budget_spent",
            f"budget {short.name!r} is used up: {spent} of {limit} spent{resets}; raise it in the console "
            "(b) or with: llmconsole budgets set",
            headers={"x-should-retry": "false"},
        )

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


def _counts_alike(old: Budget, new: Budget) -> bool:
    return (dict(old.match), old.window, old.limit_nano is None) == (
        dict(new.match),
        new.window,
        new.limit_nano is None,
    )


def _amounts(account: Account) -> tuple[str, str]:
    position = account.position
    if account.unit_is_money:
        return f"${usd_string(position.spent)}", f"${usd_string(position.limit)}"
    return f"{position.spent:,}", f"{position.limit:,} tokens"


def _local(at: datetime, tz: tzinfo) -> str:
    return at.astimezone(tz).strftime("%Y-%m-%d %H:%M")


def _throttled(throttles: list[Throttle], waits: dict[str, float]) -> Refusal:
    slowest = max(throttles, key=lambda each: waits[each.name])
    seconds = max(1, math.ceil(waits[slowest.name]))
    limits = ", ".join(
        f"{value:,} {words}"
        for value, words in (
            (slowest.tokens_per_minute, "tokens a minute"),
            (slowest.requests_per_minute, "requests a minute"),
            (slowest.concurrent, "calls at once"),
        )
        if value
    )
    return Refusal(
        429,
        "throttled",
        f"{slowest.name!r} allows {limits or 'no more dollars this hour'}; free again in {seconds} s",
        retry_after=seconds,
    )
