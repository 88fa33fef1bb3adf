"""Earlier tries of a call: written with the next opening or the end, once, and counted from then on."""

from __future__ import annotations

import pytest

from gateway_core.model.rows import Certainty, Outcome
from gateway_core.model.usage import Usage
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending, opening, trying

pytestmark = pytest.mark.anyio

FIRST = trying(1, cost_nano=300, usage=Usage(input=5, output=2), certainty=Certainty.ESTIMATED)
SECOND = trying(2, provider="anthropic", model="claude-opus", http_status=None, error="upstream_timeout")


def sound(queries: Queries, *live: str) -> bool:
    return all(check.ok for check in queries.ledger_checks(live))


async def test_a_try_counts_as_soon_as_the_next_one_is_opened(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a", provider="groq"))
    assert queries.spent({}, at()) == (0, 0)
    await ledger.open_row(opening("a", earlier=(FIRST,)))
    assert queries.spent({}, at()) == (300, 7)
    assert queries.spent({"provider": "groq", "project": "web", "token": "default"}, at()) == (300, 7)
    assert queries.totals(at()).all.calls == 0
    assert sound(queries, "a")


async def test_a_try_that_is_on_record_is_passed_over(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    await ledger.open_row(opening("a", earlier=(FIRST,)))
    await ledger.open_row(opening("a", earlier=(FIRST, SECOND)))
    ledger.finish(ending("a", cost_nano=1000, attempts=3, earlier=(FIRST, SECOND)))
    await ledger.flush()
    found = queries.call("a")
    assert found is not None
    assert [(each["number"], each["provider"], each["cost_usd"]) for each in found["earlier"]] == [
        (1, "groq", "0.0000003"),
        (2, "anthropic", "0.00"),
    ]
    assert found["cost_usd"] == "0.0000013"
    assert queries.totals(at()).all.cost_nano == 1300
    assert queries.totals(at()).all.estimated_nano == 300
    assert sound(queries)


async def test_a_try_keeps_all_that_is_known_of_it(ledger: Ledger, queries: Queries) -> None:
    attempt = trying(
        1,
        usage=Usage(1, 2, 3, 4, 5, reasoning=2, video_input=1),
        cost_nano=7,
        price_id="p1",
        provider_request_id="req_1",
    )
    ledger.finish(ending("a", earlier=(attempt,)))
    await ledger.flush()
    found = queries.call("a")
    assert found is not None
    assert found["earlier"] == [
        {
            "number": 1,
            "started_at": at(0.1),
            "finished_at": at(0.15),
            "provider": "groq",
            "model": "gpt-5",
            "http_status": 503,
            "error": "upstream_503: overloaded",
            "held_usd": "0.03",
            "input_tokens": 1,
            "cached_input_tokens": 2,
            "cache_write_tokens": 3,
            "cache_write_1h_tokens": 4,
            "output_tokens": 5,
            "reasoning_tokens": 2,
            "cost_usd": "0.000000007",
            "certainty": "computed",
            "price_id": "p1",
            "provider_request_id": "req_1",
        }
    ]


async def test_tries_come_with_an_end_that_is_the_first_word_of_a_call(
    ledger: Ledger, queries: Queries
) -> None:
    ledger.finish(ending("a", outcome=Outcome.REFUSED, cost_nano=0, earlier=(FIRST, SECOND)))
    await ledger.flush()
    assert queries.spent({}, at())[0] == 300
    assert sound(queries)


async def test_a_second_end_brings_no_tries(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("a", cost_nano=10))
    ledger.finish(ending("a", cost_nano=10, earlier=(FIRST,)))
    ledger.finish(ending("b", cost_nano=10, earlier=(FIRST,)))
    await ledger.flush()
    assert queries.spent({}, at())[0] == 320
    assert sound(queries)


async def test_tries_count_where_their_call_started(ledger: Ledger, queries: Queries) -> None:
    late = trying(1, started_at=at(86_400 * 2), finished_at=at(86_400 * 2 + 1), cost_nano=5)
    ledger.finish(ending("a", cost_nano=1, finished_at=at(86_400 * 3), earlier=(late,)))
    await ledger.flush()
    assert queries.spent({}, at(), at(1))[0] == 6
    report = queries.report(at(-60), None, ["day", "provider"])
    assert [(*row["keys"].values(), row["cost_usd"], row["calls"]) for row in report["rows"]] == [
        ("2026-11-23", "groq", "0.000000005", 0),
        ("2026-11-23", "openai", "0.000000001", 1),
    ]


async def test_recovery_keeps_tries_and_books_the_last_one_at_its_hold(ledger: Ledger) -> None:
    await ledger.open_row(opening("a"))
    await ledger.open_row(opening("a", held_nano=1000, earlier=(FIRST, SECOND)))
    ledger.close()
    for recovered in (1, 0):
        again = Ledger(ledger.path)
        assert again.start() == recovered
        again.close()
    queries = Queries(ledger.path)
    found = queries.call("a")
    assert found is not None
    assert (found["outcome"], found["attempts"], found["cost_usd"]) == ("recovered", 3, "0.0000013")
    assert queries.totals(at()).all.cost_nano == 1300
    assert sound(queries)
    queries.close()
