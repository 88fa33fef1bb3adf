"""Calls through a real gateway: they run, tick, settle and can be inspected on the screen; totals agree."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import anyio
import pytest

from console.screens.inspector import Inspector
from tests.screens.live import ask, live
from tests.support.gateway import Gateways
from tests.support.wires import CHAT

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"
"""
pytestmark = pytest.mark.anyio


async def test_a_call_is_on_the_screen_with_its_money(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await console.sees("no calls yet")
        await ask(gateway, "[[sim output=1000]]", tags="user=ann,project=web,mode=building")
        await console.sees("ann", "web", "build", "gpt-5-mini", "0.1000", "today $0.10", "1,000")
        await console.press("enter")
        await console.until(lambda: isinstance(console.app.screen, Inspector), "the receipt")
        await console.sees("receipt", "$0.1000", "ann · web · building", "why this model")
        await console.until(lambda: any("1,000   100.00" in line for line in console.lines), "its prices")
        (row,) = gateway.rows(1)
        assert Decimal(row["cost_usd"]) == Decimal("0.1")
        await console.press("escape")
        await console.sees("spend $/min")


async def test_a_running_call_ticks_and_then_settles(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        async with anyio.create_task_group() as tasks:
            prompt = "[[sim output=300 chunks=30 gap=0.15]]"
            tasks.start_soon(partial(ask, gateway, prompt, stream=True))
            await console.sees("1 live", "●")
            await console.until(lambda: running_cost(console.lines) > 0, "a running cost")
            first = running_cost(console.lines)
            await console.until(lambda: running_cost(console.lines) > first, "a greater running cost")
        await console.sees("0 live", "0.0300")
        assert not [line for line in console.lines if "●" in line and "gpt-5-mini" in line]


async def test_the_console_agrees_with_the_ledger_about_many_calls(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        async with anyio.create_task_group() as tasks:
            for number in range(40):
                tags = f"user=u{number % 4},mode=vibing"
                tasks.start_soon(partial(ask, gateway, f"{number} [[sim output=500]]", tags=tags))
        await console.sees("today $2.00", "40 today")
        total = sum(Decimal(row["cost_usd"]) for row in gateway.rows(40))
        assert total == Decimal("2.00")
        await console.press("slash", "u", "1", "enter")
        await console.sees("10 calls · $0.50")


async def test_a_refused_call_says_so(gateways: Gateways) -> None:
    budget = '[[budgets]]\nname = "tiny"\nlimit_usd = "0.01"\nwindow = "day"\nat_limit = "block"\n'
    gateway = gateways.start(POLICY + budget)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=1000]]", tags="user=ann")
        await console.sees("✗", "refused")


def running_cost(lines: list[str]) -> Decimal:
    """The cost of the call under way, as it stands at the end of its row."""
    row = next((line for line in lines if "●" in line and "gpt-5-mini" in line), "")
    shown = row.rstrip(" │").split(" ")[-1]
    return Decimal(shown.removeprefix("~")) if shown.startswith("~") else Decimal(0)


async def test_a_receipt_adds_up_and_names_the_price_of_what_was_asked_for(gateways: Gateways) -> None:
    gateway = gateways.start(
        POLICY
        + """
[prices."openai/gpt-5"]
input = "0"
output = "300"

[[routes]]
name = "small"
when = { model = "gpt-5" }
use = ["gpt-5-mini"]
"""
    )
    body = {**CHAT.ask("[[sim output=1000]]", cap=10_000), "model": "gpt-5"}
    answer = gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token))
    assert answer.status_code == 200
    (row,) = gateway.rows(1)
    receipt = gateway.admin("GET", f"calls/{row['id']}/receipt")
    assert (
        sum(Decimal(item["usd"]) for item in receipt["items"]) == Decimal(row["cost_usd"]) == Decimal("0.1")
    )
    assert Decimal(receipt["asked_usd"]) == Decimal("0.3")
    async with live(gateway) as console:
        await console.sees("gpt-5 → gpt-5-mini")
        await console.press("enter")
        await console.sees("on gpt-5", "$0.3000")


async def test_the_list_is_sorted_and_narrowed_by_what_is_under_the_cursor(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        for user, amount in (("ann", 300), ("bo", 900), ("ann", 100)):
            await ask(gateway, f"[[sim output={amount}]]", tags=f"user={user},project=web")
        await console.sees("0.0300", "0.0900", "0.0100")
        await console.press(*["right"] * 12, "s")
        await console.sees("cost▼", "by cost")
        assert costs(console.lines) == ["0.0900", "0.0300", "0.0100"]
        await console.press("s")
        await console.sees("cost▲")
        assert costs(console.lines) == ["0.0100", "0.0300", "0.0900"]
        await console.press("s")
        await console.sees("following")
        await console.press(*["left"] * 9, "X")
        await console.sees("/user:ann", "2 calls · $0.04")
        assert costs(console.lines) == ["0.0100", "0.0300"]
        await console.press("slash", "escape")
        await console.press("j", "x")
        await console.sees("/-user:bo")
        assert costs(console.lines) == ["0.0100", "0.0300"]


def costs(lines: list[str]) -> list[str]:
    """The costs of the listed calls, from the top."""
    return [line.split()[-2] for line in lines if "gpt-5-mini" in line and "web" in line]
