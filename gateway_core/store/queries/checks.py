"""What the ledger can prove about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from gateway_core.store.booked import BOOKED, MEASURES, TOKENS
from gateway_core.store.instants import Micros, text
from gateway_core.store.jsontext import encode
from gateway_core.store.labels import misplaced
from gateway_core.store.queries.chain import broken_seals, summed_up
from gateway_core.store.queries.kept import rows_from
from gateway_core.store.rollups import DAY, GRAINS, HOUR, MINUTE, QUARTER, Grain

OPEN_ROWS = "open rows"
"""The check that needs to know which calls run."""
_NAMES = {MINUTE: "minutes", QUARTER: "quarters", HOUR: "hours", DAY: "days"}


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: whether it holds, and a sentence about it."""

    name: str
    ok: bool
    detail: str


def ledger_checks(connection: sqlite3.Connection, live: Collection[str]) -> list[Check]:
    """All invariants of the ledger, over every row: seconds for millions. `live`: ids of running calls."""
    since = rows_from(connection)
    return [
        _pages(connection),
        *(_rollups(connection, grain, span, since) for grain in GRAINS for span in grain.spans),
        _open_rows(connection, live),
        _amounts(connection),
        _endings(connection),
        _attempts(connection, since),
        _corrections(connection, since),
        _labels(connection),
        _compactions(connection, since),
        _numbers(connection),
        _chain(connection),
        _references(connection),
        _names(connection),
    ]


def _pages(connection: sqlite3.Connection) -> Check:
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return Check("pages", found == "ok", "every page of the file is sound" if found == "ok" else found)


def _rollups(connection: sqlite3.Connection, grain: Grain, span: Micros, since: Micros) -> Check:
    """Rows and sums in one list, the sums with a minus: every group of it must come to nought, as far back
    as there are rows."""
    keys = ", ".join(grain.keys)
    rows = " UNION ALL ".join(
        f"SELECT started_at / {span} * {span} AS start, {keys}, {', '.join(MEASURES)} "
        f"FROM ({facts}) WHERE started_at >= {since}"
        for facts in BOOKED
    )
    sums = f"start, {keys}, {', '.join(f'-{name}' for name in MEASURES)} FROM {grain.table}"
    names = ", ".join(("start", *grain.keys, *MEASURES))
    count = connection.execute(
        f"WITH both({names}) AS ({rows} UNION ALL SELECT {sums} WHERE span = {span} AND start >= {since}) "
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
        OPEN_ROWS,
        count == 0,
        f"{count} open rows belong to no running call; the next start books them at their holds"
        if count
        else "every open row belongs to a running call",
    )


def _amounts(connection: sqlite3.Connection) -> Check:
    """Savings by routing may be less than nothing; all that is counted or held may not."""
    tokens = ", ".join(TOKENS)
    count = sum(
        _count(connection, f"min({columns}) < 0", table=table)
        for table, columns in (
            ("calls", f"held_nano, cost_nano, excess_nano, provider_cache_saved_nano, attempts, {tokens}"),
            ("attempts", f"held_nano, cost_nano, {tokens}"),
            ("corrections", "cost_nano, before_cost_nano"),
            ("rollups", f"calls, cost_nano, {tokens}"),
        )
    )
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


def _attempts(connection: sqlite3.Connection, since: Micros) -> Check:
    """Each stands before its call's last try, and counts where its call counts."""
    count = connection.execute(
        f"SELECT count(*) FROM attempts LEFT JOIN calls ON calls.n = call_n WHERE calls.n IS NULL "
        f"AND called_at >= {since} OR called_at <> calls.started_at OR number < 1 "
        "OR attempts.finished_at < attempts.started_at"
    ).fetchone()[0]
    detail = f"{count} tries belong to no call" if count else "every earlier try belongs to its call"
    return Check("attempts", count == 0, detail)


