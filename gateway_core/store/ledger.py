"""The ledger: a row is committed before its call is sent, and ended exactly once."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gateway_core.clock import Clock, instant_text
from gateway_core.model.money import Nano
from gateway_core.model.policy import Match
from gateway_core.model.rows import Correction, FinalRow, OpenRow, Outcome, Relabel
from gateway_core.store import Durability
from gateway_core.store.book import recover
from gateway_core.store.checkpoints import AT_THE_LATEST, Checkpointer
from gateway_core.store.corrections import correct
from gateway_core.store.files import check_pages, check_present, check_sqlite, connect, start_error
from gateway_core.store.labels import relabel
from gateway_core.store.patience import Patience
from gateway_core.store.queries.spend import spent
from gateway_core.store.queued import Opening
from gateway_core.store.reads import Reads
from gateway_core.store.revisions import Check, whatever
from gateway_core.store.schema import bring_up_to_date, create
from gateway_core.store.seals import seal_what_was_there
from gateway_core.store.writer import PATIENCE, Writer

log = logging.getLogger(__name__)

MOST_REFUSALS = 20_000
"""Rows of refused calls that are kept in memory while the file cannot be written."""


class Ledger:
    """One SQLite file and the thread that writes it. The service locks out a second process."""

    def __init__(self, path: Path, durability: Durability | str = Durability.PROCESS) -> None:
        self.path = path
        self.durability = Durability(durability)
        self.reads = Reads(path)
        self.shed = 0
        """Rows of refused calls that were dropped during an outage: no money, no call."""

    def start(self) -> int:
        """Makes or migrates the file, books the open rows of an ended process, starts the writer.

        Answers how many rows were recovered. Raises StartError: damaged, locked, newer, no ledger.
        """
        check_sqlite()
        try:
            if not check_present(self.path):
                create(self.path)
            self.path.chmod(0o600)
            connection = connect(self.path)
            try:
                recovered = self._prepare(connection)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise start_error(self.path, error) from error
        if recovered:
            log.warning("%d calls were running when the gateway ended; booked at their holds", recovered)
        self.writer = Writer(connection)
        self._patience = Patience(PATIENCE, self.writer.refusal)
        self._checkpointer = Checkpointer(self.path, lambda: self.writer.written)
        self.writer.start()
        self._checkpointer.start()
        return recovered

    @property
    def problem(self) -> str | None:
        """Why the ledger cannot be written just now; None while it can."""
        return self.writer.problem

    async def open_row(self, row: OpenRow, *, revises: bool = False) -> None:
        """Returns once the row is committed; opening an open row again revises its target and hold.

        revises: the call has an open row, and may have been sent. Raises Refusal 503 `ledger_unavailable`
        when that takes above 2 s: then the call must not be sent.
        """
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[None] = loop.create_future()
        self._patience.watch(reply)
        self.writer.open(Opening(row, reply, revises), loop)
        await reply

    def finish(self, row: FinalRow) -> None:
        """Queues the end of a call, opened or not; committed within 10 ms, kept while the file refuses.

        A call that has ended already keeps its first ending: the second is logged and ignored.
        """
        if row.outcome is Outcome.REFUSED and self.writer.problem and self.writer.backlog > MOST_REFUSALS:
            self.shed += 1
            return
        try:
            self.writer.end(row, asyncio.get_running_loop())
        except RuntimeError:
            self.writer.put(row)

    def correct(self, corrections: Sequence[Correction]) -> None:
        """Appends corrections, all or none, and returns once they are committed: in a worker thread.

        Raises Refusal 404 for a call that has not ended, 503 when the ledger cannot be written.
        """
        self.writer.call(lambda connection: correct(connection, corrections))

    def relabel(self, words: Sequence[Relabel], check: Check = whatever) -> None:
        """Says of ended calls which mode they had, all or none; as `correct`."""
        self.writer.call(lambda connection: relabel(connection, words, check))

    async def flush(self) -> None:
        """Returns once everything queued so far is committed, however long that takes."""
        await asyncio.wrap_future(self.writer.ask(lambda _: None))

    async def settled(self, call_id: str) -> bool:
        """Waits until everything queued so far is committed; whether that call's row is final then."""
        return await asyncio.wrap_future(self.writer.ask(lambda connection: _is_final(connection, call_id)))

    def spent(self, match: Match, since: str) -> asyncio.Future[tuple[Nano, int]]:
        """Nano-dollars and tokens booked to a match, for calls that started at `since` or later.

        Counts exactly what was queued before this call, committed or not, and nothing that is queued later.
        """
        return asyncio.wrap_future(self.writer.ask(lambda connection: spent(connection, match, since, None)))

    def past(
        self, match: Match, ranges: Sequence[tuple[datetime, datetime | None]]
    ) -> asyncio.Future[list[tuple[datetime, Nano, int]]]:
        """As `spent`, for several ranges of time that follow each other: the instant until which what was
        spent in each counts as the latest of it, nano-dollars and tokens."""
        return asyncio.wrap_future(self.writer.ask(lambda connection: _past(connection, match, ranges)))

    def close(self) -> None:
        """Commits what is queued and folds the write-ahead log into the file."""
        self.reads.close()
        self._checkpointer.close()
        self.writer.close()

    def _prepare(self, connection: sqlite3.Connection) -> int:
        check_pages(connection, self.path)
        bring_up_to_date(connection, self.path)
        connection.execute("PRAGMA journal_mode = WAL")
        level = "NORMAL" if self.durability is Durability.PROCESS else "FULL"
        connection.execute(f"PRAGMA synchronous = {level}")
        connection.execute(f"PRAGMA journal_size_limit = {64 * 2**20}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {AT_THE_LATEST}")
        seal_what_was_there(connection)
        return recover(connection)


def _past(
    connection: sqlite3.Connection, match: Match, ranges: Sequence[tuple[datetime, datetime | None]]
) -> list[tuple[datetime, Nano, int]]:
    found = []
    for since, until in ranges:
        end = None if until is None else instant_text(until)
        found.append((until or Clock().now(), *spent(connection, match, instant_text(since), end)))
    return found


def _is_final(connection: sqlite3.Connection, call_id: str) -> bool:
    row = connection.execute("SELECT outcome IS NOT NULL FROM calls WHERE id = ?", (call_id,)).fetchone()
    return bool(row and row[0])
