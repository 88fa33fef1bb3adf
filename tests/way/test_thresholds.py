"""Thresholds of classes edited live: the next call falls in another class, as the dry run had said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.way.test_judgement import HARD, chat, served

POLICY = """
[[routes]]
name = "hard ones"
when = { complexity = "hard" }
use = ["gpt-5.5"]

[[routes]]
name = "the rest"
when = {}
use = ["gpt-5-nano"]
"""
USUAL = {
    "medium": 0.3,
    "hard": 0.55,
    "margin": 0.02,
    "always_score": False,
    "learn": False,
    "pin": "3600s",
    "most_loss_usd": "0.25",
}


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start(POLICY)


def thresholds(gateway: RunningGateway) -> dict[str, Any]:
    found: dict[str, Any] = gateway.admin("GET", "thresholds")
    return {name: value for name, value in found.items() if name != "revision"}


def asked(gateway: RunningGateway, count: int) -> tuple[str, str, dict[str, Any]]:
    """The model and the route of one more hard call, and how it was scored."""
    answer = chat(gateway, f"{HARD} {'Again. ' * count}")
    row = gateway.rows(count)[-1]
    score: dict[str, Any] = gateway.admin("GET", f"calls/{row['id']}/decision")["score"]
    return served(answer), row["route"], score


def test_a_calls_class_and_way_change_as_the_dry_run_said(gateway: RunningGateway) -> None:
    assert thresholds(gateway) == USUAL
    gateway.admin("PUT", "thresholds", json={"hard": 1.0, "margin": 0.0})
    model, route, score = asked(gateway, 1)
    assert (model, route, score["complexity"]) == ("gpt-5-nano", "the rest", "medium")
    draft = {"hard": round(score["value"] - 0.01, 4)}
    tried = gateway.admin("POST", "routes/test", json={"routing": draft})
    assert (tried["replayed"], tried["changed"]) == (1, 1)
    (move,) = tried["moves"]
    assert (move["from_target"], move["to_target"]) == ("openai/gpt-5-nano", "openai/gpt-5.5")
    assert thresholds(gateway)["hard"] == 1.0, "a dry run changes nothing"
    put = gateway.admin("PUT", "thresholds", json=draft)
    assert thresholds(gateway) == {**USUAL, "hard": draft["hard"], "margin": 0.0}
    model, route, again = asked(gateway, 2)
    assert (model, route) == ("gpt-5.5", "hard ones")
    assert (again["complexity"], again["hard"]) == ("hard", draft["hard"])
    classes = gateway.admin("GET", "thresholds/classes")
    assert [classes[each] for each in ("simple", "medium", "hard", "unscored")] == [0, 1, 1, 0]
    assert gateway.admin("GET", "thresholds")["revision"] == put["revision"]


def test_an_edit_is_in_the_history_and_taken_back(gateway: RunningGateway) -> None:
    before = gateway.admin("GET", "thresholds")
    gateway.admin("PUT", "thresholds", json={"medium": 0.1, "hard": 0.2, "learn": True})
    edit = gateway.admin("GET", "policy/history")["edits"][0]
    assert (edit["what"], edit["undoes"]) == ("routing", None)
    lines = [line for line in edit["lines"] if line.strip("+")]
    assert lines == ["+[routing]", "+medium = 0.1", "+hard = 0.2", "+learn = true"]
    assert gateway.admin("POST", "policy/undo", json={}) == {"what": "routing"}
    assert gateway.admin("GET", "thresholds") == before, "its revision too"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"medium": 0.7}, 400, "medium = 0.7 is above hard = 0.55; turn them round"),
        ({"hard": 0.1, "learn": True}, 400, "medium = 0.3 is above hard = 0.1"),
        ({"margin": 1.5}, 400, "margin must be a number from 0 to 1, not 1.5"),
        ({"medium": True}, 422, "medium: "),
        ({"learn": "yes"}, 422, "learn: "),
        ({"pin": "0s"}, 400, "pin = '0s' is no duration"),
        ({"most_loss_usd": "much"}, 400, "most_loss_usd: "),
        ({"easy": 0.1}, 422, "easy: "),
    ],
)
def test_what_makes_no_sense_is_refused_whole(
    gateway: RunningGateway, body: dict[str, Any], status: int, told: str
) -> None:
    refused = gateway.admin_response("PUT", "thresholds", json=body)
    assert refused.status_code == status
    assert told in refused.json()["error"]["message"]
    assert thresholds(gateway) == USUAL


def test_a_write_over_another_edit_says_who_changed_what(gateway: RunningGateway) -> None:
    seen = gateway.admin("GET", "thresholds")["revision"]
    gateway.admin("PUT", "thresholds", json={"hard": 0.6})

    def write(over: str) -> Any:
        headers = {"authorization": f"Bearer {gateway.admin_token}", "if-match": over}
        return gateway.http.put("/admin/v1/thresholds", json={"hard": 0.7}, headers=headers)

    refused = write(f'"{seen}"')
    assert refused.status_code == 412
    assert refused.json()["error"]["message"].endswith(": hard the usual → 0.6")
    assert thresholds(gateway)["hard"] == 0.6
    gateway.admin("POST", "policy/undo", json={})
    assert write("*").status_code == 200, "they are there, also where all of them are as usual"
