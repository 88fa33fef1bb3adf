"""Ledger rows: one for each request, opened before the call is sent and ended exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway_core.model.decision import Decision
from gateway_core.model.forgone import Forgone
from gateway_core.model.money import Nano
from gateway_core.model.usage import ZERO, Usage
from gateway_core.model.value import value


class Status(StrEnum):
    """Whether a row still holds money."""

    OPEN = "open"
    SETTLED = "settled"


class Outcome(StrEnum):
    OK = "ok"
    CACHE_HIT = "cache_hit"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RECOVERED = "recovered"


class Certainty(StrEnum):
    """How the row's cost is known."""

    REPORTED = "reported"
    """The provider stated the cost in dollars itself."""
    COMPUTED = "computed"
    """From usage that the provider reported and our price."""
    ESTIMATED = "estimated"
    UNPRICED = "unpriced"


WEAKEST = (Certainty.REPORTED, Certainty.COMPUTED, Certainty.ESTIMATED, Certainty.UNPRICED)
"""The last one is the weakest: a whole is as certain as the weakest of its parts."""


class CacheUse(StrEnum):
    HIT = "hit"
    SEMANTIC = "semantic"
    """The answer to another question that means the same."""
    MISS = "miss"
    BYPASS = "bypass"


CACHE_HITS = (CacheUse.HIT, CacheUse.SEMANTIC)
"""Our own cache answered."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try of a call that the call outlived: it went on to the next target, or was refused one.

    The last try of a call is the call's own row; what earlier ones cost comes on top of it.
    """

    number: int
    """Counts the tries of a call from 1."""
    started_at: str
    finished_at: str
    provider: str
    model: str
    http_status: int | None
    """None where nothing answered."""
    error: str
    held_nano: Nano = 0
    usage: Usage = ZERO
    cost_nano: Nano = 0
    """More than nothing where the provider may bill it: it took the call and then fell silent."""
    certainty: Certainty = Certainty.COMPUTED
    price_id: str | None = None
    provider_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A later word on what an ended call counts as; the call's row stays as it was written.

    It states the new whole of the call's own row, not a difference.
    """

    call_id: str
    at: str
    who: str
    why: str
    cost_nano: Nano
    certainty: Certainty
    price_id: str | None = None


@value
class Relabel:
    """A later word on which mode an ended call had; None: the one that it was written with."""

    call_id: str
    at: str
    who: str
    mode: str | None


@value
class OpenRow:
    """A call that is about to be sent. Times are RFC 3339 UTC with microseconds and 'Z'."""

    id: str
    started_at: str
    format: str
    path: str
    asked_model: str
    model: str
    provider: str
    token: str
    stream: bool
    held_nano: Nano
    """What the call holds until it settles; a crash books this amount."""
    tags: Mapping[str, str]
    session: str | None = None
    route: str | None = None
    route_reason: str = ""
    price_id: str | None = None
    held_input_tokens: int = 0
    held_output_tokens: int = 0
    """The same in tokens."""
    earlier: tuple[Attempt, ...] = ()
    """Tries that have ended before this one; those that are on record already are passed over."""


@value
class FinalRow:
    """A call that has ended, in the columns of the export. Durations are milliseconds.

    Usage and cost are those of its last attempt.
    """

    id: str
    started_at: str
    finished_at: str
    outcome: Outcome
    format: str
    path: str
    asked_model: str
    model: str
    provider: str
    token: str
    stream: bool
    usage: Usage = ZERO
    cost_nano: Nano = 0
    certainty: Certainty = Certainty.COMPUTED
    saved_nano: Nano = 0
    """What the same call would have cost more: at the asked model, or without our own cache."""
    cache: CacheUse = CacheUse.BYPASS
    route: str | None = None
    route_reason: str = ""
    attempts: int = 0
    first_byte_ms: float | None = None
    duration_ms: float = 0.0
    overhead_ms: float = 0.0
    """Time spent in the gateway itself, waiting for the provider and the client left out."""
    session: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    price_id: str | None = None
    provider_request_id: str | None = None
    error: str | None = None
    http_status: int = 200
    provider_cache_saved_nano: Nano = 0
    """What the provider's own prompt cache saved against its uncached input price."""
    excess_nano: Nano = 0
    """What the provider billed beyond the cap that it was given under a hard budget."""
    earlier: tuple[Attempt, ...] = ()
    decision: Decision | None = None
    """Kept beside the row, not in it; None where nothing was decided."""
    forgone: tuple[Forgone, ...] = ()
    """As that: what might have acted on the call, the one that would have first."""

    @property
    def whole_nano(self) -> Nano:
        """The cost of the call with all of its tries."""
        return self.cost_nano + sum(attempt.cost_nano for attempt in self.earlier)

    @property
    def whole_certainty(self) -> Certainty:
        """How the whole is known."""
        return max((self.certainty, *(attempt.certainty for attempt in self.earlier)), key=WEAKEST.index)
