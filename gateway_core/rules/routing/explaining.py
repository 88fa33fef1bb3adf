"""What each route had to say to a call, rule by rule, from what was kept of the decision."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from gateway_core.model.decision import Decision
from gateway_core.model.policy import Route
from gateway_core.model.value import value
from gateway_core.rules.routing import describe


class Said(StrEnum):
    """What became of a route."""

    MATCHED = "matched"
    FAILED = "failed"
    WATCHED = "watched"
    """It matched, in shadow: noted, and not followed."""
    NOT_REACHED = "not_reached"
    DISABLED = "disabled"
    OFF = "off"
    """The client asked for no routing."""


@value
class Step:
    """One route before a call. why: the condition that failed and what the call had there, or the target."""

    name: str
    when: str
    use: tuple[str, ...]
    said: Said
    why: str = ""


def steps(routes: Iterable[Route], decision: Decision) -> list[Step]:
    """The routes in their order, each with what became of it.

    routes: those of the policy that was in force. Routes that the decision alone knows come first: the
    policy changed while the call was on its way.
    """
    routes = list(routes)
    known = {each.name for each in routes}
    told = [*decision.passed_over, *decision.shadow, *filter(None, [decision.route])]
    strangers = [Route(name, {}, ()) for name in dict.fromkeys(told) if name not in known]
    return [_step(each, decision) for each in (*strangers, *routes)]


def _step(route: Route, decision: Decision) -> Step:
    said, why = _said(route, decision)
    return Step(route.name, describe(route), route.use, said, why)


def _said(route: Route, decision: Decision) -> tuple[Said, str]:
    name = route.name
    if name == decision.route:
        return Said.MATCHED, decision.targets[0]
    if name in decision.passed_over:
        return Said.FAILED, decision.passed_over[name]
    if name in decision.shadow:
        return Said.WATCHED, decision.shadow[name]
    if not route.enabled:
        return Said.DISABLED, ""
    return (Said.OFF if decision.shape.off else Said.NOT_REACHED), ""
