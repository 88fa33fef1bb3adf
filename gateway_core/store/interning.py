"""Tag sets and series, kept once and named by number."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from gateway_core.store.jsontext import encode

MOST_REMEMBERED = 20_000
"""Series whose number is kept in memory; the table knows them all."""

Words = tuple[object, ...]
"""What a series stands for: token, provider, model, and the tags as JSON."""


class Series(NamedTuple):
    number: int
    words: Words


class Interner:
    """Numbers of series, made when first seen. Belongs to the writer's transactions."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, frozenset[tuple[str, str]]], Series] = {}

    def series(
        self, connection: sqlite3.Connection, token: str, provider: str, model: str, tags: Mapping[str, str]
    ) -> Series:
        """A series, made when there is none."""
        key = (token, provider, model, frozenset(tags.items()))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            text = encode(dict(tags))
            number = _series(connection, token, provider, model, _tag_set(connection, tags, text))
            found = self._known[key] = Series(number, (token, provider, model, text))
        return found

    def forget(self) -> None:
        """After a rollback: what was made in that transaction is not there."""
        self._known.clear()


def _series(connection: sqlite3.Connection, token: str, provider: str, model: str, tag_set: int) -> int:
    key = (token, provider, model, tag_set)
    row = connection.execute(
        "SELECT id FROM series WHERE token = ? AND provider = ? AND model = ? AND tag_set_id = ?", key
    ).fetchone()
    return (
        int(row[0])
        if row
        else _insert(
            connection, "INSERT INTO series (token, provider, model, tag_set_id) VALUES (?, ?, ?, ?)", key
        )
    )


def _tag_set(connection: sqlite3.Connection, tags: Mapping[str, str], text: str) -> int:
    row = connection.execute("SELECT id FROM tag_sets WHERE tags = ?", (text,)).fetchone()
    if row:
        return int(row[0])
    number = _insert(connection, "INSERT INTO tag_sets (tags) VALUES (?)", (text,))
    connection.executemany(
        # What was renamed while the call was under way is counted by its name all the same.
        "INSERT INTO tags (tag_set_id, key, value) VALUES (?1, ?2, "
        "coalesce((SELECT name FROM tag_names WHERE key = ?2 AND value = ?3), ?3))",
        [(number, key, value) for key, value in tags.items()],
    )
    return number


def _insert(connection: sqlite3.Connection, sql: str, values: tuple[object, ...]) -> int:
    number = connection.execute(sql, values).lastrowid
    assert number is not None
    return number
