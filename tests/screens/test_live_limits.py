"""Raises, throttles, history, alerts and questions on the screen, with a real gateway behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import anyio
import pytest

from console.screens.budget_form import BudgetForm
from console.screens.budgets import Budgets
from console.screens.confirm import Confirm
from console.screens.history import History
from console.screens.question import DEAF, QuestionForm
from console.screens.raise_form import RaiseForm
from console.screens.throttle_form import ThrottleForm
from console.screens.throttles import Throttles
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway

PRICE = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
"""
POLICY = f"""{PRICE}
[[budgets]]
name = "web"
match = {{ project = "web" }}
limit_usd = "1.00"
window = "month"
at_limit = "block"
alerts = [50, 80]
"""
ASKING = POLICY.replace("block", "ask").replace("1.00", "0.10")
pytestmark = pytest.mark.anyio


def budget(gateway: RunningGateway, name: str = "web") -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in gateway.admin("GET", "budgets")["budgets"] if one["name"] == name
    )
    return found


def limit(gateway: RunningGateway) -> Decimal:
    return Decimal(budget(gateway)["limit_usd"])


def in_force(gateway: RunningGateway) -> Decimal:
    return Decimal(budget(gateway)["limit_now_usd"])


class Waiting:
    """A call under way beside the test; `status` once it has ended."""

    status: int | None = None

    def __init__(self, gateway: RunningGateway) -> None:
        self.gateway = gateway

    async def run(self) -> None:
        self.status = await ask(self.gateway, "[[sim output=5000]]", tags="project=web")


@asynccontextmanager
async def waiting(gateway: RunningGateway) -> AsyncIterator[Waiting]:
    call = Waiting(gateway)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(call.run)
        yield call


def throttles(gateway: RunningGateway) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in gateway.admin("GET", "throttles")["throttles"]}


async def open_page(console: Live) -> None:
    await console.press("b")
    await console.until(lambda: isinstance(console.app.screen, Budgets), "the budgets")
    await console.sees("web", "project=web")


async def test_a_limit_is_raised_for_a_while_and_is_its_own_again(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("x")
        await console.until(lambda: isinstance(console.app.screen, RaiseForm), "the form")
        await console.type("4")
        await console.press("down")
        await console.type("2d")
        await console.press("ctrl+s")
        await console.until(lambda: in_force(gateway) == Decimal("4"), "the raise")
        assert limit(gateway) == Decimal("1")
        await console.sees("↑$4", "raised to $4 until")
        await console.press("x")
        await console.until(lambda: isinstance(console.app.screen, RaiseForm), "the form")
        await console.press("home", "shift+end", "delete", "ctrl+s")
        await console.until(lambda: in_force(gateway) == Decimal("1"), "the end of the raise")
        await console.press("u")
        await console.until(lambda: in_force(gateway) == Decimal("4"), "the raise again")
        await console.press("u")
        await console.until(lambda: budget(gateway)["raised_until"] is None, "no raise")


async def test_all_that_a_budget_can_be_is_set_in_its_form(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("enter")
        await console.until(lambda: isinstance(console.app.screen, BudgetForm), "the form")
        await console.sees("billing day", "no price known")
        await console.press("down", "down", "down")
        await console.type("15")
        await console.press("down", "left")
        await console.sees("dearer than")
        await console.press("down")
        await console.type("7.5")
        await console.press("down", "down", "right", "ctrl+s")
        await console.until(lambda: budget(gateway)["window"] == "month:15", "the saved budget")
        kept = budget(gateway)
        assert (kept["at_limit"], Decimal(kept["expensive_above"])) == ("block_expensive", Decimal("7.5"))
        assert kept["unbounded"] == "allow"
        await console.sees("month 15", "block expensive")


async def test_a_new_budget_says_what_it_would_mean_before_it_is_saved(gateways: Gateways) -> None:
    gateway = gateways.start(PRICE)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=5000]]", tags="project=web", stream=True)
        await console.sees("$0.50")
        await console.press("b", "n")
        await console.until(lambda: isinstance(console.app.screen, BudgetForm), "the form")
        await console.type("web")
        await console.press("down")
        await console.type("project=web")
        await console.press("down")
        await console.type("0.20")
        await console.sees("would already be over: 0.50 of 0.20 spent", "calls are refused at once")
        await console.type("2")
        await console.sees("0.50 of 2.00 spent so far, 25%")
        assert gateway.admin("GET", "budgets")["budgets"] == []


