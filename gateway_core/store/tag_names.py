"""What the values of tags are called now. A call stays as it was written; what it is counted and shown under
is its name, kept in `tags`, and every renaming can be taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway_core.store.instants import now
from gateway_core.store.ledger import Ledger

_NAME = (
    "INSERT INTO tag_names (key, value, name, at, who) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (key, value) DO UPDATE SET name = excluded.name, at = excluded.at, who = excluded.who"
)
_SHOWN = "UPDATE tags SET value = ? WHERE key = ? AND value = ?"
_WRITTEN = (
    "UPDATE tags SET value = ? WHERE key = ? AND tag_set_id IN "
    "(SELECT tag_sets.id FROM tag_sets, json_each(tag_sets.tags) AS each "
    "WHERE each.key = ? AND each.value = ?)"
)

TagNames = Mapping[tuple[str, str], str]
"""By key and written value."""


@dataclass(frozen=True, slots=True)
class TagName:
    """One renaming."""

    key: str
    value: str
    """As calls were written with it."""
    name: str


class TagNameStore:
    """Writes return once they are committed, and raise Refusal 503 when that takes above 2 s: on an event
    loop call them in a worker thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def all(self) -> list[TagName]:
        """Every renaming in force."""
        with self._reads.connection() as connection:
            rows = connection.execute("SELECT key, value, name FROM tag_names ORDER BY key, value")
            return [TagName(*row) for row in rows]

    def rename(self, key: str, values: Iterable[str], name: str, *, who: str) -> None:
        """Calls several values of a key by one name from now on, also in all that was counted before."""
        given = [value for value in values if value != name]
        self._writer.call(lambda connection: _rename(connection, key, given, name, who))

    def restore(self, key: str, value: str) -> bool:
        """Shows a value as it was written again; whether it was called otherwise."""
        return self._writer.call(lambda connection: _restore(connection, key, value))


def _rename(connection: sqlite3.Connection, key: str, values: list[str], name: str, who: str) -> None:
    # A name that is given up again stands for what it was given to, not for itself.
    connection.execute("DELETE FROM tag_names WHERE key = ? AND value = ?", (key, name))
    for value in values:
        connection.execute("UPDATE tag_names SET name = ? WHERE key = ? AND name = ?", (name, key, value))
        connection.execute(_NAME, (key, value, name, now(), who))
        connection.execute(_SHOWN, (name, key, value))


def _restore(connection: sqlite3.Connection, key: str, value: str) -> bool:
    gone = connection.execute("DELETE FROM tag_names WHERE key = ? AND value = ?", (key, value)).rowcount
    if gone:
        connection.execute(_WRITTEN, (value, key, key, value))
    return bool(gone)
