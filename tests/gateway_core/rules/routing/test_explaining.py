"""Rule by rule: each route of the policy has its say, in its order."""

from __future__ import annotations

from gateway_core.model.call import Target
from gateway_core.model.policy import Route
from gateway_core.rules.routing import plan
from gateway_core.rules.routing.explaining import Said, steps
from gateway_core.rules.routing.overruling import overruled
from tests.gateway_core.rules.routing.making import NOTHING_KNOWN, WANTED, call, resolve

ROUTES = (
    Route("off", {}, ("a",), enabled=False),
    Route("large", {"context": ">50k"}, ("a",)),
    Route("watch", {}, ("b",), shadow=True),
    Route("hit", {"mode": "vibing"}, ("c", "d")),
    Route("rest", {}, ("e",)),
)


def test_each_route_has_its_say() -> None:
    found = plan(ROUTES, call(context=1200), WANTED, resolve, NOTHING_KNOWN)
    assert found.decision is not None
    said = [(each.name, each.said, each.why) for each in steps(ROUTES, found.decision)]
    assert said == [
        ("off", Said.DISABLED, ""),
        ("large", Said.FAILED, "context is 1,200, not >50k"),
        ("watch", Said.WATCHED, "openai/b"),
        ("hit", Said.MATCHED, "openai/c"),
        ("rest", Said.NOT_REACHED, ""),
    ]


def test_routes_that_are_gone_are_told_first() -> None:
    found = plan(ROUTES, call(), WANTED, resolve, NOTHING_KNOWN)
    assert found.decision is not None
    names = [(each.name, each.said) for each in steps(ROUTES[4:], found.decision)]
    assert names == [
        ("large", Said.FAILED),
        ("watch", Said.WATCHED),
        ("hit", Said.MATCHED),
        ("rest", Said.NOT_REACHED),
    ]


def test_without_routing_no_route_is_asked() -> None:
    found = plan(ROUTES[1:], call(), WANTED, resolve, NOTHING_KNOWN, off=True)
    assert found.decision is not None and found.decision.shape.off
    assert {each.said for each in steps(ROUTES[1:], found.decision)} == {Said.OFF}


def test_what_overrules_the_routes_is_kept_with_the_new_order() -> None:
    found = plan(ROUTES, call(), WANTED, resolve, NOTHING_KNOWN)
    cheap = Target("openai", "nano")
    turned = overruled(overruled(found, (cheap, *found.targets), "cheapest only"), (cheap,), "free only")
    assert turned.targets == (cheap,)
    assert turned.reason.startswith("free only; cheapest only; hit: ")
    assert turned.decision is not None
    assert turned.decision.targets == ("openai/c", "openai/d"), "what the routes said stays"
    assert (turned.decision.tried, turned.decision.overruled) == (
        ("openai/nano",),
        ("cheapest only", "free only"),
    )
