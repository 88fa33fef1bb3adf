"""Single calls: pages, filters that look far back, one call, routing and first bytes."""

from __future__ import annotations

import pytest

from gateway_core.model.rows import CacheUse, Outcome
from gateway_core.model.usage import Usage
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.queries.rows import EXPORT_COLUMNS
from tests.gateway_core.store.making import at, ending, opening

pytestmark = pytest.mark.anyio

COLUMNS = (
    "id, started_at, finished_at, status, outcome, format, path, asked_model, model, provider, token, "
    "stream, input_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, output_tokens, "
    "reasoning_tokens, cost_usd, certainty, saved_usd, cache, route, route_reason, attempts, first_byte_ms, "
    "duration_ms, overhead_ms, session, tags, price_id, provider_request_id, error"
).split(", ")
WHOLE = ending(
    "a",
    started_at="2026-11-23T12:00:00.000120Z",
    finished_at="2026-11-23T12:00:01.500000Z",
    asked_model="auto",
    usage=Usage(1, 2, 3, 4, 5, reasoning=2),
    cost_nano=1_234_567,
    saved_nano=10**9,
    provider_cache_saved_nano=5,
    route="cheap",
    route_reason="mode=vibing",
    session="s1",
    tags={"user": "ann", "project": "web"},
    provider_request_id="req_1",
    error="late",
)
AS_EXPORTED = {
    "id": "a",
    "started_at": "2026-11-23T12:00:00.000120Z",
    "finished_at": "2026-11-23T12:00:01.500000Z",
    "status": "settled",
    "outcome": "ok",
    "format": "openai",
    "path": "/v1/chat/completions",
    "asked_model": "auto",
    "model": "gpt-5",
    "provider": "openai",
    "token": "default",
    "stream": True,
    "input_tokens": 1,
    "cached_input_tokens": 2,
    "cache_write_tokens": 3,
    "cache_write_1h_tokens": 4,
    "output_tokens": 5,
    "reasoning_tokens": 2,
    "cost_usd": "0.001234567",
    "certainty": "computed",
    "saved_usd": "1.00",
    "cache": "miss",
    "route": "cheap",
    "route_reason": "mode=vibing",
    "attempts": 1,
    "first_byte_ms": 120.5,
    "duration_ms": 1000.0,
    "overhead_ms": 0.4,
    "session": "s1",
    "tags": {"project": "web", "user": "ann"},
    "price_id": "openai:gpt-5:2025-08-07",
    "provider_request_id": "req_1",
    "error": "late",
}


async def write(ledger: Ledger, count: int, **changes: object) -> None:
    """Calls a minute apart from each other."""
    for number in range(count):
        ledger.finish(
            ending(f"{number:04}", started_at=at(60 * number), finished_at=at(60 * number + 1), **changes)
        )
    await ledger.flush()


