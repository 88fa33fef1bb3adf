"""Kept answers, compressed, in the ledger's file: found by key, used, pinned, discarded, and evicted."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import zstandard

from gateway_core.model.money import Nano
from gateway_core.model.usage import Usage
from gateway_core.store.cache_aside import Aside, Kept, put_back, standing, take_out
from gateway_core.store.cache_room import Room, Use, forget_vectors, note_uses
from gateway_core.store.instants import SECOND, Micros, micros
from gateway_core.store.jsontext import decode, encode
from gateway_core.store.ledger import Ledger
from gateway_core.store.revisions import Check, whatever

MOST_BYTES = 256 * 2**20
"""Compressed bytes that are kept; the least recently used answers go first."""
NOTE_PAUSE = 2.0
"""Seconds for which uses are gathered before they are written down."""

_ANSWER = (
    "status", "headers", "body", "chunks", "gaps", "usage", "cost_nano", "model", "provider", "price_id",
)  # fmt: skip
_ORIGIN = ("call_id", "format", "stream", "token", "scope", "tags", "prompt_hash")
_COLUMNS = ("key", "created_at", "expires_at", "used_at", "size", *_ORIGIN, *_ANSWER)
_BYTES = _COLUMNS.index("size")
_FIND = (
    f"SELECT {', '.join(_ANSWER)} FROM cache_entries "
    "WHERE key = ? AND created_at <= ? AND expires_at > ? AND created_at > ?"
)
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
    gaps: tuple[int, ...] = ()
    """Milliseconds before each piece of a stream."""

    def pieces(self) -> Iterator[bytes]:
        """The body as its stream came; in one piece where it was no stream."""
        if not self.chunks:
            yield self.body
        at = 0
        for length in self.chunks:
            yield self.body[at : at + length]
            at += length


@dataclass(frozen=True, slots=True)
class Origin:
    """The call that brought an answer. The prompt stands here as a hash alone."""

    call_id: str = ""
    format: str = ""
    stream: bool = False
    token: str = ""
    scope: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    prompt_hash: str = ""


@dataclass(frozen=True, slots=True)
class _Queued:
    """An answer on its way into the file."""

    answer: CachedAnswer
    origin: Origin
    created_at: Micros
    expires_at: Micros


class CacheStore:
    """Answers by key. Reading takes tens of microseconds, writing is queued; times are RFC 3339."""

    def __init__(self, ledger: Ledger, most_bytes: int = MOST_BYTES) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads
        self._queued: dict[bytes, _Queued] = {}
        self._uses: dict[bytes, Use] = {}
        self._noting = False
        self._lock = threading.Lock()
        self._room = Room()
        self.most_bytes = most_bytes
        self.aside = Aside()
        """What was discarded and can still be brought back."""

    def get(self, key: bytes, now: str, ttl_seconds: int | None = None) -> CachedAnswer | None:
        """The answer that is kept under a key and has not expired; also one that is not yet written.

        ttl_seconds: how old it may be by the rule of now, if that is less than it was kept for. An answer
        from the future, after the clock was set back, is not found: nobody knows how old it is.
        """
        at = micros(now)
        youngest = at - ttl_seconds * SECOND if ttl_seconds is not None else -1
        if (queued := self._queued.get(key)) is not None:
            fits = queued.created_at <= at < queued.expires_at and queued.created_at > youngest
            return queued.answer if fits else None
        with self._reads.connection() as connection:
            row = connection.execute(_FIND, (key, at, at, youngest)).fetchone()
        return None if row is None else _answer(row)

    def put(
        self, key: bytes, answer: CachedAnswer, ttl_seconds: int, now: str, origin: Origin | None = None
    ) -> None:
        """Keeps an answer in place of an earlier one; from any thread, without waiting.

        An answer is dropped while the ledger cannot be written.
        """
        if self._writer.problem is not None:
            return
        at = micros(now)
        queued = _Queued(answer, origin or Origin(), at, at + ttl_seconds * SECOND)
        with self._lock:
            self._queued[key] = queued
        uses, most = self._take_uses(), self.most_bytes

        def keep(connection: sqlite3.Connection) -> None:
            values = _values(key, queued)
            note_uses(connection, uses)
            connection.execute(_KEEP, values)
            self._room.fit(connection, most, int(values[_BYTES]))

        done = self._writer.ask(keep)
        done.add_done_callback(lambda _: self._written(key, queued))

    def used(self, key: bytes, saved_nano: Nano, now: str) -> None:
        """Notes that an answer was given once more; written down together with others, a little later."""
        at = micros(now)
        with self._lock:
            there = self._uses.get(key)
            self._uses[key] = Use(at, 1, saved_nano) if there is None else there.again(at, saved_nano)
            if self._noting:
                return
            self._noting = True
        try:
            asyncio.get_running_loop().call_later(NOTE_PAUSE, self.note)
        except RuntimeError:
            self.note()

    def note(self) -> None:
        """Writes down which answers were used; from any thread, without waiting."""
        uses = self._take_uses()
        if uses and self._writer.problem is None:
            self._writer.ask(lambda connection: note_uses(connection, uses))

    def settle(self) -> None:
        """Writes down what was queued and used before now. Waits for it; raises Refusal 503 where that takes
        above 2 s."""
        uses = self._take_uses()
        self._writer.call(lambda connection: note_uses(connection, uses))

    def sweep(self, now: str, most_bytes: int | None = None) -> int:
        """Drops what has expired and the least recently used answers above a size; answers how many. Waits
        for it."""
        at, uses = micros(now), self._take_uses()
        self.aside.sweep(at)
        most = self.most_bytes if most_bytes is None else most_bytes

        def drop(connection: sqlite3.Connection) -> int:
            note_uses(connection, uses)
            gone = connection.execute("DELETE FROM cache_entries WHERE expires_at <= ?", (at,)).rowcount
            forget_vectors(connection)
            return gone + self._room.fit(connection, most, 0, slack=1.0)

        return self._writer.call(drop)

    def pin(self, key: bytes, pinned: bool, check: Check = whatever) -> bool:
        """Keeps an answer from being evicted for want of room, or no longer; whether there is one. Its time
        to live stays what it is. Waits for it. check: gets the revision of what is kept there."""

        def pin(connection: sqlite3.Connection) -> bool:
            check(standing(connection, key))
            sql = "UPDATE cache_entries SET pinned = ? WHERE key = ?"
            return connection.execute(sql, (pinned, key)).rowcount > 0

        return self._writer.call(pin)

    def put_aside(self, key: bytes, now: str, check: Check = whatever) -> bool:
        """Drops an answer so that it can be brought back for a while; whether there was one. Nobody gets it
        from here on. Waits for it."""
        at = micros(now)
        kept = self._writer.call(lambda connection: take_out(connection, key, at, check))
        if kept is not None:
            self.aside.hold(key, kept)
        return kept is not None

    def bring_back(self, key: bytes, kept: Kept, check: Check = whatever) -> bool:
        """Keeps an answer again that `aside` found, as it was; False where a newer one is kept in its place,
        which stays. Waits for it."""

        def put(connection: sqlite3.Connection) -> bool:
            back = put_back(connection, key, kept, check)
            if back:
                self._room.came(int(kept.entry["size"]))
            return back

        back = self._writer.call(put)
        if back:
            self.aside.drop(key)
        return back

    def discard(self, keys: Sequence[bytes]) -> int:
        """Drops these answers; answers how many there were. Waits for it."""
        listed = encode([key.hex() for key in keys])
        sql = "DELETE FROM cache_entries WHERE lower(hex(key)) IN (SELECT value FROM json_each(?))"
        return self._drop(sql, listed)

    def clear(self) -> int:
        """Drops all answers, those that were put aside too; answers how many were kept. Waits for it."""
        self.aside.forget()
        return self._drop("DELETE FROM cache_entries")

    def _drop(self, sql: str, *values: object) -> int:
        def drop(connection: sqlite3.Connection) -> int:
            gone = connection.execute(sql, values).rowcount
            forget_vectors(connection)
            return gone

        return self._writer.call(drop)

    def _take_uses(self) -> dict[bytes, Use]:
        with self._lock:
            uses, self._uses, self._noting = self._uses, {}, False
        return uses

    def _written(self, key: bytes, queued: _Queued) -> None:
        """In the writer's thread. A newer answer under the same key is still on its way."""
        with self._lock:
            if self._queued.get(key) is queued:
                del self._queued[key]


