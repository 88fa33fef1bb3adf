"""An admission over a few budgets, and the needs of calls, as tests want them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from gateway_core.admission import Admission, Asks, nobody_asks
from gateway_core.clock import Clock
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import Budget, Policy, Price, Rates, Throttle
from gateway_core.rules.matching import Facts
from gateway_core.rules.need import Need
from gateway_core.state.accounts import Account

FACTS = Facts({"project": "web"}, "default", "m", "p")
PRICE = Price("p", Rates(input=Decimal(0), output=Decimal(100)))
"""Output at $100 a million: 1,000 tokens cost $0.10."""


class StillClock(Clock):
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


def need(cap: int | None = 1000, **more: object) -> Need:
    given = {"price": PRICE, "model": "p/m", "input_tokens": 10, "usual_input": 5, "output_cap": cap}
    return Need(**(given | more))  # type: ignore[arg-type]


def admission(
    *budgets: Budget,
    throttles: tuple[Throttle, ...] = (),
    clock: Clock | None = None,
    patience: float = 0.05,
    alert: Callable[[Account, int], None] = lambda account, mark: None,
    ask: Asks = nobody_asks,
    slow_patience: float = 1.0,
) -> Admission:
    made = Admission(clock or Clock(), UTC, alert, patience, ask, slow_patience)
    made.apply(Policy(budgets=budgets, throttles=throttles))
    return made


def dollars(limit: str, **more: object) -> Budget:
    given = {"name": "b", "limit_nano": nano_from_usd(limit), "window": "day"}
    return Budget(**(given | more))  # type: ignore[arg-type]
