"""While the file cannot be written nothing is sent, nothing is lost, and it heals by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest

from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Outcome
from gateway_core.store import ledger as ledger_module
from gateway_core.store.facts import FactStore
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending, eventually, opening

pytestmark = pytest.mark.anyio


@contextmanager
def locked(ledger: Ledger) -> Iterator[None]:
    """Another connection holds the write lock."""
    connection = connect(ledger.path)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


def gone_or_refused(queries: Queries, call_id: str) -> bool:
    """A row that nobody waited for any more may be missing; it is never open and never costs."""
    found = queries.call(call_id)
    return found is None or (found["outcome"], found["cost_usd"]) == ("refused", "0.00")


async def test_a_locked_ledger_refuses_after_two_seconds(ledger: Ledger, queries: Queries) -> None:
    with locked(ledger):
        began = time.monotonic()
        with pytest.raises(Refusal) as raised:
            await ledger.open_row(opening("a"))
        assert 1.9 < time.monotonic() - began < 4
    assert (raised.value.status, raised.value.code) == (503, "ledger_unavailable")
    await ledger.flush()
    await ledger.flush()
    assert gone_or_refused(queries, "a")


async def test_what_ends_during_an_outage_is_written_after_it(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    with locked(ledger):
        ledger.finish(ending("a", cost_nano=3))
        for number in range(100):
            ledger.finish(ending(str(number), cost_nano=1))
        await eventually(lambda: ledger.problem is not None)
    await ledger.flush()
    assert ledger.problem is None
    assert queries.totals(at(-1)).all.cost_nano == 103


async def test_a_short_lock_is_waited_out(ledger: Ledger, queries: Queries) -> None:
    async def soon() -> None:
        with locked(ledger):
            await anyio.sleep(0.7)

    async with anyio.create_task_group() as group:
        group.start_soon(soon)
        await anyio.sleep(0.05)
        await ledger.open_row(opening("a"))
    assert queries.call("a") is not None


async def test_a_full_disk_refuses_and_heals(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    pages = ledger.writer.call(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    ledger.writer.call(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    for number in range(500):
        ledger.finish(ending(f"{number:03}", error="x" * 500))
    await eventually(lambda: ledger.problem is not None)
    assert "full" in (ledger.problem or "")
    with pytest.raises(Refusal, match="full"):
        await ledger.open_row(opening("b"))
    ledger.finish(ending("a"))
    # The pragma as a person would free the disk: from outside of what the writer does.
    ledger.writer._connection.execute("PRAGMA max_page_count = 1000000")
    await ledger.flush()
    assert queries.totals(at(-1)).all.calls == 501
    assert [check for check in queries.ledger_checks() if not check.ok] == []


async def test_an_opener_who_left_leaves_no_open_row(ledger: Ledger, queries: Queries) -> None:
    with locked(ledger):
        opener = asyncio.ensure_future(ledger.open_row(opening("a")))  # noqa: TID251 - it is cancelled below
        await anyio.sleep(0.1)
        opener.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opener
        await eventually(lambda: ledger.problem is not None)
    await ledger.flush()
    await ledger.flush()
    assert gone_or_refused(queries, "a")


async def test_a_row_committed_for_an_opener_who_just_left_is_released(
    ledger: Ledger, queries: Queries
) -> None:
    """The commit happens while the loop is blocked, so that it comes too late to stop it."""
    opener = asyncio.ensure_future(ledger.open_row(opening("a")))  # noqa: TID251 - it is cancelled below
    # One round of the loop to queue the row, one to wake the thread.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    deadline = time.monotonic() + 5
    while queries.call("a") is None and time.monotonic() < deadline:
        time.sleep(0.001)  # noqa: ASYNC251 - the loop must not see the commit
    opener.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opener
    await ledger.flush()
    await ledger.flush()
    found = queries.call("a")
    assert found is not None
    assert (found["outcome"], found["cost_usd"]) == ("refused", "0.00")
    assert ledger.writer.ignored == 0


async def test_the_callers_own_end_of_a_call_that_could_not_open_stands(
    ledger: Ledger, queries: Queries
) -> None:
    with locked(ledger):
        with pytest.raises(Refusal):
            await ledger.open_row(opening("a"))
        ledger.finish(ending("a", outcome=Outcome.REFUSED, cost_nano=0, error="ledger_unavailable"))
    await ledger.flush()
    found = queries.call("a")
    assert found is not None
    assert (found["outcome"], found["error"]) == ("refused", "ledger_unavailable")


async def test_edits_are_refused_and_not_made_later(ledger: Ledger) -> None:
    store = FactStore(ledger)
    with locked(ledger), pytest.raises(Refusal, match="cannot be written"):
        await anyio.to_thread.run_sync(store.put, "mode", "vibing")
    await ledger.flush()
    assert store.get("mode") is None


async def test_refused_calls_do_not_fill_the_memory(
    ledger: Ledger, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "MOST_REFUSALS", 10)
    with locked(ledger):
        ledger.finish(ending("first"))
        await eventually(lambda: ledger.problem is not None)
        for number in range(100):
            ledger.finish(ending(f"r{number}", outcome=Outcome.REFUSED, cost_nano=0))
            ledger.finish(ending(f"c{number}", cost_nano=1))
    await ledger.flush()
    assert ledger.shed > 80
    assert len(queries.calls(1000, where={"outcome": "ok"})) == 101


async def test_a_ledger_that_stays_locked_still_closes(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway_core.store.writer.LAST_TRIES", 0.3)
    other = Ledger(ledger.path.with_name("other.db"))
    other.start()
    with locked(other):
        other.finish(ending("a"))
        waiting = other.writer.ask(lambda _: None)
        began = time.monotonic()
        other.close()
        assert time.monotonic() - began < 5
    assert waiting.exception() is not None
