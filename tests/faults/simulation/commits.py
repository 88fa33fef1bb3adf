"""The ledger's writer without its thread: it takes, writes and commits when the seed says, or dies there."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from gateway_core.model.rows import FinalRow
from gateway_core.store.queued import Errand, Item
from gateway_core.store.writer import GATHER, Writer

T = TypeVar("T")
USUAL = (0.0, 0.0, 0.001, 0.001, 0.002)
"""Seconds from the taking of a batch to its commit."""
SLOW = 2.4
"""Above the patience of whoever waits."""


class Died(KeyboardInterrupt):
    """The process is killed. Nothing but this test may catch it, as nobody catches a kill."""


@dataclass
class Plan:
    """At which commit to die, counted from 1 over all of a life, and on which side of it; 0: never."""

    commit: int = 0
    before: bool = False


class Connection:
    """A connection that dies at the planned COMMIT, and tells of the others."""

    def __init__(self, real: sqlite3.Connection, plan: Plan, committed: Callable[[], None]) -> None:
        self._real = real
        self._plan = plan
        self._committed = committed
        self.commits = 0

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql != "COMMIT":
            return self._real.execute(sql, *values)
        self.commits += 1
        dies = self.commits == self._plan.commit
        if dies and self._plan.before:
            raise Died
        done = self._real.execute(sql)
        self._committed()
        if dies:
            raise Died
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class SteppedWriter(Writer):
    """Takes a batch at once or a moment later, and commits it a moment after that, all in the event loop."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        chance: random.Random,
        plan: Plan,
        committed: Callable[[], None],
    ) -> None:
        self.connection = Connection(connection, plan, committed)
        super().__init__(cast("sqlite3.Connection", self.connection))
        self._chance = chance
        self._timer: asyncio.TimerHandle | None = None
        self._taken: list[Item] = []
        self.dead = False

    def start(self) -> None:
        """There is no thread to start."""

    def put(self, item: Item) -> None:
        if self.dead:
            return
        super().put(item)
        self._wake(urgent=not isinstance(item, FinalRow))

    def _hurry(self) -> None:
        if not self.dead:
            super()._hurry()
            self._wake(urgent=True)

    def ask(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        return Future() if self.dead else super().ask(work)

    def call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Who calls waits in a thread of its own, and here until it is done."""
        errand = Errand(work)
        self._inbox.put(errand, urgent=True)
        self.drain()
        answer: T = errand.reply.result()
        return answer

    def drain(self) -> None:
        """Commits all that is queued now."""
        self._forget_timer()
        if self._taken:
            self._commit()
        while len(self._inbox):
            self._take()
            self._commit()

    def close(self) -> None:
        if not self.dead:
            self.drain()
            self.dead = True
        self._connection.close()

    def die(self) -> None:
        """Nothing is written from here on."""
        self.dead = True
        self._forget_timer()

    def _wake(self, *, urgent: bool) -> None:
        """A busy writer comes back by itself; one that sleeps is woken at once, or in its own time."""
        if self._taken or (self._timer is not None and not urgent):
            return
        self._forget_timer()
        loop = asyncio.get_running_loop()
        if not urgent:
            self._timer = loop.call_later(GATHER, self._begin)
        elif self._chance.random() < 0.5:
            self._begin()
        else:
            self._timer = loop.call_later(0, self._begin)

    def _begin(self) -> None:
        self._forget_timer()
        if not len(self._inbox):
            return
        self._take()
        delay = SLOW if self._chance.random() < 0.004 else self._chance.choice(USUAL)
        self._timer = asyncio.get_running_loop().call_later(delay, self._end)

    def _take(self) -> None:
        self._inbox.hurry()
        self._taken = self._inbox.take()

    def _end(self) -> None:
        self._timer = None
        self._commit()
        if self._timer is None:
            self._begin()

    def _commit(self) -> None:
        batch, self._taken = self._taken, []
        self._write(batch)

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class NoCheckpoints:
    """In place of the thread that folds the log into the file now and then."""

    def __init__(self, *_: object) -> None:
        return

    def start(self) -> None:
        return

    def close(self) -> None:
        return