def _answer(row: Sequence[Any]) -> CachedAnswer:
    status, headers, body, chunks, gaps, usage, cost_nano, model, provider, price_id = row
    return CachedAnswer(
        status,
        decode(headers, tuple[tuple[str, str], ...]),
        zstandard.decompress(body),
        decode(chunks, tuple[int, ...]),
        decode(usage, Usage),
        cost_nano,
        model,
        provider,
        price_id,
        gaps=decode(gaps, tuple[int, ...]),
    )


def _values(key: bytes, queued: _Queued) -> tuple[Any, ...]:
    answer, origin = queued.answer, queued.origin
    body = zstandard.compress(answer.body)
    chunks, gaps = encode(answer.chunks), encode(answer.gaps)
    about = (queued.created_at, queued.expires_at, queued.created_at, len(body) + len(chunks) + len(gaps))
    brought = (
        origin.call_id,
        origin.format,
        origin.stream,
        origin.token,
        origin.scope,
        encode(dict(origin.tags)),
        origin.prompt_hash,
    )
    return (
        key,
        *about,
        *brought,
        answer.status,
        encode(answer.headers),
        body,
        chunks,
        gaps,
        encode(answer.usage),
        answer.cost_nano,
        answer.model,
        answer.provider,
        answer.price_id,
    )
