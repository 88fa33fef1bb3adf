"""Writes of the admin plane that say what they were made over: none lands on what somebody else changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

POLICY = """
[[budgets]]
name = "web"
limit_usd = "10"

[[throttles]]
name = "pace"
concurrent = 4

[[routes]]
name = "small"
use = ["gpt-5-nano"]

[[opinions]]
name = "enough"
cheap = "gpt-5-nano"
strong = "gpt-5"
usd_per_day = "1"

[prices."mylab/q"]
input = "1"
output = "2"

[[mode_rules]]
mode = "vibing"
match = { client = "aider" }
"""
ROUTES = {"routes": [{"name": "first", "use": ["gpt-5"]}, {"name": "small", "use": ["gpt-5-nano"]}]}
RULES = {"rules": [{"mode": "building", "match": {"client": "codex"}}]}
STOP = {"panics": [{"restraint": "stop", "match": {}}]}


@dataclass(frozen=True)
class Kind:
    """Something that can be edited: where its revision is read, and two ways of writing it."""

    path: str
    read: Callable[[RunningGateway], str]
    mine: tuple[str, Any]
    theirs: tuple[str, Any]
    told: str


def entry(section: str) -> Callable[[RunningGateway], str]:
    return lambda gateway: str(gateway.admin("GET", section)[section][0]["revision"])


def whole(path: str) -> Callable[[RunningGateway], str]:
    return lambda gateway: str(gateway.admin("GET", path)["revision"])


WEEKLY_FILE = str(Path(gettempdir()) / "weekly.md")

KINDS = {
    "budget": Kind(
        "budgets/web",
        entry("budgets"),
        ("PUT", {"limit_usd": "20"}),
        ("PUT", {"limit_usd": "30"}),
        'limit_usd "10.00" → "30.00"',
    ),
    "raise": Kind(
        "budgets/web/raise",
        entry("budgets"),
        ("POST", {"to_usd": "20"}),
        ("POST", {"to_usd": "30"}),
        'raised_to_usd nothing → "30.00"',
    ),
    "no budget": Kind("budgets/web", entry("budgets"), ("DELETE", None), ("DELETE", None), "was removed"),
    "throttle": Kind(
        "throttles/pace",
        entry("throttles"),
        ("PUT", {"concurrent": 5}),
        ("PUT", {"concurrent": 6}),
        "concurrent 4 → 6",
    ),
    "route": Kind(
        "routes/small",
        entry("routes"),
        ("PATCH", {"enabled": False}),
        ("PUT", {"use": ["gpt-5"]}),
        'use ["gpt-5-nano"] → ["gpt-5"]',
    ),
    "routes": Kind("routes", whole("routes"), ("PUT", ROUTES), ("PUT", {"routes": []}), "removed"),
    "opinion": Kind(
        "opinions/enough", entry("opinions"), ("PUT", {"share": 0.5}), ("PUT", {"share": 0.2}), "share"
    ),
    "thresholds": Kind(
        "thresholds",
        whole("thresholds"),
        ("PUT", {"hard": 0.7}),
        ("PUT", {"hard": 0.6, "margin": 0.0}),
        "[routing] was changed meanwhile by admin plane at",
    ),
    "price": Kind(
        "prices/mylab/q",
        whole("prices/mylab/q"),
        ("PUT", {"input": "3"}),
        ("PUT", {"output": "4"}),
        'output "2" → "4"',
    ),
    "no price": Kind(
        "prices/mylab/q", whole("prices/mylab/q"), ("DELETE", None), ("DELETE", None), "was removed"
    ),
    "mode rules": Kind("mode_rules", whole("mode_rules"), ("PUT", RULES), ("PUT", {"rules": []}), "removed"),
    "panic": Kind("panics", whole("panics"), ("DELETE", None), ("PUT", STOP), "made"),
    "mode": Kind(
        "mode",
        whole("mode"),
        ("PUT", {"mode": "vibing"}),
        ("PUT", {"mode": "building"}),
        "switched",
    ),
    "weekly report": Kind(
        "report/weekly",
        whole("report/weekly"),
        ("PUT", {"every": "monday@09:00", "to": WEEKLY_FILE}),
        ("PUT", {"every": "friday@09:00", "to": WEEKLY_FILE}),
        "made",
    ),
    "policy": Kind("policy", whole("policy"), ("PUT", {"toml": ""}), ("PUT", {"toml": " "}), "removed"),
}


def write(
    gateway: RunningGateway, path: str, how: tuple[str, Any], over: str | None = None
) -> httpx.Response:
    headers = {"authorization": f"Bearer {gateway.admin_token}"}
    if over is not None:
        headers["if-match"] = f'"{over}"'
    method, body = how
    return gateway.http.request(method, f"/admin/v1/{path}", headers=headers, json=body)


@pytest.mark.parametrize("name", KINDS)
def test_a_write_over_something_else_is_refused_and_told(gateways: Gateways, name: str) -> None:
    kind, gateway = KINDS[name], gateways.start(POLICY)
    seen = kind.read(gateway)
    assert write(gateway, kind.path, kind.theirs, seen).is_success
    stands = gateway.admin("GET", "policy"), gateway.admin("GET", "mode")
    refused = write(gateway, kind.path, kind.mine, seen)
    assert refused.status_code == 412, refused.text
    error = refused.json()["error"]
    assert error["code"] == "changed_meanwhile"
    assert kind.told in error["message"]
    assert (gateway.admin("GET", "policy"), gateway.admin("GET", "mode")) == stands
    if how_it_is := gateway.admin("GET", kind.path.split("/")[0]).get("revision"):
        assert write(gateway, kind.path, kind.mine, how_it_is).is_success
    assert write(gateway, kind.path, kind.mine).status_code in (200, 404), "who says nothing is not asked"


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("panic",)])
def test_of_two_writes_over_the_same_exactly_one_wins(gateways: Gateways, name: str) -> None:
    kind, gateway = KINDS[name], gateways.start(POLICY)
    if name == "mode":
        write(gateway, "mode", ("PUT", {"mode": "building"}))
    seen = kind.read(gateway)
    hows = [kind.mine, kind.theirs] if name != "mode" else [kind.mine, kind.mine]
    with ThreadPoolExecutor(8) as hands:
        racers = [hands.submit(write, gateway, kind.path, hows[n % 2], seen) for n in range(8)]
        codes = sorted(each.result().status_code for each in racers)
    assert codes == [200] + [412] * 7


def test_undo_may_say_which_policy_it_takes_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    write(gateway, "budgets/web", ("PUT", {"limit_usd": "20"}))
    seen = gateway.admin("GET", "policy/history")["revision"]
    assert seen == gateway.admin("GET", "policy")["revision"]
    write(gateway, "budgets/web", ("PUT", {"limit_usd": "30"}))
    refused = write(gateway, "policy/undo", ("POST", {}), seen)
    assert (refused.status_code, 'limit_usd = "30.00"' in refused.text) == (412, False)
    assert '+limit_usd = "30.00"' in refused.json()["error"]["message"]
    assert gateway.admin("GET", "budgets")["budgets"][0]["limit_usd"] == "30.00"
    now = gateway.admin("GET", "policy")["revision"]
    assert write(gateway, "policy/undo", ("POST", {}), now).is_success
    assert gateway.admin("GET", "policy")["revision"] == seen, (
        "what stands as before is known by the same word"
    )


def test_what_is_new_must_not_be_there_yet(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)

    def make(name: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {gateway.admin_token}", "if-none-match": "*"}
        body = {"limit_usd": "1"}
        return gateway.http.put(f"/admin/v1/budgets/{name}", headers=headers, json=body)

    assert make("app").is_success
    again = make("app")
    assert again.status_code == 412
    assert "budget 'app' was made" in again.json()["error"]["message"]
    headers = {"authorization": f"Bearer {gateway.admin_token}", "if-match": "*"}
    gone = gateway.http.put("/admin/v1/budgets/gone", headers=headers, json={"limit_usd": "1"})
    assert gone.status_code == 412
    either = gateway.admin("GET", "budgets")["budgets"][0]["revision"]
    headers["if-match"] = f'"other", "{either}"'
    assert gateway.http.put("/admin/v1/budgets/web", headers=headers, json={"limit_usd": "9"}).is_success


def test_a_price_of_the_table_is_none_of_ones_own(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    path, rates = "prices/openai/gpt-5-mini", {"input": "1", "output": "2"}
    seen = gateway.admin("GET", path)
    assert (seen["revision"], bool(seen["price_id"])) == ("nothing", True)
    made = write(gateway, path, ("PUT", rates), seen["revision"]).json()
    assert write(gateway, path, ("DELETE", None), seen["revision"]).status_code == 412
    assert write(gateway, path, ("DELETE", None), made["revision"]).is_success
    assert gateway.admin("GET", path) == seen
    assert write(gateway, path, ("PUT", rates), seen["revision"]).json() == made


def test_the_order_of_rules_comes_back_as_it_was(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    rules = [{"mode": "building", "match": {"user": name}} for name in ("ann", "bo", "cyd")]
    before = gateway.admin("PUT", "mode_rules", json={"rules": rules})
    after = gateway.admin("POST", "mode_rules", json=rules[2])
    assert [each["match"]["user"] for each in after["rules"]] == ["cyd", "ann", "bo"]
    back = write(gateway, "mode_rules", ("PUT", {"rules": before["rules"]}), after["revision"])
    assert back.json() == before


def test_a_switch_that_is_thrown_already_keeps_who_threw_it(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    (first,) = gateway.admin("PUT", "panics", json=STOP)["panics"]
    more = [*STOP["panics"], {"restraint": "cheap", "match": {"project": "web"}}]
    found = gateway.admin("PUT", "panics", json={"panics": more})["panics"]
    assert found[0] == first
    assert [each["restraint"] for each in found] == ["stop", "cheap"]
    wrong = {"panics": [{"restraint": "sing", "match": {}}]}
    assert gateway.admin_response("PUT", "panics", json=wrong).status_code == 400


def test_two_routes_of_one_name_are_refused(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    twice = {"routes": [{"name": "x", "use": ["gpt-5"]}] * 2}
    refused = gateway.admin_response("PUT", "routes", json=twice)
    assert (refused.status_code, "two routes are named 'x'" in refused.text) == (400, True)


def test_a_route_that_escalates_streams_comes_back_as_it_was(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    said = {"use": ["gpt-5-nano", "gpt-5"], "escalate": 0.5, "escalate_streams": True}
    made = gateway.admin("PUT", "routes/careful", json=said)
    before = gateway.admin("GET", "routes")
    told = {key: made[key] for key in ("name", "when", "use", "escalate", "escalate_streams")}
    after = gateway.admin("PUT", "routes", json={"routes": [told]})
    assert after["routes"][0]["revision"] == made["revision"]
    assert gateway.admin("POST", "policy/undo", json={}) == {"what": "routes"}
    assert gateway.admin("GET", "routes") == before


def test_labels_of_one_call_do_not_write_over_each_other(gateways: Gateways) -> None:
    # Without the second opinion of POLICY, which asks some calls again.
    gateway = gateways.start()
    body = CHAT.ask("To be said twice.")
    assert gateway.http.post(CHAT.path, headers=CHAT.credential(gateway.token), json=body).is_success
    path = f"calls/{gateway.rows(1)[0]['id']}"
    seen = gateway.admin("GET", path)["mode_revision"]
    label = f"{path}/mode"
    with ThreadPoolExecutor(4) as hands:
        racers = [
            hands.submit(write, gateway, label, ("POST", {"mode": mode}), seen)
            for mode in ("vibing", "building") * 2
        ]
        codes = sorted(each.result().status_code for each in racers)
    assert codes == [200, 412, 412, 412]
    assert len(gateway.admin("GET", path)["relabels"]) == 1
    assert gateway.doctor() == []


def test_a_budget_named_like_a_second_opinions_own_is_refused_in_the_same_words(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    name = "second opinion enough"
    gateway.admin("PUT", "budgets/second%20opinion%20more", json={"limit_usd": "1"})
    opinion = {"cheap": "gpt-5-nano", "strong": "gpt-5", "usd_per_day": "1"}
    said = [
        gateway.admin_response("PUT", f"budgets/{name}", json={"limit_usd": "1"}),
        gateway.admin_response("PUT", f"budgets/{name}?dry_run=true", json={"limit_usd": "1"}),
        gateway.admin_response("PUT", "opinions/more", json=opinion),
    ]
    errors = [each.json()["error"] for each in said]
    assert [each.status_code for each in said] == [409] * 3
    assert {each["code"] for each in errors} == {"own_budget"}
    words = [each["message"].replace("more", "enough") for each in errors]
    assert (
        words
        == [f"{name!r} is the own budget of second opinion 'enough'; give one of the two another name"] * 3
    )
