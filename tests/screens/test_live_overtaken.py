"""Several consoles edit one gateway: no form writes over what its person has not seen."""

from __future__ import annotations

import pytest

from console.screens.budget_form import BudgetForm
from console.screens.budgets import Budgets
from console.screens.overtaken import Overtaken
from console.screens.raise_form import RaiseForm
from console.screens.throttle_form import ThrottleForm
from console.screens.throttles import Throttles
from tests.screens.live import Live, live
from tests.support.gateway import Gateways, RunningGateway

POLICY = """
[[budgets]]
name = "everything"
limit_usd = "10"
window = "month"

[[throttles]]
name = "pace"
concurrent = 4
"""
pytestmark = pytest.mark.anyio


def limit(gateway: RunningGateway) -> str:
    return str(gateway.admin("GET", "budgets")["budgets"][0]["limit_usd"])


async def opened(console: Live, *keys: str, form: type[object]) -> None:
    await console.press(*keys)
    await console.until(lambda: isinstance(console.app.screen, form), "the form")


async def budgets(console: Live) -> None:
    await console.press("b")
    await console.until(lambda: isinstance(console.app.screen, Budgets), "the budgets")
    await console.sees("everything", "at limit")


async def test_a_form_is_told_what_the_other_console_saved_and_either_stands(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as one, live(gateway) as other:
        for each in (one, other):
            await budgets(each)
        await opened(one, "enter", form=BudgetForm)
        await one.type("33")
        await other.press("plus")
        await one.until(lambda: limit(gateway) == "11.00", "the other one's edit")
        await one.press("ctrl+s")
        await one.until(lambda: isinstance(one.app.screen, Overtaken), "the question")
        await one.sees("another console changed this meanwhile", '"10.00" → "11.00"', "limit usd  11.00   33")
        assert limit(gateway) == "11.00"
        await one.press("escape")
        await one.until(lambda: isinstance(one.app.screen, BudgetForm), "the form again")
        await one.sees("33")
        await one.press("ctrl+s", "m")
        await one.until(lambda: limit(gateway) == "33.00", "one's own edit")
        await other.sees("$33")
        await one.until(lambda: isinstance(one.app.screen, Budgets), "the list")
        await one.press("u")
        await one.until(lambda: limit(gateway) == "11.00", "theirs back")
        await opened(other, "enter", form=BudgetForm)
        await other.type("44")
        await one.sees("$11")
        await one.press("minus")
        await other.until(lambda: limit(gateway) == "9.90", "the other one's edit")
        await other.press("ctrl+s", "t")
        await other.until(lambda: isinstance(other.app.screen, Budgets), "the list")
        assert limit(gateway) == "9.90"
        await other.sees("$9.90", "theirs stands")


async def test_what_is_written_anyway_is_told_again_where_it_changes_again(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await budgets(console)
        await opened(console, "enter", form=BudgetForm)
        await console.type("33")
        gateway.admin("PUT", "budgets/everything", json={"limit_usd": "5"})
        await console.press("ctrl+s")
        await console.sees("limit usd  5.00    33")
        gateway.admin("DELETE", "budgets/everything")
        await console.press("m")
        await console.sees("was removed meanwhile", "It is not there any more")
        await console.press("m")
        await console.until(lambda: gateway.admin("GET", "budgets")["budgets"], "the budget again")
        assert limit(gateway) == "33.00"


async def test_a_raise_leaves_what_the_other_console_changed(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await budgets(console)
        await opened(console, "x", form=RaiseForm)
        await console.type("50")
        gateway.admin("PUT", "budgets/everything", json={"limit_usd": "12", "at_limit": "ask"})
        await console.press("ctrl+s")
        await console.sees("raised to usd  –       50")
        await console.press("m")
        await console.until(
            lambda: gateway.admin("GET", "budgets")["budgets"][0]["raised_to_usd"], "the raise"
        )
        found = gateway.admin("GET", "budgets")["budgets"][0]
        assert (found["limit_usd"], found["at_limit"], found["raised_to_usd"]) == ("12.00", "ask", "50.00")


async def test_a_throttles_form_and_a_new_name_are_told_too(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await budgets(console)
        await console.press("tab")
        await console.until(lambda: isinstance(console.app.screen, Throttles), "the throttles")
        await console.sees("pace")
        await opened(console, "enter", form=ThrottleForm)
        await console.type("60")
        gateway.admin("PUT", "throttles/pace", json={"concurrent": 9})
        await console.press("ctrl+s")
        await console.sees("concurrent 4 → 9", "requests per minute  –       60")
        await console.press("t")
        await console.until(lambda: isinstance(console.app.screen, Throttles), "the list")
        await opened(console, "n", form=ThrottleForm)
        await console.type("new")
        await console.press("down", "down")
        await console.type("7")
        gateway.admin("PUT", "throttles/new", json={"concurrent": 1})
        await console.press("ctrl+s")
        await console.sees("throttle 'new' was made meanwhile", "concurrent           1       –")
        await console.press("m")
        await console.until(
            lambda: gateway.admin("GET", "throttles")["throttles"][1]["requests_per_minute"] == 7, "mine"
        )
