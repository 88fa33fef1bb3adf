"""A conversation stays where its first call went, and moves upwards only: a provider's prompt cache is worth
more than most choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway_core.model.call import Plan, Target
from gateway_core.model.money import NANO_PER_USD, Nano, usd_string
from gateway_core.model.policy import Price, Route
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.routing.ordering import PriceOf

_RANKS = {None: -1, Complexity.SIMPLE: 0, Complexity.MEDIUM: 1, Complexity.HARD: 2}


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a conversation was served last."""

    target: Target
    complexity: Complexity | None
    """The highest class it was routed by."""
    warm: int = 0
    """Tokens that the provider has in its prompt cache, as its last answer said."""


def stay(plan: Plan, pin: Pin, complexity: Complexity | None, price_of: PriceOf, most_loss: Nano) -> Plan:
    """The plan of a later call of a pinned conversation: its own target first, unless the call is of a
    higher class than all before and moving costs no more than `most_loss` in lost prompt cache."""
    first = plan.targets[0]
    if first == pin.target:
        return plan
    if is_higher(complexity, pin.complexity):
        loss = lost(pin, price_of(pin.target), price_of(first))
        cost = f"{pin.warm:,} cached tokens are read anew for ${usd_string(max(loss, 0))}"
        if loss <= most_loss:
            return _said(plan, plan.targets, f"moves up from {pin.target}, now {complexity}; {cost}")
        return _kept(plan, pin, f"stays at {pin.target}: to move up to {first}, {cost}")
    return _kept(plan, pin, f"stays at {pin.target}, where the conversation is")


def pinned(
    plan: Plan, pin: Pin | None, complexity: Complexity | None, price_of: PriceOf, most_loss: Nano
) -> tuple[Plan, Complexity | None]:
    """The plan of a call of a conversation that may be pinned, and the class that its pin will remember."""
    if pin is None:
        return plan, complexity
    staying = stay(plan, pin, complexity, price_of, most_loss)
    if staying.targets[0] != plan.targets[0] or not is_higher(complexity, pin.complexity):
        # It was not routed by this class: a later call of the same class may still move it up.
        return staying, pin.complexity
    return staying, complexity


def pins(plan: Plan, routes: Iterable[Route]) -> bool:
    """Whether a conversation stays where the plan's route sends it."""
    route = next((each for each in routes if each.name == plan.route), None)
    return route is None or route.pin


def is_higher(new: Complexity | None, old: Complexity | None) -> bool:
    """Whether a class is above another; no class is below all."""
    return _RANKS[new] > _RANKS[old]


def lost(pin: Pin, old: Price | None, new: Price | None) -> Nano:
    """What the warm tokens cost more at the new target than at the old one, where they are cached."""
    if new is None or new.rates.input is None:
        return 0
    cached = (old.rates.cached_input or old.rates.input or Decimal(0)) if old else Decimal(0)
    return int(pin.warm * (new.rates.input - cached) * NANO_PER_USD / 1_000_000)


def _kept(plan: Plan, pin: Pin, why: str) -> Plan:
    others = tuple(each for each in plan.targets if each != pin.target)
    return _said(plan, (pin.target, *others), why)


def _said(plan: Plan, targets: tuple[Target, ...], why: str) -> Plan:
    decision = plan.decision
    if decision is not None:
        decision = replace(decision, targets=tuple(map(str, targets)), kept=why)
    return replace(plan, targets=targets, reason=f"{plan.reason}; {why}", decision=decision)
