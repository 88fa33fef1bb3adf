"""Back-tests, end to end: what a change would have done to past calls is what it then does to them."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

from tests.support.gateway import Gateways, RunningGateway
from tests.way.test_judgement import HARD, chat
from tests.way.test_second_opinions import taken

NOW = """
[routing]
always_score = true
medium = 0.37

[[routes]]
name = "small talk"
when = { mode = "vibing", complexity = "simple" }
use = ["gpt-5-nano", "gpt-5-mini"]
"""
DRAFT: dict[str, Any] = {"put": {"builders": {"when": {"mode": "building"}, "use": ["gpt-5-mini"]}}}


def traffic(gateway: RunningGateway, name: str) -> None:
    """A dozen calls of some conversations; the same words for the same name."""
    for mode in ("vibing", "building", "testing"):
        tags = f"mode={mode},session={mode}-{name}"
        chat(gateway, f"Hello {name}.", x_llmconsole_tags=tags)
        chat(gateway, f"Hello {name}.", "And more?", x_llmconsole_tags=tags)
        chat(gateway, HARD, x_llmconsole_tags=f"mode={mode},session=hard-{mode}-{name}")
    chat(gateway, f"Fails for {name}. [[sim status=503 times=1]]", x_llmconsole_tags="mode=vibing")


def trial_of(gateway: RunningGateway, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = gateway.admin("POST", "routes/test", json=body)
    return found


def spent(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["cost_usd"]) for row in rows), Decimal(0))


def says(**words: str) -> str:
    """A knob by which the cheap and the strong model of the second opinion say what they are told to."""
    names = {"cheap": "gpt-4.1-mini", "strong": "gpt-4.1"}
    told = (f"{names[who]}:{base64.urlsafe_b64encode(text.encode()).decode()}" for who, text in words.items())
    return f"[[sim says={','.join(told)}]]"


def test_what_is_in_force_changes_nothing(gateways: Gateways) -> None:
    gateway = gateways.start(NOW)
    traffic(gateway, "ann")
    rows = gateway.rows(10)
    found = trial_of(gateway)
    assert (found["calls"], found["replayed"], found["drifted"], found["changed"]) == (10, 10, 0, 0)
    assert Decimal(found["now_usd"]) == Decimal(found["draft_usd"]) == spent(rows)


def test_a_back_test_tells_what_then_happens(gateways: Gateways) -> None:
    gateway = gateways.start(NOW)
    traffic(gateway, "bob")
    before = gateway.rows(10)
    found = trial_of(gateway, **DRAFT)
    assert found["changed"] == 3
    assert found["conversations"] == 2
    (move,) = found["moves"]
    assert (move["from_target"], move["to_target"]) == ("openai/gpt-5.5", "openai/gpt-5-mini")
    assert found["groups"][0]["mode"] == "building"
    caught = {each["name"]: (each["now"], each["draft"]) for each in found["routes"]}
    assert caught["builders"] == (0, 3)
    assert Decimal(found["change_usd"]) < 0

    gateway.admin("PUT", "routes/builders", json=DRAFT["put"]["builders"])
    traffic(gateway, "zoe")
    after = gateway.rows(20)[len(before) :]
    went = [(row["model"], row["route"]) for row in after]
    assert went.count(("gpt-5-mini", "builders")) == 3
    changed = [row for row in after if row["route"] == "builders"]
    same = sum(
        row["input_tokens"] + row["output_tokens"] for row in before if row["tags"].get("mode") == "building"
    )
    assert same == sum(row["input_tokens"] + row["output_tokens"] for row in changed), "the same traffic"
    assert Decimal(found["draft_usd"]) == spent(after)
    assert trial_of(gateway, since="7d")["drifted"] == 3, "the first ones went by the older routes"


OPINION = """
[[opinions]]
name = "is mini enough"
when = { mode = "building" }
cheap = "gpt-4.1-mini"
strong = "gpt-4.1"
share = 1.0
usd_per_day = "0.50"
"""


def test_what_is_known_of_moved_answers_is_told_with_its_interval(gateways: Gateways) -> None:
    """One answer each that the cheap model gave as well, gave otherwise, and that its person disliked."""
    gateway = gateways.start(NOW.replace("always_score", "learn = true\nalways_score") + OPINION)
    tags = {"x_llmconsole_tags": "mode=building"}
    for count, (bought, cheap) in enumerate(((30, 42), (31, 42), (32, 42)), 1):
        strong = f"So the answer is {12 + bought}."
        told = says(strong=strong, cheap=f"So the answer is {cheap}.")
        prompt = f"Tom has 12 boats and buys {bought} more. How many boats in total? {told}"
        chat(gateway, prompt, model="gpt-4.1", **tags)
        taken(gateway, count)
    rows = [row for row in gateway.rows(6) if not row["tags"].get("purpose")]
    gateway.admin("POST", f"calls/{rows[0]['id']}/thumb", json={"thumb": "down"})
    found = trial_of(gateway, put={"builders": {"when": {"mode": "building"}, "use": ["gpt-4.1-mini"]}})
    assert found["changed"] == 3
    told = found["outcomes"]
    assert (told["judged"], told["badly"]["count"], told["badly"]["share"]) == (1, 1, 1.0)
    assert (told["compared"], told["worse"]["count"], told["better"]["count"]) == (3, 2, 0)
    assert 0.2 < told["worse"]["low"] < 2 / 3 < told["worse"]["high"] < 0.95
    assert not any("not on record" in note for note in found["notes"])
    unknown = trial_of(gateway, where={"mode": "vibing"}, routing={"medium": 0.0})
    assert unknown["outcomes"]["badly"] is None
    other = trial_of(gateway, put={"builders": {"when": {"mode": "building"}, "use": ["gpt-5-nano"]}})
    assert (other["outcomes"]["judged"], other["outcomes"]["compared"]) == (1, 0), "nano answered nothing"


def test_thresholds_are_tried_too(gateways: Gateways) -> None:
    gateway = gateways.start(NOW)
    traffic(gateway, "cyd")
    gateway.rows(10)
    found = trial_of(gateway, routing={"medium": 0.0, "hard": 0.0})
    caught = {each["name"]: (each["now"], each["draft"]) for each in found["routes"]}
    assert caught["small talk"][0] > 0
    assert caught["small talk"][1] == 0


def test_progress_comes_in_lines(gateways: Gateways) -> None:
    gateway = gateways.start(NOW)
    traffic(gateway, "dan")
    gateway.rows(10)
    answer = gateway.admin_response("POST", "routes/test", params={"progress": "true"}, json=DRAFT)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert "done" in lines[0]
    assert lines[-1]["result"]["changed"] == 3


def test_a_target_that_cannot_take_calls_is_passed_over(gateways: Gateways) -> None:
    gateway = gateways.start(
        NOW + '[providers.mylab]\nformat = "openai"\nbase_url = "http://127.0.0.1:9/v1"\n'
        'api_key = "env:NO_KEY"\nmodels = ["qwen"]\n'
    )
    traffic(gateway, "eve")
    gateway.rows(10)
    there = {"when": {"mode": "building"}, "use": ["mylab/qwen"]}
    found = trial_of(gateway, put={"lab": there})
    assert found["blocked"] == 3
    assert found["blocked_why"] == [{"why": "no key for mylab", "calls": 3}]
    there["use"] = ["mylab/qwen", "gpt-5-mini"]
    assert trial_of(gateway, put={"lab": there})["moves"][0]["to_target"] == "openai/gpt-5-mini"


def test_one_prompt_is_tried(gateways: Gateways) -> None:
    gateway = gateways.start(NOW)
    body = {"prompt": "rename foo to bar", "tags": {"mode": "vibing"}, "model": "gpt-5.5"}
    found = gateway.admin("POST", "routes/try", json=body)
    assert (found["route"], found["target"]) == ("small talk", "openai/gpt-5-nano")
    assert Decimal(found["usd"]) < Decimal(found["asked_usd"])
    building = gateway.admin("POST", "routes/try", json={**body, "tags": {"mode": "building"}, **DRAFT})
    assert (building["route"], building["target"]) == ("builders", "openai/gpt-5-mini")
    assert building["rules"][0]["why"] == "mode is building, not vibing"
    assert gateway.admin("GET", "summary")["calls_today"] == 0, "nothing is sent"


def test_a_budget_is_tried_on_the_past(gateways: Gateways) -> None:
    gateway = gateways.start(NOW)
    traffic(gateway, "gil")
    rows = gateway.rows(10)
    roomy = {"limit_usd": "100", "window": "day", "at_limit": "block"}
    found = gateway.admin("POST", "budgets/test", json=roomy)
    assert (found["calls"], found["matched"], found["blocked"], found["saved_usd"]) == (10, 10, 0, "0.00")
    assert Decimal(found["cost_usd"]) == spent(rows)
    tight = {**roomy, "limit_usd": rows[0]["cost_usd"], "match": {"mode": "vibing"}}
    found = gateway.admin("POST", "budgets/test", json=tight)
    mine = [row for row in rows if row["tags"]["mode"] == "vibing"]
    assert (found["matched"], found["blocked"]) == (len(mine), len(mine) - 1)
    assert Decimal(found["saved_usd"]) == spent(mine[1:])
    assert found["first"]["id"] == mine[1]["id"]
    lower = {**tight, "match": {}, "at_limit": "downgrade", "downgrade_to": "gpt-5-nano"}
    found = gateway.admin("POST", "budgets/test", json=lower)
    assert found["downgraded"] + found["blocked"] > 0
    asks = {**tight, "at_limit": "ask"}
    assert gateway.admin("POST", "budgets/test", json=asks)["asked"] == len(mine) - 1
