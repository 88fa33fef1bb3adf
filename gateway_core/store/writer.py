"""The one thread that writes: it gathers what is queued and commits it together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from itertools import groupby
from typing import Any, TypeVar

from gateway_core.model.errors import Refusal
from gateway_core.model.rows import FinalRow
from gateway_core.store.book import Book, never_sent
from gateway_core.store.inbox import Inbox
from gateway_core.store.queued import Errand, Item, Opening, Release, disappoint, given_up, in_loop

log = logging.getLogger(__name__)
T = TypeVar("T")

GATHER = 0.010
"""Seconds that rows nobody waits for may wait for company."""
PATIENCE = 2.0
"""Seconds after which a caller is told that the ledger cannot be written."""
PAUSE = 0.05
"""Seconds between two tries while the file refuses to be written."""
LAST_TRIES = 5.0
"""Seconds that a closing gateway goes on trying."""

_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_INTERRUPT,
}
"""Primary result codes that are the file's fault, not the row's: worth another try."""


class Writer:
    """Owns the writing connection from `start` to `close`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._book = Book()
        self._inbox: Inbox[Item] = Inbox(GATHER)
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._give_up_at = float("inf")
        self._hurrying = self._gathering = False
        self.problem: str | None = None
        """Why the file cannot be written just now; None while it can."""
        self.written = 0
        """Items committed so far."""
        self.ignored = 0
        """Endings of calls that had ended already."""
        self.rejected = 0
        """Items that no database could take; the call stays open and is recovered at its hold."""

    def start(self) -> None:
        self._thread.start()

    @property
    def backlog(self) -> int:
        """Items that are queued and not yet taken up."""
        return len(self._inbox)

    def put(self, item: Item) -> None:
        """Queues an item; from any thread, without waiting."""
        self._inbox.put(item, urgent=not isinstance(item, FinalRow))

    def open(self, item: Opening, loop: asyncio.AbstractEventLoop) -> None:
        """Queues an opening, from its event loop. The thread is woken once for all that this round of the
        loop opens: each waking is a commit, and takes the interpreter away from the loop."""
        self._inbox.leave(item)
        if not self._hurrying:
            self._hurrying = True
            loop.call_soon(self._hurry)

    def end(self, row: FinalRow, loop: asyncio.AbstractEventLoop) -> None:
        """Queues an ending, from the event loop. Nobody waits for it: it goes with the next opening, and
        after GATHER at the latest the loop wakes the thread."""
        self._inbox.leave(row)
        if not self._gathering:
            self._gathering = True
            loop.call_later(GATHER, self._gathered)

    def _hurry(self) -> None:
        self._hurrying = False
        self._inbox.hurry()

    def _gathered(self) -> None:
        self._gathering = False
        if self.backlog:
            self._inbox.hurry()

    def ask(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queues work for a transaction; the future has its answer once that is committed."""
        errand = Errand(work)
        self.put(errand)
        return errand.reply

    def call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs work in a transaction and waits for its commit: on an event loop in a worker thread only.

        Raises what the work raises, and Refusal 503 when the ledger could not be written within 2 s.
        """
        errand = Errand(work)
        self.put(errand)
        while not wait([errand.reply], PATIENCE).done:
            if errand.give_up():
                raise self.refusal()
        answer: T = errand.reply.result()
        return answer

    def refusal(self) -> Refusal:
        """What a caller is told while the ledger cannot be written."""
        reason = self.problem or "it did not answer within 2 s"
        return Refusal(
            503,
            "ledger_unavailable",
            f"the ledger cannot be written ({reason}); nothing was sent. "
            "`llmconsole doctor` says what to do about it",
            retry_after=2,
        )

    def close(self) -> None:
        """Commits what is queued, ends the thread and closes the connection."""
        self._give_up_at = time.monotonic() + LAST_TRIES
        self._inbox.close()
        if self._thread.is_alive():
            self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while (batch := self._inbox.take()) or not self._inbox.closed:
            self._write(batch)

    def _write(self, batch: list[Item]) -> None:
        """Commits a batch, trying until the file takes it."""
        while batch := [item for item in batch if not given_up(item)]:
            try:
                replies = self._transaction(batch)
            except Exception as error:
                # A supervisor: whatever one item causes, the thread that writes all others lives on.
                self._roll_back(batch)
                if not _passing(error):
                    return self._divide(batch, error)
                if not self._try_again(error):
                    return self._lose(batch, error)
            else:
                self.written += len(batch)
                self._recovered()
                return self._answer(replies)

    def _transaction(self, batch: list[Item]) -> list[tuple[Opening | Errand, Any]]:
        """Writes the batch and commits it. Answers who is to be told what."""
        connection = self._connection
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        replies: list[tuple[Opening | Errand, Any]] = []
        ignored: list[FinalRow] = []
        for is_errand, some in groupby(batch, key=lambda item: isinstance(item, Errand)):
            if is_errand:
                # An errand sees the rows that were queued before it and none that came later.
                errands = [item for item in some if isinstance(item, Errand) and item.take_up()]
                replies += [(item, item.work(connection)) for item in errands]
                self._book.chain_moved()
            else:
                opened, twice = self._rows(list(some))
                replies += [(item, None) for item in opened]
                ignored += twice
        connection.execute("COMMIT")
        for row in ignored:
            self.ignored += 1
            log.warning("call %s had ended already; its second ending (%s) is ignored", row.id, row.outcome)
        return replies

    def _rows(self, some: list[Item]) -> tuple[list[Opening], list[FinalRow]]:
        """Writes openings, then endings; answers the openings and the endings that came too late."""
        openings = [item for item in some if isinstance(item, Opening)]
        endings = [item for item in some if isinstance(item, FinalRow)]
        releases = [item.row for item in some if isinstance(item, Release)]
        ignored: list[FinalRow] = []
        if openings:
            self._book.open(self._connection, [item.row for item in openings])
        if endings:
            ignored = self._book.finish(self._connection, endings)
        if releases:
            self._book.finish(self._connection, releases)
        return openings, ignored

    def _divide(self, batch: list[Item], error: Exception) -> None:
        """One of the batch is bad: each gets a transaction of its own, and the bad one its error."""
        if len(batch) > 1:
            for item in batch:
                self._write([item])
            return
        item = batch[0]
        disappoint(item, error)
        if isinstance(item, FinalRow | Release):
            self.rejected += 1
            row = item if isinstance(item, FinalRow) else item.row
            log.error("call %s cannot be written: %s; it counts at its hold", row.id, error)

    def _lose(self, batch: list[Item], error: Exception) -> None:
        """The gateway ends and the file still refuses: the open rows count at their holds when it starts."""
        log.error("%d ledger items could not be written at the end: %s", len(batch), error)
        for item in batch:
            disappoint(item, self.refusal())

    def _roll_back(self, batch: list[Item]) -> None:
        """What fails here fails again at the next transaction, which begins with it."""
        self._book.forget()
        for item in batch:
            if isinstance(item, Errand):
                item.put_back()
        if self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _try_again(self, error: Exception) -> bool:
        if self.problem is None:
            log.error("the ledger cannot be written: %s; trying on", error)
        self.problem = str(error)
        time.sleep(PAUSE)
        return time.monotonic() < self._give_up_at

    def _recovered(self) -> None:
        if self.problem is not None:
            self.problem = None
            log.warning("the ledger can be written again")

    def _answer(self, replies: list[tuple[Opening | Errand, Any]]) -> None:
        """Tells everybody who waits; those of one event loop in one step."""
        openings: dict[asyncio.AbstractEventLoop, list[Opening]] = {}
        for item, answer in replies:
            if isinstance(item, Opening):
                openings.setdefault(item.reply.get_loop(), []).append(item)
            elif item.reply.set_running_or_notify_cancel():
                item.reply.set_result(answer)
        for some in openings.values():
            in_loop(some[0].reply, self._opened, some)

    def _opened(self, openings: list[Opening]) -> None:
        """In the event loop: the rows are committed. Who gave up meanwhile has sent nothing."""
        for item in openings:
            if not item.reply.done():
                item.reply.set_result(None)
            elif not item.revises:
                self.put(Release(never_sent(item.row)))


def _passing(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING
