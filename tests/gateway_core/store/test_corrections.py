"""Corrections: rows of their own, the last one counts, and every sum follows."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
import pytest

from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Certainty, Correction
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, correcting, ending, opening, trying

pytestmark = pytest.mark.anyio


async def correct(ledger: Ledger, *corrections: Correction) -> None:
    await anyio.to_thread.run_sync(ledger.correct, corrections)


def row(queries: Queries, call_id: str) -> dict[str, Any]:
    found = queries.call(call_id)
    assert found is not None
    return found


async def test_the_call_counts_as_corrected_and_its_row_stays(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=100, certainty=Certainty.UNPRICED, price_id=None))
    await correct(ledger, correcting("a", cost_nano=250))
    found = row(queries, "a")
    assert (found["cost_usd"], found["certainty"]) == ("0.00000025", "computed")
    assert found["price_id"] == "user:openai/gpt-5"
    assert found["corrections"] == [
        {
            "at": at(3600),
            "who": "ann",
            "why": "the price was wrong",
            "before_usd": "0.0000001",
            "before_certainty": "unpriced",
            "cost_usd": "0.00000025",
            "certainty": "computed",
            "price_id": "user:openai/gpt-5",
        }
    ]
    connection = connect(ledger.path, read_only=True)
    assert connection.execute("SELECT cost_nano, certainty FROM calls").fetchone() == (100, "unpriced")
    connection.close()


async def test_of_several_the_last_one_counts(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=100))
    await correct(ledger, correcting("a", cost_nano=250), correcting("a", cost_nano=70))
    await correct(ledger, correcting("a", cost_nano=90, certainty=Certainty.ESTIMATED))
    total = queries.totals(at()).all
    assert (total.cost_nano, total.estimated_nano, total.unpriced, total.calls) == (90, 90, 0, 1)
    before = [each["before_usd"] for each in row(queries, "a")["corrections"]]
    assert before == ["0.0000001", "0.00000025", "0.00000007"]
    assert all(check.ok for check in queries.ledger_checks())


async def test_a_correction_counts_when_its_call_started(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=100))
    await correct(ledger, correcting("a", at=at(86_400 * 40), cost_nano=30))
    assert queries.spent({"model": "gpt-5"}, at(), at(1)) == (30, 150)
    assert queries.spent({}, at(1)) == (0, 0)


async def test_the_tries_of_a_call_stay_beside_its_correction(ledger: Ledger, queries: Queries) -> None:
    tried = trying(1, cost_nano=5, certainty=Certainty.ESTIMATED)
    ledger.finish(ending("a", cost_nano=100, earlier=(tried,)))
    await correct(ledger, correcting("a", cost_nano=30, certainty=Certainty.REPORTED))
    found = row(queries, "a")
    assert (found["cost_usd"], found["certainty"]) == ("0.000000035", "estimated")


@pytest.mark.parametrize("call_id", ["open", "nowhere"])
async def test_only_an_ended_call_can_be_corrected(ledger: Ledger, queries: Queries, call_id: str) -> None:
    ledger.finish(ending("a", cost_nano=100))
    await ledger.open_row(opening("open"))
    with pytest.raises(Refusal) as raised:
        await correct(ledger, correcting("a"), correcting(call_id))
    assert raised.value.status == 404
    assert queries.spent({}, at())[0] == 100, "all of them or none"
    assert all(check.ok for check in queries.ledger_checks(["open"]))


async def test_nothing_counts_less_than_nothing(ledger: Ledger) -> None:
    ledger.finish(ending("a"))
    with pytest.raises(Refusal):
        await correct(ledger, correcting("a", cost_nano=-1))
