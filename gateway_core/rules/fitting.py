"""How much output a call may be allowed so that everything it may cost fits into its budgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway_core.model.value import value
from gateway_core.rules.budgets import Position

Amount = Callable[[int], int]
"""What a call may use of a budget at the most, by its output cap in tokens; never falls as the cap grows."""


@value
class Claim:
    """One hard budget and what the call would hold of it."""

    name: str
    position: Position
    amount: Amount


@value
class Fit:
    """The call fits with this output cap, and holds `slice` tokens of it for a start."""

    cap: int
    slice: int


@value
class Short:
    """No room in the budget of that name; `reserved`: only holds of running calls stand in the way."""

    name: str
    reserved: bool


def fit(claims: Sequence[Claim], cap: int, least: int, *, first: int, patient: bool) -> Fit | Short:
    """The largest output cap from `least` to `cap` for which every claim fits.

    first: output tokens to hold at the start; below the cap, the rest is held while the call runs, and the
    cap is what would fit if running calls gave back all they hold. patient: rather wait for running calls
    to end than hold, or allow, less for want of what they hold.
    """
    allowed, held = cap, min(first, cap)
    for claim in claims:
        if claim.amount(cap) <= claim.position.free:
            continue
        could = _largest(claim.amount, claim.position.unspent, cap)
        can = _largest(claim.amount, claim.position.free, cap)
        wanted = min(first, could)
        if could < least:
            return Short(claim.name, reserved=False)
        if can < (wanted if patient else min(wanted, least)):
            return Short(claim.name, reserved=True)
        allowed, held = min(allowed, could), min(held, can, wanted)
    return Fit(held if first >= cap else allowed, held)


def _largest(amount: Amount, room: int, cap: int) -> int:
    """The largest output cap up to `cap` whose amount fits the room; -1 where not even the input does."""
    if amount(cap) <= room:
        return cap
    if amount(0) > room:
        return -1
    low, high = 0, cap
    while high - low > 1:
        middle = (low + high) // 2
        if amount(middle) <= room:
            low = middle
        else:
            high = middle
    return low
