"""Counters of one budget's window: a cache of the ledger that calls hold against."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from gateway_core.model.policy import Budget
from gateway_core.rules.budgets import Position, limit_of
from gateway_core.rules.windows import rolling_length, window_bounds


@dataclass(slots=True)
class Account:
    """Spent and held of the current window, in the budget's unit (nano-dollars or tokens).

    A call belongs to the window in which it started: what it settles after the window has closed
    no longer counts here. A rolling window remembers its entries and lets them go one by one.
    """

    budget: Budget
    start: datetime
    end: datetime | None
    spent: int = 0
    held: int = 0
    entries: deque[tuple[datetime, int]] = field(default_factory=deque)
    marks_told: set[int] = field(default_factory=set)
    """Alert marks of this window that somebody has been told of."""

    @classmethod
    def opened(cls, budget: Budget, now: datetime, tz: tzinfo) -> Account:
        """An empty account of the window that holds `now`."""
        return cls(budget, *window_bounds(budget.window, now, tz))

    @property
    def unit_is_money(self) -> bool:
        return self.budget.limit_nano is not None

    @property
    def position(self) -> Position:
        return Position(limit_of(self.budget), self.spent, self.held)

    def roll(self, now: datetime, tz: tzinfo) -> None:
        """Moves to the window that holds `now`; a clock that jumped back opens no new one."""
        if length := rolling_length(self.budget.window):
            self.start = max(self.start, now - length)
            while self.entries and self.entries[0][0] < self.start:
                self.spent -= self.entries.popleft()[1]
            if self.spent * 2 < self.position.limit:
                self.marks_told.clear()
        elif self.end is not None and now >= self.end:
            self.start, self.end = window_bounds(self.budget.window, now, tz)
            self.spent = self.held = 0
            self.marks_told.clear()

    def hold(self, amount: int) -> None:
        self.held += amount

    def give_back(self, amount: int, opened: datetime) -> None:
        """Ends a hold that was taken in the window that began at `opened`."""
        if self._still(opened):
            self.held -= amount

    def book(self, amount: int, opened: datetime, at: datetime) -> None:
        """Adds what a call cost that was admitted in the window that began at `opened`."""
        if self._still(opened):
            self.spent += amount
            if rolling_length(self.budget.window):
                self.entries.append((at, amount))

    def _still(self, opened: datetime) -> bool:
        return self.end is None or opened == self.start
