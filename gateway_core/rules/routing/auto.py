"""What `auto` means: the cheapest model that is good enough for the class of a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gateway_core.model.call import Target
from gateway_core.rules.complexity import Complexity
from gateway_core.rules.routing import Wanted
from gateway_core.rules.routing.ordering import PriceOf, by_price


def auto(
    of_class: Mapping[Complexity, Collection[Target]],
    known: Collection[Target],
    complexity: Complexity,
    score: str,
    price_of: PriceOf,
) -> Wanted | None:
    """The cheapest model for the class among those that can be called (`known`), then the others, then those
    of the classes above. What it saves is measured by the cheapest of the hard ones. score: in words.

    None where there is none.
    """
    ranked = {
        each: by_price([target for target in some if target in known], price_of)
        for each, some in of_class.items()
    }
    classes = list(Complexity)
    from_here = classes[classes.index(complexity) :]
    targets = tuple(dict.fromkeys(target for each in from_here for target in ranked[each]))
    if not targets:
        return None
    baseline = next(iter(ranked[Complexity.HARD]), None)
    return Wanted(targets, f"auto, {complexity} ({score})", baseline)
