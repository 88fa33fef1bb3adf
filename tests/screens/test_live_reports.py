"""Reports on a real gateway: previewed, written for their owner alone, masked where asked."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

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
        await console.paste(str(target))
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
        await console.paste(str(target))
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
        await console.paste(str(target))
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
        await console.paste(str(tmp_path))
        await console.press("ctrl+s")
        await console.sees("is a folder")
        await console.paste(str(tmp_path / "no" / "way.md"))
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
        await console.paste(str(tmp_path / "each.md"))
        await console.press("ctrl+s")
        await console.until((tmp_path / "each.md").exists, "the file")
        listed = (tmp_path / "each.md").read_text().partition("| time | model |")[2].splitlines()[2:]
        assert len([line for line in listed if line.startswith("|")]) == len(rows)
        await console.press("up", *["right"] * 4)
        await console.sees("preview · the picture has charts")
        await console.press("down")
        await console.paste(str(tmp_path / "spend.svg"))
        await console.press("ctrl+s")
        await console.until((tmp_path / "spend.svg").exists, "the picture")
        assert (tmp_path / "spend.svg").read_text().startswith("<?xml")


async def test_it_is_written_each_week_until_undone(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()

    def scheduled() -> dict[str, Any] | None:
        found: dict[str, Any] | None = gateway.admin("GET", "report/weekly")["report"]
        return found

    async with live(gateway) as console:
        await spend(gateway)
        await opened(console)
        await console.sees("no weekly report")
        await console.press(*["down"] * 5, "right", *["down"] * 3)
        await console.type("someday")
        await console.press("enter")
        await console.sees("write a day and a local time")
        await console.type("fri@17:30")
        await console.press("ctrl+g")
        await console.until(scheduled, "the schedule")
        await console.sees("every Friday 17:30, of the seven days before", "next Fri ", "llmconsole-2")
        found = scheduled()
        assert found is not None and (found["every"], found["mask"]) == ("friday@17:30", True)
        assert found["to"] == "~/llmconsole-%G-W%V.md"
        await console.press("up")
        await console.paste(str(tmp_path / "each.md"))
        await console.press("down", "enter")
        await console.until(lambda: "each.md" in str(scheduled()), "the other file")
        await console.press("escape", "u")
        await console.until(lambda: scheduled() == found, "the schedule as it was")
        gateway.admin("DELETE", "report/weekly")
        await console.press("u")
        await console.sees("report was removed")
        assert scheduled() is None


async def test_parquet_where_its_library_is(gateways: Gateways, tmp_path: Path) -> None:
    pq, gateway, target = pytest.importorskip("pyarrow.parquet"), gateways.start(), tmp_path / "spend.parquet"
    async with live(gateway) as console:
        spent = await spend(gateway)
        await opened(console)
        await console.press(*["down"] * 6, "left")
        await console.sees("the file has typed columns", "--format parquet")
        await console.press("ctrl+y")
        await console.sees("Parquet is no text")
        await console.press("down")
        await console.paste(str(target))
        await console.press("ctrl+s")
        await console.until(target.exists, "the file")
        table = pq.read_table(target)
        assert sum(table["cost_nano_usd"].to_pylist()) == spent * 10**9


async def test_parquet_without_its_library_says_why(
    gateways: Gateways, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway, target = gateways.start(), tmp_path / "spend.parquet"
    monkeypatch.setattr("console.extras.find_spec", lambda name: None)
    async with live(gateway) as console:
        await spend(gateway)
        await opened(console)
        await console.press(*["down"] * 6, "left")
        await console.sees("‼ Parquet needs pyarrow", "'.[parquet]'")
        await console.press("down")
        await console.paste(str(target))
        await console.press("ctrl+s")
        await console.sees("Parquet needs pyarrow")
        assert not target.exists()
