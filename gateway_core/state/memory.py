"""Budgets and throttles of one gateway, held together or not at all. Nothing here awaits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway_core.model.money import Nano
from gateway_core.model.policy import Budget, Throttle
from gateway_core.rules.fitting import Short
from gateway_core.rules.need import Need
from gateway_core.rules.slices import due, next_slices
from gateway_core.state.accounts import Account
from gateway_core.state.pace import Load, Pace


@dataclass(slots=True)
class Part:
    """What a call holds of one account."""

    account: Account
    """That of the window in which the call was admitted, also when it has closed since."""
    amount: int
    hard: bool
    """Whether the hold may not grow beyond the room that there is."""


@dataclass(slots=True)
class Hold:
    """What a call holds, until `MemoryState.settle` ends it, once."""

    need: Need
    nano: Nano
    tokens: int
    output: int
    """Output tokens of one candidate that are held; grows slice by slice while a stream runs."""
    cap: int
    """Output tokens of one candidate that the call is allowed in the end."""
    bounded: bool
    """The provider is told the cap: a hard limit rests on it."""
    parts: list[Part]
    paces: tuple[Pace, ...]
    load: Load
    at: datetime
    """When the call was admitted, then what its row is dated to."""
    ended: bool = False
    gives_way: Callable[[], None] | None = None
    """Ends the call, where no client waits for it; None where one does."""

    @property
    def sent_cap(self) -> int | None:
        """The output cap to send; None leaves the client's body as it is."""
        return self.cap if self.bounded and self.cap != self.need.output_cap else None

    @property
    def all_output(self) -> int:
        """Output tokens that are held, of all candidates together."""
        return self.output * self.need.candidates

    def is_due(self, seen: int) -> bool:
        """Whether the next slice is needed. seen: bytes of content that a stream has brought."""
        hidden = self.need.hidden
        return hidden is not None and due(self.output, self.cap, hidden, -(-seen // self.need.candidates))

    def room(self, seen: int) -> int | None:
        """Bytes of content that the hold still covers; None where it covers whatever comes."""
        if self.need.hidden is None or self.output >= self.cap:
            return None
        return max(1, (self.output - self.need.hidden) * self.need.candidates - seen)

    def slices(self, seen: int) -> tuple[int, int]:
        """Output tokens to hold next: the wish, and the least that will do."""
        hidden = self.need.hidden or 0
        return next_slices(self.output, self.cap, hidden, -(-seen // self.need.candidates))


class MemoryState:
    """The counters of all budgets and throttles by name."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz
        self.accounts: dict[str, Account] = {}
        self.paces: dict[str, Pace] = {}

    def account(self, budget: Budget, now: datetime) -> Account:
        """The account of the budget's window that holds `now`. One whose window has closed lives on in the
        holds of calls that were admitted in it. A clock that jumped back opens no new one."""
        account = self.accounts.get(budget.name)
        if account is None or account.ends_by(now):
            account = self.accounts[budget.name] = Account.opened(budget, now, self._tz)
        account.move(now)
        return account

    def pace(self, throttle: Throttle) -> Pace:
        pace = self.paces.get(throttle.name)
        if pace is None:
            pace = self.paces[throttle.name] = Pace(throttle)
        return pace

    def hold(
        self,
        need: Need,
        accounts: Sequence[Account],
        hard: Sequence[Account],
        paces: Sequence[Pace],
        *,
        output: int,
        cap: int,
        bounded: bool,
        load: Load,
        now: datetime,
        tick: float,
    ) -> Hold:
        """Takes everything at once; the caller has asked for room in the same breath.

        hard: the accounts that the hold may not outgrow later.
        """
        nano, tokens = need.amount(True)(output), need.amount(False)(output)
        parts = []
        for account in accounts:
            amount = nano if account.unit_is_money else tokens
            account.held += amount
            parts.append(Part(account, amount, account in hard))
        for pace in paces:
            pace.take(load, tick)
        return Hold(need, nano, tokens, output, cap, bounded, parts, tuple(paces), load, now)

    def extend(self, hold: Hold, seen: int, now: datetime) -> Short | None:
        """Holds the next slice in all accounts or in none; answers the one that has no room for it."""
        short: Short | None = None
        for output in dict.fromkeys(hold.slices(seen)):
            short = self._short(hold, output, now)
            if short is None:
                self._grow(hold, output)
                break
        return short

    def settle(self, hold: Hold, *, nano: Nano, tokens: int, now: datetime, tick: float) -> list[Account]:
        """Ends a hold and books what was used; a second time does nothing. The accounts that changed."""
        if hold.ended:
            return []
        hold.ended = True
        for part in hold.parts:
            part.account.held -= part.amount
            part.account.book(nano if part.account.unit_is_money else tokens, now)
        for pace in hold.paces:
            pace.settle(hold.load, Load(tokens, nano), tick)
        return [part.account for part in hold.parts]

    def _short(self, hold: Hold, output: int, now: datetime) -> Short | None:
        """The first hard account without room for so much output."""
        for part in hold.parts:
            account = part.account
            if not part.hard:
                continue
            account.move(now)
            if account.loading:
                return Short(account.budget.name, reserved=True)
            more = hold.need.amount(account.unit_is_money)(output) - part.amount
            if more > account.position.free:
                own = account.held - part.amount
                return Short(account.budget.name, reserved=more <= account.position.free + own)
        return None

    def _grow(self, hold: Hold, output: int) -> None:
        for part in hold.parts:
            amount = hold.need.amount(part.account.unit_is_money)(output)
            part.account.held += amount - part.amount
            part.amount = amount
        hold.output = output
        hold.nano, hold.tokens = hold.need.amount(True)(output), hold.need.amount(False)(output)
