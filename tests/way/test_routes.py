"""Routes: when a call matches, its targets in order, the next one on failure before the first byte."""

from __future__ import annotations

from decimal import Decimal

from tests.support.abrupt import abrupt_provider
from tests.support.gateway import Gateways
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT

POLICY = """
[[routes]]
name = "small talk goes small"
when = { mode = "vibing" }
use = ["gpt-5-nano", "gpt-5-mini"]
"""
VIBING = {"x-llmconsole-tags": "mode=vibing"}
BUILDING = {"x-llmconsole-tags": "mode=building"}


def test_a_matching_call_goes_where_the_route_says(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(POLICY)
    before = simulated.mark()
    body = CHAT.ask("Tell me something small.", model="gpt-5.5")
    headers = {**CHAT.credential(gateway.token), **VIBING}
    response = gateway.http.post(CHAT.path, json=body, headers=headers)
    assert response.headers["x-llmconsole-model"] == "gpt-5-nano"
    assert "small talk goes small" in response.headers["x-llmconsole-route"]
    (row,) = gateway.rows(1)
    assert (row["asked_model"], row["model"]) == ("gpt-5.5", "gpt-5-nano")
    assert row["route"] == "small talk goes small"
    assert "mode=vibing" in row["route_reason"]
    assert float(row["saved_usd"]) > 0, "the asked model would have cost more"
    assert [request["model"] for request in simulated.seen(before)] == ["gpt-5-nano"]


def test_other_calls_keep_their_model(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    headers = {**CHAT.credential(gateway.token), **BUILDING}
    response = gateway.http.post(CHAT.path, json=CHAT.ask("Build.", model="gpt-5.5"), headers=headers)
    assert response.headers["x-llmconsole-model"] == "gpt-5.5"


def test_a_request_may_turn_routing_off(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    headers = {**CHAT.credential(gateway.token), **VIBING, "x-llmconsole-route": "off"}
    response = gateway.http.post(CHAT.path, json=CHAT.ask("As asked.", model="gpt-5.5"), headers=headers)
    assert response.headers["x-llmconsole-model"] == "gpt-5.5"


def test_the_next_target_answers_when_the_first_fails(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    gateway = gateways.start(POLICY)
    before = simulated.mark()
    headers = {**CHAT.credential(gateway.token), **VIBING}
    body = CHAT.ask("Fail once, first target. [[sim status=503 times=1]]", model="gpt-5.5")
    response = gateway.http.post(CHAT.path, json=body, headers=headers)
    assert response.status_code == 200
    (row,) = gateway.rows(1)
    assert (row["model"], row["attempts"], row["outcome"]) == ("gpt-5-mini", 2, "ok")
    assert [request["model"] for request in simulated.seen(before)] == ["gpt-5-nano", "gpt-5-mini"]


def test_the_decision_is_on_the_routing_panel(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    headers = {**CHAT.credential(gateway.token), **VIBING}
    gateway.http.post(CHAT.path, json=CHAT.ask("Small.", model="gpt-5.5"), headers=headers)
    gateway.rows(1)
    (decision,) = gateway.admin("GET", "routing", params={"limit": 10})["decisions"]
    assert (decision["asked"], decision["model"]) == ("gpt-5.5", "gpt-5-nano")
    assert decision["reason"]


SILENT = """
[providers.silent]
format = "openai"
base_url = "URL"
api_key = "none"
models = ["mute"]

[prices."silent/mute"]
input = "100"
output = "100"

[[routes]]
name = "mute first"
when = {}
use = ["silent/mute", "gpt-5-nano"]

[[budgets]]
name = "silent"
match = { provider = "silent" }
limit_usd = "5.00"
window = "month"
"""


def test_an_attempt_that_may_be_billed_keeps_its_cost(gateways: Gateways) -> None:
    """The provider took the call and fell silent: its tries stay booked, under its own name."""
    with abrupt_provider() as url:
        gateway = gateways.start(SILENT.replace("URL", url), top="retries = 2")
        answer = gateway.http.post(
            CHAT.path, json=CHAT.ask("Say something."), headers=CHAT.credential(gateway.token)
        )
        assert answer.status_code == 200
        assert answer.headers["x-llmconsole-model"] == "gpt-5-nano"
        (row,) = gateway.rows(1)
        assert (row["model"], row["attempts"]) == ("gpt-5-nano", 2), "a silent target is not asked again"
        assert row["certainty"] == "estimated"
        call = gateway.admin("GET", f"calls/{row['id']}")
        (attempt,) = call["earlier"]
        assert (attempt["provider"], attempt["http_status"]) == ("silent", None)
        assert Decimal(attempt["cost_usd"]) > 0
        assert Decimal(row["cost_usd"]) > Decimal(attempt["cost_usd"])
        (budget,) = gateway.admin("GET", "budgets")["budgets"]
        assert (budget["spent_usd"], budget["held_usd"]) == (attempt["cost_usd"], "0.00")
        assert gateway.stop() == 0
        again = gateways.again(gateway.data, gateway.config)
        (after,) = again.admin("GET", "budgets")["budgets"]
        assert after["spent_usd"] == budget["spent_usd"]
        assert not again.doctor(ledger_only=True)


def test_a_target_that_refuses_may_be_asked_again(gateways: Gateways, simulated: SimulatedProvider) -> None:
    gateway = gateways.start(top="retries = 2")
    before = simulated.mark()
    body = CHAT.ask("Fail twice. [[sim status=503 times=2]]")
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.status_code == 200
    (row,) = gateway.rows(1)
    assert (row["attempts"], len(simulated.seen(before))) == (3, 3)
    call = gateway.admin("GET", f"calls/{row['id']}")
    assert [(each["number"], each["http_status"], each["cost_usd"]) for each in call["earlier"]] == [
        (1, 503, "0.00"),
        (2, 503, "0.00"),
    ]


def test_a_report_by_mode_says_what_each_cost_and_saved(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    for tags in (VIBING, BUILDING):
        headers = {**CHAT.credential(gateway.token), **tags}
        gateway.http.post(CHAT.path, json=CHAT.ask(f"By {tags}.", model="gpt-5.5"), headers=headers)
    rows = {row["tags"]["mode"]: row for row in gateway.rows(2)}
    report = gateway.admin("GET", "report", params={"by": "mode", "since": "today"})
    told = {line["keys"]["mode"]: line for line in report["rows"]}
    for mode, row in rows.items():
        assert (told[mode]["cost_usd"], told[mode]["saved_usd"]) == (row["cost_usd"], row["saved_usd"])
        assert told[mode]["cache_saved_usd"] == "0.00", "routing saved it, no cache of ours"
    assert Decimal(told["vibing"]["saved_usd"]) > 0
    assert Decimal(told["building"]["saved_usd"]) == 0
