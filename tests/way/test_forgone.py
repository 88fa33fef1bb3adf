"""What would have been saved, end to end: what the real gateway watched, held against the ledger's money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.gateway import Gateways, RunningGateway
from tests.support.money import total_cost
from tests.way.test_judgement import chat
from tests.way.test_semantic_cache import ask, known, tried

RULES = """
[[routes]]
name = "cheap"
when = { mode = "vibing" }
use = ["gpt-5-nano"]
shadow = true

[[routes]]
name = "dear"
when = { mode = "vibing" }
use = ["gpt-5.5"]
shadow = true

[[routes]]
name = "nobody knows"
when = { project = "lab" }
use = ["openai/not-priced-at-all"]
shadow = true

[[routes]]
name = "the rest"
when = {}
use = ["gpt-5.1"]
"""
VIBING = {"x_llmconsole_tags": "mode=vibing,project=web"}
LAB = {"x_llmconsole_tags": "mode=building,project=lab"}


def told(gateway: RunningGateway, by: str = "project") -> dict[str, Any]:
    found: dict[str, Any] = gateway.admin("GET", f"report?since=today&by={by}&forgone=true")
    return dict(found["forgone"])


def test_routes_in_shadow_are_priced_on_what_the_calls_used(gateways: Gateways) -> None:
    gateway = gateways.start(RULES)
    for turn in ("One.", "Two."):
        chat(gateway, turn, **VIBING)
    chat(gateway, "Three.", **LAB)
    rows = gateway.rows(3)
    found = told(gateway)
    by_project = {row["keys"]["project"]: row for row in found["rows"]}
    vibing = [row for row in rows if row["tags"]["project"] == "web"]
    spent = sum(Decimal(row["cost_usd"]) for row in vibing)
    saved = {each["route"]: Decimal(each["saved_usd"]) for each in found["routes"]}
    assert saved["cheap"] > 0 > saved["dear"]
    assert saved["cheap"] < spent
    assert Decimal(by_project["web"]["routed_usd"]) == saved["cheap"]
    lab = by_project["lab"]
    assert (lab["routed"], lab["routed_unpriced"], lab["routed_usd"]) == (1, 1, "0.00")
    total = found["total"]
    assert total["together"] == 3 and Decimal(total["together_usd"]) == saved["cheap"]
    assert [row["keys"]["mode"] for row in found["modes"]] == ["building", "vibing"]
    report = gateway.admin("GET", "report?since=today")
    assert Decimal(report["total"]["cost_usd"]) == total_cost(gateway.export())
    assert "forgone" not in report or report["forgone"] is None


def test_what_it_says_a_target_costs_is_what_it_then_costs(gateways: Gateways) -> None:
    """The same call, once watched by a route and once led by it."""
    gateway = gateways.start(RULES)
    watched = chat(gateway, "The same words, both times.", **VIBING)
    (row,) = gateway.rows(1)
    would = Decimal(row["cost_usd"]) - Decimal(told(gateway)["total"]["routed_usd"])
    led = chat(gateway, "The same words, both times.", model="gpt-5-nano", x_llmconsole_route="off")
    assert led.headers["x-llmconsole-model"] == "gpt-5-nano" != watched.headers["x-llmconsole-model"]
    second = next(each for each in gateway.rows(2) if each["model"] == "gpt-5-nano")
    assert {row[name] for row in (row, second) for name in ("output_tokens",)} == {row["output_tokens"]}
    assert Decimal(second["cost_usd"]) == would


SEMANTIC = '[cache]\nsemantic = { when = { project = "docs" }, rate = 0.01, sample = 0.0 }\n'


def test_would_be_hits_save_what_the_calls_cost_where_they_agreed(gateways: Gateways) -> None:
    gateway = gateways.start(SEMANTIC)
    for at, (word, alike) in enumerate((("do", True), ("could", True), ("do", False), ("could", False)), 1):
        ask(gateway, f"How {word} I get rid of tourists in Paris?", alike=alike)
        known(gateway, at)
    tried(gateway, 2)
    found, rows = told(gateway)["total"], gateway.export()
    assert [row["cache"] for row in rows] == ["miss"] * 4
    assert (found["alike"], found["agreed"]) == (2, 1)
    assert Decimal(found["alike_usd"]) == Decimal(found["together_usd"]) == Decimal(rows[1]["cost_usd"])
    assert Decimal(found["wrong_usd"]) == Decimal(rows[3]["cost_usd"])
    assert all(Decimal(row["saved_usd"]) == 0 for row in rows)


def test_a_mode_without_the_cache_tells_what_it_would_have_saved(gateways: Gateways) -> None:
    gateway = gateways.start('[cache]\nexact = { when = { mode = "building" } }\n')
    vibing, building = {"x_llmconsole_tags": "mode=vibing"}, {"x_llmconsole_tags": "mode=building"}
    for _ in range(3):
        chat(gateway, "Again and again. [[sim output=20 reasoning=0]]", **vibing)
    chat(gateway, "Again and again. [[sim output=20 reasoning=0]]", **{**vibing, "x_llmconsole_cache": "off"})
    for _ in range(2):
        # Cut by the client's cap: nothing that is kept.
        chat(gateway, "Too long. [[sim output=90 reasoning=0]]", **vibing)
    hits = [
        chat(gateway, "Kept. [[sim output=20 reasoning=0]]", **building).headers["x-llmconsole-cache"]
        for _ in range(2)
    ]
    assert hits == ["miss", "hit"]
    rows = gateway.rows(8)
    found = told(gateway, "mode")
    (row,) = found["rows"]
    cost = [Decimal(each["cost_usd"]) for each in rows if each["tags"]["mode"] == "vibing"]
    assert (row["keys"], row["same"]) == ({"mode": "vibing"}, 2)
    assert Decimal(row["same_usd"]) == Decimal(row["together_usd"]) == 2 * cost[0]