async def test_history_says_who_changed_what_and_takes_the_last_edit_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("plus")
        await console.until(lambda: limit(gateway) == Decimal("1.1"), "ten percent more")
        await console.press("h")
        await console.until(lambda: isinstance(console.app.screen, History), "the history")
        await console.sees("budgets", "web: limit_usd 1", "1.1")
        await console.press("U")
        await console.until(lambda: limit(gateway) == 1, "the edit taken back")
        await console.sees("takes back")


async def test_throttles_are_made_edited_deleted_and_brought_back(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await open_page(console)
        await console.press("tab")
        await console.until(lambda: isinstance(console.app.screen, Throttles), "the throttles")
        await console.sees("no throttles yet")
        await console.press("n")
        await console.until(lambda: isinstance(console.app.screen, ThrottleForm), "the form")
        await console.type("agents")
        await console.press("ctrl+s")
        await console.sees("set one of the four limits")
        await console.press("up")
        await console.type("user=ann")
        await console.press("down", "down")
        await console.type("200k")
        await console.press("down")
        await console.type("7.50")
        await console.press("down")
        await console.type("4")
        await console.press("ctrl+s")
        await console.until(lambda: "agents" in throttles(gateway), "the throttle")
        made = throttles(gateway)["agents"]
        assert (made["tokens_per_minute"], made["concurrent"]) == (200_000, 4)
        assert Decimal(made["usd_per_hour"]) == Decimal("7.5")
        assert (made["match"], made["requests_per_minute"]) == ({"user": "ann"}, None)
        await console.sees("agents", "200,000", "$7.50")
        await console.press("D")
        await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
        await console.press("y")
        await console.until(lambda: "agents" not in throttles(gateway), "the end of the throttle")
        await console.press("u")
        await console.until(lambda: "agents" in throttles(gateway), "its return")
        await console.press("tab")
        await console.until(lambda: isinstance(console.app.screen, Budgets), "the budgets")


async def test_an_alert_stays_in_the_header_until_it_is_seen(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway, (80, 24)) as console:
        await ask(gateway, "[[sim output=5000]]", tags="project=web", stream=True)
        await console.until(lambda: "web at 50%" in console.lines[1], "the alert in the header")
        assert "A seen" in console.lines[1]
        await console.press("b")
        await console.until(lambda: "web at 50%" in console.lines[1], "it on the next page too")
        await console.press("A")
        await console.until(lambda: "web at 50%" not in console.lines[1], "it gone")


@pytest.mark.parametrize(("key", "status"), [("o", 200), ("x", 402)])
async def test_a_call_waits_for_an_answer(gateways: Gateways, key: str, status: int) -> None:
    gateway = gateways.start(ASKING)
    async with live(gateway) as console, waiting(gateway) as call:
        await console.until(lambda: isinstance(console.app.screen, QuestionForm), "the question")
        await console.sees("a call waits for you", "The budget web", "may cost up to $")
        await anyio.sleep(DEAF)
        await console.press(key)
        await console.until(lambda: call.status == status, "the answer")
        await console.until(lambda: not isinstance(console.app.screen, QuestionForm), "the board again")


async def test_a_call_that_waits_passes_once_its_limit_is_raised(gateways: Gateways) -> None:
    gateway = gateways.start(ASKING)
    async with live(gateway) as console, waiting(gateway) as call:
        await console.until(lambda: isinstance(console.app.screen, QuestionForm), "the question")
        await anyio.sleep(DEAF)
        await console.press("r")
        await console.until(lambda: isinstance(console.app.screen, RaiseForm), "the form")
        await console.type("9")
        await console.press("ctrl+s")
        await console.until(lambda: call.status == 200, "the answer")
        assert in_force(gateway) == Decimal("9")


async def test_a_question_does_not_take_the_keys_of_somebody_who_types(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = gateways.start(ASKING)
    async with live(gateway) as console, anyio.create_task_group() as tasks:
        await console.press("slash")
        call = Waiting(gateway)
        tasks.start_soon(call.run)
        await console.until(lambda: "a call waits for you" in console.lines[1], "the header")
        assert not isinstance(console.app.screen, QuestionForm)
        await console.press("enter")
        await console.until(lambda: isinstance(console.app.screen, QuestionForm), "the question")
        monkeypatch.setattr("console.screens.question.DEAF", 60)
        await console.press("x")
        assert call.status is None, "a key in the first moment is not meant for it"
        monkeypatch.undo()
        await console.press("escape")
        await console.press("w")
        await console.until(lambda: isinstance(console.app.screen, QuestionForm), "the question again")
        await anyio.sleep(DEAF)
        await console.press("x")
        await console.until(lambda: call.status == 402, "the answer")
