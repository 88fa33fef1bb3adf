"""Routing rules on a real gateway: written, tried on past calls, put in force, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from console.screens.inspector import Inspector
from console.screens.overtaken import Overtaken
from console.screens.prompt_form import PromptForm
from console.screens.route_form import RouteForm
from console.screens.routes import RoutesPage
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[prices."openai/gpt-5-nano"]
input = "0"
output = "10"

[[routes]]
name = "docs"
when = { project = "docs" }
use = ["gpt-5-nano"]

[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "1.00"
window = "month"
at_limit = "block"
"""
pytestmark = pytest.mark.anyio


def rules(gateway: RunningGateway) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in gateway.admin("GET", "routes")["routes"]}


async def open_page(console: Live) -> None:
    await console.press("r")
    await console.until(lambda: isinstance(console.app.screen, RoutesPage), "the rules")
    await console.sees("docs", "project=docs", "gpt-5-nano")


async def write(console: Live, name: str, when: str, use: str) -> None:
    await console.press("n")
    await console.until(lambda: isinstance(console.app.screen, RouteForm), "the form")
    for text in (name, when, use):
        await console.type(text)
        await console.press("down")
    await console.press("ctrl+s")
    await console.until(lambda: isinstance(console.app.screen, RoutesPage), "the rules again")


async def test_a_rule_is_written_tried_put_in_force_and_taken_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        for _ in range(3):
            await ask(gateway, "[[sim output=1000]]", tags="mode=vibing")
        gateway.rows(3)
        await open_page(console)
        await write(console, "cheap talk", "mode=vibing", "gpt-5-nano")
        assert "cheap talk" not in rules(gateway), "a draft is not in force"
        await console.sees("cheap talk", "new", "3 of 3 calls", "$0.30", "$0.03", "-$0.27", "+3")
        await console.sees("gpt-5-mini → gpt-5-nano", "3 calls would go elsewhere")
        await console.press("ctrl+s")
        await console.until(lambda: "cheap talk" in rules(gateway), "the rule in force")
        assert list(rules(gateway)) == ["cheap talk", "docs"], "a new rule is tried first"
        await ask(gateway, "[[sim output=10]]", tags="mode=vibing")
        last = gateway.rows(4)[-1]
        assert (last["model"], last["route"]) == ("gpt-5-nano", "cheap talk")
        await console.until(
            lambda: any("cheap talk" in line and " 1 " in line for line in console.lines), "1"
        )
        await console.press("u")
        await console.until(lambda: "cheap talk" not in rules(gateway), "the rule taken back")
        await console.sees("the rules are as they were")
        await ask(gateway, "Another talk. [[sim output=10]]", tags="mode=vibing")
        assert gateway.rows(5)[-1]["model"] == "gpt-5-mini"
        await console.press("ctrl+r")
        await console.until(lambda: "cheap talk" in rules(gateway), "the rule made again")


