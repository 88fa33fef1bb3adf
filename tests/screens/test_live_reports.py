"""Reports on a real gateway: previewed, written for their owner alone, masked where asked."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from console.screens.confirm import Confirm
from console.screens.reports import Reports
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway

pytestmark = pytest.mark.anyio


async def spend(gateway: RunningGateway) -> Decimal:
    await ask(gateway, "[[sim output=90]]", tags="project=web,user=ann")
    await ask(gateway, "[[sim output=50]]", tags="project=docs,user=bo")
    return sum((Decimal(row["cost_usd"]) for row in gateway.rows(2)), Decimal(0))


async def opened(console: Live) -> None:
    await console.press("e")
    await console.until(lambda: isinstance(console.app.screen, Reports), "the reports")
    await console.sees("LLM spend", "docs", "web", "total")


async def test_a_report_is_previewed_and_written_for_its_owner(gateways: Gateways, tmp_path: Path) -> None:
    gateway, target = gateways.start(), tmp_path / "spend.csv"
    async with live(gateway) as console:
        spent = await spend(gateway)
        await opened(console)
        await console.sees("llmconsole report --since month", "Saved $")
        await console.press("down", *["down"] * 5, "right", "right", "down")
        await console.sees("csv")
        await console.type(str(target))
        await console.press("ctrl+s")
        await console.until(target.exists, "the file")
        rows = list(csv.DictReader(io.StringIO(target.read_text())))
        assert sum(Decimal(row["cost_usd"]) for row in rows) == spent
        assert {row["project"] for row in rows} == {"web", "docs"}
        assert target.stat().st_mode & 0o777 == 0o600


async def test_a_file_that_is_there_is_replaced_only_after_a_yes(gateways: Gateways, tmp_path: Path) -> None:
    gateway, target = gateways.start(), tmp_path / "spend.md"
    target.write_text("precious")
    async with live(gateway) as console:
        await spend(gateway)
        await opened(console)
        await console.press(*["down"] * 7)
        await console.type(str(target))
        for answer, kept in (("n", True), ("y", False)):
            await console.press("ctrl+s")
            await console.until(lambda: isinstance(console.app.screen, Confirm), "the question")
            await console.press(answer)
            await console.until(lambda: not isinstance(console.app.screen, Confirm), "the page again")
            if kept:
                assert target.read_text() == "precious"
        await console.until(lambda: target.read_text() != "precious", "the report")
        assert target.read_text().startswith("# LLM spend")


async def test_a_masked_report_names_nobody(gateways: Gateways, tmp_path: Path) -> None:
    gateway, target = gateways.start(), tmp_path / "spend.html"
    async with live(gateway) as console:
        await spend(gateway)
        await opened(console)
        await console.press("down")
        await console.type("project,user")
        await console.press("down", "down", "down", "down", "right", "down", "right")
        await console.sees("project-1", "user-2", "--mask", "the page has charts too")
        await console.misses("docs")
        await console.press("down")
        await console.type(str(target))
        await console.press("ctrl+s")
        await console.until(target.exists, "the file")
        page = target.read_text()
        assert "project-1" in page and "<svg" in page
        assert not [name for name in (">ann<", ">bo<", ">web<", ">docs<") if name in page]


async def test_what_cannot_be_read_or_written_is_told(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    async with live(gateway) as console:
        await spend(gateway)
        await opened(console)
        await console.press("down", "down")
        await console.type("nonsense")
        await console.sees("write key=value, as project=web")
        await console.type("project=web")
        await console.misses("docs")
        await console.press("down", "down", "down", "down", "down")
        await console.type(str(tmp_path))
        await console.press("ctrl+s")
        await console.sees("is a folder")
        await console.type(str(tmp_path / "no" / "way.md"))
        await console.press("ctrl+s")
        await console.sees("cannot be written", "name another file")


async def test_each_request_and_a_picture(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    async with live(gateway) as console:
        await spend(gateway)
        await opened(console)
        rows = gateway.export()
        await console.press(*["down"] * 4, "right")
        await console.sees("--include", "requests")
        await console.press(*["down"] * 3)
        await console.type(str(tmp_path / "each.md"))
        await console.press("ctrl+s")
        await console.until((tmp_path / "each.md").exists, "the file")
        listed = (tmp_path / "each.md").read_text().partition("| time | model |")[2].splitlines()[2:]
        assert len([line for line in listed if line.startswith("|")]) == len(rows)
        await console.press("up", *["right"] * 4)
        await console.sees("preview · the picture has charts")
        await console.press("down")
        await console.type(str(tmp_path / "spend.svg"))
        await console.press("ctrl+s")
        await console.until((tmp_path / "spend.svg").exists, "the picture")
        assert (tmp_path / "spend.svg").read_text().startswith("<?xml")
