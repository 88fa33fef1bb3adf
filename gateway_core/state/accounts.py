"""Counters of one budget's window: a cache of the ledger that calls hold against."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from gateway_core.model.money import Nano
from gateway_core.model.policy import Budget
from gateway_core.rules.budgets import Position, limit_of
from gateway_core.rules.marks import fallen, unreached
from gateway_core.rules.windows import rolling_length, window_bounds

Entry = tuple[datetime, int]
"""When an amount counts from, and the amount."""
Spent = tuple[datetime, Nano, int]
"""The same as the ledger tells it: nano-dollars and tokens."""


ROLLING_STEPS = 48
"""Steps in which a rolling window forgets what was spent before the gateway started."""


@dataclass(slots=True, eq=False)
class Account:
    """Spent and held of the current window, in the budget's unit (nano-dollars or tokens).

    A call belongs to the window in which it was admitted, whenever it ends: each window has an account of
    its own. A rolling window remembers its entries and lets them go one by one.
    """

    budget: Budget
    start: datetime
    end: datetime | None
    limit: int
    """The limit in force: a temporary one until it ends."""
    spent: int = 0
    held: int = 0
    entries: deque[Entry] = field(default_factory=deque)
    marks_told: set[int] = field(default_factory=set)
    """Alert marks of this window that somebody has been told of."""
    loading: bool = False
    """What was spent before is being asked of the ledger: nobody knows yet what is left."""
    closed: bool = False
    """The window has ended; calls that were admitted in it may still run."""
    next_start: float = 0.0
    """Monotonic seconds before which no further call starts, where the budget slows."""
    marks_fallen: set[int] = field(default_factory=set)
    """Marks that were told and may be told again, until `Admission.tell_marks` has passed that on."""
    unit_is_money: bool = field(init=False)
    """It counts nano-dollars, else tokens; a budget whose unit changes gets another account."""

    def __post_init__(self) -> None:
        self.unit_is_money = self.budget.limit_nano is not None

    @classmethod
    def opened(cls, budget: Budget, now: datetime, tz: tzinfo) -> Account:
        """An empty account of the window that holds `now`."""
        return cls(budget, *window_bounds(budget.window, now, tz), limit_of(budget, now))

    @property
    def free(self) -> int:
        """What a new call may hold now."""
        return self.limit - self.spent - self.held

    @property
    def position(self) -> Position:
        return Position(self.limit, self.spent, self.held)

    def remaining(self, now: datetime) -> timedelta:
        """What is left of the window; nothing of one that never ends."""
        if self.end is not None:
            return max(self.end - now, timedelta())
        return rolling_length(self.budget.window) or timedelta()

    def entries_of(self, past: Iterable[Spent]) -> list[Entry]:
        """What the ledger tells of the past, in the account's unit."""
        return [(at, nano if self.unit_is_money else tokens) for at, nano, tokens in past]

    def load(self, past: Iterable[Entry]) -> None:
        """Takes over what the ledger says was spent before, the oldest first."""
        entries = list(past)
        self.loading = False
        self.spent += sum(amount for _, amount in entries)
        if rolling_length(self.budget.window):
            self.entries.extendleft(reversed(entries))

    def recounting(self) -> Callable[[Iterable[Entry]], None]:
        """Begins to count anew; what is booked from here on counts beside the past that is handed in later.
        Until then the old count stands."""
        counted = self.spent
        self.entries = deque()

        def recount(past: Iterable[Entry]) -> None:
            entries = list(past)
            booked = sum(amount for _, amount in entries)
            if rolling_length(self.budget.window):
                # The old entries did not leave the count one by one meanwhile.
                self.spent = booked + sum(amount for _, amount in self.entries)
                self.entries.extendleft(reversed(entries))
            else:
                self.spent += booked - counted

        return recount

    def ends_by(self, now: datetime) -> bool:
        """Whether the window has closed; it is closed for good from then on."""
        if self.end is not None and now >= self.end:
            self.closed = True
        return self.closed

    def move(self, now: datetime) -> None:
        """Follows time: the limit in force, and what a rolling window lets go."""
        limit = limit_of(self.budget, now)
        if limit != self.limit:
            self.limit = limit
            self.let_fall(unreached(self.position, self.marks_told))
        if length := rolling_length(self.budget.window):
            self.start = max(self.start, now - length)
            while self.entries and self.entries[0][0] < self.start:
                self.spent -= self.entries.popleft()[1]
            self.let_fall(fallen(self.position, self.marks_told))

    def let_fall(self, marks: set[int]) -> None:
        """These marks count as not told."""
        self.marks_told -= marks
        self.marks_fallen |= marks

    def book(self, amount: int, at: datetime) -> None:
        """Adds what a call cost that was admitted in this window."""
        self.spent += amount
        if rolling_length(self.budget.window):
            self.entries.append((at, amount))


def steps_of(account: Account, now: datetime) -> list[tuple[datetime, datetime | None]]:
    """The ranges of time in which to ask for an account's past: one, or the steps of a rolling window."""
    length = rolling_length(account.budget.window)
    if length is None:
        return [(account.start, None)]
    step = length / ROLLING_STEPS
    edges = [now - length + number * step for number in range(ROLLING_STEPS)]
    return list(zip(edges, [*edges[1:], None], strict=True))
