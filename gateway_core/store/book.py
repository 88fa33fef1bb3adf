"""What is written into the ledger inside a transaction: openings, tries, endings, recovery."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from gateway_core.model.rows import CacheUse, Certainty, FinalRow, OpenRow, Outcome
from gateway_core.store.booked import ATTEMPTS, CALLS
from gateway_core.store.decisions import Decisions
from gateway_core.store.encoding import (
    WRITE_ATTEMPT,
    WRITE_FINAL,
    WRITE_OPEN,
    Values,
    attempt_values,
    final_values,
    open_values,
)
from gateway_core.store.forgone import write_forgone
from gateway_core.store.instants import micros, now, now_text
from gateway_core.store.interning import Interner
from gateway_core.store.jsontext import encode
from gateway_core.store.rollups import Tally, add_facts
from gateway_core.store.seals import Line, Link, next_link, seal_calls, write_seal

LOST = "the gateway ended before the call did"


class Book:
    """The ledger's own statements. The caller begins, commits and, after a rollback, calls `forget`."""

    def __init__(self) -> None:
        self._interner = Interner()
        self._decisions = Decisions()
        self._link: Link | None = None

    def forget(self) -> None:
        """After a rollback: what was made in that transaction is not there."""
        self._interner.forget()
        self._decisions.forget()
        self._link = None

    def chain_moved(self) -> None:
        """Somebody else may have written a seal."""
        self._link = None

    def open(self, connection: sqlite3.Connection, rows: Sequence[OpenRow]) -> None:
        """Writes open rows. Raises ValueError where a row of that id is final already."""
        before = connection.total_changes
        connection.executemany(WRITE_OPEN, [self._opening(connection, row) for row in rows])
        if connection.total_changes - before < len(rows):
            final = _final_ids(connection, [row.id for row in rows])
            if final:
                raise ValueError(f"call {min(final)} has ended; its id cannot be opened again")
        again = [row for row in rows if row.earlier]
        if again:
            link = self._link or next_link(connection)
            if self._tried(connection, again, link.number):
                self._link = write_seal(connection, link, [], "attempt")

    def finish(self, connection: sqlite3.Connection, rows: Sequence[FinalRow]) -> list[FinalRow]:
        """Ends calls and adds them to the rollups; answers those that had ended already and are ignored."""
        connection.execute("SAVEPOINT finish")
        if self._end(connection, rows) == len(rows):
            connection.execute("RELEASE finish")
            return []
        connection.execute("ROLLBACK TO finish")
        connection.execute("RELEASE finish")
        self.forget()
        fresh, ignored = _parted(connection, rows)
        if fresh:
            self._end(connection, fresh)
        return ignored

    def _end(self, connection: sqlite3.Connection, rows: Sequence[FinalRow]) -> int:
        """Writes final rows, their sums and their seal; answers how many of them were not final before."""
        link, tally = self._link or next_link(connection), Tally()
        sealed = [self._ending(connection, row, tally) for row in rows]
        before = connection.total_changes
        connection.executemany(WRITE_FINAL, [(*values, link.number) for _, values, _ in sealed])
        changed = connection.total_changes - before
        self._decisions.write(connection, rows)
        write_forgone(connection, rows)
        tally.write(connection)
        again = [row for row in rows if row.earlier]
        tried = again and self._tried(connection, again, link.number)
        self._link = write_seal(connection, link, sealed, *(("attempt",) if tried else ()))
        return changed

    def _tried(self, connection: sqlite3.Connection, rows: Sequence[OpenRow | FinalRow], seal: int) -> bool:
        """Writes earlier tries that are not on record yet, and their sums; whether there were any."""
        written = False
        for row in rows:
            call_n, called_at = connection.execute(
                "SELECT n, started_at FROM calls WHERE id = ?", (row.id,)
            ).fetchone()
            there = connection.execute("SELECT number FROM attempts WHERE call_n = ?", (call_n,))
            known = {number for (number,) in there}
            for attempt in row.earlier:
                if attempt.number not in known:
                    found = self._interner.series(
                        connection, row.token, attempt.provider, attempt.model, row.tags
                    )
                    values = attempt_values(attempt, called_at, found.number)
                    connection.execute(WRITE_ATTEMPT, (call_n, *values, seal))
                    written = True
        if written:
            add_facts(connection, f"{ATTEMPTS} WHERE seal = ?", seal)
        return written

    def _opening(self, connection: sqlite3.Connection, row: OpenRow) -> Values:
        series = self._interner.series(connection, row.token, row.provider, row.model, row.tags)
        return open_values(row, series.number)

    def _ending(self, connection: sqlite3.Connection, row: FinalRow, tally: Tally) -> Line:
        series = self._interner.series(connection, row.token, row.provider, row.model, row.tags)
        started_at = micros(row.started_at)
        tally.add(row, started_at, series.number)
        return "call", final_values(row, started_at, series.number), series.words


def never_sent(row: OpenRow) -> FinalRow:
    """The ending of a call whose opener gave up before its row was committed: it cost nothing."""
    return FinalRow(
        id=row.id,
        started_at=row.started_at,
        finished_at=max(row.started_at, now_text()),
        outcome=Outcome.REFUSED,
        format=row.format,
        path=row.path,
        asked_model=row.asked_model,
        model=row.model,
        provider=row.provider,
        token=row.token,
        stream=row.stream,
        route=row.route,
        route_reason=row.route_reason,
        session=row.session,
        tags=row.tags,
        price_id=row.price_id,
        attempts=len(row.earlier),
        error="ledger_unavailable",
        http_status=503,
        earlier=row.earlier,
    )


def recover(connection: sqlite3.Connection) -> int:
    """Books every open row at its hold, in one transaction: no call of an ended process is running."""
    lost = [int(row[0]) for row in connection.execute("SELECT n FROM calls WHERE outcome IS NULL")]
    if not lost:
        return 0
    at = now()
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        connection.execute(
            "UPDATE calls SET outcome = ?, certainty = ?, cache = ?, cost_nano = held_nano, "
            "attempts = 1 + (SELECT count(*) FROM attempts WHERE call_n = n), "
            "finished_at = max(started_at, ?), duration_ms = max(0, ? - started_at) / 1000.0, error = ? "
            "WHERE outcome IS NULL",
            (Outcome.RECOVERED, Certainty.ESTIMATED, CacheUse.BYPASS, at, at, LOST),
        )
        add_facts(connection, f"{CALLS} AND n IN (SELECT value FROM json_each(?))", encode(lost))
        seal_calls(connection, "n IN (SELECT value FROM json_each(?))", encode(lost))
    return len(lost)


def _parted(
    connection: sqlite3.Connection, rows: Sequence[FinalRow]
) -> tuple[list[FinalRow], list[FinalRow]]:
    """The first row of each call that is not final yet, and all the others."""
    final = _final_ids(connection, [row.id for row in rows])
    fresh: list[FinalRow] = []
    ignored: list[FinalRow] = []
    for row in rows:
        (ignored if row.id in final else fresh).append(row)
        final.add(row.id)
    return fresh, ignored


def _final_ids(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids whose row is final."""
    rows = connection.execute(
        "SELECT id FROM calls WHERE id IN (SELECT value FROM json_each(?)) AND outcome IS NOT NULL",
        (encode(ids),),
    )
    return {row[0] for row in rows}
