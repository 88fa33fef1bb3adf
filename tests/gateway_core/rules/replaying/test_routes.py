"""Routes over the past: those in force change nothing, others change what they then would."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.model.call import Target
from gateway_core.model.policy import Pick, Route, Routing
from gateway_core.model.rows import Outcome
from gateway_core.model.usage import Usage
from gateway_core.rules.pricing import cost
from tests.gateway_core.rules.replaying.past import Gateway, price, replayed

MODELS = ("gpt-5.5", "gpt-5.1", "gpt-5-nano", "unknown")
WHENS: tuple[dict[str, str], ...] = (
    {},
    {"mode": "vibing"},
    {"mode": "building", "context": ">2k"},
    {"complexity": "simple"},
    {"complexity": ">=medium"},
    {"messages": ">3"},
    {"time": "12:00..12:01"},
)
PICKS = (Pick.ORDER, Pick.PRICE, Pick.WEIGHTED)
ROUTES = st.lists(
    st.builds(
        Route,
        name=st.uuids().map(str),
        when=st.sampled_from(WHENS),
        use=st.lists(st.sampled_from(MODELS), min_size=1, max_size=3, unique=True).map(tuple),
        enabled=st.booleans(),
        pick=st.sampled_from(PICKS),
        shadow=st.booleans(),
        pin=st.booleans(),
    ),
    max_size=4,
)
ROUTINGS = st.builds(
    Routing,
    medium=st.just(0.3),
    hard=st.just(0.6),
    margin=st.sampled_from((0.0, 0.02, 0.2)),
    always_score=st.booleans(),
    pin_seconds=st.sampled_from((5, 3600)),
    most_loss_nano=st.sampled_from((0, 10**9)),
)
CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "tags": st.sampled_from(({}, {"mode": "vibing"}, {"mode": "building"})),
            "session": st.sampled_from((None, "a", "b")),
            "score": st.none() | st.sampled_from((0.1, 0.27996, 0.28, 0.4, 0.58, 0.9)),
            "context": st.sampled_from((100, 5000)),
            "messages": st.integers(1, 6),
            "lasting": st.sampled_from((1, 4)),
            "usage": st.sampled_from((Usage(1000, output=50), Usage(100, 5000, output=50))),
            "outcome": st.sampled_from((Outcome.OK, Outcome.OK, Outcome.FAILED)),
        }
    ),
    max_size=12,
)


@given(ROUTES, ROUTINGS, CALLS)
def test_what_is_in_force_changes_nothing(
    routes: list[Route], routing: Routing, made: list[dict[str, Any]]
) -> None:
    gateway = Gateway(routes, routing)
    calls = [gateway.call(**each) for each in made]
    found = replayed(calls, routes, routes, routing)
    assert (found.changed, found.drifted) == (0, 0)
    assert found.now == found.draft == found.booked == sum(each.cost for each in calls)
    assert found.rerouted == sum(each.decision.route is not None for each in calls if each.decision)


@given(ROUTES, ROUTES, ROUTINGS, CALLS)
def test_a_draft_does_what_it_then_would(
    now: list[Route], draft: list[Route], routing: Routing, made: list[dict[str, Any]]
) -> None:
    """The same calls, sent again by the draft, go where the trial said, for what it said."""
    before, after = Gateway(now, routing), Gateway(draft, routing)
    # Who is pinned pays for what was cached elsewhere: that has tests of its own.
    plain = [{**each, "usage": Usage(1000, output=50), "outcome": Outcome.OK} for each in made]
    calls, again = ([gateway.call(**each) for each in plain] for gateway in (before, after))
    # A score is on record where somebody asked for it.
    if any(each.decision and each.decision.shape.score is None for each in calls) and any(
        "complexity" in each.when for each in draft
    ):
        return
    found = replayed(calls, now, draft, routing)
    assert found.changed == sum(a.served != b.served for a, b in zip(calls, again, strict=True))
    assert found.draft == sum(each.cost for each in again)
    assert found.now == sum(each.cost for each in calls)


UP_AND_DOWN = (
    Route("up", {"complexity": "hard"}, ("gpt-5.1",)),
    Route("down", {"context": "<2k"}, ("gpt-5-nano",)),
)


@given(st.lists(st.tuples(st.sampled_from((0.1, 0.9)), st.sampled_from((100, 5000))), min_size=2, max_size=8))
def test_a_conversation_stays_in_the_replay_as_it_did(made: list[tuple[float, int]]) -> None:
    routing = Routing(always_score=True)
    gateway = Gateway(UP_AND_DOWN, routing)
    calls = [gateway.call(session="a", score=score, context=context) for score, context in made]
    found = replayed(calls, UP_AND_DOWN, UP_AND_DOWN, routing)
    assert (found.drifted, found.changed) == (0, 0)


def test_a_pause_lets_a_conversation_go() -> None:
    routing = Routing(pin_seconds=5)
    for pause, drifted in ((3, "gpt-5.1"), (60, "gpt-5-nano")):
        gateway = Gateway(UP_AND_DOWN, routing)
        first = gateway.call(session="a", score=0.9, seconds=0)
        second = gateway.call(session="a", score=0.1, seconds=pause)
        assert (first.served.model, second.served.model) == ("gpt-5.1", drifted)
        assert replayed([first, second], UP_AND_DOWN, UP_AND_DOWN, routing).drifted == 0


def test_a_conversation_that_moves_reads_its_prompt_anew() -> None:
    gateway = Gateway(())
    warm = Usage(input=10, cached_input=50_000, output=100)
    call = gateway.call(session="a", messages=5, usage=warm)
    found = replayed([call], (), (Route("cheap", {}, ("gpt-5.1",)),))
    cheap = price(Target("openai", "gpt-5.1"))
    assert cheap is not None
    cold = cost(Usage(input=50_010, output=100), cheap)
    assert found.draft == cold
    assert (len(found.conversations), len(found.losing)) == (1, 1)
    assert found.cache_lost == (cold or 0) - (cost(warm, cheap) or 0)


def test_a_conversation_that_begins_elsewhere_loses_nothing() -> None:
    gateway = Gateway(())
    first = gateway.call(session="a", messages=1, usage=Usage(input=100, output=10))
    second = gateway.call(session="a", messages=3, usage=Usage(input=10, cached_input=100, output=10))
    found = replayed([first, second], (), (Route("cheap", {}, ("gpt-5.1",)),))
    assert (found.changed, len(found.losing), found.cache_lost) == (2, 0, 0)


def test_what_is_too_long_for_its_new_model_is_named() -> None:
    call = Gateway(()).call(usage=Usage(input=150_000, output=10))
    found = replayed([call], (), (Route("cheap", {}, ("gpt-5.1",)),))
    assert found.too_large == 1
    assert (found.large[0].id, found.large[0].window) == (call.id, 100_000)


def test_what_cannot_be_served_is_blocked_with_its_reason() -> None:
    call = Gateway(()).call()
    draft = (Route("cheap", {}, ("gpt-5.1",)),)
    found = replayed([call], (), draft, able={"gpt-5.1": "no key for openai"})
    assert (found.blocked, found.blocked_now, found.draft) == (1, 0, 0)
    assert found.blocked_why == {"no key for openai": 1}


def test_an_unknown_price_is_told_and_counts_as_now() -> None:
    call = Gateway(()).call()
    found = replayed([call], (), (Route("new", {}, ("gpt-9",)),))
    assert (found.changed, found.unpriced) == (1, 1)
    assert found.draft == found.now == call.cost


def test_refused_and_cached_calls_cost_what_they_did() -> None:
    gateway = Gateway(())
    refused = replace(gateway.call(), outcome=Outcome.REFUSED, cost=0)
    cached = replace(gateway.call(), outcome=Outcome.CACHE_HIT, cached=True, cost=0)
    found = replayed([refused, cached], (), (Route("cheap", {}, ("gpt-5.1",)),))
    assert (found.changed, found.draft, found.from_cache) == (2, 0, 1)


def test_what_was_not_scored_is_told() -> None:
    call = Gateway(()).call(score=0.1)
    found = replayed([call], (), (Route("easy", {"complexity": "simple"}, ("gpt-5-nano",)),))
    assert (found.changed, found.unscored) == (0, 1)


def test_latency_is_taken_as_it_was() -> None:
    measured = (Route("fast", {}, ("gpt-5.1", "gpt-5-nano"), pick=Pick.LATENCY),)
    call = Gateway(measured).call()
    assert call.decision is not None
    was = ("openai/gpt-5-nano", "openai/gpt-5.1")
    turned = replace(
        call, decision=replace(call.decision, targets=was), served=Target("openai", "gpt-5-nano")
    )
    found = replayed([turned], measured, measured)
    assert (found.drifted, found.guessed) == (0, 1)
