"""What a budget allows: pure arithmetic over what is spent, held and limited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway_core.model.policy import AtLimit, Budget

HARD = frozenset({AtLimit.BLOCK, AtLimit.ASK, AtLimit.SLOW, AtLimit.DOWNGRADE, AtLimit.BLOCK_EXPENSIVE})
"""What keeps spent + held within the limit; only `alert` lets calls pass."""


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    OVER = "over"


@dataclass(frozen=True, slots=True)
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


def is_hard(budget: Budget) -> bool:
    """Whether calls are refused for want of room."""
    return budget.at_limit in HARD


def limit_of(budget: Budget) -> int:
    """The limit in its own unit: nano-dollars, or tokens."""
    return budget.limit_nano if budget.limit_nano is not None else budget.limit_tokens or 0


def state(position: Position, alerts: tuple[int, ...]) -> State:
    """`over` at the limit, `warn` from 80 % (or the first mark from 80 up), else `ok`."""
    warn_at = min((mark for mark in alerts if 80 <= mark < 100), default=80)
    if position.share >= 1.0:
        return State.OVER
    return State.WARN if position.share * 100 >= warn_at else State.OK


def marks_reached(position: Position, alerts: tuple[int, ...]) -> tuple[int, ...]:
    """The alert marks (percent) that what is spent has reached; whole-number arithmetic, no rounding."""
    return tuple(mark for mark in alerts if position.spent * 100 >= position.limit * mark)
