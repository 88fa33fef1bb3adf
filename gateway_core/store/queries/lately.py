"""When each token was used last, and when each provider last answered well, of the ledger's latest calls."""

from __future__ import annotations

import sqlite3

from gateway_core.store.instants import text

SAMPLE = 20_000
"""The latest calls that are looked at: what this costs does not grow with the ledger."""
_LATEST = (
    "(SELECT series_id, started_at, outcome, first_byte_ms, attempts FROM calls "
    "ORDER BY started_at DESC LIMIT ?)"
)


def used(connection: sqlite3.Connection) -> dict[str, str]:
    """By token: when its latest call started (RFC 3339)."""
    rows = connection.execute(
        f"SELECT series.token, max(latest.started_at) FROM {_LATEST} AS latest "
        "JOIN series ON series.id = latest.series_id GROUP BY series.token",
        (SAMPLE,),
    )
    return {token: text(at) for token, at in rows}


def answered(connection: sqlite3.Connection) -> dict[str, tuple[str, float | None]]:
    """By provider: when the latest call started that it answered well, and the milliseconds to the answer's
    first byte."""
    # Of an aggregate max(), SQLite takes the bare columns from the row that has it.
    rows = connection.execute(
        f"SELECT series.provider, max(latest.started_at), latest.first_byte_ms FROM {_LATEST} AS latest "
        "JOIN series ON series.id = latest.series_id "
        "WHERE latest.outcome = 'ok' AND latest.attempts > 0 GROUP BY series.provider",
        (SAMPLE,),
    )
    return {provider: (text(at), first) for provider, at, first in rows}
