"""A stopwatch for a piece of work: what it cost from one press of the key to the next, as a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

from textual import work
from textual.containers import VerticalScroll
from textual.widget import Widget

from console import keymap
from console.panels.words import short_model
from console.present import counted, percent, span, tokens, usd
from console.screens.desk import Desk
from console.screens.page import Page
from console.screens.sheet import Sheet
from console.shapes import Report, ReportRow
from console.widgets.ink import EMPTY, Line, fit


class TaskReceipt(Page):
    """What all calls cost that came between two moments."""

    PLACES: ClassVar[tuple[str, ...]] = ("task",)
    BINDINGS = keymap.bindings("task")

    def __init__(self, desk: Desk, began: datetime, ended: datetime) -> None:
        super().__init__(desk)
        self._span = began, ended
        self._report: Report | None = None

    def body(self) -> Iterator[Widget]:
        self._sheet = Sheet("this task")
        yield VerticalScroll(self._sheet, id="output", can_focus=False)

    def on_mount(self) -> None:
        self._fetch()

    @work(exclusive=True)
    async def _fetch(self) -> None:
        since, until = (moment.astimezone(UTC).isoformat() for moment in self._span)
        question = self.desk.client.report(since=since, until=until, by=("model",))
        self._report = await self.ask(question)
        if self._report is not None:
            self._sheet.put(task_lines(self._report, self._seconds))

    def action_copy_task(self) -> None:
        if self._report is not None:
            self.copy("task as Markdown", task_markdown(self._report, self._seconds))

    @property
    def _seconds(self) -> float:
        began, ended = self._span
        return (ended - began).total_seconds()


def task_lines(report: Report, seconds: float) -> list[Line]:
    """The whole in one sentence, then model by model."""
    lines: list[Line] = [[(sentence(report.total, seconds), "bold text")], EMPTY]
    if not report.rows:
        return [*lines, [("no call came in that time", "muted")]]
    lines.append([(f"{fit('model', 32)}{fit('calls', 8, '>')}{fit('tokens', 12, '>')}", "bold brand")])
    lines[-1] = [*lines[-1], (fit("cost", 12, ">"), "bold brand")]
    for row in sorted(report.rows, key=lambda row: -row.cost_usd):
        lines.append(
            [
                (fit(short_model(row.keys["model"]), 32), "text"),
                (fit(f"{row.calls:,}", 8, ">") + fit(tokens(row.total_tokens), 12, ">"), "muted"),
                (fit(usd(row.cost_usd), 12, ">"), "bold spend"),
            ]
        )
    return [*lines, EMPTY, [("c copies this as Markdown, for a pull request", "faint")]]


def task_markdown(report: Report, seconds: float) -> str:
    """The same for a pull request."""
    head = "| model | calls | tokens | cost |\n|---|---:|---:|---:|"
    rows = [
        f"| {row.keys['model']} | {row.calls:,} | {row.total_tokens:,} | {usd(row.cost_usd)} |"
        for row in sorted(report.rows, key=lambda row: -row.cost_usd)
    ]
    return "\n".join([sentence(report.total, seconds), "", head, *rows]) + "\n"


def sentence(total: ReportRow, seconds: float) -> str:
    """'this task: 41 calls, 1.2M tokens, $3.42, 61% cached, 24 min'."""
    asked = total.total_input
    cached = f", {percent(total.cached_input_tokens / asked)} cached" if asked else ""
    used = f"{counted(total.calls, 'call')}, {tokens(total.total_tokens, narrow=True)} tokens"
    return f"this task: {used}, {usd(total.cost_usd)}{cached}, {span(seconds)}"
