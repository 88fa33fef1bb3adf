"""What changes a plan after the routes: a thrown switch, a budget near its limit, a format not spoken."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.model.call import Plan, Target


def overruled(plan: Plan, targets: tuple[Target, ...], why: str) -> Plan:
    """The plan with other targets, and the reason said before the routes' own."""
    decision = plan.decision
    if decision is not None:
        decision = replace(decision, tried=tuple(map(str, targets)), overruled=(*decision.overruled, why))
    return replace(plan, targets=targets, reason=f"{why}; {plan.reason}", decision=decision)
