"""Where rows begin: before it there are only sums."""

from __future__ import annotations

import sqlite3

from gateway_core.store.instants import Micros
from gateway_core.store.rollups import QUARTER


def rows_from(connection: sqlite3.Connection) -> Micros:
    """The midnight (UTC) since which every call has its row; 0 where no row was ever dropped."""
    row = connection.execute("SELECT rows_from FROM compactions ORDER BY n DESC LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def first_quarter(connection: sqlite3.Connection) -> Micros | None:
    """The quarter of an hour in which the first call of the ledger started, also where its row is gone; None
    where there was no call."""
    row = connection.execute("SELECT min(start) FROM rollups WHERE span = ?", (QUARTER,)).fetchone()
    return None if row[0] is None else int(row[0])


def as_kept(
    connection: sqlite3.Connection, since: Micros, until: Micros | None, span: Micros
) -> tuple[Micros, Micros | None]:
    """A range whose ends, as far as they lie before the rows, are moved back to where a sum begins."""
    first = rows_from(connection)
    since = since // span * span if since < first else since
    until = until // span * span if until is not None and until < first else until
    return since, until
