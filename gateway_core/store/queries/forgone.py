"""What would have been saved: by routes in shadow, by a cache in shadow, by a cache that was off.

Nothing here is money that was spent or saved. Each figure counts something as if it alone had been on;
`together` counts each call once, for what would have acted first: a cache, else the first route. So they do
not add up to `together`, but each adds up over the groups.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from gateway_core.model.forgone import Kind
from gateway_core.model.money import Nano, usd_string
from gateway_core.store.forgone import FACTS, KEYS, MEASURES, SPANS
from gateway_core.store.instants import Micros, end_micros, micros
from gateway_core.store.queries.cover import ROWS, Piece, cover
from gateway_core.store.queries.dimensions import Dimension, dimension
from gateway_core.store.queries.facts import Line, held, united
from gateway_core.store.queries.kept import as_kept
from gateway_core.store.queries.report import in_groups
from gateway_core.store.queries.where import Where, where

MODE = "mode"
_CONDITIONS = {
    "routed": f"kind = '{Kind.ROUTE}' AND place = 0",
    "alike": f"kind = '{Kind.ALIKE}'",
    "agreed": f"kind = '{Kind.ALIKE}' AND agreed",
    "wrong": f"kind = '{Kind.ALIKE}' AND NOT agreed",
    "same": f"kind = '{Kind.SAME}'",
    "together": "acts",
}


def _sum(what: str, condition: str) -> str:
    return f"sum(iif({_CONDITIONS[condition]}, {what}, 0))"


_MEASURES = {
    "routed": _sum("calls", "routed"),
    "routed_nano": _sum("saved_nano", "routed"),
    "routed_unpriced": _sum("unpriced", "routed"),
    "alike": _sum("calls", "alike"),
    "agreed": _sum("calls", "agreed"),
    "alike_nano": _sum("saved_nano", "agreed"),
    "wrong_nano": _sum("saved_nano", "wrong"),
    "alike_unpriced": _sum("unpriced", "alike"),
    "same": _sum("calls", "same"),
    "same_nano": _sum("saved_nano", "same"),
    "same_unpriced": _sum("unpriced", "same"),
    "together": _sum("calls", "together"),
    "together_nano": _sum("saved_nano", "together"),
    "together_unpriced": _sum("unpriced", "together"),
}
_SUMS = ", ".join(f"coalesce({sql}, 0) AS {name}" for name, sql in _MEASURES.items())
_PARTS = ", ".join(f"coalesce(sum({name}), 0)" for name in _MEASURES)


@dataclass(frozen=True, slots=True)
class Forgone:
    """What calls add up to, in the order of the measures. Nano-dollars may be below nothing."""

    routed: int = 0
    """Calls that the first route in shadow would have sent elsewhere, or to the same target."""
    routed_nano: Nano = 0
    routed_unpriced: int = 0
    """Those of them that cannot be priced: no part of the nano-dollars."""
    alike: int = 0
    """Calls that the semantic cache would have answered."""
    agreed: int = 0
    """Those of them that it would have answered with what they were answered."""
    alike_nano: Nano = 0
    """Of those that agreed."""
    wrong_nano: Nano = 0
    """What the others cost: no saving, since their answer would have been a different one."""
    alike_unpriced: int = 0
    same: int = 0
    """Calls that repeat an answered one, while the exact cache was off for them."""
    same_nano: Nano = 0
    same_unpriced: int = 0
    together: int = 0
    together_nano: Nano = 0
    together_unpriced: int = 0

    def __add__(self, other: Forgone) -> Forgone:
        return Forgone(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


NOTHING = Forgone()


def forgone(
    connection: sqlite3.Connection,
    since: str,
    until: str | None,
    by: Sequence[str],
    wanted: Mapping[str, str],
    timezone: str,
) -> dict[str, Any]:
    """`rows` by the report's own grouping, `modes` by mode and their `total`; `routes`: each as if it alone
    had been on. Read from sums by hour and day, from rows at the edges only.

    Raises Refusal 400 for an unknown grouping or two of time, ConfigError for an unknown time zone.
    """
    first, last = micros(since), end_micros(until)
    chosen = where(wanted)

    def measured(since: Micros, until: Micros | None, by: Sequence[Dimension]) -> list[Line[Forgone]]:
        return _measure(connection, since, until, chosen, by)

    modes = measured(first, last, [dimension(MODE)])
    rows = in_groups(connection, first, last, by, timezone, measured, NOTHING)
    total = sum((line.sums for line in modes), NOTHING)
    return {
        "rows": [{"keys": dict(zip(by, line.keys, strict=True)), **_told(line.sums)} for line in rows],
        "modes": [{"keys": {MODE: line.keys[0]}, **_told(line.sums)} for line in modes],
        "routes": _routes(connection, first, last, chosen),
        "total": _told(total),
    }


def _told(sums: Forgone) -> dict[str, Any]:
    """The measures, those of money in dollars."""
    return {
        (f"{name.removesuffix('_nano')}_usd" if name.endswith("_nano") else name): (
            usd_string(number) if name.endswith("_nano") else number
        )
        for name, number in zip(_MEASURES, astuple(sums), strict=True)
    }


def _measure(
    connection: sqlite3.Connection, since: Micros, until: Micros | None, where: Where, by: Sequence[Dimension]
) -> list[Line[Forgone]]:
    """The sums by group; without dimensions one line, also of nothing."""
    facts, values = _facts(connection, since, until, where)
    names = "".join(f"{each.sql}, " for each in by)
    keys = ", ".join(str(number) for number in range(1, len(by) + 1))
    # Summed by series first: tags are looked up once for each, not once for each call.
    sql = (
        f"{where.prelude}SELECT {names}{_PARTS} FROM (SELECT series_id, outcome, cache, {_SUMS} "
        f"FROM ({facts}) GROUP BY series_id, outcome, cache) AS fact "
        "JOIN series ON series.id = fact.series_id"
    )
    sql += f" GROUP BY {keys} ORDER BY {keys}" if by else ""
    grouping = [value for each in by for value in each.values]
    rows = connection.execute(sql, [*where.series_values, *grouping, *values])
    lines = [Line(tuple(map(str, row[: len(by)])), Forgone(*row[len(by) :])) for row in rows]
    return [line for line in lines if line.sums != NOTHING or not by]


def _routes(
    connection: sqlite3.Connection, since: Micros, until: Micros | None, where: Where
) -> list[dict[str, Any]]:
    """Each route in shadow, with each target that it would have chosen; the dearest first."""
    facts, values = _facts(connection, since, until, where)
    rows = connection.execute(
        f"{where.prelude}SELECT name, target, sum(calls) AS calls, sum(saved_nano) AS saved, sum(unpriced) "
        f"FROM ({facts}) WHERE kind = '{Kind.ROUTE}' GROUP BY name, target HAVING sum(calls) > 0 "
        "ORDER BY saved DESC, name, target",
        [*where.series_values, *values],
    )
    return [
        {
            "route": name,
            "target": target,
            "calls": calls,
            "saved_usd": usd_string(saved),
            "unpriced": unpriced,
        }
        for name, target, calls, saved, unpriced in rows
    ]


def _facts(
    connection: sqlite3.Connection, since: Micros, until: Micros | None, where: Where
) -> tuple[str, list[object]]:
    """What a range holds, as sums inside and rows at its edges; and what is bound in that. Where there are no
    rows any more its ends are those of hours, so that spans that follow each other leave nothing out."""
    since, until = as_kept(connection, since, until, SPANS[0])
    return united(_piece(each, where) for each in cover(since, until, SPANS))


def _piece(piece: Piece, where: Where) -> tuple[str, list[object]]:
    at, source = ("called_at", f"({FACTS})") if piece.width == ROWS else ("start", "forgone_sums")
    return held(piece, where, at, [source], ", ".join((*KEYS, *MEASURES)))
