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


def pair_of(opinion: Opinion, resolve: Resolve) -> Pair | None:
    """The two models; None where one is not known here, or both are the same."""
    cheap, strong = resolve(opinion.cheap), resolve(opinion.strong)
    return Pair(cheap, strong) if cheap and strong and cheap != strong else None


def is_due(opinion: Opinion, target: Target, resolve: Resolve) -> bool:
    """Whether a call that this target answers is one of those that are asked again."""
    pair = pair_of(opinion, resolve)
    if pair is None:
        return False
    due = {Whose.BOTH: (pair.cheap, pair.strong), Whose.CHEAP: (pair.cheap,), Whose.STRONG: (pair.strong,)}
    return target in due[opinion.whose]
