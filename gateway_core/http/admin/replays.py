"""The past gone through for a draft: page by page, in a worker thread that lets running calls go first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from gateway_core.clock import instant_text
from gateway_core.http.admin.engine import Engine
from gateway_core.model.past import PastCall
from gateway_core.model.policy import Budget, Policy
from gateway_core.rules.ranges import instant_of
from gateway_core.rules.windows import rolling_length

AT_ONCE = 80
"""Calls between two moments in which other threads may run: a few milliseconds of work at the most."""
Progress = Callable[[float], None]


class Taking(Protocol):
    """What goes over the past."""

    def count(self, calls: Iterable[PastCall]) -> None: ...
    def take(self, calls: Iterable[PastCall]) -> None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """The range of a trial. first: from when on calls are read, since some budgets look back further."""

    since: datetime
    until: datetime
    first: datetime

    @classmethod
    def of(cls, engine: Engine, since: str, until: str | None, budgets: Iterable[Budget]) -> Span:
        """The range in a person's words. Raises Refusal 400."""
        now = engine.clock.now()
        start = instant_of(since, now, engine.timezone)
        end = now if until is None else instant_of(until, now, engine.timezone)
        longest = max((rolling_length(each.window) or timedelta() for each in budgets), default=timedelta())
        return cls(start, end, start - longest)

    def share(self, at: datetime) -> float:
        """How much of it has been gone through."""
        whole = (self.until - self.first).total_seconds()
        return min(1.0, (at - self.first).total_seconds() / whole) if whole > 0 else 1.0


def budgets_asked(policies: Iterable[Policy], budgets: Iterable[Budget]) -> list[Budget]:
    """The budgets whose use some route asks for."""
    asked = [route.when["budget"] for policy in policies for route in policy.routes if "budget" in route.when]
    return [each for each in budgets if any(text.startswith(each.name) for text in asked)]


def before(engine: Engine, span: Span) -> Callable[[Budget, datetime], int]:
    """What a window had seen before the first call that is read."""

    def spent(budget: Budget, start: datetime) -> int:
        if start >= span.first:
            return 0
        nano, tokens = engine.queries.spent(budget.match, instant_text(start), instant_text(span.first))
        return nano if budget.limit_nano is not None else tokens

    return spent


def go_through(
    engine: Engine, span: Span, where: dict[str, str], trial: Taking, *, decided: bool = True
) -> Iterator[float]:
    """Goes over the past, and tells the share of it that is done now and then. decided: the trial asks what
    was decided on the calls."""
    first, until = instant_text(span.first), instant_text(span.until)
    pages = engine.queries.past(first, until, where, decided=decided)
    for page in pages:
        for start in range(0, len(page), AT_ONCE):
            _take(trial, page[start : start + AT_ONCE], span)
            time.sleep(0)
        yield span.share(page[-1].at)


def _take(trial: Taking, calls: Sequence[PastCall], span: Span) -> None:
    if calls[0].at >= span.since:
        trial.take(calls)
        return
    for call in calls:
        (trial.take if call.at >= span.since else trial.count)((call,))
