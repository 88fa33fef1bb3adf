"""What became of the provider's prompt cache, call by call; the latest prompts of conversations as hashes."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future

from gateway_core.model.call import Target
from gateway_core.model.money import Nano
from gateway_core.model.value import value
from gateway_core.rules.prompt_cache.verdict import Traced, Verdict
from gateway_core.store.instants import SECOND
from gateway_core.store.ledger import Ledger
from gateway_core.store.packed_blocks import packed, unpacked

log = logging.getLogger(__name__)

KEPT = 2
"""Calls of a conversation whose blocks are kept; of the others only what was found."""
COLUMNS = (
    "call_n", "at", "conversation", "blocks", "warm_tokens", "life_ms", "why", "before_n", "paused_ms",
    "block_kind", "block_at", "change", "block_byte", "block_size", "again_tokens", "again_nano", "across",
    "read_saved_nano", "write_nano", "marks",
)  # fmt: skip
_KEEP = (
    f"INSERT OR IGNORE INTO prompts ({', '.join(COLUMNS)}) "
    f"SELECT n, {', '.join('?' * 6)}, (SELECT n FROM calls WHERE id = ?), {', '.join('?' * 12)} "
    "FROM calls WHERE id = ?"
)
_THIN = (
    "UPDATE prompts SET blocks = NULL WHERE conversation = ? AND blocks IS NOT NULL AND call_n NOT IN "
    "(SELECT call_n FROM prompts WHERE conversation = ? AND blocks IS NOT NULL ORDER BY call_n DESC LIMIT ?)"
)
_LATEST = (
    "SELECT calls.id, prompts.at, provider, model, blocks, warm_tokens, life_ms FROM prompts "
    "JOIN calls ON calls.n = call_n JOIN series ON series.id = series_id "
    "WHERE conversation = ? AND blocks IS NOT NULL ORDER BY call_n DESC LIMIT ?"
)


@value
class PromptRow:
    """A call's prompt and what was found. read_saved, write: against plain input, in nano-dollars."""

    trace: Traced
    conversation: str
    verdict: Verdict
    read_saved_nano: Nano
    write_nano: Nano
    marks: int


class PromptStore:
    """Writing is queued, from any thread; reading takes tens of microseconds."""

    def __init__(self, ledger: Ledger) -> None:
        self._writer = ledger.writer
        self._reads = ledger.reads

    def keep(self, rows: Sequence[PromptRow]) -> None:
        """Writes rows once those of their calls are; nothing while the ledger cannot be written."""
        if self._writer.problem is None:
            self._writer.ask(lambda connection: _keep(connection, rows)).add_done_callback(_tell)

    def latest(self, conversation: str) -> list[Traced]:
        """The latest calls of a conversation that are still known by their blocks, the oldest first."""
        with self._reads.connection() as connection:
            rows = connection.execute(_LATEST, (conversation, KEPT)).fetchall()
        return [
            Traced(id, at / SECOND, Target(provider, model), None, unpacked(blocks), warm, life_ms / 1000)
            for id, at, provider, model, blocks, warm, life_ms in reversed(rows)
        ]

    def sweep(self, before: float) -> int:
        """Lets go of the blocks of prompts that no provider keeps any more; answers how many. Waits for it.

        before: seconds since 1970.
        """
        sql = "UPDATE prompts SET blocks = NULL WHERE blocks IS NOT NULL AND at < ?"
        at = int(before * SECOND)
        return self._writer.call(lambda connection: connection.execute(sql, (at,)).rowcount)


def _keep(connection: sqlite3.Connection, rows: Sequence[PromptRow]) -> None:
    connection.executemany(_KEEP, [_values(row) for row in rows])
    conversations = dict.fromkeys(row.conversation for row in rows)
    connection.executemany(_THIN, [(each, each, KEPT) for each in conversations])


def _values(row: PromptRow) -> tuple[object, ...]:
    trace, verdict = row.trace, row.verdict
    broken = verdict.broken
    block = broken.block if broken else None
    return (
        int(trace.at * SECOND),
        row.conversation,
        packed(trace.blocks),
        trace.warm,
        round(trace.life * 1000),
        verdict.why,
        verdict.before,
        None if verdict.paused is None else round(verdict.paused * 1000),
        block.kind if block else None,
        block.at if block else None,
        broken.change if broken else None,
        broken.byte if broken else None,
        block.size if block else None,
        verdict.again,
        verdict.again_nano,
        int(verdict.across),
        row.read_saved_nano,
        row.write_nano,
        row.marks,
        trace.call_id,
    )


def _tell(done: Future[None]) -> None:
    if error := done.exception():
        log.warning("what the cache coach found could not be written: %s", error)
