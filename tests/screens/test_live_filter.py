"""The filter's line on a real gateway: what it offers, marks and keeps; columns, copies, jumps and clicks."""

from __future__ import annotations

import pytest

from console.keepsakes import Keepsakes
from console.panels.calls import CallsPanel
from console.screens.budgets import Budgets
from console.screens.columns_form import ColumnsForm
from console.screens.command_line import CommandLine
from console.screens.dashboard import Dashboard
from console.screens.filter_bar import FilterBar
from console.screens.jump import Jump
from console.screens.saved_filters import FilterName
from tests.screens.capture import rows_of
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway

POLICY = """
[prices."openai/gpt-5-mini"]
input = "0"
output = "100"

[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "25.00"
"""
pytestmark = pytest.mark.anyio


async def three_calls(gateway: RunningGateway) -> None:
    for user, project, amount in (("ann", "web", 300), ("bo", "web", 900), ("cyd", "docs", 100)):
        await ask(gateway, f"[[sim output={amount}]]", tags=f"user={user},project={project}")


def listed(console: Live) -> int:
    return len(console.app.screen_stack[0].query_one(CallsPanel).shown)


def heading_of(console: Live) -> str:
    return next(row for row in console.lines if "asked → served" in row and "cost" in row)


def line(console: Live) -> str:
    return console.app.screen_stack[0].query_one(FilterBar).value


def typed(text: str) -> list[str]:
    names = {":": "colon", ">": "greater_than_sign", "=": "equals_sign", " ": "space", ".": "full_stop"}
    return [names.get(letter, letter) for letter in text]


async def test_keys_and_values_are_offered_and_taken(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway, (80, 24)) as console:
        await three_calls(gateway)
        await console.until(lambda: listed(console) == 3, "three calls")
        await console.press("slash", *typed("proj"))
        await console.sees("project:")
        await console.press("right")
        await console.until(lambda: line(console) == "project:", "the key")
        await console.press("d")
        await console.sees("project:docs")
        await console.press("right")
        await console.until(lambda: line(console) == "project:docs", "the value")
        await console.sees("1 call · $0.01")
        await console.press("enter")
        assert listed(console) == 1


async def test_a_wrong_word_is_marked_and_the_last_valid_view_stays(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await three_calls(gateway)
        await console.press("slash", *typed("status:>=200 since:15m user:ann"))
        await console.until(lambda: listed(console) == 1, "ann's call")
        await console.press(*typed(" is:nic"))
        await console.sees("‼ 'is:nic': is: knows live")
        assert listed(console) == 1
        marked = [
            part.text
            for row in rows_of(console.app)
            for part in row
            if part.style is not None and part.style.underline and part.style.color
        ]
        assert "".join(marked) == "is:nic"
        await console.press("escape")
        await console.until(lambda: listed(console) == 3, "all calls")


async def test_a_filter_is_kept_and_put_on_again_by_its_name(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await three_calls(gateway)
        await console.press("slash", *typed("cost>0.02"), "ctrl+s")
        await console.until(lambda: isinstance(console.app.screen, FilterName), "the name's form")
        await console.press(*typed("dear ones"), "enter")
        await console.sees("kept; :filter dear ones")
        assert dict(Keepsakes().filters()) == {"dear ones": "cost>0.02"}
        await console.press("escape")
        await console.until(lambda: listed(console) == 3, "all calls")
        await console.press("p", "colon")
        await console.until(lambda: isinstance(console.app.screen, CommandLine), "the command line")
        await console.press(*typed("filter d"), "right", "enter")
        await console.until(lambda: isinstance(console.app.screen, Dashboard), "the dashboard")
        await console.sees("2 calls · $0.12")
        titles = [each.title for each in console.app.get_system_commands(console.app.screen)]
        assert "filter dear ones" in titles
        await console.press("colon", *typed("forget filter dear ones"), "enter")
        await console.sees("the filter dear ones is forgotten")
        assert not Keepsakes().filters()


async def test_columns_are_chosen_moved_and_remembered(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await three_calls(gateway)
        await console.sees("ann", "project")
        await console.press("o")
        await console.until(lambda: isinstance(console.app.screen, ColumnsForm), "the columns")
        await console.press("j", "j", "j", "space", "j", "K", "K", "K", "enter")
        await console.until(lambda: isinstance(console.app.screen, Dashboard), "the dashboard")
        heading = heading_of(console)
        assert heading.index("mode") < heading.index("time")
        assert "project" not in heading
        kept = Keepsakes().columns()
        assert kept[:3] == ("", "mode", "time") and "project" not in kept
    async with live(gateway) as console:
        await console.sees("ann")
        heading = heading_of(console)
        assert heading.index("mode") < heading.index("time") and "project" not in heading
        await console.press("o", "r", "enter")
        await console.until(lambda: "project" in console.text.split("╭─ calls")[1], "the usual columns")
        assert Keepsakes().columns() == ()


async def test_a_row_is_copied_with_tabs(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=300]]", tags="user=ann,project=web")
        await console.sees("ann", "0.0300")
        await console.press("c")
        await console.sees("row sent to the clipboard")
        cells = console.app.clipboard.split("\t")
        assert cells[2:4] == ["ann", "web"]
        assert "0.0300" in cells and "300" in cells


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_a_letter_leads_to_its_panel(gateways: Gateways, size: tuple[int, int]) -> None:
    async with live(gateways.start(POLICY), size) as console:
        for key, name in (("c", "cache"), ("b", "budgets"), ("r", "routing"), ("s", "spend"), ("l", "calls")):
            await console.press("ctrl+o")
            await console.until(lambda: isinstance(console.app.screen, Jump), "the letters")
            await console.sees(f" {key} {name} ")
            await console.press(key)
            await console.until(
                lambda name=name: console.app.focused is not None and console.app.focused.id == name,  # type: ignore[misc]
                f"the focus on {name}",
            )
        await console.press("ctrl+o", "escape")
        await console.until(lambda: isinstance(console.app.screen, Dashboard), "the dashboard")


async def test_a_click_on_a_budget_filters_and_on_a_heading_sorts(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await three_calls(gateway)
        await console.until(lambda: listed(console) == 3, "three calls")
        await console.pilot.click("#budgets", offset=(4, 1))
        await console.sees("/project:web", "2 calls · $0.12")
        await console.press("slash", "escape")
        heading = heading_of(console)
        await console.pilot.click("#calls", offset=(heading.index("cost") + 1, 1))
        await console.sees("by cost", "cost▼")
        await console.pilot.click("Header", offset=(console.lines[1].index(" live"), 1))
        await console.until(lambda: line(console) == "is:live", "the calls under way")
        await console.pilot.click("Header", offset=(console.lines[0].index("month"), 0))
        await console.until(lambda: isinstance(console.app.screen, Budgets), "the budgets")