async def test_the_export_has_the_promised_columns_in_their_order(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(WHOLE)
    await ledger.flush()
    (row,) = queries.export()
    assert list(row) == list(EXPORT_COLUMNS) == COLUMNS
    assert row == AS_EXPORTED


async def test_a_call_shows_what_a_watcher_wants_besides(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(WHOLE)
    await ledger.flush()
    more = {"held_usd": "0.00", "http_status": 200, "provider_cache_saved_usd": "0.000000005"}
    more["excess_usd"] = "0.00"
    assert queries.calls()[0] == {**AS_EXPORTED, **more}
    assert queries.call("a") == {**AS_EXPORTED, **more, "earlier": [], "corrections": [], "relabels": []}
    assert queries.call("b") is None


async def test_an_open_call_holds_and_costs_nothing_yet(ledger: Ledger, queries: Queries) -> None:
    await ledger.open_row(opening("a"))
    found = queries.call("a")
    assert found is not None
    assert (found["status"], found["outcome"], found["held_usd"]) == ("open", None, "0.05")
    assert (found["cost_usd"], found["http_status"], found["finished_at"]) == ("0.00", None, None)
    assert queries.calls() == []
    assert [row["status"] for row in queries.export()] == ["open"]


async def test_pages_follow_each_other_without_gap_or_twin(ledger: Ledger, queries: Queries) -> None:
    await write(ledger, 25)
    for number in range(5):
        # The same instant: the order in which they came decides.
        ledger.finish(ending(f"twin{number}", started_at=at(60 * 10), finished_at=at(60 * 10)))
    await ledger.flush()
    seen: list[str] = []
    while page := queries.calls(4, before=seen[-1] if seen else None):
        seen += [call["id"] for call in page]
    later, earlier = [f"{n:04}" for n in range(24, 10, -1)], [f"{n:04}" for n in range(10, -1, -1)]
    assert seen == [*later, *(f"twin{n}" for n in range(4, -1, -1)), *earlier]


@pytest.mark.parametrize(
    "where", [{"project": "rare"}, {"outcome": "failed"}, {"project": "ra*", "cache": "hit"}]
)
async def test_rare_calls_are_found_however_long_ago(
    ledger: Ledger, queries: Queries, where: dict[str, str]
) -> None:
    rare = {"tags": {"project": "rare"}, "outcome": Outcome.FAILED, "cache": CacheUse.HIT}
    ledger.finish(ending("rare1", started_at=at(-86400 * 90), **rare))
    ledger.finish(ending("rare2", started_at=at(-30), **rare))
    ledger.finish(ending("rare3", started_at=at(-20), **rare))
    await write(ledger, 300)
    assert [call["id"] for call in queries.calls(10, where=where)] == ["rare3", "rare2", "rare1"]
    assert [call["id"] for call in queries.calls(1, before="rare3", where=where)] == ["rare2"]
    assert [call["id"] for call in queries.calls(5, before="rare2", where=where)] == ["rare1"]


async def test_before_may_be_an_instant(ledger: Ledger, queries: Queries) -> None:
    await write(ledger, 5)
    assert [call["id"] for call in queries.calls(before=at(120))] == ["0001", "0000"]
    with pytest.raises(ValueError, match="nonsense"):
        queries.calls(before="nonsense")


async def test_each_decision_tells_its_reason(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(WHOLE)
    await ledger.flush()
    assert queries.routing(10) == [
        {
            "id": "a",
            "at": "2026-11-23T12:00:00.000120Z",
            "asked": "auto",
            "provider": "openai",
            "model": "gpt-5",
            "route": "cheap",
            "reason": "mode=vibing",
            "outcome": "ok",
            "cache": "miss",
            "saved_usd": "1.00",
        }
    ]


async def test_first_bytes_of_own_cache_hits_do_not_count(ledger: Ledger, queries: Queries) -> None:
    assert queries.first_byte_ms(at()) is None
    for number in range(1, 11):
        ledger.finish(ending(f"{number}", first_byte_ms=number * 10.0))
    ledger.finish(ending("hit", first_byte_ms=0.1, cache=CacheUse.HIT))
    ledger.finish(ending("never", first_byte_ms=None))
    await ledger.flush()
    assert queries.first_byte_ms(at()) == 60.0
    assert queries.first_byte_ms(at(), 0.99) == 100.0
    assert queries.first_byte_ms(at(1)) is None


async def test_what_is_asked_together_is_of_one_instant(ledger: Ledger, queries: Queries) -> None:
    ledger.finish(ending("first"))
    await ledger.flush()
    with queries.together() as at_once:
        before = at_once.totals(at())
        ledger.finish(ending("second"))
        await ledger.flush()
        assert at_once.totals(at()) == before
        assert len(at_once.calls()) == before.all.calls == 1
        assert [row["id"] for row in at_once.export()] == ["first"]
    assert queries.totals(at()).all.calls == 2


async def test_when_it_began(ledger: Ledger, queries: Queries) -> None:
    assert queries.began() is None
    await write(ledger, 3)
    assert queries.began() == at()


async def test_an_export_of_many_pages_has_each_row_once(ledger: Ledger, queries: Queries) -> None:
    for number in range(2500):
        # Many rows at one instant, over the borders of pages.
        ledger.finish(ending(f"{number:04}", started_at=at(number // 700)))
    await ledger.flush()
    assert [row["id"] for row in queries.export()] == [f"{number:04}" for number in range(2500)]
    some = [row["id"] for row in queries.export(at(1), at(2))]
    assert some == [f"{number:04}" for number in range(700, 1400)]
