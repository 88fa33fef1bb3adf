"""What became of prompts: kept beside calls, whole for the latest of a conversation, gone with the row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import anyio.to_thread
import pytest

from gateway_core.rules.prompt_cache.verdict import Verdict, Why
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.packed_blocks import packed, unpacked
from gateway_core.store.prompts import KEPT, PromptRow, PromptStore
from gateway_core.store.queries import Queries
from gateway_core.store.retention import compact
from tests.gateway_core.rules.prompt_cache.making import prompt, traced
from tests.gateway_core.store.making import NOON, at, ending

pytestmark = pytest.mark.anyio

RULES = "A rule of the harbour. " * 50
EPOCH = NOON.timestamp()


def row(call: str, conversation: str = "one", seconds: float = 0.0) -> PromptRow:
    trace = traced(prompt(f"{call} {RULES}", "Hi"), call=call, at=EPOCH + seconds, warm=2000)
    return PromptRow(trace, conversation, Verdict(Why.FIRST), 5, 7, 2)


async def kept(ledger: Ledger, *rows: PromptRow) -> PromptStore:
    """Each in a batch of its own, after the row of its call."""
    store = PromptStore(ledger)
    for each in rows:
        ledger.finish(ending(each.trace.call_id, started_at=at(), finished_at=at(1)))
        store.keep([each])
    await ledger.flush()
    return store


def whole(path: Path) -> list[str]:
    """The calls whose blocks are there."""
    connection: sqlite3.Connection = connect(path, read_only=True)
    rows = connection.execute(
        "SELECT calls.id FROM prompts JOIN calls ON n = call_n WHERE blocks IS NOT NULL ORDER BY n"
    ).fetchall()
    connection.close()
    return [id for (id,) in rows]


def test_blocks_come_back_as_they_were() -> None:
    blocks = prompt(RULES * 100, "Hi", "", tools=("a", "b" * 5000))
    assert unpacked(packed(blocks)) == blocks
    assert unpacked(b"") == ()


async def test_the_latest_of_a_conversation_are_whole(ledger: Ledger, path: Path) -> None:
    rows = [row(f"c{number}") for number in range(KEPT + 2)]
    store = await kept(ledger, *rows, row("other", "two"))
    found = store.latest("one")
    assert [each.call_id for each in found] == [each.trace.call_id for each in rows[-KEPT:]]
    assert [each.blocks for each in found] == [each.trace.blocks for each in rows[-KEPT:]]
    assert {(each.place, each.warm, each.life, each.at) for each in found} == {(None, 2000, 300.0, EPOCH)}
    assert whole(path) == ["c2", "c3", "other"]
    assert store.latest("none") == []


async def test_what_is_old_is_no_longer_whole(ledger: Ledger, path: Path, queries: Queries) -> None:
    store = await kept(ledger, row("old"), row("new", "two", seconds=10))
    assert await anyio.to_thread.run_sync(store.sweep, EPOCH + 5) == 1
    assert whole(path) == ["new"]
    found = queries.prompt("old", at())
    assert found is not None
    assert (found["why"], found["saved_nano"], found["write_nano"], found["marks"]) == ("first", 5, 7, 2)


async def test_it_goes_with_the_row_of_its_call(ledger: Ledger, queries: Queries) -> None:
    await kept(ledger, row("gone"))
    assert queries.prompt("gone", at()) is not None
    await anyio.to_thread.run_sync(compact, ledger, "2027-01-01T00:00:00.000000Z")
    assert queries.call("gone") is None
    connection = connect(ledger.path, read_only=True)
    assert connection.execute("SELECT count(*) FROM prompts").fetchone() == (0,)
    connection.close()


async def test_a_call_without_a_row_leaves_none(ledger: Ledger, queries: Queries) -> None:
    store = PromptStore(ledger)
    store.keep([row("never")])
    await ledger.flush()
    assert queries.prompt("never", at()) is None
