"""Small facts in the ledger's file, over restarts: the mode, how far the weekly report has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from gateway_core.store.ledger import Ledger
from gateway_core.store.revisions import whatever

Check = Callable[[str | None], object]
"""Takes what is kept, None where nothing is, in the transaction of a write,
and raises where nothing is to be written."""


class FactStore:
    """Both belong in a worker thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def get(self, key: str) -> str | None:
        """What is kept under a key; None where nothing is."""
        with self._reads.connection() as connection:
            return _kept(connection, key)

    def put(self, key: str, value: str, check: Check = whatever) -> None:
        """Keeps it in place of what was there. Returns once it is committed; raises Refusal 503 when that
        takes above 2 s, and what `check` raises."""
        self._writer.call(lambda connection: _put(connection, key, value, check))


def _put(connection: sqlite3.Connection, key: str, value: str, check: Check) -> None:
    check(_kept(connection, key))
    sql = "INSERT INTO kv VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    connection.execute(sql, (key, value))


def _kept(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM kv WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None
