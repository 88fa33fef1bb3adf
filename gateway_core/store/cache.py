"""The exact cache's answers, compressed, in the ledger's file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from gateway_core.model.money import Nano
from gateway_core.model.usage import Usage
from gateway_core.store.instants import SECOND, micros
from gateway_core.store.jsontext import decode, encode
from gateway_core.store.ledger import Ledger

MOST_BYTES = 256 * 2**20
"""Compressed bytes that are kept; the oldest answers go first."""

_COLUMNS = (
    "key", "created_at", "expires_at", "status", "headers", "body", "chunks", "usage", "cost_nano",
    "model", "provider", "price_id",
)  # fmt: skip
_FIND = f"SELECT {', '.join(_COLUMNS[3:])} FROM cache_entries WHERE key = ? AND expires_at > ?"
_KEEP = (
    f"INSERT INTO cache_entries ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    f"ON CONFLICT (key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])}"
)


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer as it went to the client. `chunks`: the lengths of a stream's pieces, () for a whole body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    chunks: tuple[int, ...]
    usage: Usage
    cost_nano: Nano
    """What the call cost that brought the answer."""
    model: str
    provider: str
    price_id: str | None

    def pieces(self) -> Iterator[bytes]:
        """The body as its stream came; in one piece where it was no stream."""
        if not self.chunks:
            yield self.body
        at = 0
        for length in self.chunks:
            yield self.body[at : at + length]
            at += length


@dataclass(frozen=True, slots=True)
class _Queued:
    """An answer on its way into the file. Instants in microseconds."""

    answer: CachedAnswer
    created_at: int
    expires_at: int


class CacheStore:
    """Answers by key. Reading takes tens of microseconds, writing is queued; times are RFC 3339."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads
        self._queued: dict[bytes, _Queued] = {}
        self._queueing = threading.Lock()

    def get(self, key: bytes, now: str) -> CachedAnswer | None:
        """The answer that is kept under a key and has not expired; also one that is not yet written."""
        at = micros(now)
        if (queued := self._queued.get(key)) is not None:
            return queued.answer if queued.expires_at > at else None
        with self._reads.connection() as connection:
            row = connection.execute(_FIND, (key, at)).fetchone()
        if row is None:
            return None
        status, headers, body, chunks, usage, *rest = row
        return CachedAnswer(
            status,
            decode(headers, tuple[tuple[str, str], ...]),
            zstandard.decompress(body),
            decode(chunks, tuple[int, ...]),
            decode(usage, Usage),
            *rest,
        )

    def put(self, key: bytes, answer: CachedAnswer, ttl_seconds: int, now: str) -> None:
        """Keeps an answer in place of an earlier one; from any thread, without waiting.

        An answer is dropped while the ledger cannot be written.
        """
        if self._writer.problem is not None:
            return
        at = micros(now)
        queued = _Queued(answer, at, at + ttl_seconds * SECOND)
        with self._queueing:
            self._queued[key] = queued
        done = self._writer.ask(lambda connection: _keep(connection, key, queued))
        done.add_done_callback(lambda _: self._written(key, queued))

    def _written(self, key: bytes, queued: _Queued) -> None:
        """In the writer's thread. A newer answer under the same key is still on its way."""
        with self._queueing:
            if self._queued.get(key) is queued:
                del self._queued[key]

    def sweep(self, now: str, most_bytes: int = MOST_BYTES) -> int:
        """Drops what has expired and the oldest answers above a size; answers how many. Waits for it."""
        at = micros(now)
        return self._writer.call(lambda connection: _sweep(connection, at, most_bytes))

    def clear(self) -> int:
        """Drops all answers; answers how many. Waits for it."""
        return self._writer.call(lambda connection: connection.execute("DELETE FROM cache_entries").rowcount)


def _keep(connection: sqlite3.Connection, key: bytes, queued: _Queued) -> None:
    answer = queued.answer
    values = (
        key,
        queued.created_at,
        queued.expires_at,
        answer.status,
        encode(answer.headers),
        zstandard.compress(answer.body),
        encode(answer.chunks),
        encode(answer.usage),
        answer.cost_nano,
        answer.model,
        answer.provider,
        answer.price_id,
    )
    connection.execute(_KEEP, values)


def _sweep(connection: sqlite3.Connection, at: int, most_bytes: int) -> int:
    expired = connection.execute("DELETE FROM cache_entries WHERE expires_at <= ?", (at,)).rowcount
    too_many = connection.execute(
        "DELETE FROM cache_entries WHERE n IN (SELECT n FROM (SELECT n, sum(length(body)) OVER "
        "(ORDER BY created_at DESC, n DESC) AS kept FROM cache_entries) WHERE kept > ?)",
        (most_bytes,),
    ).rowcount
    return expired + too_many
