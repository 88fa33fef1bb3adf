"""What a provider itself says that a call cost, in dollars.

Sources: openrouter.ai/docs, usage accounting (`usage.cost` in credits of a dollar each; where the user's own
key paid the provider behind it, `cost` is OpenRouter's fee alone and the rest stands in `cost_details`);
docs.x.ai, cost tracking (`usage.cost_in_usd_ticks`, ten thousand million to the dollar).
"""

from __future__ import annotations

from decimal import Decimal

from gateway_core.formats.usage_numbers import Impossible, Stated
from gateway_core.model.money import NANO_PER_USD, Nano, nano_from_usd

BEYOND_REASON = 10_000 * NANO_PER_USD
"""Nano-dollars that no call costs."""

_TICKS_PER_USD = 10**10


def stated_cost(stated: object) -> tuple[Nano | None, str | None]:
    """Nano-dollars, rounded up, and why they could not be believed if they were stated but could not."""
    if not isinstance(stated, dict):
        return None, None
    try:
        nano = _nano(stated)
    except (Impossible, ValueError) as error:
        return None, str(error)
    return nano, None


def _nano(stated: Stated) -> Nano | None:
    ticks = stated.get("cost_in_usd_ticks")
    if ticks is not None:
        return _sane(nano_from_usd(_number(ticks, "cost_in_usd_ticks") / _TICKS_PER_USD))
    cost = stated.get("cost")
    if cost is None or isinstance(cost, dict):
        return None
    return _sane(nano_from_usd(_number(cost, "cost") + _paid_elsewhere(stated)))


def _paid_elsewhere(stated: Stated) -> Decimal:
    details = stated.get("cost_details")
    paid = details.get("upstream_inference_cost") if isinstance(details, dict) else None
    if stated.get("is_byok") is not True or paid is None:
        return Decimal(0)
    return _number(paid, "upstream_inference_cost")


def _number(value: object, name: str) -> Decimal:
    """A number that is not negative. A float is taken as it was written: by the shortest text for it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Impossible(f"{name} is no number")
    number = Decimal(repr(value))
    if not number.is_finite() or number < 0:
        raise Impossible(f"{name} is no sum of money")
    return number


def _sane(nano: Nano) -> Nano:
    if nano > BEYOND_REASON:
        raise Impossible("cost beyond reason")
    return nano
