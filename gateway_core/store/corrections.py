"""Later words on ended calls, written as rows of their own: the sums follow, the calls' rows stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Correction
from gateway_core.store.booked import CORRECTIONS
from gateway_core.store.forgone import corrected
from gateway_core.store.instants import micros
from gateway_core.store.rollups import add_facts
from gateway_core.store.seals import next_link, write_seal

LAST = "(SELECT max(n) FROM corrections WHERE call_n = calls.n)"
"""The number of the correction that counts for a row of `calls`; NULL where there is none."""
_STANDING = (
    "SELECT calls.n, calls.started_at, coalesce(word.cost_nano, calls.cost_nano), "
    "coalesce(word.certainty, calls.certainty) FROM calls "
    f"LEFT JOIN corrections AS word ON word.n = {LAST} WHERE calls.id = ? AND calls.outcome IS NOT NULL"
)
_WRITE = (
    "INSERT INTO corrections (call_n, called_at, before_cost_nano, before_certainty, at, who, why, "
    "cost_nano, certainty, price_id, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def correct(connection: sqlite3.Connection, corrections: Sequence[Correction]) -> None:
    """Appends corrections; of several for one call the last one counts.

    Raises Refusal 404 for a call that is not there or has not ended, 400 for an amount below nothing.
    """
    if not corrections:
        return
    link = next_link(connection)
    for each in corrections:
        if each.cost_nano < 0:
            raise Refusal(400, "negative_amount", f"call {each.call_id} cannot count less than nothing")
        call = connection.execute(_STANDING, (each.call_id,)).fetchone()
        if call is None:
            raise Refusal(404, "no_such_call", f"there is no ended call {each.call_id[:80]!r}")
        word = (micros(each.at), each.who, each.why, each.cost_nano, each.certainty.value, each.price_id)
        connection.execute(_WRITE, (*call, *word, link.number))
        corrected(connection, (call[1], call[0]), each.cost_nano, each.certainty)
    add_facts(connection, f"{CORRECTIONS} WHERE word.seal = ?", link.number)
    write_seal(connection, link, [], "correction")
