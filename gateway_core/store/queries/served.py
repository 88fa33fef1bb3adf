"""How providers, their models and routes served over hours, from the ledger."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from gateway_core.store.instants import micros

SAMPLE = 20_000
"""The latest calls of the range that are looked at: a long range costs no more than a busy hour."""
_OWN = (400, 404, 409, 413, 422)
"""Statuses that speak against the call, not against who answered."""


@dataclass(slots=True)
class Served:
    """One provider's model over a range."""

    calls: int = 0
    failed: int = 0
    first_bytes: list[float] = field(default_factory=list)
    """Milliseconds, sorted."""

    def first_byte_ms(self, share: float) -> float | None:
        """Milliseconds within which that share of the answers began; None where there is none."""
        times = self.first_bytes
        return times[min(int(len(times) * share), len(times) - 1)] if times else None


def served(connection: sqlite3.Connection, since: str) -> dict[tuple[str, str], Served]:
    """By provider and model: what went to providers of the latest calls since then. Walks the index over
    starts backwards."""
    rows = connection.execute(
        "SELECT series.provider, series.model, latest.outcome, latest.http_status, latest.first_byte_ms "
        "FROM (SELECT series_id, outcome, http_status, first_byte_ms, attempts FROM calls "
        "WHERE started_at >= ? AND outcome IN ('ok', 'failed') ORDER BY started_at DESC LIMIT ?) AS latest "
        "JOIN series ON series.id = latest.series_id WHERE latest.attempts > 0",
        (micros(since), SAMPLE),
    )
    found: dict[tuple[str, str], Served] = {}
    for provider, model, outcome, status, first in rows:
        one = found.setdefault((provider, model), Served())
        one.calls += 1
        if outcome == "failed":
            one.failed += status not in _OWN
        elif first is not None:
            one.first_bytes.append(float(first))
    for one in found.values():
        one.first_bytes.sort()
    return found


def by_route(connection: sqlite3.Connection, since: str) -> dict[str, int]:
    """How many calls since then each route has led, by its name."""
    rows = connection.execute(
        "SELECT route, count(*) FROM calls WHERE started_at >= ? AND route IS NOT NULL GROUP BY route",
        (micros(since),),
    )
    return dict(rows.fetchall())


def by_class(connection: sqlite3.Connection, since: str) -> dict[str, int]:
    """How many calls since then fell in each class of complexity; those of none as 'unscored'."""
    rows = connection.execute(
        "SELECT coalesce(json_extract(kinds.text, '$.complexity'), 'unscored'), sum(found.calls) FROM "
        "(SELECT decisions.kind_id AS kind_id, count(*) AS calls FROM calls "
        "JOIN decisions ON decisions.call_n = calls.n WHERE calls.started_at >= ? GROUP BY kind_id) AS found "
        "JOIN decision_kinds AS kinds ON kinds.id = found.kind_id GROUP BY 1",
        (micros(since),),
    )
    return {"simple": 0, "medium": 0, "hard": 0, "unscored": 0} | dict(rows.fetchall())
