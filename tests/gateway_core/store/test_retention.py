"""Old rows go, every sum stays, and what is left is proved as before."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import anyio.to_thread
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.store import retention
from gateway_core.store.files import connect
from gateway_core.store.instants import from_datetime, micros, text
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.retention import compact
from gateway_core.store.rollups import DAY
from tests.gateway_core.store.making import at, correcting, ending, opening, trying
from tests.gateway_core.store.queries.random_rows import INSTANTS, MATCHES, Written, ledgers, within

pytestmark = pytest.mark.anyio

HOURS = st.integers(-100, 100).map(lambda hours: at(3600 * hours))


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAUSE", 0)


def failing(queries: Queries) -> list[str]:
    return [check.name for check in queries.ledger_checks() if not check.ok]


@settings(max_examples=40, deadline=None)
@given(ledgers(), INSTANTS, INSTANTS, HOURS, st.none() | HOURS, MATCHES)
def test_sums_stay_and_the_rest_is_proved(
    written: Written, first: datetime, then: datetime, since: str, until: str | None, match: dict[str, str]
) -> None:
    retention.PAUSE = 0
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db")
        ledger.start()
        for row in written.rows[::2]:
            ledger.finish(row)
        ledger.writer.call(lambda _: None)
        for row in written.rows[1::2]:
            ledger.finish(row)
        ledger.correct(written.corrections)
        queries = Queries(ledger.path)
        edge = max(first, then)
        for moment in (min(first, then), edge, edge):
            compact(ledger, instant_text(moment))
        mine = within(written.booked, since, until, match)
        totals = queries.totals(since, until, match).all
        assert totals.calls == sum(bool(row.id) for row in mine)
        assert (totals.cost_nano, totals.tokens) == (
            sum(row.cost_nano for row in mine),
            sum(row.usage.total for row in mine),
        )
        days = queries.report(at(-86400 * 9), None, ["day"])
        assert sum(row["calls"] for row in days["rows"]) == len(written.rows)
        assert failing(queries) == []
        kept = {row["id"] for row in queries.export()}
        young = {row.id for row in written.rows if micros(row.started_at) >= from_datetime(edge) // DAY * DAY}
        assert young <= kept
        queries.close()
        ledger.close()


async def old_and_new(ledger: Ledger) -> None:
    """Thirty days of calls, ten a day, each day in a transaction of its own."""
    for day in range(30):
        for number in range(10):
            started = day * 86_400 + number * 600
            earlier = (trying(1, cost_nano=3),) if number == 4 else ()
            call_id = f"{day:02}-{number}"
            if earlier:
                row = opening(call_id, started_at=at(started), earlier=earlier)
                await ledger.open_row(row)
            ledger.finish(
                ending(
                    call_id,
                    started_at=at(started),
                    finished_at=at(started + 1),
                    cost_nano=10,
                    earlier=earlier,
                )
            )
        await ledger.flush()
    words = [correcting(f"{day:02}-2", cost_nano=25) for day in range(30)]
    await anyio.to_thread.run_sync(ledger.correct, words)


WHOLE = 30 * (9 * 10 + 3 + 25)
LATE = at(20 * 86_400)


async def test_rows_go_with_all_that_belongs_to_them(ledger: Ledger, queries: Queries) -> None:
    await old_and_new(ledger)
    assert queries.spent({}, at(-60))[0] == WHOLE
    dropped = await anyio.to_thread.run_sync(compact, ledger, LATE)
    await anyio.to_thread.run_sync(compact, ledger, LATE)
    assert dropped == 200
    assert queries.spent({}, at(-60))[0] == WHOLE
    connection = connect(ledger.path, read_only=True)
    first = text(connection.execute("SELECT min(called_at) FROM attempts").fetchone()[0])
    assert first >= "2026-12-13"
    assert connection.execute("SELECT count(*) FROM calls").fetchone() == (100,)
    connection.close()
    assert queries.began() == "2026-11-23T12:00:00.000000Z"
    assert queries.call("00-0") is None
    assert [row["id"] for row in queries.calls(3, where={"project": "web"})] == ["29-9", "29-8", "29-7"]
    assert len(queries.calls(1000, where={"project": "web"})) == 100
    assert failing(queries) == []


async def test_the_gateway_goes_on(ledger: Ledger, queries: Queries) -> None:
    await old_and_new(ledger)
    await anyio.to_thread.run_sync(compact, ledger, LATE)
    ledger.finish(ending("new", started_at=at(86_400 * 31), finished_at=at(86_400 * 31 + 1), cost_nano=7))
    await ledger.flush()
    ledger.close()
    again = Ledger(ledger.path)
    assert again.start() == 0
    again.close()
    assert queries.spent({}, at(-60))[0] == WHOLE + 7
    assert failing(queries) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE calls SET error = 'x' WHERE id = '25-3'", {"seals"}),
        ("DELETE FROM calls WHERE id = '25-3'", {"seals"}),
        ("UPDATE compactions SET rows_from = rows_from + 86400000000 * 5", {"seals"}),
        ("UPDATE seals SET gone = 1 WHERE n = (SELECT seal FROM calls WHERE id = '25-3')", {"compactions"}),
        ("UPDATE seals SET gone = 1", {"compactions"}),
        ("DELETE FROM compactions", {"compactions", "rollups, days"}),
        ("UPDATE compactions SET cost_nano = cost_nano + 1 WHERE n = 2", {"seals", "compactions"}),
        (
            "UPDATE rollups SET cost_nano = 1 WHERE start < (SELECT max(rows_from) FROM compactions)",
            {"compactions"},
        ),
        ("UPDATE corrections SET cost_nano = 1", {"seals"}),
    ],
)
async def test_damage_is_found_as_before(
    ledger: Ledger, queries: Queries, damage: str, found: set[str]
) -> None:
    await old_and_new(ledger)
    await anyio.to_thread.run_sync(compact, ledger, LATE)
    connection = connect(ledger.path)
    assert connection.execute(damage).rowcount > 0
    connection.close()
    assert found <= set(failing(queries))


async def test_a_call_that_still_runs_stays(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("running"))
    ledger.finish(ending("a"))
    await ledger.flush()
    assert await anyio.to_thread.run_sync(compact, ledger, LATE) == 1
    assert queries.open_calls() == {"running"}
    ledger.finish(ending("running", cost_nano=5))
    await ledger.flush()
    assert failing(queries) == []
