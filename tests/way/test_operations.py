"""What operators and probes ask: health, metrics, the plane's own description, and the event stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


def test_probes_need_no_token(gateway: RunningGateway) -> None:
    assert gateway.http.head("/").status_code == 200
    assert gateway.http.get("/health/live").status_code == 200
    assert gateway.http.get("/health/ready").status_code == 200


def test_metrics_count_what_passed(gateway: RunningGateway) -> None:
    gateway.http.post(CHAT.path, json=CHAT.ask("Count me."), headers=CHAT.credential(gateway.token))
    gateway.rows(1)
    metrics = gateway.http.get("/metrics", headers=CHAT.credential(gateway.token))
    assert metrics.status_code == 200
    counted = [line for line in metrics.text.splitlines() if line.startswith("llmconsole_")]
    assert any("gpt-5-mini" in line and line.endswith((" 1", " 1.0")) for line in counted), metrics.text


def test_the_admin_plane_describes_itself(gateway: RunningGateway) -> None:
    paths = gateway.admin("GET", "openapi.json")["paths"]
    for path in (
        "status",
        "summary",
        "spend",
        "calls",
        "budgets",
        "cache",
        "routing",
        "keys",
        "events",
        "export",
    ):
        assert f"/admin/v1/{path}" in paths


@pytest.mark.parametrize("credential", ["", "client", "wrong"])
def test_the_admin_plane_takes_its_own_token_only(gateway: RunningGateway, credential: str) -> None:
    token = {"client": gateway.token, "wrong": "x" * 40}.get(credential)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    for path in ("status", "keys", "export", "events", "client-token"):
        assert gateway.http.get(f"/admin/v1/{path}", headers=headers).status_code == 401


def events(response: httpx.Response) -> Iterator[tuple[int, str, dict[str, Any]]]:
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if not line and "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}
        elif ": " in line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def test_a_watcher_sees_a_call_and_the_alert_that_it_causes(gateways: Gateways) -> None:
    policy = f"""
[prices."openai/{CHAT.model}"]
input = "0"
output = "100"
[[budgets]]
name = "a dollar"
match = {{}}
limit_usd = "1.00"
window = "month"
alerts = [80]
"""
    gateway = gateways.start(policy)
    admin = {"authorization": f"Bearer {gateway.admin_token}"}
    with httpx.stream("GET", f"{gateway.url}/admin/v1/events", headers=admin, trust_env=False) as watching:
        gateway.http.post(
            CHAT.path,
            json=CHAT.ask("[[sim output=8500]]", cap=9000),
            headers=CHAT.credential(gateway.token),
        )
        last, seen = 0, dict[str, dict[str, Any]]()
        for number, kind, data in events(watching):
            last, seen[kind] = number, data
            if {"call.opened", "call.settled", "budget.alert"} <= seen.keys():
                break
    assert seen["call.opened"]["status"] == "open"
    assert seen["call.settled"]["cost_usd"] == "0.85"
    assert (seen["budget.alert"]["budget"], seen["budget.alert"]["mark"]) == ("a dollar", 80)
    resumed = {**admin, "last-event-id": str(last - 1)}
    with httpx.stream("GET", f"{gateway.url}/admin/v1/events", headers=resumed, trust_env=False) as watching:
        assert next(events(watching))[0] == last
