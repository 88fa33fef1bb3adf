"""Readers see one instant, whole, while the writer goes on, and never hold it up."""

from __future__ import annotations

import threading
import time

import anyio
import anyio.to_thread
import pytest

from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending, eventually, opening

pytestmark = pytest.mark.anyio


async def test_every_reading_agrees_with_itself_and_only_grows(ledger: Ledger, queries: Queries) -> None:
    done = threading.Event()
    readings: list[int] = []

    def read() -> None:
        while not done.is_set():
            totals = queries.totals(at(-1))
            assert totals.all.cost_nano == totals.all.calls * 7
            report = queries.report(at(-1), None, ["tag:project", "model"])
            assert sum(row["calls"] for row in report["rows"]) == report["total"]["calls"]
            readings.append(totals.all.calls)

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(anyio.to_thread.run_sync, read)
        for number in range(500):
            call_id = f"{number:04}"
            tags = {"project": f"p{number % 7}"}
            await ledger.open_row(opening(call_id, tags=tags))
            ledger.finish(ending(call_id, cost_nano=7, tags=tags))
        await ledger.flush()
        done.set()
    assert len(readings) > 4
    assert queries.totals(at(-1)).all.calls == 500


async def test_a_reader_that_stays_does_not_stop_the_writer(ledger: Ledger) -> None:
    ledger.finish(ending("before"))
    await ledger.flush()
    with ledger.reads.snapshot() as connection:
        count = "SELECT count(*) FROM calls"
        assert connection.execute(count).fetchone() == (1,)
        began = time.monotonic()
        await ledger.open_row(opening("a"))
        assert time.monotonic() - began < 1
        assert connection.execute(count).fetchone() == (1,)
    with ledger.reads.snapshot() as connection:
        assert connection.execute(count).fetchone() == (2,)


async def test_reading_connections_cannot_write(ledger: Ledger) -> None:
    with ledger.reads.connection() as connection, pytest.raises(Exception, match="readonly"):
        connection.execute("DELETE FROM kv")


async def test_the_log_is_folded_in_while_calls_go_on(ledger: Ledger) -> None:
    for number in range(6000):
        ledger.finish(ending(f"{number}", error="x" * 300))
    await ledger.flush()
    await eventually(lambda: ledger.path.stat().st_size > 2 * 2**20)
