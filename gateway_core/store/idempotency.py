"""What clients' idempotency keys stand for: a call under way, or the answer that it got, for 24 hours.

The way of a call that carries `idempotency-key`, by client token:

    found = await keys.begin(token, key, body_hash, call_id, now)
    Fresh    it is this call's; it ends with exactly one of `keep` and `drop`
    Running  a call of the same body is under way                      → 409
    Other    the key belongs to a call of another body                 → 422
    Replay   the answer of the first call; nothing is sent again

`keep` stores the answer as the client got it, in the pieces of its stream; `drop` frees the key, so that the
client may try again: a call that was not served (refused, no provider reached) should end so. Neither waits.
Marks of calls that an ended process left behind are dropped when the store is made.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import zstandard

from gateway_core.store.instants import SECOND, Micros, micros
from gateway_core.store.jsontext import decode, encode
from gateway_core.store.ledger import Ledger
from gateway_core.store.writer import PATIENCE

KEPT_FOR: Micros = 86_400 * SECOND
MOST_BYTES = 16 * 2**20
"""A larger answer is not kept, and its key is free again."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Nobody has used the key: the call may go on."""


@dataclass(frozen=True, slots=True)
class Running:
    """A call of the same body is under way."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Other:
    """The key was used for another body."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer as the client got it. `chunks`: the lengths of a stream's pieces, () for a whole body."""

    call_id: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    chunks: tuple[int, ...]

    def pieces(self) -> Iterator[bytes]:
        """The body as its stream came; in one piece where it was no stream."""
        at = 0
        for length in self.chunks or (len(self.body),):
            yield self.body[at : at + length]
            at += length


Standing = Fresh | Running | Other | Replay
_Row = tuple[bytes, str, int | None, str | None, bytes | None, str | None]


class IdempotencyStore:
    """Keys of one ledger's file. Made once in a process, before it serves calls; times are RFC 3339."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._writer.call(_drop_marks)

    async def begin(self, token: str, key: str, body_hash: bytes, call_id: str, now: str) -> Standing:
        """Where a key stands; if it is fresh it belongs to `call_id` from now on, committed.

        Raises Refusal 503 `ledger_unavailable` when that takes above 2 s: then the call must not be sent.
        """
        at = micros(now)
        asked = self._writer.ask(lambda connection: _begin(connection, token, key, body_hash, call_id, at))
        try:
            row = await asyncio.wait_for(asyncio.wrap_future(asked), PATIENCE)
        except TimeoutError:
            # It may have been written at the last moment, for a call that will not go on.
            self.drop(token, key, call_id)
            raise self._writer.refusal() from None
        return Fresh() if row is None else _standing(row, body_hash)

    def keep(
        self,
        token: str,
        key: str,
        call_id: str,
        *,
        status: int,
        headers: Sequence[tuple[str, str]],
        pieces: Sequence[bytes],
    ) -> Future[None]:
        """Stores the answer of a call that `begin` called fresh. The future is done once it is committed."""
        if sum(map(len, pieces)) > MOST_BYTES:
            return self.drop(token, key, call_id)
        body, chunks = b"".join(pieces), tuple(map(len, pieces)) if len(pieces) > 1 else ()
        return self._writer.ask(
            lambda connection: _keep(connection, (token, key, call_id), status, headers, body, chunks)
        )

    def drop(self, token: str, key: str, call_id: str) -> Future[None]:
        """Frees the key of a call that got no answer worth keeping; a kept answer stays."""
        return self._writer.ask(lambda connection: _drop(connection, (token, key, call_id)))

    def sweep(self, now: str) -> int:
        """Drops what is older than a day; answers how many. Waits for it."""
        sql, at = "DELETE FROM idempotency_keys WHERE expires_at <= ?", micros(now)
        return self._writer.call(lambda connection: connection.execute(sql, (at,)).rowcount)


def _standing(row: _Row, body_hash: bytes) -> Standing:
    stored_hash, call_id, status, headers, body, chunks = row
    if stored_hash != body_hash:
        return Other(call_id)
    if status is None or headers is None or body is None or chunks is None:
        return Running(call_id)
    return Replay(
        call_id,
        status,
        decode(headers, tuple[tuple[str, str], ...]),
        zstandard.decompress(body),
        decode(chunks, tuple[int, ...]),
    )


def _begin(
    connection: sqlite3.Connection, token: str, key: str, body_hash: bytes, call_id: str, at: Micros
) -> _Row | None:
    """The row of a key; None where there was none and it is this call's now."""
    row: _Row | None = connection.execute(
        "SELECT body_hash, call_id, status, headers, body, chunks FROM idempotency_keys "
        "WHERE token = ? AND key = ? AND expires_at > ?",
        (token, key, at),
    ).fetchone()
    if row is None:
        connection.execute(
            "INSERT OR REPLACE INTO idempotency_keys (token, key, body_hash, call_id, expires_at) "
            "VALUES (?, ?, ?, ?, ?)",
            (token, key, body_hash, call_id, at + KEPT_FOR),
        )
    return row


_OWN = "token = ? AND key = ? AND call_id = ? AND status IS NULL"


def _keep(
    connection: sqlite3.Connection,
    mark: tuple[str, str, str],
    status: int,
    headers: Sequence[tuple[str, str]],
    body: bytes,
    chunks: tuple[int, ...],
) -> None:
    connection.execute(
        f"UPDATE idempotency_keys SET status = ?, headers = ?, body = ?, chunks = ? WHERE {_OWN}",
        (status, encode(list(headers)), zstandard.compress(body), encode(chunks), *mark),
    )


def _drop(connection: sqlite3.Connection, mark: tuple[str, str, str]) -> None:
    connection.execute(f"DELETE FROM idempotency_keys WHERE {_OWN}", mark)


def _drop_marks(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM idempotency_keys WHERE status IS NULL")
