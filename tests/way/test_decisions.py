"""Decisions, end to end: each call's is on record and is explained rule by rule."""

from __future__ import annotations

from typing import Any

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT
from tests.way.test_judgement import HARD, chat

RULES = """
[[routes]]
name = "long ones"
when = { context = ">50k" }
use = ["gpt-5.5"]

[[routes]]
name = "watching"
when = { mode = "vibing" }
use = ["claude-haiku-4-5"]
shadow = true

[[routes]]
name = "hard ones"
when = { complexity = "hard" }
use = ["gpt-5.5"]

[[routes]]
name = "small talk"
when = { mode = "vibing" }
use = ["gpt-5-nano", "gpt-5-mini"]

[[routes]]
name = "the rest"
when = {}
use = ["gpt-5.1"]

[[budgets]]
name = "vibes"
match = { mode = "vibing" }
limit_usd = "1.00"
window = "month"
"""
VIBING = {"x_llmconsole_tags": "mode=vibing"}


def explained(gateway: RunningGateway, id: str) -> dict[str, Any]:
    found: dict[str, Any] = gateway.admin("GET", f"calls/{id}/decision")
    return found


def states(found: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["state"] for each in found["rules"]}


def test_each_rule_says_what_it_made_of_the_call(gateways: Gateways) -> None:
    gateway = gateways.start(RULES)
    chat(gateway, "Hi there.", **VIBING)
    (row,) = gateway.rows(1)
    found = explained(gateway, row["id"])
    assert states(found) == {
        "long ones": "failed",
        "watching": "watched",
        "hard ones": "failed",
        "small talk": "matched",
        "the rest": "not_reached",
    }
    why = {each["name"]: each["why"] for each in found["rules"]}
    assert why["long ones"].startswith("context is ") and why["long ones"].endswith(", not >50k")
    assert why["hard ones"] == "complexity is simple, not hard"
    assert why["watching"] == "anthropic/claude-haiku-4-5"
    assert found["route"] == "small talk"
    assert [each["target"] for each in found["targets"]] == ["openai/gpt-5-nano", "openai/gpt-5-mini"]
    assert [each["served"] for each in found["targets"]] == [True, False]
    assert found["targets"][0]["usd"] == row["cost_usd"]
    score = found["score"]
    assert score["complexity"] == "simple" and score["medium"] == 0.3
    assert abs(sum(each["value"] for each in score["parts"]) - score["value"]) < 1e-3
    (budget,) = found["budgets"]
    assert (budget["name"], budget["state"]) == ("vibes", "ok")
    assert float(found["asked_usd"]) > float(row["cost_usd"])
    assert (found["saved_usd"], found["cost_usd"]) == (row["saved_usd"], row["cost_usd"])


def test_a_fallback_shows_its_tries(gateways: Gateways) -> None:
    gateway = gateways.start(RULES)
    chat(gateway, "Fail once. [[sim status=503 times=1]]", **VIBING)
    (row,) = gateway.rows(1)
    found = explained(gateway, row["id"])
    (attempt,) = found["attempts"]
    assert (attempt["target"], attempt["http_status"]) == ("openai/gpt-5-nano", 503)
    assert (found["served"], found["outcome"]) == ("openai/gpt-5-mini", "ok")


def test_a_conversation_that_stays_says_why(gateways: Gateways) -> None:
    gateway = gateways.start(
        '[[routes]]\nname = "up"\nwhen = { complexity = "hard" }\nuse = ["gpt-5.5"]\n'
        '[[routes]]\nname = "down"\nwhen = {}\nuse = ["gpt-5-nano"]\n'
    )
    chat(gateway, HARD)
    chat(gateway, HARD, "Thanks.")
    gateway.rows(2)
    first, second = (explained(gateway, row["id"]) for row in gateway.export())
    assert first["kept"] is None
    assert second["route"] == "down"
    assert second["kept"] == "stays at openai/gpt-5.5, where the conversation is"
    assert first["asked"]["conversation"] == second["asked"]["conversation"]


def test_auto_and_a_switched_off_route(gateways: Gateways) -> None:
    gateway = gateways.start(RULES)
    chat(gateway, "Hello auto.", model="auto", x_llmconsole_route="off")
    (row,) = gateway.rows(1)
    found = explained(gateway, row["id"])
    assert set(states(found).values()) == {"off"}
    assert found["asked"]["model"] == "auto"
    assert found["score"]["complexity"] == "simple"
    assert len(found["targets"]) > 1


def test_a_thrown_switch_is_named(gateways: Gateways) -> None:
    gateway = gateways.start(RULES)
    gateway.admin("POST", "panics", json={"restraint": "cheap"})
    chat(gateway, HARD)
    (row,) = gateway.rows(1)
    found = explained(gateway, row["id"])
    assert found["overruled"] == ["cheapest only"]
    assert found["route"] == "hard ones"
    assert found["targets"][0]["served"]


