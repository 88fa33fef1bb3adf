"""Later words on the mode of ended calls, written as rows of their own: sums move, the calls' rows stay.

`relabels` has the words and is under seals; `labels` says which series a call and its tries count to since.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Relabel
from gateway_core.store.booked import ATTEMPTS, CALLS, CORRECTIONS
from gateway_core.store.forgone import relabelled
from gateway_core.store.instants import micros
from gateway_core.store.interning import Interner
from gateway_core.store.jsontext import tags_of
from gateway_core.store.revisions import Check, revision, whatever
from gateway_core.store.rollups import add_facts
from gateway_core.store.seals import next_link, write_seal

MODE = "mode"
_OF_CALL = (
    f"{CALLS} AND calls.n = ?",
    f"{ATTEMPTS} WHERE call_n = ?",
    f"{CORRECTIONS} WHERE word.call_n = ?",
)
"""What is booked for one call."""
_CALL = (
    "SELECT n, started_at, "
    "(SELECT mode FROM relabels WHERE call_n = calls.n ORDER BY relabels.n DESC LIMIT 1) "
    "FROM calls WHERE id = ? AND outcome IS NOT NULL"
)
_WRITTEN = "FROM {0} JOIN series ON series.id = {0}.series_id JOIN tag_sets ON tag_sets.id = tag_set_id"
_WHO = "token, provider, model, tags"
_ROWS = (
    f"SELECT 0, {_WHO} {_WRITTEN.format('calls')} WHERE calls.n = ?1 UNION ALL "
    f"SELECT number, {_WHO} {_WRITTEN.format('attempts')} WHERE call_n = ?1 "
    "AND EXISTS (SELECT 1 FROM calls WHERE calls.n = ?1)"
)
"""A call's own row and its tries, as they were written; nothing where the call was dropped for its age."""
_PLACES = (
    f"SELECT call_n, number, {_WHO} FROM labels JOIN series ON series.id = series_id "
    "JOIN tag_sets ON tag_sets.id = tag_set_id"
)
"""Where all rows count of which a mode was said later."""
_WRITE = "INSERT INTO relabels (call_n, called_at, at, who, before, mode, seal) VALUES (?, ?, ?, ?, ?, ?, ?)"


def relabel(connection: sqlite3.Connection, words: Sequence[Relabel], check: Check = whatever) -> None:
    """Appends words on the mode of ended calls; of several for one call the last one counts.

    check: gets the revision of the last word on each. Raises Refusal 404 for a call that is not there or has
    not ended.
    """
    if not words:
        return
    link, interner = next_link(connection), Interner()
    for each in words:
        found = connection.execute(_CALL, (each.call_id,)).fetchone()
        if found is None:
            raise Refusal(404, "no_such_call", f"there is no ended call {each.call_id[:80]!r}")
        number, called_at, before = found
        check(revision(before))
        _count(connection, number, -1)
        _place(connection, interner, number, each.mode)
        relabelled(connection, (called_at, number))
        _count(connection, number, 1)
        values = (number, called_at, micros(each.at), each.who, before, each.mode, link.number)
        connection.execute(_WRITE, values)
    write_seal(connection, link, [], "relabel")


def misplaced(connection: sqlite3.Connection) -> int:
    """How many rows count to another series than the last word on their call says: none, if all is well."""
    last = dict(
        connection.execute(
            "SELECT call_n, mode FROM relabels WHERE n IN (SELECT max(n) FROM relabels GROUP BY call_n)"
        )
    )
    found = {(call, number): who for call, number, *who in connection.execute(_PLACES)}
    wanted = {
        (call, number): _named(who, mode)
        for call, mode in last.items()
        if mode is not None
        for number, *who in connection.execute(_ROWS, (call,))
    }
    there = {place: _named(who) for place, who in found.items()}
    return sum(there.get(place) != wanted.get(place) for place in {*there, *wanted})


def _named(who: Sequence[str], mode: str | None = None) -> tuple[object, ...]:
    """Token, provider, model and tags, these with another mode."""
    return *who[:3], _tags(who[3], mode)


def _count(connection: sqlite3.Connection, number: int, sign: int) -> None:
    """Adds all that is booked for a call to the sums of its series, or with -1 takes it out again."""
    for facts in _OF_CALL:
        add_facts(connection, facts, number, sign=sign)


def _place(connection: sqlite3.Connection, interner: Interner, number: int, mode: str | None) -> None:
    """Lets a call and its tries count to the series of another mode; None: to the one they were written
    in."""
    connection.execute("DELETE FROM labels WHERE call_n = ?", (number,))
    if mode is None:
        return
    for row, token, provider, model, tags in connection.execute(_ROWS, (number,)).fetchall():
        series = interner.series(connection, token, provider, model, _tags(tags, mode))
        connection.execute(
            "INSERT INTO labels (call_n, number, series_id) VALUES (?, ?, ?)", (number, row, series.number)
        )


def _tags(written: str, mode: str | None) -> Mapping[str, str]:
    tags = dict(tags_of(written))
    return tags if mode is None else dict(sorted({**tags, MODE: mode}.items()))
