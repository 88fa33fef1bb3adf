"""Rows that have become old are dropped; every sum stays, and the chain of seals stays provable.

Seals go as wholes: a seal is marked once all of its rows are gone, and its digest goes on to carry the next
one. Rows that share a seal with younger ones wait for those. What was dropped is told by rows of
`compactions`, which are under seals themselves.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway_core.store.booked import ATTEMPTS, CALLS, CORRECTIONS
from gateway_core.store.forgone import drop_forgone
from gateway_core.store.instants import Micros, micros, now
from gateway_core.store.jsontext import encode
from gateway_core.store.ledger import Ledger
from gateway_core.store.rollups import DAY
from gateway_core.store.seals import next_link, write_seal

PAUSE = 0.05
"""Seconds between two transactions, so that the rows of running calls do not wait for many of them."""
AT_ONCE = 200
"""Calls of one transaction: a few milliseconds. A seal that holds more goes whole."""
_PAGE = 5000
"""Calls that are looked at in one go: more than a seal holds."""
_LISTED = "IN (SELECT value FROM json_each(?))"


@dataclass(slots=True)
class _Batch:
    """Seals that go in one transaction, and the numbers of their calls."""

    seals: list[int]
    calls: list[int]


def compact(ledger: Ledger, until: str) -> int:
    """Drops the rows of calls that started before the day (UTC) of an RFC 3339 instant; answers how many.

    Reads a little, writes a little, pauses: for as long as it takes, in a worker thread. Raises Refusal 503
    while the ledger cannot be written.
    """
    before, dropped = micros(until) // DAY * DAY, 0
    for batch in _batches(ledger, before):
        ledger.writer.call(lambda connection, batch=batch: _drop(connection, batch, before))  # type: ignore[misc]
        dropped += len(batch.calls)
        time.sleep(PAUSE)
    for table in ("attempts", "corrections", "relabels"):
        with ledger.reads.connection() as connection:
            seals = _seals_alone(connection, table, before)
        for start in range(0, len(seals), AT_ONCE):
            some = _Batch(seals[start : start + AT_ONCE], [])
            ledger.writer.call(lambda connection, some=some: _drop(connection, some, before))  # type: ignore[misc]
            time.sleep(PAUSE)
    return dropped


def _batches(ledger: Ledger, before: Micros) -> Iterator[_Batch]:
    """What can go now. Each batch has to be dropped before the next one is asked for."""
    after = 0
    while True:
        with ledger.reads.snapshot() as connection:
            page = connection.execute(
                "SELECT n, seal, started_at FROM calls WHERE n > ? AND outcome IS NOT NULL "
                "ORDER BY n LIMIT ?",
                (after, _PAGE),
            ).fetchall()
            whole = _whole(connection, page, before)
        yield from _parted(whole)
        if len(page) < _PAGE or min(row[2] for row in page) >= before:
            return
        if not whole:
            after = page[len(page) // 2][0]


def _whole(
    connection: sqlite3.Connection, page: Sequence[tuple[int, int, Micros]], before: Micros
) -> dict[int, list[int]]:
    """The seals of a page all of whose calls are in it and old enough, with the numbers of the calls."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, seal, started_at in page:
        if started_at < before:
            found[seal].append(number)
    counts = connection.execute(f"SELECT n, calls FROM seals WHERE n {_LISTED}", (encode(list(found)),))
    return {seal: found[seal] for seal, count in counts if len(found[seal]) == count}


def _parted(whole: dict[int, list[int]]) -> Iterator[_Batch]:
    batch = _Batch([], [])
    for seal, numbers in whole.items():
        batch.seals.append(seal)
        batch.calls += numbers
        if len(batch.calls) >= AT_ONCE:
            yield batch
            batch = _Batch([], [])
    if batch.seals:
        yield batch


def _seals_alone(connection: sqlite3.Connection, table: str, before: Micros) -> list[int]:
    """Seals over old tries, corrections or words on modes alone, whose calls are gone."""
    rows = connection.execute(
        f"SELECT seal FROM {table} JOIN seals ON seals.n = seal "
        f"WHERE seal IN (SELECT seal FROM {table} WHERE called_at < ?) AND seals.calls = 0 GROUP BY seal "
        "HAVING max(called_at) < ? AND sum(EXISTS (SELECT 1 FROM calls WHERE calls.n = call_n)) = 0",
        (before, before),
    )
    return [row[0] for row in rows]


def _drop(connection: sqlite3.Connection, batch: _Batch, before: Micros) -> None:
    """Drops what is under the seals and tells so."""
    seals, calls = encode(batch.seals), encode(batch.calls)
    cost = sum(
        connection.execute(f"SELECT coalesce(sum(cost_nano), 0) FROM ({facts})", (listed,)).fetchone()[0]
        for facts, listed in (
            (f"{CALLS} AND n {_LISTED}", calls),
            (f"{ATTEMPTS} WHERE seal {_LISTED}", seals),
            # A correction stays until its own seal goes, but counts no longer without its call.
            (f"{CORRECTIONS} WHERE word.call_n {_LISTED}", calls),
        )
    )
    for table in ("attempts", "corrections", "relabels"):
        connection.execute(f"DELETE FROM {table} WHERE seal {_LISTED}", (seals,))
    drop_forgone(connection, calls)
    for table in ("decisions", "prompts", "labels"):
        connection.execute(f"DELETE FROM {table} WHERE call_n {_LISTED}", (calls,))
    connection.execute(f"DELETE FROM calls WHERE n {_LISTED}", (calls,))
    connection.execute(f"UPDATE seals SET gone = 1 WHERE n {_LISTED}", (seals,))
    link = next_link(connection)
    connection.execute(
        "INSERT INTO compactions (at, rows_from, calls, cost_nano, seal) "
        "SELECT ?, max(?, coalesce(max(rows_from), 0)), ?, ?, ? FROM compactions",
        (now(), before, len(batch.calls), cost, link.number),
    )
    write_seal(connection, link, [], "compaction")
