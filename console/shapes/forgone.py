"""What would have been saved, had something been on that only watched or was off: no real money."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from console.shapes.frame import shape


@shape
class ForgoneRow:
    """One group. Each amount is of one thing as if it alone had been on; it may be below nothing."""

    keys: dict[str, str] = field(default_factory=dict)
    routed: int = 0
    """Calls that a route in shadow would have led."""
    routed_usd: Decimal = Decimal(0)
    routed_unpriced: int = 0
    alike: int = 0
    """Calls that the semantic cache would have answered, in shadow."""
    agreed: int = 0
    """Those of them that it would have answered with what they were answered."""
    alike_usd: Decimal = Decimal(0)
    """Of those that agreed."""
    wrong_usd: Decimal = Decimal(0)
    """What the others cost: no saving."""
    alike_unpriced: int = 0
    same: int = 0
    """Calls that repeat an answered one, with the exact cache off for them."""
    same_usd: Decimal = Decimal(0)
    same_unpriced: int = 0
    together: int = 0
    """Calls on which anything would have acted, each counted once."""
    together_usd: Decimal = Decimal(0)
    together_unpriced: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.routed or self.alike or self.same)


@shape
class WatchedRoute:
    """A route in shadow and a target of it, as if it alone had been on."""

    route: str
    target: str
    calls: int
    saved_usd: Decimal
    unpriced: int


@shape
class Forgone:
    """rows, by the report's own grouping, and modes each add up to `total`."""

    rows: tuple[ForgoneRow, ...] = ()
    modes: tuple[ForgoneRow, ...] = ()
    routes: tuple[WatchedRoute, ...] = ()
    total: ForgoneRow = field(default_factory=ForgoneRow)
