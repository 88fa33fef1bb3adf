"""Alerts and their deliveries in the ledger's file, and what was told already."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from gateway_core.model.alerts import Alert, Delivery, DeliveryState, Told
from gateway_core.store.instants import SECOND, end_micros, micros, now, text
from gateway_core.store.jsontext import decode, encode
from gateway_core.store.ledger import Ledger

log = logging.getLogger(__name__)

MOST_KEPT = 1000
"""Alerts in the file; the oldest go first, with their deliveries."""
TOLD_KEPT = 62 * 86_400 * SECOND
"""Twice the longest window that has an end."""

_WAY = "SELECT a.id, a.at, a.kind, a.text, a.data, d.channel, d.state, d.attempts, d.due_at, d.error"
_WAITING = (
    f"{_WAY} FROM alert_deliveries d JOIN alerts a ON a.n = d.alert_n "
    "WHERE d.state = 'waiting' ORDER BY d.due_at, a.n"
)
_RECENT = (
    f"{_WAY} FROM (SELECT * FROM alerts ORDER BY n DESC LIMIT ?) a "
    "LEFT JOIN alert_deliveries d ON a.n = d.alert_n ORDER BY a.n DESC, d.channel"
)
_Row = tuple[str, int, str, str, str, str | None, str, int, int | None, str | None]


class AlertStore:
    """What writes returns at once: the future is done when it is committed. Reads take a millisecond."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def keep(self, alert: Alert, deliveries: Iterable[Delivery], told: Told | None = None) -> Future[None]:
        """Keeps an alert, its ways, and that it was told: all of it or, after a crash, nothing."""
        ways = list(deliveries)
        return self._write(lambda connection: _keep(connection, alert, ways, told))

    def tried(self, delivery: Delivery) -> Future[None]:
        """Notes how a delivery stands now."""
        return self._write(lambda connection: _note(connection, delivery))

    def waiting(self) -> list[Delivery]:
        """All deliveries that have not ended, the next one first."""
        with self._reads.connection() as connection:
            rows: list[_Row] = connection.execute(_WAITING).fetchall()
        return [_delivery(row) for row in rows]

    def recent(self, limit: int = 50) -> list[tuple[Alert, list[Delivery]]]:
        """The latest alerts with their deliveries, newest first."""
        with self._reads.connection() as connection:
            rows: list[_Row] = connection.execute(_RECENT, (limit,)).fetchall()
        found: dict[str, tuple[Alert, list[Delivery]]] = {}
        for row in rows:
            _, deliveries = found.setdefault(row[0], (_alert(row), []))
            if row[5] is not None:
                deliveries.append(_delivery(row))
        return list(found.values())

    def told(self, budget: str, counts: str, window_start: str) -> set[str]:
        """What was told of a budget in the window of that start."""
        sql = "SELECT what FROM alerts_told WHERE budget = ? AND counts = ? AND window_start = ?"
        with self._reads.connection() as connection:
            return {row[0] for row in connection.execute(sql, (budget, counts, micros(window_start)))}

    def untell(self, told: Sequence[Told]) -> Future[None]:
        """Forgets that these were told, so that they may be told again."""
        keys = [(each.budget, each.counts, each.what, micros(each.window_start)) for each in told]
        sql = "DELETE FROM alerts_told WHERE budget = ? AND counts = ? AND what = ? AND window_start = ?"
        return self._write(lambda connection: _many(connection, sql, keys))

    def _write(self, work: Callable[[sqlite3.Connection], None]) -> Future[None]:
        written = self._writer.ask(work)
        # Nobody waits for it, so that nobody else would say that it failed.
        written.add_done_callback(_say_if_failed)
        return written


def _say_if_failed(written: Future[None]) -> None:
    if not written.cancelled() and (error := written.exception()) is not None:
        log.error("an alert could not be kept: %s", error)


def _many(connection: sqlite3.Connection, sql: str, values: Sequence[tuple[object, ...]]) -> None:
    connection.executemany(sql, values)


def _keep(connection: sqlite3.Connection, alert: Alert, ways: Sequence[Delivery], told: Told | None) -> None:
    connection.execute(
        "INSERT INTO alerts (id, at, kind, text, data) VALUES (?, ?, ?, ?, ?)",
        (alert.id, micros(alert.at), alert.kind, alert.text, encode(alert.data)),
    )
    (number,) = connection.execute("SELECT last_insert_rowid()").fetchone()
    _many(
        connection,
        "INSERT INTO alert_deliveries VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, way.channel, way.state.value, way.attempts, end_micros(way.due_at), way.error)
            for way in ways
        ],
    )
    if told is not None:
        connection.execute(
            "INSERT INTO alerts_told VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at",
            (told.budget, told.counts, told.what, micros(told.window_start), now()),
        )
    _drop_old(connection, number)


def _drop_old(connection: sqlite3.Connection, newest: int) -> None:
    oldest = newest - MOST_KEPT
    connection.execute("DELETE FROM alert_deliveries WHERE alert_n <= ?", (oldest,))
    connection.execute("DELETE FROM alerts WHERE n <= ?", (oldest,))
    connection.execute("DELETE FROM alerts_told WHERE window_start > 0 AND at < ?", (now() - TOLD_KEPT,))


def _note(connection: sqlite3.Connection, delivery: Delivery) -> None:
    connection.execute(
        "UPDATE alert_deliveries SET state = ?, attempts = ?, due_at = ?, error = ? "
        "WHERE channel = ? AND alert_n = (SELECT n FROM alerts WHERE id = ?)",
        (
            delivery.state.value,
            delivery.attempts,
            end_micros(delivery.due_at),
            delivery.error,
            delivery.channel,
            delivery.alert.id,
        ),
    )


def _alert(row: _Row) -> Alert:
    id, at, kind, words, data, *_ = row
    return Alert(id, text(at), kind, words, decode(data, dict))


def _delivery(row: _Row) -> Delivery:
    *_, channel, state, attempts, due_at, error = row
    due = None if due_at is None else text(due_at)
    return Delivery(_alert(row), str(channel), DeliveryState(state), attempts, due, error)
