"""The weekly report in words: from an order, as a command, and how it stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from console.reports.making import Order
from console.reports.schedule import command, scheduled, told
from console.shapes.weekly import Weekly, WeeklyReport

ORDER = Order(
    by=("user",), where={"project": "a b"}, format="html", mask=True, include=("savings", "forgone")
)
REPORT = WeeklyReport(every="monday@09:00", to="~/a b/llm-%G.html")
STANDS = Weekly(
    report=REPORT,
    next_at="2026-11-30T09:00:00.000000Z",
    next_file="/srv/llm/llm.md",
    written_at="2026-11-23T09:00:04.000000Z",
    file="/srv/llm/old\x1b.md",
)


def test_an_order_becomes_a_schedule() -> None:
    found = scheduled(ORDER, "mon@9:00", "~/llm.html")
    assert found == WeeklyReport(
        every="mon@9:00",
        to="~/llm.html",
        format="html",
        by=("user",),
        where={"project": "a b"},
        mask=True,
        include=("savings", "forgone"),
    )
    usual = scheduled(replace(ORDER, include=Order().include), "mon@9:00", "llm.md")
    assert usual.include is None and usual.to == str(Path.cwd() / "llm.md")


def test_the_command_that_schedules_the_same() -> None:
    found = scheduled(ORDER, "monday@09:00", "~/a b/llm-%G.html")
    assert command(found) == (
        "llmconsole report --every monday@09:00 --by user --where 'project=a b' --include savings,forgone "
        "--mask --format html -o ~/'a b/llm-%G.html'"
    )
    assert "--include" not in command(REPORT)


def test_how_it_stands() -> None:
    assert told(Weekly()) == ["no weekly report"]
    first, following, last = told(STANDS)
    assert first == "every Monday 09:00, of the seven days before"
    assert following.startswith("next ") and following.endswith(" to /srv/llm/llm.md")
    assert last.startswith("last ") and "\x1b" not in last
    failed = told(replace(STANDS, error="the disk is full"))
    assert failed[-1] == "‼ not written: the disk is full; it is tried again"
