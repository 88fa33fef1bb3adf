"""Which of the two models of a second opinion has answered a call, and which one is asked again."""

from __future__ import annotations

from collections.abc import Callable

from gateway_core.model.call import Target
from gateway_core.model.policy import Opinion, Whose
from gateway_core.model.value import value

Resolve = Callable[[str], Target | None]
"""A model's name to its target; None where it is not known here."""


@value
class Pair:
    """The two models as targets."""

    cheap: Target
    strong: Target

    def other(self, target: Target) -> Target:
        """The one that has not answered."""
        return self.strong if target == self.cheap else self.cheap


def pair_due(opinion: Opinion, target: Target, resolve: Resolve) -> Pair | None:
    """The two models, where a call that this target answers is one of those that are asked again; None also
    where one of them is not known here, or both are the same."""
    cheap, strong = resolve(opinion.cheap), resolve(opinion.strong)
    if cheap is None or strong is None or cheap == strong:
        return None
    due = {Whose.BOTH: (cheap, strong), Whose.CHEAP: (cheap,), Whose.STRONG: (strong,)}
    return Pair(cheap, strong) if target in due[opinion.whose] else None
