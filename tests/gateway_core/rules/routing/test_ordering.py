"""The order in which the targets of a route are tried."""

from __future__ import annotations

from decimal import Decimal

from gateway_core.model.call import Target
from gateway_core.model.policy import Pick, Price, Rates
from gateway_core.rules.routing.ordering import Measures, ordered

A, B, C = (Target("p", name) for name in "abc")
PRICES = {
    A: Price("a", Rates(Decimal(3), Decimal(15))),
    B: Price("b", Rates(Decimal(1), Decimal(5))),
}


def test_the_cheapest_first_and_those_without_a_price_last() -> None:
    found, how = ordered((C, A, B), Pick.PRICE, Measures(PRICES.get))
    assert found == (B, A, C)
    assert how == "; cheapest, $2.00 per million tokens"
    assert ordered((C, C), Pick.PRICE, Measures(PRICES.get))[1] == "; no price is known"


def test_the_fastest_first_but_the_unmeasured_before_all() -> None:
    latency = {A: 400.0, B: 90.0}
    by = Measures(PRICES.get, latency_ms=latency.get)
    assert ordered((A, B), Pick.LATENCY, by) == ((B, A), "; fastest, first byte after 90 ms")
    assert ordered((A, B, C), Pick.LATENCY, by) == ((C, B, A), "; not measured yet")


def test_the_least_busy_first() -> None:
    running = {A: 2, B: 0, C: 1}
    by = Measures(PRICES.get, running=lambda target: running[target])
    assert ordered((A, B, C), Pick.LEAST_BUSY, by) == ((B, C, A), "; least busy, 0 running")


def test_weights_are_kept_over_many_draws() -> None:
    weights = {A: 7, B: 3, C: 0}
    draws = [
        ordered((A, B, C), Pick.WEIGHTED, Measures(PRICES.get, draw=number / 1000, weights=weights))
        for number in range(1000)
    ]
    first = [found[0] for found, _ in draws]
    assert (first.count(A), first.count(B), first.count(C)) == (700, 300, 0)
    assert draws[0] == ((A, B, C), "; drawn with 7 of 10")
    assert draws[-1][0] == (B, A, C)


def test_the_order_as_written() -> None:
    assert ordered((C, B, A), Pick.ORDER, Measures(PRICES.get)) == ((C, B, A), "")
    assert ordered((B,), Pick.PRICE, Measures(PRICES.get)) == ((B,), "")
