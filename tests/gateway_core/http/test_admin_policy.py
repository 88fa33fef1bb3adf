"""Budgets, throttles, routes and the whole policy, edited over HTTP and taken back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

POLICY = """
[[budgets]]
name = "all"
limit_usd = "10.00"
window = "month"
"""


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start(POLICY)


def call(gateway: RunningGateway, **tags: str) -> None:
    words = ",".join(f"{key}={value}" for key, value in tags.items())
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": words}
    body = CHAT.ask("Count [[sim input=1000 output=500 reasoning=0]]", cap=500)
    assert gateway.http.post(CHAT.path, headers=headers, json=body).status_code == 200


def put(gateway: RunningGateway, name: str, **fields: object) -> dict[str, object]:
    answer: dict[str, object] = gateway.admin("PUT", f"budgets/{name}", json=fields)
    return answer


def test_a_budget_is_put_listed_and_removed(gateway: RunningGateway) -> None:
    made = put(
        gateway, "web%2Fteam", match={"project": "web"}, limit_usd="25", window="day", at_limit="alert"
    )
    assert made["name"] == "web/team"
    assert (made["limit_usd"], made["limit_tokens"], made["state"]) == ("25.00", None, "ok")
    assert [each["name"] for each in gateway.admin("GET", "budgets")["budgets"]] == ["all", "web/team"]
    gateway.admin("DELETE", "budgets/web%2Fteam")
    assert [each["name"] for each in gateway.admin("GET", "budgets")["budgets"]] == ["all"]
    assert gateway.admin_response("DELETE", "budgets/web%2Fteam").status_code == 404


def test_a_new_budget_counts_what_its_window_has_seen(gateway: RunningGateway) -> None:
    call(gateway, project="web")
    call(gateway, project="other")
    rows = gateway.rows(2)
    mine = next(row for row in rows if row["tags"]["project"] == "web")
    web = put(gateway, "web", match={"project": "web"}, limit_usd="0.01", window="day", at_limit="block")
    assert web["spent_usd"] == mine["cost_usd"]
    assert web["spent_tokens"] == 1500
    assert web["share"] == pytest.approx(float(Decimal(mine["cost_usd"]) / Decimal("0.01")))
    whole = gateway.admin("GET", "budgets")["budgets"][0]
    assert Decimal(whole["spent_usd"]) == sum(Decimal(row["cost_usd"]) for row in rows)
    assert Decimal(whole["lands_usd"]) > Decimal(whole["spent_usd"])
    assert whole["breaks_at"] is None
    assert datetime.fromisoformat(whole["window_start"]).day == 1


def test_a_budget_of_tokens_breaks_when_its_pace_says_so(gateway: RunningGateway) -> None:
    call(gateway, project="web")
    gateway.rows(1)
    made = put(gateway, "tokens", limit_tokens=1600, window="total", at_limit="alert")
    assert (made["spent_tokens"], made["state"], made["lands_usd"]) == (1500, "warn", None)
    assert made["resets_at"] is None
    assert datetime.fromisoformat(str(made["breaks_at"])).year > 2000


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"limit_usd": "1", "limit_tokens": 5}, "needs limit_usd or limit_tokens"),
        ({}, "needs limit_usd or limit_tokens"),
        ({"limit_usd": "-1"}, "must not be negative"),
        ({"limit_usd": "NaN"}, "not a finite dollar amount"),
        ({"limit_usd": "1", "window": "fortnight"}, "window 'fortnight' is unknown"),
        ({"limit_usd": "1", "at_limit": "explode"}, "choose one of alert"),
        ({"limit_usd": "1", "alerts": [0]}, "percentages"),
    ],
)
def test_a_wrong_budget_changes_nothing(
    shared_gateway: RunningGateway, fields: dict[str, object], told: str
) -> None:
    before = shared_gateway.admin("GET", "policy")
    answer = shared_gateway.admin_response("PUT", "budgets/all", json=fields)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_policy"
    assert told in answer.json()["error"]["message"]
    assert shared_gateway.admin("GET", "policy") == before


def test_routes_keep_their_order_and_can_be_moved(gateway: RunningGateway) -> None:
    for name in ("a", "b", "c"):
        gateway.admin("PUT", f"routes/{name}", json={"when": {"mode": name}, "use": ["gpt-5-nano"]})
    gateway.admin("PUT", "routes/c", json={"when": {}, "use": ["gpt-5-nano"], "position": 0})
    gateway.admin("PUT", "routes/b", json={"when": {}, "use": ["gpt-5-mini"], "enabled": False})
    routes = gateway.admin("GET", "routes")["routes"]
    assert [route["name"] for route in routes] == ["c", "a", "b"]
    usual: dict[str, Any] = {"pick": "order", "weights": [], "escalate": None, "shadow": False, "pin": True}
    usual |= {"escalate_streams": False, "revision": routes[2]["revision"]}
    assert routes[2] == {"name": "b", "when": {}, "use": ["gpt-5-mini"], "enabled": False, **usual}
    gateway.admin("DELETE", "routes/a")
    assert [route["name"] for route in gateway.admin("GET", "routes")["routes"]] == ["c", "b"]
    assert gateway.admin_response("PUT", "routes/x", json={"use": []}).status_code == 400
    gateway.admin("PATCH", "routes/b", json={"enabled": True, "before": "c"})
    routes = gateway.admin("GET", "routes")["routes"]
    assert [(route["name"], route["use"]) for route in routes] == [
        ("b", ["gpt-5-mini"]),
        ("c", ["gpt-5-nano"]),
    ]
    weighted = {"use": ["gpt-5-nano", "gpt-5-mini"], "pick": "weighted", "weights": [3, 1]}
    assert gateway.admin("PATCH", "routes/b", json=weighted)["weights"] == [3, 1]
    assert gateway.admin("PATCH", "routes/b", json={"shadow": True})["pick"] == "weighted", "the rest stays"
    assert gateway.admin_response("PATCH", "routes/b", json={"before": "nobody"}).status_code == 404
    assert gateway.admin_response("PATCH", "routes/nobody", json={"enabled": True}).status_code == 404


def test_a_throttle_tells_what_it_let_through(gateway: RunningGateway) -> None:
    made = gateway.admin("PUT", "throttles/pace", json={"tokens_per_minute": 6_000, "usd_per_hour": "5"})
    assert (made["usd_per_hour"], made["used_tokens_last_minute"]) == ("5.00", 0)
    call(gateway)
    gateway.rows(1)
    used = gateway.admin("GET", "throttles")["throttles"][0]["used_tokens_last_minute"]
    assert 1000 < used <= 1500
    gateway.admin("DELETE", "throttles/pace")
    assert gateway.admin("GET", "throttles") == {"throttles": []}
    assert gateway.admin_response("PUT", "throttles/none", json={}).status_code == 400


def test_the_policy_is_replaced_whole_or_not_at_all(gateway: RunningGateway) -> None:
    before = gateway.admin("GET", "policy")["toml"]
    broken = '[[budgets]]\nname = "x"\nlimit_usd = "1"\n[[routes]]\nname = "y"\nuse = []\n'
    assert gateway.admin_response("PUT", "policy", json={"toml": broken}).status_code == 400
    assert gateway.admin("GET", "policy")["toml"] == before
    wanted = '[[budgets]]\nname = "x"\nlimit_usd = "1"\n[cache]\nexact = { ttl = "2h" }\n'
    shown = gateway.admin("PUT", "policy?dry_run=true", json={"toml": wanted})["toml"]
    assert 'name = "x"' in shown
    assert gateway.admin("GET", "policy")["toml"] == before
    assert gateway.admin("PUT", "policy", json={"toml": wanted})["toml"] == shown
    assert gateway.admin("GET", "policy")["toml"] == shown
    assert gateway.admin("PUT", "policy", json={"toml": shown})["toml"] == shown


def test_edits_are_taken_back_one_by_one_but_not_the_first(gateway: RunningGateway) -> None:
    first = gateway.admin("GET", "policy")["toml"]
    put(gateway, "web", limit_usd="1")
    second = gateway.admin("GET", "policy")["toml"]
    gateway.admin("DELETE", "budgets/all")
    assert gateway.admin("POST", "policy/undo", json={}) == {"what": "budgets"}
    assert gateway.admin("GET", "policy")["toml"] == second
    gateway.admin("POST", "policy/undo", json={})
    assert gateway.admin("GET", "policy")["toml"] == first
    assert gateway.admin_response("POST", "policy/undo", json={}).status_code == 404
    assert [each["name"] for each in gateway.admin("GET", "budgets")["budgets"]] == ["all"]


def test_what_was_edited_outlives_the_gateway_and_config_toml(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    put(gateway, "all", limit_usd="99")
    gateway.admin("PUT", "mode", json={"mode": "building"})
    assert gateway.stop() == 0
    again = gateways.again(gateway.data, gateway.config)
    assert again.admin("GET", "budgets")["budgets"][0]["limit_usd"] == "99.00"
    assert again.admin("GET", "mode")["mode"] == "building"
