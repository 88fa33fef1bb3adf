"""A call that has ended, as rules can be tried on it: what it looked like, where it went, what it used."""

from __future__ import annotations

from datetime import datetime

from gateway_core.model.call import Target
from gateway_core.model.decision import Decision
from gateway_core.model.money import Nano
from gateway_core.model.rows import Outcome
from gateway_core.model.tags import Tags
from gateway_core.model.usage import Usage
from gateway_core.model.value import value


@value
class PastCall:
    """One ended call. Instants are in UTC, money is nano-dollars."""

    id: str
    at: datetime
    """When it started, where its cost counts."""
    ended: datetime
    token: str
    tags: Tags
    """As they are called now."""
    asked: str
    format: str
    stream: bool
    served: Target
    """Where its last try went."""
    outcome: Outcome
    cached: bool
    """Our own cache answered."""
    usage: Usage
    """Of the last try."""
    cost: Nano
    """Of all its tries, as last corrected."""
    priced: bool
    """Its cost is known."""
    held: Nano
    """What its last try held; 0 where it was never sent."""
    session: str | None
    decision: Decision | None
    """None for a call whose path passes through, and for rows of earlier versions."""

    @property
    def reached(self) -> bool:
        """A provider was paid for it, or could have been."""
        return self.outcome is not Outcome.REFUSED and not self.cached
