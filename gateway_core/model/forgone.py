"""What a call would have cost, had something acted that only watched or was off: never real money."""

from __future__ import annotations

from enum import StrEnum

from gateway_core.model.money import Nano
from gateway_core.model.value import value


class Kind(StrEnum):
    """What would have acted."""

    ROUTE = "route"
    """A route in shadow would have sent the call to another target."""
    ALIKE = "alike"
    """The semantic cache, in shadow, would have answered it."""
    SAME = "same"
    """An identical call had been answered, and the exact cache was off for this one."""


@value
class Forgone:
    """One thing that might have acted on a call. Kept beside its row, not in it."""

    kind: Kind
    name: str = ""
    """The route's."""
    target: str = ""
    """Where the route would have sent it."""
    would_nano: Nano | None = 0
    """The call's booked usage at that target's price; None where that has no price for all of it."""
    place: int = 0
    """0 for the first of its kind on the call: had all been on, it alone would have acted."""
