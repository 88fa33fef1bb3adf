"""What the ledger can prove about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from gateway_core.store.jsontext import encode
from gateway_core.store.rollups import DAY, HOUR, KEYS, MEASURES, OF_ROWS, SPANS


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: whether it holds, and a sentence about it."""

    name: str
    ok: bool
    detail: str


def ledger_checks(connection: sqlite3.Connection, live: Collection[str]) -> list[Check]:
    """All invariants of the ledger, over every row: seconds for millions. `live`: ids of running calls."""
    return [
        _pages(connection),
        *(_rollups(connection, span) for span in SPANS),
        _open_rows(connection, live),
        _amounts(connection),
        _endings(connection),
        _references(connection),
    ]


def _pages(connection: sqlite3.Connection) -> Check:
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return Check("pages", found == "ok", "every page of the file is sound" if found == "ok" else found)


def _rollups(connection: sqlite3.Connection, span: int) -> Check:
    """Both sides grouped and subtracted from each other: what is left stands on one side only."""
    keys, sums = ", ".join(KEYS), ", ".join(f"sum({OF_ROWS.get(name, name)})" for name in MEASURES)
    rows = (
        f"SELECT started_at / {span} * {span} AS start, {keys}, {sums} FROM calls "
        f"WHERE outcome IS NOT NULL GROUP BY 1, {keys}"
    )
    rolled = f"SELECT start, {keys}, {', '.join(MEASURES)} FROM rollups WHERE span = {span}"
    count = int(
        connection.execute(
            f"SELECT (SELECT count(*) FROM (SELECT * FROM ({rows}) EXCEPT {rolled})) + "
            f"(SELECT count(*) FROM ({rolled} EXCEPT SELECT * FROM ({rows})))"
        ).fetchone()[0]
    )
    name = {HOUR: "hours", DAY: "days"}.get(span, "quarters")
    return Check(
        f"rollups by {name}",
        count == 0,
        f"{count} sums differ from their rows" if count else "sums equal the rows that they add up",
    )


def _open_rows(connection: sqlite3.Connection, live: Collection[str]) -> Check:
    count = _count(
        connection, "outcome IS NULL AND id NOT IN (SELECT value FROM json_each(?))", encode(sorted(live))
    )
    return Check(
        "open rows",
        count == 0,
        f"{count} open rows belong to no running call; the next start books them at their holds"
        if count
        else "every open row belongs to a running call",
    )


def _amounts(connection: sqlite3.Connection) -> Check:
    columns = ("held_nano", "cost_nano", *(name for name in MEASURES if name.endswith("_tokens")))
    count = _count(connection, f"min({', '.join(columns)}) < 0")
    return Check(
        "amounts", count == 0, f"{count} rows hold a negative amount" if count else "none is negative"
    )


def _endings(connection: sqlite3.Connection) -> Check:
    count = _count(
        connection,
        "outcome IS NOT NULL AND (finished_at IS NULL OR finished_at < started_at "
        "OR certainty IS NULL OR cache IS NULL)",
    )
    detail = f"{count} ended calls lack their end" if count else "every ended call has its end"
    return Check("endings", count == 0, detail)


def _references(connection: sqlite3.Connection) -> Check:
    count = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    detail = f"{count} rows name what is not there" if count else "every row's series and tags are there"
    return Check("references", count == 0, detail)


def _count(connection: sqlite3.Connection, condition: str, *values: object) -> int:
    return int(connection.execute(f"SELECT count(*) FROM calls WHERE {condition}", values).fetchone()[0])
