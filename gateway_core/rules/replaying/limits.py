"""A budget over past calls: which it would have stopped, slowed or sent elsewhere, and what that saved.

A call needs here what it cost in the end. The gateway holds more than that while a call runs, so near the
limit a few more may have had to wait or to be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from gateway_core.model.call import Target
from gateway_core.model.money import Nano
from gateway_core.model.past import PastCall
from gateway_core.model.policy import AtLimit, Budget, Price, Unbounded
from gateway_core.model.rows import Outcome
from gateway_core.rules.budgets import State, is_hard, is_near, state
from gateway_core.rules.matching import Facts, matches
from gateway_core.rules.pricing import cost
from gateway_core.rules.replaying.used import Before, Used

PriceAt = Callable[[Target, datetime], Price | None]


@dataclass(slots=True)
class Hit:
    """The first call that the budget would have stopped, slowed, asked about or sent elsewhere."""

    id: str
    at: datetime
    user: str
    token: str


@dataclass(slots=True)
class Window:
    """What a window of the budget would have seen."""

    start: datetime
    spent: int = 0
    """In the budget's unit."""
    stopped: int = 0


@dataclass(slots=True)
class Limited:
    """What a budget would have done. Money is nano-dollars."""

    calls: int = 0
    matched: int = 0
    cost: Nano = 0
    """Of the calls that it is over, as they were."""
    refused: int = 0
    """Calls that were refused as it was."""
    blocked: int = 0
    unbounded: int = 0
    """Those of the blocked whose cost nothing bounds: their model has no price."""
    asked: int = 0
    """Calls that would have waited for a person's word; they count as let through."""
    slowed: int = 0
    downgraded: int = 0
    unpriced: int = 0
    """Downgraded calls whose new target has no price: they count as they were."""
    saved: Nano = 0
    over: int = 0
    """Calls that came when the limit was reached already."""
    first: Hit | None = None
    windows: list[Window] = field(default_factory=list)


class LimitTrial:
    """One budget over the past, call by call."""

    def __init__(
        self,
        budget: Budget,
        tz: tzinfo,
        first: datetime,
        before: Before,
        price: PriceAt,
        spare: Callable[[PastCall], Target | None],
    ) -> None:
        """spare: the target that takes a call over where the budget downgrades; None where there is none."""
        self.found = Limited()
        self._budget, self._price, self._spare = budget, price, spare
        self._used = Used([budget], tz, first, before)
        self._counted = self._used.counted[budget.name]

    def count(self, calls: Iterable[PastCall]) -> None:
        """Calls from before the range: they only fill the budget."""
        for call in calls:
            self._used.at(call.at)
            self._used.began(call, call.cost, call.usage.total)

    def take(self, calls: Iterable[PastCall]) -> None:
        """The next calls, in the order in which they started."""
        for call in calls:
            self._used.at(call.at)
            self.found.calls += 1
            facts = Facts(call.tags, call.token, call.served.model, call.served.provider)
            if matches(self._budget.match, facts):
                self._judge(call)

    def _judge(self, call: PastCall) -> None:
        found, window, position = self.found, self._window(), self._counted.position(call.at)
        found.matched += 1
        found.cost += call.cost
        if not call.reached:
            found.refused += call.outcome is Outcome.REFUSED
            return self._used.began(call, call.cost, call.usage.total)
        found.over += state(position, self._budget.alerts) is State.OVER
        near = is_near(position, self._budget.alerts)
        nano = self._elsewhere(call) if near and self._budget.at_limit is AtLimit.DOWNGRADE else None
        lowered = nano is not None
        cost_now = call.cost if nano is None else nano
        need = cost_now if self._counts_money else call.usage.total
        if self._stops(call, position.spent + need > position.limit, lowered=lowered):
            found.blocked += 1
            found.saved += call.cost
            window.stopped += 1
            return None
        if lowered:
            self._hit(call)
            found.downgraded += 1
            found.saved += call.cost - cost_now
        elif near and self._budget.at_limit is AtLimit.SLOW:
            self._hit(call)
            found.slowed += 1
        window.spent += need
        self._used.began(call, cost_now, call.usage.total)

    def _stops(self, call: PastCall, full: bool, *, lowered: bool) -> bool:
        """Whether the budget refuses the call. full: it has no room for it."""
        budget, price = self._budget, self._price(call.served, call.at)
        if not is_hard(budget, price):
            return False
        unbounded = price is None and budget.unbounded is Unbounded.REFUSE and not lowered
        if not (full or unbounded):
            return False
        self._hit(call)
        if budget.at_limit is AtLimit.ASK and not unbounded:
            self.found.asked += 1
            return False
        self.found.unbounded += unbounded
        return True

    @property
    def _counts_money(self) -> bool:
        return self._budget.limit_nano is not None

    def _elsewhere(self, call: PastCall) -> Nano | None:
        """What the call costs at the model that takes over; None where it is there already, or dearer."""
        spare = self._spare(call)
        if spare is None or spare == call.served or call.outcome is not Outcome.OK:
            return None
        price = self._price(spare, call.at)
        nano = None if price is None else cost(call.usage, price)
        if nano is None:
            self.found.unpriced += 1
            return None
        return nano if nano < call.cost else None

    def _hit(self, call: PastCall) -> None:
        if self.found.first is None:
            self.found.first = Hit(call.id, call.at, call.tags.get("user", ""), call.token)

    def _window(self) -> Window:
        """The window that the call counts in."""
        windows, start = self.found.windows, self._counted.start
        rolling = self._counted.end is None
        if not windows or (windows[-1].start != start and not rolling):
            windows.append(Window(start, self._counted.spent))
        return windows[-1]
