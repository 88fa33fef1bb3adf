"""Which budgets and throttles of a policy are over a call; worked out once for calls of the same kind."""

from __future__ import annotations

from gateway_core.model.policy import Budget, Policy, Throttle
from gateway_core.rules.matching import Facts, matches

MOST_KINDS = 1024
"""Kinds of calls that are remembered."""

Kind = tuple[object, ...]
Found = tuple[tuple[Budget, ...], tuple[Throttle, ...]]


class Over:
    """Belongs to one policy, which never changes."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._budgets = policy.all_budgets
        self._found: dict[Kind, Found] = {}

    def budgets(self, facts: Facts) -> tuple[Budget, ...]:
        """The budgets over the call, in the policy's order."""
        return self._of(facts)[0]

    def throttles(self, facts: Facts) -> tuple[Throttle, ...]:
        """The throttles over the call, in the policy's order."""
        return self._of(facts)[1]

    def _of(self, facts: Facts) -> Found:
        kind = (facts.token, facts.model, facts.provider, *facts.tags.items())
        found = self._found.get(kind)
        if found is None:
            if len(self._found) >= MOST_KINDS:
                self._found.clear()
            found = self._found[kind] = (
                tuple(each for each in self._budgets if matches(each.match, facts)),
                tuple(each for each in self._policy.throttles if matches(each.match, facts)),
            )
        return found