def test_what_has_no_decision_says_so(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(RULES)
    gateway.http.get("/openai/v1/files", headers=CHAT.credential(gateway.token))
    nowhere = {"model": "no-such-model", "messages": [{"role": "user", "content": "Hi"}]}
    gateway.http.post(CHAT.path, json=nowhere, headers=CHAT.credential(gateway.token))
    gateway.rows(2)
    passing, refused = (explained(gateway, row["id"]) for row in gateway.export())
    assert not passing["known"] and "passes through" in passing["why_unknown"]
    assert not refused["known"] and refused["why_unknown"] == "it was refused before any route was asked"
    assert gateway.admin_response("GET", "calls/nobody/decision").status_code == 404


def test_a_running_call_is_explained_before_its_end(gateways: Gateways) -> None:
    gateway = gateways.start(RULES)
    headers = CHAT.credential(gateway.token) | {"x-llmconsole-tags": "mode=vibing"}
    body = CHAT.ask("Hi, running one. [[sim hang=after:1:20]]", model="auto", stream=True)
    with gateway.http.stream("POST", CHAT.path, json=body, headers=headers) as answer:
        assert answer.status_code == 200
        (running,) = wait_for(lambda: gateway.admin("GET", "calls")["in_flight"], what="the running call")
        found = explained(gateway, running["id"])
        assert found["known"] and found["outcome"] is None
        assert states(found)["small talk"] == "matched" and found["route"] == "small talk"
        assert [each["target"] for each in found["targets"]] == ["openai/gpt-5-nano", "openai/gpt-5-mini"]
        assert (found["asked"]["model"], found["served"]) == ("auto", "openai/gpt-5-nano")
        gateway.admin("POST", f"calls/{running['id']}/end")
    (row,) = gateway.rows(1)
    ended = explained(gateway, row["id"])
    assert {each: ended[each] for each in ("asked", "rules", "route", "score")} == {
        each: found[each] for each in ("asked", "rules", "route", "score")
    }


UNSURE = """
[routing]
hard = {hard}
margin = {margin}

[[routes]]
name = "hard ones"
when = {{ complexity = "hard" }}
use = ["gpt-5.5"]

[[routes]]
name = "the rest"
when = {{}}
use = ["gpt-5-nano"]
"""


def test_up_when_unsure_is_told_tried_and_moved(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """A score 0.01 under hard: within a margin of 0.02 it goes up, and everybody who asks hears why."""
    measured = gateways.start(UNSURE.format(hard=1.0, margin=0.0))
    chat(measured, HARD)
    (row,) = measured.rows(1)
    score = explained(measured, row["id"])["score"]
    assert (score["complexity"], score["unsure"]) == ("medium", "")
    hard, told = round(score["value"] + 0.01, 4), "up, as unsure: 0.01 under hard"
    gateway = gateways.start(UNSURE.format(hard=hard, margin=0.02))
    answer = chat(gateway, HARD)
    assert answer.headers["x-llmconsole-model"] == "gpt-5.5"
    assert answer.headers["x-llmconsole-route"].endswith(told)
    (row,) = gateway.rows(1)
    assert row["route_reason"] == f"hard ones: complexity=hard; {told}"
    score = explained(gateway, row["id"])["score"]
    assert (score["complexity"], score["margin"], score["unsure"]) == ("hard", 0.02, told)
    tried = gateway.admin("POST", "routes/test", json={})
    assert (tried["replayed"], tried["changed"], tried["drifted"]) == (1, 0, 0)
    tried = gateway.admin("POST", "routes/test", json={"routing": {"margin": 0.0}})
    assert tried["changed"] == 1
    prompt = gateway.admin("POST", "routes/try", json={"prompt": HARD, "model": "gpt-5.5"})
    assert prompt["score"]["margin"] == 0.02


def test_the_margin_is_in_the_policy_and_holds_at_once(gateways: Gateways) -> None:
    gateway = gateways.start(UNSURE.format(hard=1.0, margin=1.0))
    assert chat(gateway, "Hi.").headers["x-llmconsole-model"] == "gpt-5.5"
    shown = gateway.admin("GET", "policy")["toml"]
    assert "margin = 1.0" in shown
    gateway.admin("PUT", "policy", json={"toml": shown.replace("margin = 1.0", "margin = 0.1")})
    assert chat(gateway, "Hello.").headers["x-llmconsole-model"] == "gpt-5-nano"
    assert "margin = 0.1" in gateway.admin("GET", "policy")["toml"]
    wrong = shown.replace("margin = 1.0", "margin = 2")
    refused = gateway.admin_response("PUT", "policy", json={"toml": wrong})
    assert refused.status_code == 400 and "margin" in refused.text


def test_auto_says_that_it_is_unsure(gateways: Gateways) -> None:
    gateway = gateways.start("[routing]\nmargin = 1.0\n")
    answer = chat(gateway, "Hi.", model="auto")
    assert "auto, hard (0." in answer.headers["x-llmconsole-route"]
    assert "up, as unsure: 0." in answer.headers["x-llmconsole-route"]
