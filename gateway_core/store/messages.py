"""What was asked and answered, of calls whose owner keeps that: written, read one by one, and let go."""

from __future__ import annotations

import logging
import sqlite3
from concurrent.futures import Future
from dataclasses import dataclass

import zstandard

from gateway_core.store.instants import SECOND, micros, now, text
from gateway_core.store.ledger import Ledger

PLAIN = "text/plain"
"""The kind of an answer that is kept as its words alone."""
DAY = 86_400 * SECOND
_COLUMNS = "call_id, at, expires_at, format, stream, kind, cut, size, request, answer"
_KEEP = f"INSERT OR REPLACE INTO messages ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ONE = (
    "SELECT at, expires_at, format, stream, kind, cut, request, answer FROM messages "
    "WHERE call_id = ? AND expires_at > ?"
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Messages:
    """One call's request and answer, both without compression. Times are RFC 3339."""

    format: str
    stream: bool
    kind: str
    request: bytes
    answer: bytes
    cut: bool
    at: str = ""
    until: str = ""


class MessageStore:
    """Messages in the ledger's file. `keep` waits for nothing, the others for a worker thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def keep(self, call_id: str, messages: Messages, at: str, days: int) -> None:
        """Keeps a call's messages for so many days; drops them while the ledger cannot be written."""
        if self._writer.problem is None:
            began = micros(at)
            self._writer.ask(
                lambda connection: _keep(connection, call_id, messages, began, days)
            ).add_done_callback(_tell)

    def of(self, call_id: str) -> Messages | None:
        """A call's messages; None where none are kept."""
        with self._reads.connection() as connection:
            row = connection.execute(_ONE, (call_id, now())).fetchone()
        if row is None:
            return None
        at, until, format, stream, kind, cut, request, answer = row
        return Messages(
            format,
            bool(stream),
            kind,
            zstandard.decompress(request),
            zstandard.decompress(answer),
            bool(cut),
            text(at),
            text(until),
        )

    def kept(self) -> tuple[int, int]:
        """Of how many calls messages are kept, and how many bytes these take."""
        with self._reads.connection() as connection:
            row = connection.execute(
                "SELECT count(*), coalesce(sum(size), 0) FROM messages WHERE expires_at > ?", (now(),)
            ).fetchone()
        return int(row[0]), int(row[1])

    def forget(self, call_id: str | None = None) -> int:
        """Deletes one call's messages, or everybody's; of how many calls. Waits for it."""
        if call_id is None:
            return self._delete("1 = 1")
        return self._delete("call_id = ?", call_id)

    def sweep(self) -> int:
        """Lets go of those whose time is over; of how many calls. Waits for it."""
        return self._delete("expires_at <= ?", now())

    def _delete(self, condition: str, *values: object) -> int:
        return self._writer.call(lambda connection: _delete(connection, condition, *values))


def _keep(connection: sqlite3.Connection, call_id: str, messages: Messages, at: int, days: int) -> None:
    request, answer = zstandard.compress(messages.request), zstandard.compress(messages.answer)
    about = (call_id, at, at + days * DAY, messages.format, messages.stream, messages.kind, messages.cut)
    connection.execute(_KEEP, (*about, len(request) + len(answer), request, answer))


def _delete(connection: sqlite3.Connection, condition: str, *values: object) -> int:
    # What is deleted is overwritten in the file too, not only let go of.
    connection.execute("PRAGMA secure_delete = ON")
    try:
        return connection.execute(f"DELETE FROM messages WHERE {condition}", values).rowcount
    finally:
        connection.execute("PRAGMA secure_delete = OFF")


def _tell(done: Future[None]) -> None:
    if error := done.exception():
        log.warning("messages of a call could not be kept: %s", error)
