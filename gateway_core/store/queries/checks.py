"""What the ledger can prove about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from gateway_core.store.instants import Micros
from gateway_core.store.jsontext import encode
from gateway_core.store.rollups import DAY, GRAINS, HOUR, MEASURES, OF_ROWS, QUARTER, Grain

_NAMES = {QUARTER: "quarters", HOUR: "hours", DAY: "days"}


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
        *(_rollups(connection, grain, span) for grain in GRAINS for span in grain.spans),
        _open_rows(connection, live),
        _amounts(connection),
        _endings(connection),
        _references(connection),
    ]


def _pages(connection: sqlite3.Connection) -> Check:
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return Check("pages", found == "ok", "every page of the file is sound" if found == "ok" else found)


def _rollups(connection: sqlite3.Connection, grain: Grain, span: Micros) -> Check:
    """Rows and sums in one list, the sums with a minus: every group of it must come to nought."""
    keys = ", ".join(grain.keys)
    rows = f"started_at / {span} * {span} AS start, {keys}, {', '.join(OF_ROWS.values())} FROM calls"
    sums = f"start, {keys}, {', '.join(f'-{name}' for name in MEASURES)} FROM {grain.table}"
    names = ", ".join(("start", *grain.keys, *MEASURES))
    count = connection.execute(
        f"WITH both({names}) AS (SELECT {rows} WHERE outcome IS NOT NULL "
        f"UNION ALL SELECT {sums} WHERE span = {span}) "
        f"SELECT count(*) FROM (SELECT 1 FROM both GROUP BY start, {keys} "
        f"HAVING {' OR '.join(f'sum({name}) <> 0' for name in MEASURES)})"
    ).fetchone()[0]
    return Check(
        f"{grain.table.replace('_', ' ')}, {_NAMES[span]}",
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
