"""How models served over a range."""

from __future__ import annotations

import pytest

from gateway_core.model.decision import Decision, Shape
from gateway_core.model.rows import CacheUse, Outcome
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from tests.gateway_core.store.making import at, ending

pytestmark = pytest.mark.anyio


async def test_first_bytes_and_failures_by_model(ledger: Ledger, queries: Queries) -> None:
    for number in range(1, 11):
        ledger.finish(ending(f"{number}", first_byte_ms=number * 10.0))
    ledger.finish(ending("bad", outcome=Outcome.FAILED, http_status=503, first_byte_ms=None))
    ledger.finish(ending("own", outcome=Outcome.FAILED, http_status=400, first_byte_ms=None))
    ledger.finish(ending("hit", outcome=Outcome.CACHE_HIT, first_byte_ms=0.1, cache=CacheUse.HIT))
    await ledger.flush()
    ((_, one),) = queries.served(at()).items()
    assert (one.calls, one.failed) == (12, 1)
    assert (one.first_byte_ms(0.5), one.first_byte_ms(0.95)) == (60.0, 100.0)
    assert queries.served(at(1)) == {}


async def test_calls_are_counted_by_the_route_that_led_them(ledger: Ledger, queries: Queries) -> None:
    for number, route in enumerate(("cheap", "cheap", "docs", None)):
        ledger.finish(ending(f"{number}", route=route))
    await ledger.flush()
    assert queries.by_route(at()) == {"cheap": 2, "docs": 1}
    assert queries.by_route(at(1)) == {}


async def test_calls_are_counted_by_the_class_that_they_fell_in(ledger: Ledger, queries: Queries) -> None:
    fell = ("simple", "hard", None, "simple", "hard", "simple", None)
    for number, complexity in enumerate(fell):
        # Kinds of decisions that differ elsewhere, of the same class.
        shape = Shape("gpt-5", f"openai/gpt-5-{number % 2}", 100, 1)
        decision = Decision(shape, (shape.target,), None, "", complexity)
        ledger.finish(ending(f"{number}", decision=decision))
    ledger.finish(ending("nothing decided"))
    await ledger.flush()
    assert queries.by_class(at()) == {"simple": 3, "medium": 0, "hard": 2, "unscored": 2}
    assert sum(queries.by_class(at(1)).values()) == 0
