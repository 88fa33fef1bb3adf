"""Routes: the first that matches, its known targets in order, and the reason in words."""

from __future__ import annotations

from gateway_core.model.call import Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Route
from gateway_core.rules.matching import Facts
from gateway_core.rules.routing import plan

ASKED = Target("openai", "gpt-5.1")
FACTS = Facts({"mode": "vibing", "project": "web"}, "default", ASKED.model, ASKED.provider)


def resolve(name: str) -> Target:
    provider, _, model = name.rpartition("/")
    if model == "unknown":
        raise Refusal(404, "model_not_found", name)
    return Target(provider or "openai", model)


def test_without_a_route_the_asked_model_is_kept() -> None:
    found = plan([], FACTS, ASKED, resolve)
    assert (found.targets, found.route) == ((ASKED,), None)


def test_the_first_match_wins_and_says_why() -> None:
    routes = [
        Route("other", {"mode": "building"}, ("a",)),
        Route("off", {}, ("b",), enabled=False),
        Route("small talk", {"mode": "vibing"}, ("ollama/qwen3", "gpt-5-nano", "gpt-5-nano")),
        Route("late", {}, ("c",)),
    ]
    found = plan(routes, FACTS, ASKED, resolve)
    assert found.targets == (Target("ollama", "qwen3"), Target("openai", "gpt-5-nano"))
    assert (found.route, found.reason) == ("small talk", "small talk: mode=vibing")


def test_a_route_whose_targets_are_unknown_is_passed_over_aloud() -> None:
    found = plan([Route("broken", {}, ("unknown",))], FACTS, ASKED, resolve)
    assert found.targets == (ASKED,)
    assert "route broken has no known target" in found.reason


def test_a_call_may_switch_routing_off() -> None:
    found = plan([Route("all", {}, ("gpt-5-nano",))], FACTS, ASKED, resolve, off=True)
    assert (found.targets, found.route) == ((ASKED,), None)
