"""When the feed asks what: at once where somebody waits, soon where something has happened, else seldom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio

BREATH = 0.02
"""Seconds between two looks at what is due."""
TURN = 0.15
"""Seconds between two questions that come round: running calls wait for one answer, and hardly notice it."""
_NEVER = -1e9


@dataclass(slots=True)
class Query:
    """A question asked again after `idle` seconds, or after `busy` ones when something has happened.

    idle: `inf` for one that is asked only then.
    """

    name: str
    ask: Callable[[], Awaitable[Any]]
    busy: float
    idle: float
    due: bool = True
    asked: float = _NEVER
    asking: bool = False

    @property
    def pressing(self) -> bool:
        """It was never asked, or somebody waits for the answer."""
        return self.asked == _NEVER

    @property
    def next(self) -> float:
        """When it may be asked, in seconds of `anyio.current_time`."""
        return self.asked + (self.busy if self.due else self.idle)

    def wants(self, now: float) -> bool:
        return not self.asking and now >= self.next


class Timetable:
    """Some queries, each by a name of its own. Whoever asks what is `due` says when it was `answered`."""

    def __init__(self, *queries: Query) -> None:
        self._queries = queries
        self._turn = _NEVER
        """When the next question that comes round may be asked."""
        self._wake = anyio.Event()

    def want(self, *names: str) -> None:
        """Somebody waits for these; for all of them where none is named."""
        for query in self._queries:
            if not names or query.name in names:
                query.due, query.asked = True, _NEVER
        self._wake.set()

    def touch(self, *names: str) -> None:
        """Something has happened that these tell of."""
        for query in self._queries:
            if query.name in names and not query.due:
                query.due = True
                self._wake.set()

    async def due(self) -> list[Query]:
        """Waits until something is to be asked: what presses, and the one whose turn it is."""
        while not (found := self._due(anyio.current_time())):
            with anyio.move_on_after(self._rest(anyio.current_time())):
                await self._wake.wait()
            self._wake = anyio.Event()
        return found

    def answered(self, query: Query) -> None:
        """It may be asked again, also where no answer came."""
        query.asking = False
        self._wake.set()

    def _due(self, now: float) -> list[Query]:
        wanted = [query for query in self._queries if query.wants(now)]
        found = [query for query in wanted if query.pressing]
        coming_round = [query for query in wanted if not query.pressing]
        if coming_round and now >= self._turn:
            self._turn = now + TURN
            found.append(min(coming_round, key=lambda query: query.next))
        for query in found:
            query.asking, query.asked, query.due = True, now, False
        return found

    def _rest(self, now: float) -> float:
        """The seconds until something is due, unless it is wanted sooner."""
        starts = (
            query.next if query.pressing else max(query.next, self._turn)
            for query in self._queries
            if not query.asking
        )
        return max(BREATH, min((start - now for start in starts), default=1.0))
