"""Budgets edited on the screen with the keyboard alone, on a real gateway; every edit can be taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from console.screens.budget_form import BudgetForm
from console.screens.budgets import Budgets
from console.screens.confirm import Confirm
from console.widgets.listing import Listing
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "1.00"
window = "month"
at_limit = "block"
alerts = [50, 80]
"""
pytestmark = pytest.mark.anyio


def budgets(gateway: RunningGateway) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in gateway.admin("GET", "budgets")["budgets"]}


def limit(gateway: RunningGateway, name: str = "web") -> Decimal:
    return Decimal(budgets(gateway)[name]["limit_usd"])


async def open_page(console: Live) -> None:
    await console.press("b")
    await console.until(lambda: isinstance(console.app.screen, Budgets), "the budgets")
    await console.sees("web", "project=web")


async def test_editing_a_limit_shows_its_consequence_and_holds_at_once(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=5000]]", tags="project=web", stream=True)
        await console.sees("50%")
        await open_page(console)
        await console.until(
            lambda: any("project=web" in line and "50%" in line for line in console.lines), "the share"
        )
        await console.press("enter")
        await console.until(lambda: isinstance(console.app.screen, BudgetForm), "the form")
        await console.type("2")
        await console.sees("50% → 25%")
        await console.type("0.40")
        await console.sees("would already be over: 0.50 of 0.40 spent", "calls are refused at once")
        await console.press("enter")
        await console.until(lambda: limit(gateway) == Decimal("0.40"), "the saved limit")
        kept = budgets(gateway)["web"]
        assert (kept["at_limit"], kept["alerts"], kept["match"]) == ("block", [50, 80], {"project": "web"})
        await console.sees("125%", "‼")
        await console.press("u")
        await console.until(lambda: limit(gateway) == Decimal(1), "the undone edit")
        await console.sees("50%")


async def test_a_mistake_is_said_and_nothing_is_saved(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("enter")
        for wrong, told in (("abc", "an amount in dollars"), ("-3", "more than $0"), ("", "an amount")):
            await console.type(wrong)
            await console.press("ctrl+s")
            await console.sees(told)
            assert isinstance(console.app.screen, BudgetForm)
        await console.press("escape")
        await console.until(lambda: isinstance(console.app.screen, Budgets), "the list")
        assert limit(gateway) == Decimal(1)


async def test_a_new_budget_is_made_deleted_and_brought_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("n")
        await console.until(lambda: isinstance(console.app.screen, BudgetForm), "the form")
        await console.type("ann a day")
        await console.press("down")
        await console.type("user=ann, mode=vibing")
        await console.press("down")
        await console.type("2M")
        await console.press("down", "right", "down", "left", "left", "ctrl+s")
        await console.until(lambda: "ann a day" in budgets(gateway), "the new budget")
        made = budgets(gateway)["ann a day"]
        assert made["match"] == {"user": "ann", "mode": "vibing"}
        assert (made["limit_tokens"], made["limit_usd"], made["window"]) == (2_000_000, None, "day")
        await console.sees("ann a day", "2.0M tok")
        await console.press("D")
        await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
        await console.press("n")
        assert "ann a day" in budgets(gateway)
        await console.until(lambda: isinstance(console.app.screen, Budgets), "the list")
        await console.press("D")
        await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
        await console.press("y")
        await console.until(lambda: "ann a day" not in budgets(gateway), "the end of the budget")
        await console.press("u")
        await console.until(lambda: "ann a day" in budgets(gateway), "the budget's return")


async def test_nudging_moves_the_limit_by_a_tenth(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("plus")
        await console.until(lambda: limit(gateway) == Decimal("1.10"), "ten percent more")
        await console.press("minus")
        await console.until(lambda: limit(gateway) == Decimal("0.99"), "ten percent less")
        await console.press("u")
        await console.until(lambda: limit(gateway) == Decimal("1.10"), "one edit taken back")
        await console.press("u")
        await console.until(lambda: limit(gateway) == Decimal(1), "both edits taken back")


async def test_a_name_that_is_taken_replaces_nothing(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("n")
        await console.until(lambda: isinstance(console.app.screen, BudgetForm), "the form")
        await console.type("web")
        await console.press("ctrl+s")
        await console.sees("there is a budget 'web' already")
        assert limit(gateway) == Decimal(1)


async def test_a_gateway_that_is_gone_keeps_the_form_and_what_was_typed(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("enter")
        await console.until(lambda: isinstance(console.app.screen, BudgetForm), "the form")
        await console.type("7.77")
        gateway.kill()
        await console.press("ctrl+s")
        await console.sees("no gateway answers")
        assert isinstance(console.app.screen, BudgetForm)
        await console.sees("7.77")


async def test_the_mode_is_switched_with_one_key_and_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        before = gateway.admin("GET", "mode")["mode"]
        await console.sees(f"mode {before}")
        await console.press("M")
        await console.until(lambda: gateway.admin("GET", "mode")["mode"] != before, "another mode")
        after = gateway.admin("GET", "mode")["mode"]
        await console.sees(f"mode {after}")
        await ask(gateway, "[[sim output=10]]")
        assert gateway.rows(1)[0]["tags"]["mode"] == after
        await console.press("u")
        await console.sees(f"mode {before}")


async def test_budgets_that_are_marked_are_deleted_together_and_brought_back(gateways: Gateways) -> None:
    more = "".join(f'[[budgets]]\nname = "{name}"\nlimit_usd = "2"\nwindow = "day"\n' for name in ("a", "b"))
    gateway = gateways.start(POLICY + more)
    async with live(gateway) as console:
        await open_page(console)
        console.app.screen.query_one(Listing).select("a")
        await console.press("space")
        console.app.screen.query_one(Listing).select("b")
        await console.press("space", "D")
        await console.sees("Delete 2 budgets (a, b)? $2 a day, $2 a day no longer hold.")
        await console.press("y")
        await console.until(lambda: set(budgets(gateway)) == {"web"}, "both to go")
        await console.press("u", "u")
        await console.until(lambda: set(budgets(gateway)) == {"web", "a", "b"}, "both to come back")