def _corrections(connection: sqlite3.Connection, since: Micros) -> Check:
    """Each says what the one before it, or the call's own row, left."""
    own = "iif(calls.outcome IS NULL, NULL, calls.{0})"
    before = "lag(word.{0}, 1, " + own + ") OVER (PARTITION BY call_n ORDER BY word.n)"
    count = connection.execute(
        "SELECT count(*) FROM (SELECT word.called_at = calls.started_at "
        f"AND word.before_cost_nano = {before.format('cost_nano')} "
        f"AND word.before_certainty = {before.format('certainty')} AS right, "
        "calls.n IS NULL AS gone, word.called_at AS called_at "
        "FROM corrections AS word LEFT JOIN calls ON calls.n = call_n) WHERE right IS NOT 1 "
        f"AND NOT (gone AND called_at < {since})"
    ).fetchone()[0]
    detail = f"{count} corrections do not follow from what they correct" if count else "each has its call"
    return Check("corrections", count == 0, detail)


def _labels(connection: sqlite3.Connection) -> Check:
    """A call counts to the mode that was last said of it."""
    count = misplaced(connection)
    detail = f"{count} rows count to another mode than was said" if count else "each call counts to its mode"
    return Check("modes", count == 0, detail)


def _compactions(connection: sqlite3.Connection, since: Micros) -> Check:
    """What was dropped for its age is what is said to be, to the call and to the nano-dollar."""
    told, cost = connection.execute(
        "SELECT coalesce(sum(calls), 0), coalesce(sum(cost_nano), 0) FROM compactions"
    ).fetchone()
    gone = connection.execute("SELECT coalesce(sum(calls), 0) FROM seals WHERE gone").fetchone()[0]
    summed = connection.execute(
        "SELECT coalesce(sum(cost_nano), 0) FROM rollups WHERE span = ? AND start < ?", (DAY, since)
    ).fetchone()[0]
    left = sum(
        connection.execute(
            f"SELECT coalesce(sum(cost_nano), 0) FROM ({facts}) WHERE started_at < ?", (since,)
        ).fetchone()[0]
        for facts in BOOKED
    )
    ok = told == gone and summed == cost + left
    detail = "every call has its row"
    if since:
        detail = f"rows begin on {text(since)[:10]}; of {told} older calls the sums are kept"
    return Check("compactions", ok, detail if ok else "rows are missing that were not dropped for their age")


def _numbers(connection: sqlite3.Connection) -> Check:
    """Numbers only rise; what is only ever appended has no gap in them."""
    found = []
    for table in ("policy_edits", "compactions"):
        first, last, count = connection.execute(
            f"SELECT coalesce(min(n), 1), coalesce(max(n), 0), count(*) FROM {table}"
        ).fetchone()
        if (first, last) != (1, count):
            found.append(f"{table.replace('_', ' ')} have gaps in their numbers")
    if _count(connection, "n < 1 OR id = ''"):
        found.append("calls lack their numbers or ids")
    return Check("numbers", not found, "; ".join(found) or "ids are unique, numbers rise without gaps")


def _chain(connection: sqlite3.Connection) -> Check:
    """The last digest is told: who notes it down somewhere else can also see that an end was cut off."""
    found = broken_seals(connection)
    last = connection.execute("SELECT n, digest FROM seals ORDER BY n DESC LIMIT 1").fetchone()
    end = f"; the last seal is {last[0]}, {last[1].hex()[:16]}" if last else ""
    return Check("seals", not found, summed_up(found) or f"every final row stands as it was written{end}")


def _references(connection: sqlite3.Connection) -> Check:
    count = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    detail = f"{count} rows name what is not there" if count else "every row's series and tags are there"
    return Check("references", count == 0, detail)


def _names(connection: sqlite3.Connection) -> Check:
    """Every tag is called what its renaming says, or what it was written with."""
    count = connection.execute(
        "SELECT count(*) FROM tag_sets, json_each(tag_sets.tags) AS each "
        "LEFT JOIN tag_names ON tag_names.key = each.key AND tag_names.value = each.value "
        "LEFT JOIN tags ON tags.tag_set_id = tag_sets.id AND tags.key = each.key "
        "WHERE tags.value IS NOT coalesce(tag_names.name, each.value)"
    ).fetchone()[0]
    return Check("tags", count == 0, f"{count} are called otherwise" if count else "all have their names")


def _count(connection: sqlite3.Connection, condition: str, *values: object, table: str = "calls") -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values).fetchone()[0])
