"""Routes: the first that matches, its known targets in order, and the reason in words."""

from __future__ import annotations

from gateway_core.model.call import Plan, Target
from gateway_core.model.policy import Pick, Route
from gateway_core.rules.complexity import Part, Score
from gateway_core.rules.routing import Wanted, plan
from gateway_core.rules.routing.situation import Situation
from tests.gateway_core.rules.routing.making import ASKED, NOTHING_KNOWN, WANTED, call, resolve


def planned(*routes: Route, **more: object) -> Plan:
    return plan(routes, call(**more), WANTED, resolve, NOTHING_KNOWN)


def test_without_a_route_the_asked_model_is_kept() -> None:
    found = planned()
    assert (found.targets, found.route) == ((ASKED,), None)


def test_the_first_match_wins_and_says_why() -> None:
    found = planned(
        Route("other", {"mode": "building"}, ("a",)),
        Route("off", {}, ("b",), enabled=False),
        Route("small talk", {"mode": "vibing"}, ("ollama/qwen3", "gpt-5-nano", "gpt-5-nano")),
        Route("late", {}, ("c",)),
    )
    assert found.targets == (Target("ollama", "qwen3"), Target("openai", "gpt-5-nano"))
    assert (found.route, found.reason) == ("small talk", "small talk: mode=vibing")
    assert found.decision is not None
    assert found.decision.passed_over == {"other": "mode is vibing, not building"}


def test_a_route_whose_targets_are_unknown_is_passed_over_aloud() -> None:
    found = planned(Route("broken", {}, ("unknown",)))
    assert found.targets == (ASKED,)
    assert "route broken has no known target" in found.reason


def test_a_call_may_switch_routing_off() -> None:
    found = plan([Route("all", {}, ("gpt-5-nano",))], call(), WANTED, resolve, NOTHING_KNOWN, off=True)
    assert (found.targets, found.route) == ((ASKED,), None)


def test_a_route_in_shadow_is_noted_and_decides_nothing() -> None:
    found = planned(Route("try", {}, ("small",), shadow=True), Route("real", {}, ("large",)))
    assert found.route == "real"
    assert found.decision is not None
    assert found.decision.shadow == {"try": "openai/small"}


def test_a_group_that_no_route_matches_is_tried_in_its_order() -> None:
    group = Wanted((Target("openai", "a"), Target("anthropic", "b")), "group fast")
    found = plan([], call(asked="fast"), group, resolve, NOTHING_KNOWN)
    assert found.targets == group.targets
    assert found.reason == "group fast: no route matches"


def test_the_score_is_asked_for_only_where_a_route_needs_it() -> None:
    asked: list[int] = []

    def measure(_: Situation) -> Score:
        asked.append(1)
        return Score(0.1, (Part("length", 0.1),))

    tagged = Route("tagged", {"complexity": "simple", "mode": "building"}, ("a",))
    found = planned(tagged, measure=measure)
    assert not asked
    assert found.decision is not None and found.decision.shape.score is None
    simple = Route("simple", {"complexity": "simple"}, ("a",))
    found = planned(simple, Route("again", {"complexity": "hard"}, ("a",)), measure=measure)
    assert len(asked) == 1
    assert found.decision is not None
    assert found.decision.complexity == "simple"
    assert found.decision.shape.parts == {"length": 0.1}


def test_weights_belong_to_the_models_that_are_known() -> None:
    route = Route("split", {}, ("unknown", "a", "b"), pick=Pick.WEIGHTED, weights=(5, 0, 1))
    assert planned(route).targets == (Target("openai", "b"), Target("openai", "a"))
