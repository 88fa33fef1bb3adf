"""The choice of `rules.routing.choose` for many calls: what does not change from call to call is asked once.

Calls of the same tags, names and form fail the same conditions of the same routes; only context, messages,
complexity, budgets and the time of day are asked of each. What is chosen, and whether a score was asked for,
is what `choose` finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from gateway_core.model.call import Target
from gateway_core.model.policy import Pick, Route
from gateway_core.model.value import value
from gateway_core.rules.routing import Resolve, Wanted, targets_of
from gateway_core.rules.routing.conditions import CHANGING, Condition, conditions_of, is_tag
from gateway_core.rules.routing.ordering import Measures, ordered
from gateway_core.rules.routing.situation import Situation


@value
class Chosen:
    """route: None where the asked model is kept; shadow: routes that only watch, and would have matched."""

    targets: tuple[Target, ...]
    route: str | None
    shadow: tuple[str, ...] = ()


@value
class _Candidate:
    """A route whose unchanging conditions hold. targets: those that are known here, with their weights."""

    route: Route
    left: tuple[Condition, ...]
    targets: tuple[Target, ...]
    weights: Mapping[Target, int]


class Chooser:
    """Routes over many calls."""

    def __init__(self, routes: Iterable[Route], resolve: Resolve) -> None:
        self._routes = [each for each in routes if each.enabled]
        self._targets = {each.name: targets_of(each, resolve) for each in self._routes}
        keys = {key for each in self._routes for key in each.when}
        self._tags = tuple(sorted(key for key in keys if is_tag(key)))
        self._found: dict[tuple[object, ...], tuple[_Candidate, ...]] = {}

    def choose(self, call: Situation, wanted: Wanted, measures: Callable[[], Measures]) -> Chosen:
        """Where a call goes. measures: as of that call; weights are the routes' own."""
        shadow: tuple[str, ...] = ()
        for one in self._candidates(call):
            if not (_holds(one, call) and one.targets):
                continue
            if one.route.shadow:
                shadow = (*shadow, one.route.name)
                continue
            return Chosen(_in_order(one, measures), one.route.name, shadow)
        return Chosen(wanted.targets, None, shadow)

    def _candidates(self, call: Situation) -> tuple[_Candidate, ...]:
        facts = call.facts
        tags = [facts.tags.get(key) for key in self._tags]
        form = call.format, call.stream, call.tools, call.images
        key = (facts.token, facts.provider, facts.model, call.asked, *form, *tags)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = tuple(self._first_ones(call))
        return found

    def _first_ones(self, call: Situation) -> Iterable[_Candidate]:
        """The routes up to the first that such calls never pass by."""
        for route in self._routes:
            conditions = conditions_of(route.when)
            left = tuple(each for each in conditions if each.key in CHANGING)
            if not all(each.holds(call) for each in conditions if each.key not in CHANGING):
                continue
            weights = self._targets[route.name]
            yield _Candidate(route, left, tuple(weights), weights)
            if weights and not left and not route.shadow:
                return


def _holds(one: _Candidate, call: Situation) -> bool:
    for condition in one.left:
        if not condition.holds(call):
            return False
    return True


def _in_order(one: _Candidate, measures: Callable[[], Measures]) -> tuple[Target, ...]:
    if len(one.targets) < 2 or one.route.pick is Pick.ORDER:
        return one.targets
    by = measures()
    if one.route.pick is Pick.WEIGHTED:
        by = replace(by, weights=one.weights)
    return ordered(one.targets, one.route.pick, by)[0]