async def test_nothing_holds_before_its_dry_run_was_seen(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("o", "ctrl+s")
        assert rules(gateway)["docs"]["enabled"]
        await console.sees("its dry run is not there yet")
        await console.sees("calls would go elsewhere".replace("calls", "no call"))
        await console.press("ctrl+s")
        await console.until(lambda: not rules(gateway)["docs"]["enabled"], "the rule off")
        await console.press("u")
        await console.until(lambda: rules(gateway)["docs"]["enabled"], "the rule on again")


async def test_order_and_end_of_rules_are_drafts_too(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    gateway.admin("PUT", "routes/rest", json={"when": {}, "use": ["gpt-5-mini"]})
    async with live(gateway) as console:
        await open_page(console)
        await console.press("minus")
        await console.sees("moved", "no call would go elsewhere")
        await console.press("ctrl+s")
        await console.until(lambda: list(rules(gateway)) == ["rest", "docs"], "the other order")
        await console.misses("a draft:")
        await console.press("D")
        await console.sees("gone", "no call would go elsewhere")
        await console.press("escape")
        await console.sees("the draft is dropped")
        assert isinstance(console.app.screen, RoutesPage)
        await console.press("D")
        await console.sees("gone", "no call would go elsewhere")
        await console.press("ctrl+s")
        await console.until(lambda: list(rules(gateway)) == ["rest"], "the end of a rule")
        await console.press("u")
        await console.until(lambda: list(rules(gateway)) == ["rest", "docs"], "both in their order")


async def test_a_draft_that_the_gateway_cannot_take_says_why_and_cannot_be_put_in_force(
    gateways: Gateways,
) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await write(console, "wrong", "context=>many", "gpt-5-nano")
        await console.sees("‼", "context")
        await console.press("ctrl+s")
        await console.sees("its dry run is not there yet")
        assert "wrong" not in rules(gateway)


async def test_somebody_elses_edit_is_not_written_over_unless_one_says_so(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("o")
        await console.sees("no call would go elsewhere")
        gateway.admin("PUT", "routes/theirs", json={"when": {"user": "bo"}, "use": ["gpt-5-nano"]})
        await console.press("ctrl+s")
        await console.until(lambda: isinstance(console.app.screen, Overtaken), "the question")
        await console.sees("another console changed this", "changes docs, removes theirs")
        assert rules(gateway)["docs"]["enabled"]
        await console.press("t")
        await console.until(lambda: "a draft" not in console.text, "the draft to be dropped")
        assert list(rules(gateway)) == ["docs", "theirs"]
        await console.sees("theirs")
        await console.press("o")
        await console.sees("no call would go elsewhere")
        gateway.admin("PATCH", "routes/theirs", json={"enabled": False})
        await console.press("ctrl+s")
        await console.until(lambda: isinstance(console.app.screen, Overtaken), "the question")
        await console.press("m")
        await console.until(lambda: not rules(gateway)["docs"]["enabled"], "the draft in force")
        assert rules(gateway)["theirs"]["enabled"], "the draft had it on"
        await console.press("u")
        await console.until(lambda: rules(gateway)["docs"]["enabled"], "the rules as they were")
        assert not rules(gateway)["theirs"]["enabled"]


async def test_one_prompt_is_tried_without_being_sent(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("T")
        await console.until(lambda: isinstance(console.app.screen, PromptForm), "the form")
        await console.type("rename foo to bar")
        await console.press("down")
        await console.type("project=docs")
        await console.press("down")
        await console.type("gpt-5-mini")
        await console.sees("rule #1 docs → openai/gpt-5-nano", "instead of", "#1 MATCH", "nothing")
        await console.press("escape")
        await console.until(lambda: isinstance(console.app.screen, RoutesPage), "the rules")
    assert not gateway.rows(0)


async def test_a_call_says_why_it_went_where_it_went(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway, (120, 50)) as console:
        await ask(gateway, "[[sim output=10]]", tags="project=docs")
        gateway.rows(1)
        await console.sees("gpt-5-nano")
        await console.press("j", "enter")
        await console.until(lambda: isinstance(console.app.screen, Inspector), "the call")
        await console.sees("rules, in order", "#1 MATCH  docs: when project=docs", "openai/gpt-5-nano")
        await console.sees("targets, in order of trying", "served", "cache: our own cache", "saved $")


async def test_a_limit_says_what_it_would_have_done_while_it_is_typed(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        for _ in range(4):
            await ask(gateway, "[[sim output=1000]]", tags="project=web,user=ann")
        gateway.rows(4)
        await console.press("b")
        await console.sees("project=web")
        await console.press("enter")
        await console.sees("last 30 days this rule would have touched none of 4 calls")
        await console.type("0.25")
        await console.sees("this rule would have blocked 2 of 4 (50%)", "saved $0.20", "by ann")
        await console.press("escape")
        assert gateway.admin("GET", "budgets")["budgets"][0]["limit_usd"] == "1.00"
