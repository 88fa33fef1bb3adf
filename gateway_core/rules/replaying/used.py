"""How much of each budget was used when a past call came, recounted from the calls before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from heapq import heappop, heappush

from gateway_core.model.money import Nano
from gateway_core.model.past import PastCall
from gateway_core.model.policy import Budget
from gateway_core.rules.budgets import Position, limit_of
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.windows import rolling_length, window_bounds

Before = Callable[[Budget, datetime], int]
"""What a budget's window had seen before the first call that is replayed, from that instant on: nano-dollars
or tokens, as it limits."""


@dataclass(slots=True)
class Counted:
    """One budget's window as it goes over the past."""

    budget: Budget
    start: datetime
    end: datetime | None
    spent: int
    young: deque[tuple[datetime, int]] = field(default_factory=deque)
    """What counts in a rolling window, until it falls out."""

    def roll(self, now: datetime, tz: tzinfo) -> None:
        """The window that holds `now`."""
        if self.end is not None and now >= self.end:
            self.start, self.end = window_bounds(self.budget.window, now, tz)
            self.spent = 0
        elif rolling_length(self.budget.window):
            self.start, _ = window_bounds(self.budget.window, now, tz)
            while self.young and self.young[0][0] < self.start:
                self.spent -= self.young.popleft()[1]

    def add(self, at: datetime, amount: int) -> None:
        """A call that started at `at` has used that much."""
        if at < self.start:
            return
        self.spent += amount
        if rolling_length(self.budget.window):
            self.young.append((at, amount))

    def position(self, now: datetime) -> Position:
        return Position(limit_of(self.budget, now), self.spent)


class Used:
    """The windows of some budgets over the past. Calls come in the order in which they started."""

    def __init__(self, budgets: Iterable[Budget], tz: tzinfo, first: datetime, before: Before) -> None:
        """first: when the first call may come; before: as `Before`."""
        self._tz = tz
        self.counted = {each.name: _opened(each, tz, first, before) for each in budgets}
        self._running: list[tuple[datetime, int, PastCall, Nano, int]] = []
        self._n = 0

    def at(self, now: datetime) -> None:
        """Counts what has ended by now."""
        while self._running and self._running[0][0] <= now:
            _, _, call, nano, tokens = heappop(self._running)
            facts = Facts(call.tags, call.token, call.served.model, call.served.provider)
            for each in self.counted.values():
                if matches(each.budget.match, facts):
                    money = each.budget.limit_nano is not None
                    each.add(call.at, nano if money else tokens)
        for each in self.counted.values():
            each.roll(now, self._tz)

    def share(self, name: str, now: datetime) -> float | None:
        """The share of a budget that was used; None for a name that no budget has."""
        found = self.counted.get(name)
        return None if found is None else found.position(now).share

    def began(self, call: PastCall, nano: Nano, tokens: int) -> None:
        """A call counts with so much from its end on."""
        self._n += 1
        if self.counted:
            heappush(self._running, (call.ended, self._n, call, nano, tokens))


def _opened(budget: Budget, tz: tzinfo, first: datetime, before: Before) -> Counted:
    start, end = window_bounds(budget.window, first, tz)
    spent = 0 if rolling_length(budget.window) else before(budget, start)
    return Counted(budget, start, end, spent)
