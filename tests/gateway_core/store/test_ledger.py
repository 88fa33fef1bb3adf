"""Rows are committed before their calls are sent, together where many wait, and ended exactly once."""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gateway_core.model.rows import Certainty, Outcome
from gateway_core.model.usage import Usage
from gateway_core.store import Durability
from gateway_core.store.files import connect
from gateway_core.store.jsontext import decode
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending, eventually, opening

pytestmark = pytest.mark.anyio


@contextmanager
def statements(ledger: Ledger) -> Iterator[list[str]]:
    """The statements that the writer runs meanwhile."""
    seen: list[str] = []
    ledger.writer.call(lambda connection: connection.set_trace_callback(seen.append))
    yield seen
    ledger.writer.call(lambda connection: connection.set_trace_callback(None))


def committed(path: Path) -> list[tuple[str, str | None]]:
    """Id and outcome of the rows that another connection sees."""
    connection = connect(path, read_only=True)
    try:
        return connection.execute("SELECT id, outcome FROM calls ORDER BY n").fetchall()
    finally:
        connection.close()


async def test_an_open_row_is_committed_when_open_row_returns(ledger: Ledger) -> None:
    await ledger.open_row(opening("a"))
    assert committed(ledger.path) == [("a", None)]


async def test_the_end_follows_within_the_gathering_time(ledger: Ledger) -> None:
    await ledger.open_row(opening("a"))
    ledger.finish(ending("a"))
    await eventually(lambda: committed(ledger.path) == [("a", "ok")], seconds=2)


async def test_200_openers_share_a_few_commits(ledger: Ledger) -> None:
    ids = [f"{number:03}" for number in range(200)]
    with statements(ledger) as seen:
        await asyncio.gather(*(ledger.open_row(opening(call_id)) for call_id in ids))
        for call_id in ids:
            ledger.finish(ending(call_id))
        await ledger.flush()
    assert sorted(committed(ledger.path)) == [(call_id, "ok") for call_id in ids]
    assert seen.count("COMMIT") <= 10


async def test_rows_nobody_waits_for_wait_for_company(ledger: Ledger) -> None:
    with statements(ledger) as seen:
        for number in range(40):
            ledger.finish(ending(str(number)))
            # The writer could commit each alone.
            time.sleep(0.0005)  # noqa: ASYNC251 - nothing else shall run in between
        await ledger.flush()
    assert seen.count("COMMIT") <= 15
    assert len(committed(ledger.path)) == 40


async def test_the_second_end_is_ignored_and_counted(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    ledger.finish(ending("a", cost_nano=7))
    ledger.finish(ending("a", cost_nano=9, outcome=Outcome.CANCELLED))
    await ledger.flush()
    ledger.finish(ending("a", cost_nano=11))
    ledger.finish(ending("b", cost_nano=100))
    await ledger.flush()
    assert committed(ledger.path) == [("a", "ok"), ("b", "ok")]
    assert queries.totals(at()).all.cost_nano == 107
    assert ledger.writer.ignored == 2


async def test_a_call_that_never_opened_is_inserted_whole(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", outcome=Outcome.REFUSED, error="budget_spent", http_status=402, cost_nano=0))
    await ledger.flush()
    found = queries.call("a")
    assert found is not None
    assert (found["outcome"], found["error"], found["http_status"]) == ("refused", "budget_spent", 402)


async def test_opening_again_revises_target_and_hold(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    await ledger.open_row(opening("a", model="gpt-5-mini", held_nano=90, route="cheap", price_id="p2"))
    found = queries.call("a")
    assert found is not None
    assert (found["model"], found["held_usd"], found["route"]) == ("gpt-5-mini", "0.00000009", "cheap")


async def test_an_id_that_has_ended_cannot_be_opened_again(ledger: Ledger) -> None:
    ledger.finish(ending("a"))
    await ledger.flush()
    results = await asyncio.gather(
        ledger.open_row(opening("a")), ledger.open_row(opening("b")), return_exceptions=True
    )
    assert isinstance(results[0], ValueError)
    assert results[1] is None
    assert committed(ledger.path) == [("a", "ok"), ("b", None)]


async def test_settled_tells_whether_the_row_is_final(ledger: Ledger) -> None:
    await ledger.open_row(opening("a"))
    assert not await ledger.settled("a")
    ledger.finish(ending("a"))
    assert await ledger.settled("a")
    assert not await ledger.settled("unknown")


async def test_a_row_that_no_column_takes_hurts_only_itself(ledger: Ledger) -> None:
    await ledger.open_row(opening("a"))
    ledger.finish(ending("a", cost_nano=2**63))
    ledger.finish(ending("b", started_at="yesterday"))
    ledger.finish(ending("c"))
    await ledger.flush()
    assert committed(ledger.path) == [("a", None), ("c", "ok")]
    assert ledger.writer.rejected == 2
    ledger.finish(ending("a"))
    assert await ledger.settled("a")


async def test_a_row_keeps_all_that_its_price_depended_on(ledger: Ledger) -> None:
    plain = Usage(input=5, output=6)
    rich = Usage(
        input=9,
        output=7,
        audio_input=3,
        server_tools={"web_search": 2},
        service_tier="flex",
        steps=(plain, Usage(input=4, output=1)),
    )
    ledger.finish(ending("plain", usage=plain))
    ledger.finish(ending("rich", usage=rich))
    await ledger.flush()
    with ledger.reads.connection() as connection:
        kept = dict(connection.execute("SELECT id, usage_detail FROM calls").fetchall())
    assert kept["plain"] is None
    assert decode(kept["rich"], Usage) == rich


async def test_spent_counts_what_was_queued_before_it_and_nothing_later(ledger: Ledger) -> None:
    ledger.finish(ending("a", cost_nano=5))
    before = ledger.spent({"project": "web"}, at(-3600))
    ledger.finish(ending("b", cost_nano=70))
    after = ledger.spent({}, at(-3600))
    assert await before == (5, 150)
    assert await after == (75, 300)


@pytest.mark.parametrize("durability", list(Durability))
async def test_each_durability_writes(path: Path, durability: Durability) -> None:
    ledger = Ledger(path, durability)
    ledger.start()
    try:
        await ledger.open_row(opening("a"))
        level = ledger.writer.call(lambda connection: connection.execute("PRAGMA synchronous").fetchone()[0])
    finally:
        ledger.close()
    assert level == (1 if durability is Durability.PROCESS else 2)


async def test_only_the_owner_reads_the_files(ledger: Ledger) -> None:
    await ledger.open_row(opening("a"))
    files = sorted(ledger.path.parent.iterdir())
    assert [file.name for file in files] == ["ledger.db", "ledger.db-shm", "ledger.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_closing_commits_what_is_queued_and_leaves_one_file(path: Path) -> None:
    ledger = Ledger(path)
    ledger.start()
    for number in range(5000):
        ledger.finish(ending(f"{number:04}"))
    ledger.close()
    assert len(committed(path)) == 5000
    assert not path.with_name("ledger.db-wal").exists() or not path.with_name("ledger.db-wal").stat().st_size


async def test_estimates_and_unpriced_calls_are_summed_apart(ledger: Ledger, queries: Queries) -> None:
    row = ending("a", cost_nano=10)
    ledger.finish(row)
    ledger.finish(replace(row, id="b", certainty=Certainty.ESTIMATED))
    ledger.finish(replace(row, id="c", certainty=Certainty.UNPRICED, cost_nano=0))
    await ledger.flush()
    sums = queries.totals(at(-86400)).all
    assert (sums.calls, sums.cost_nano, sums.estimated_nano, sums.unpriced) == (3, 20, 10, 1)
