"""What a budget allows: pure arithmetic over what is spent, held and limited."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from gateway_core.model.policy import DEFAULT_EXPENSIVE, AtLimit, Budget, Price
from gateway_core.model.value import value


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    OVER = "over"


@value
class Position:
    """Where a budget stands: nano-dollars or tokens, whichever it limits."""

    limit: int
    spent: int
    held: int = 0

    @property
    def free(self) -> int:
        """What a new call may hold now."""
        return self.limit - self.spent - self.held

    @property
    def unspent(self) -> int:
        """What would be free if all that is held were given back."""
        return self.limit - self.spent

    @property
    def share(self) -> float:
        """Spent of limit; a limit of 0 is full from the start."""
        return self.spent / self.limit if self.limit else 1.0


def is_hard(budget: Budget, price: Price | None) -> bool:
    """Whether a call at that price is refused for want of room: spent + held stays within the limit.

    `alert` lets every call pass, `block_expensive` those of models that are not expensive.
    """
    if budget.at_limit is AtLimit.BLOCK_EXPENSIVE:
        return is_expensive(budget, price)
    return budget.at_limit is not AtLimit.ALERT


def is_expensive(budget: Budget, price: Price | None) -> bool:
    """Whether a model is dearer than the budget lets pass at its limit; one without a price may be."""
    output = price.rates.output if price else None
    return output is None or output > (budget.expensive_above or DEFAULT_EXPENSIVE)


def limit_of(budget: Budget, now: datetime) -> int:
    """The limit in force in its own unit: nano-dollars, or tokens."""
    if budget.raised_to is not None and now < raised_until(budget):
        return budget.raised_to
    return budget.limit_nano if budget.limit_nano is not None else budget.limit_tokens or 0


def raised_until(budget: Budget) -> datetime:
    """When a temporary limit ends; never begins where there is none."""
    return datetime.fromisoformat(budget.raised_until or "0001-01-01T00:00:00+00:00")


def warn_mark(alerts: tuple[int, ...]) -> int:
    """The percentage from which a budget warns, slows and downgrades: its first mark from 80 up, else 80."""
    return min((mark for mark in alerts if 80 <= mark < 100), default=80)


def is_near(position: Position, alerts: tuple[int, ...]) -> bool:
    """Whether the warning mark is reached."""
    return is_reached(position, warn_mark(alerts))


def state(position: Position, alerts: tuple[int, ...]) -> State:
    """`over` at the limit, `warn` from the warning mark on, else `ok`."""
    if position.share >= 1.0:
        return State.OVER
    return State.WARN if is_near(position, alerts) else State.OK


def is_reached(position: Position, mark: int) -> bool:
    """Whether what is spent has reached a mark (percent); whole-number arithmetic, no rounding."""
    return position.spent * 100 >= position.limit * mark


def spread(position: Position, cost: int, remaining: timedelta) -> timedelta:
    """How long a call of that cost is to last, if what is left shall last for what remains of the window."""
    return remaining * min(1.0, cost / position.unspent) if position.unspent > 0 else timedelta()
