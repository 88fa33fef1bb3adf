"""Saying from the list which mode a call had, on a real gateway: all that is counted follows, provably."""

from __future__ import annotations

from decimal import Decimal

import pytest

from console.screens.inspector import Inspector
from console.screens.labelling import ModeRuleForm
from tests.screens.live import ask, live
from tests.support.gateway import Gateways, RunningGateway

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
[[budgets]]
name = "vibes"
match = { mode = "vibing" }
limit_usd = "5"
window = "month"
at_limit = "alert"
"""
pytestmark = pytest.mark.anyio


def by_mode(gateway: RunningGateway) -> dict[str, Decimal]:
    rows = gateway.admin("GET", "report", params={"since": "24h", "by": "tag:mode"})["rows"]
    return {row["keys"]["tag:mode"]: Decimal(row["cost_usd"]) for row in rows}


def spent(gateway: RunningGateway) -> Decimal:
    (budget,) = gateway.admin("GET", "budgets")["budgets"]
    return Decimal(budget["spent_usd"])


async def test_one_key_gives_a_call_a_mode_and_money_follows(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "to be labelled [[sim output=100]]", tags="project=web,mode=building")
        (row,) = gateway.rows(1)
        cost = Decimal(row["cost_usd"])
        assert by_mode(gateway) == {"building": cost} and spent(gateway) == 0
        await console.sees(" build ", "0.0100")
        await console.press("a")
        await console.sees("this call counts as vibing", " vibe ")
        assert by_mode(gateway) == {"vibing": cost} and spent(gateway) == cost
        assert gateway.export()[0]["tags"] == {**row["tags"], "mode": "vibing"}
        assert gateway.doctor() == []
        await console.press("u")
        await console.sees("the call is building again", " build ")
        assert by_mode(gateway) == {"building": cost} and spent(gateway) == 0
        await console.press("ctrl+r", "enter")
        await console.until(lambda: isinstance(console.app.screen, Inspector), "the call")
        await console.sees("labelled ", "vibing", "as it was written")
        await console.press("a")
        await console.sees("this call counts as building")
        assert by_mode(gateway) == {"building": cost}
        assert gateway.doctor() == []


async def test_a_rule_is_made_of_it_and_taken_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY, top='modes = ["vibing", "building"]')
    async with live(gateway) as console:
        await ask(gateway, "one of web", tags="project=web")
        await console.sees(" vibe ", "0.05")
        await console.press("a")
        await console.sees("this call counts as building")
        await console.press("B")
        await console.until(lambda: isinstance(console.app.screen, ModeRuleForm), "the form")
        await console.sees("project=web", "building", "1 call of the latest 1 fit; 0 had another mode")
        await console.press("right", "ctrl+s")
        await console.until(lambda: gateway.admin("GET", "mode_rules")["rules"], "the rule")
        (rule,) = gateway.admin("GET", "mode_rules")["rules"]
        assert rule["mode"] == "building"
        assert rule["match"] in ({"project": "web"}, {"token": "default"})
        await ask(gateway, "another of web", tags="project=web")
        assert gateway.rows(2)[-1]["tags"]["mode"] == "building"
        await console.press("u")
        await console.until(lambda: not gateway.admin("GET", "mode_rules")["rules"], "the rule to go")
        edits = gateway.admin("GET", "policy/history")["edits"]
        assert [edit["what"] for edit in edits[:2]] == ["mode_rules", "mode_rules"]


async def test_a_call_under_way_has_no_mode_to_speak_of_yet(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    response = gateway.admin_response("POST", "calls/nowhere/mode", json={"mode": "vibing"})
    assert response.status_code == 404
    await ask(gateway, "a call to be labelled in vain")
    (row,) = gateway.rows(1)
    response = gateway.admin_response("POST", f"calls/{row['id']}/mode", json={"mode": "dreaming"})
    assert response.status_code == 400
    assert "vibing, building" in response.text
    assert gateway.admin_response("DELETE", "mode_rules?mode=vibing&where=project=x").status_code == 404
