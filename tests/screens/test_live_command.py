"""The command line of the console on a real gateway: pages by name, the verbs of the shell, and the past."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from console.screens import output
from console.screens.budgets import Budgets
from console.screens.command_line import CommandLine
from console.screens.dashboard import Dashboard
from console.screens.output import Output
from console.screens.sheet import Sheet
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways

POLICY = """
[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "25.00"
"""
pytestmark = pytest.mark.anyio


async def say(console: Live, text: str) -> None:
    await console.press("colon")
    await console.until(lambda: isinstance(console.app.screen, CommandLine), "the command line")
    await console.type(text)
    await console.press("enter")


async def test_a_page_by_its_name(gateways: Gateways) -> None:
    async with live(gateways.start(POLICY)) as console:
        await say(console, "budgets")
        await console.until(lambda: isinstance(console.app.screen, Budgets), "the budgets")


async def test_a_verb_of_the_shell_works_on_the_same_gateway(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=100]]", tags="project=web")
        await say(console, "report --by tag:project")
        await console.until(lambda: isinstance(console.app.screen, Output), "the output")
        await console.sees("llmconsole report --by tag:project", "web", "exit status 0")
        await console.press("escape")
        await say(console, "budgets set web --match project=web --limit-usd 40 --window day --at-limit alert")
        await console.sees("exit status 0")
        budget = gateway.admin("GET", "budgets")["budgets"][0]
        assert budget["limit_usd"] == "40.00"
        await console.press("escape", "colon", "up", "up", "enter")
        await console.sees("llmconsole report --by tag:project", "exit status 0")


async def test_what_is_wrong_is_said(gateways: Gateways) -> None:
    async with live(gateways.start(POLICY)) as console:
        await say(console, "budgte list")
        await console.sees("did you mean 'budgets'?", "exit status 2")
        await console.press("escape")
        await say(console, "tail")
        await console.sees("wants a terminal of its own")
        await say(console, 'report --where "')
        await console.sees("No closing quotation")
        await console.press("colon", "escape")
        await console.until(lambda: isinstance(console.app.screen, Dashboard), "the dashboard")


def prints(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """What is said runs a program in Python instead of a verb."""
    line = [sys.executable, "-u", "-c", program]
    monkeypatch.setattr(output, "command_line", lambda said, place: line)


async def test_what_is_printed_is_there_before_more_is(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints(monkeypatch, "import time\nprint('one')\ntime.sleep(0.03)\nprint('two')\ntime.sleep(600)")
    async with live(gateways.start(POLICY)) as console:
        await say(console, "status")
        await console.sees("one", "two")
        assert "exit status" not in console.text


async def test_it_says_that_not_all_is_shown_and_shows_no_half_of_a_line(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints(monkeypatch, f"for _ in range({output.MOST // 7}): print('1234.567')")
    async with live(gateways.start(POLICY)) as console:
        await say(console, "status")
        await console.until(
            lambda: "exit status 0" in str(console.app.screen.query_one(Sheet).border_subtitle), "its end"
        )

        def at_its_end() -> bool:
            # It is drawn some time after it has come.
            console.app.screen.query_one("#output").scroll_end(animate=False)
            return "only the first 400 kB are shown" in console.text

        await console.until(at_its_end, "what was left out")
        shown = [line.strip("│ ") for line in console.lines if "│" in line]
        assert set(shown[:-1]) == {"1234.567"}


@pytest.mark.parametrize(
    "words", ["report " + "x" * 200_000, "report a\0b", "report a\ud800b"], ids=["long", "null", "half"]
)
async def test_what_no_process_can_be_given_is_told(gateways: Gateways, words: str) -> None:
    async with live(gateways.start(POLICY)) as console:
        await console.press("colon")
        await console.paste(words)
        await console.press("enter")
        await console.sees("it could not be started")


async def test_what_the_mask_hides_is_in_no_file_either(
    gateways: Gateways, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = gateways.start(POLICY)
    monkeypatch.chdir(tmp_path)
    report, rows = tmp_path / "spend.md", tmp_path / "rows.jsonl"
    async with live(gateway) as console:
        await ask(gateway, "[[sim output=100]]", tags="project=web")
        await console.press("P")
        await say(console, "report --by project -o spend.md")
        await console.sees("--mask", "exit status 0")
        assert "project-1" in report.read_text(encoding="utf-8")
        assert "web" not in report.read_text(encoding="utf-8")
        await console.press("escape")
        await say(console, "export -o rows.jsonl")
        await console.sees("the mask is on, and rows")
        await console.press("P")
        await say(console, "export -o rows.jsonl")
        await console.sees("exit status 0")
        assert '"web"' in rows.read_text(encoding="utf-8")
