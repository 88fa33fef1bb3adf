"""Reports: what is asked for on the left, how it reads on the right; to a file, the clipboard or a shell."""

from __future__ import annotations

import asyncio
import os
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from console import keymap
from console.limit_reading import Mistake, read_match
from console.private import private_file
from console.reports import INCLUDED, OF_EACH, REQUESTS
from console.reports.making import PARQUET, Order, make, make_bytes
from console.reports.parquet import need_parquet
from console.reports.schedule import FILE, command, scheduled, told
from console.screens.confirm import Confirm
from console.screens.desk import Desk
from console.screens.limit_form import field
from console.screens.page import Page
from console.screens.report_preview import preview
from console.screens.sheet import Framed, Prose, Sheet
from console.shapes.weekly import Weekly
from console.trouble import Trouble
from console.widgets.choice import Choice
from console.widgets.field import Field

PERIODS = {
    "month": ("month", None),
    "last month": ("last-month", "month"),
    "week": ("week", None),
    "today": ("today", None),
    "30d": ("30d", None),
}
PARTS = {"all": INCLUDED, **{part: (part,) for part in INCLUDED}, "none": ()}
FORMATS = {
    **{format: format for format in ("md", "html", "csv", "json", "svg")},
    "table": "table",
    PARQUET: PARQUET,
}
SUMS, EACH = "sums alone", "each request"
ENDINGS = {"table": "txt"}
NO, YES = "names shown", "names masked"
SOON = 0.3
"""Seconds without a key until the preview follows."""
SHELL_WIDTH = 48
LEAST = 20
TABLES = ("md", "html", "svg", "table", PARQUET)
"""Formats that are seen as tables."""
ROWS_ALONE = ("table", PARQUET)
"""Those of them that have no other parts."""
TITLES = {
    "html": "preview · the page has charts too",
    "svg": "preview · the picture has charts",
    PARQUET: "preview · the file has typed columns, exact",
}


class Reports(Page):
    """Nothing is written before `export` is pressed."""

    PLACES: ClassVar[tuple[str, ...]] = ("reports", "field")
    NEEDLESS: ClassVar[tuple[str, ...]] = (
        "app.leave",
        "app.reports",
        "app.budgets",
        "app.command",
        "app.keys",
        "app.providers",
    )
    BINDINGS = keymap.bindings("reports", "field")
    AUTO_FOCUS = "#period"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._named = ""
        """The file's name as it was proposed, as long as nobody wrote another one."""

    def body(self) -> Iterator[Widget]:
        masked = YES if self.is_masked else NO
        self._same = Sheet("the same from the shell", id="same")
        self._seen: Weekly | None = None
        self._weekly = Sheet("weekly report", id="weekly")
        self._preview = Prose("", id="preview", hang=0)
        self._frame = Framed("preview", self._preview, id="preview-frame")
        self._texts = {
            "by": Field("project,model", id="by", placeholder="user, model, day, tag:ticket"),
            "only": Field(id="only", placeholder="every call; or project=web user=ana"),
            "to": Field(id="to", placeholder="a file"),
            "every": Field(id="every", placeholder="monday@09:00; empty: none"),
        }
        self._choices = {
            "period": Choice(tuple(PERIODS), "month", id="period"),
            "include": Choice(tuple(PARTS), "all", id="include"),
            "requests": Choice((SUMS, EACH), SUMS, id="requests"),
            "mask": Choice((NO, YES), masked, id="mask"),
            "format": Choice(tuple(FORMATS), "md", id="format", barred=barred()),
        }
        form = Vertical(
            field("period", self._choices["period"]),
            field("group by", self._texts["by"]),
            field("only", self._texts["only"]),
            field("include", self._choices["include"]),
            field("rows", self._choices["requests"]),
            field("mask", self._choices["mask"]),
            field("format", self._choices["format"]),
            field("to", self._texts["to"]),
            field("weekly", self._texts["every"]),
            id="report-form",
        )
        form.border_title = Content("report")
        yield Vertical(
            Vertical(form, self._same, self._weekly),
            self._frame,
            id="reports-page",
        )

    def on_mount(self) -> None:
        self._propose()
        self._follow()
        self._look_up()

    def read(self) -> Order:
        """What the fields ask for. Raises Mistake for the first that cannot be read."""
        since, until = PERIODS[self._choice("period")]
        if why := barred().get(self._choice("format")):
            raise Mistake("format", why)
        by = tuple(word.strip() for word in self._text("by").split(",") if word.strip())
        return Order(
            since=since,
            until=until,
            by=by,
            where=read_match(self._text("only")),
            format=FORMATS[self._choice("format")],
            mask=self._choice("mask") == YES,
            include=PARTS[self._choice("include")] + ((REQUESTS,) if self._each() else ()),
        )

    def action_choose(self, by: int) -> None:
        if isinstance(self.focused, Choice):
            self.focused.action_step(by)

    def action_scroll(self, by: int) -> None:
        self._frame.scroll_relative(y=by, animate=False)

    @work(exclusive=True, group="export")
    async def action_export(self) -> None:
        """Writes the file, which only its owner can read."""
        order, target = self._order(), self._target()
        if order is None or not await self._may_write(target):
            return
        data = await self.ask(make_bytes(self.desk.client, order))
        if data is None:
            return
        try:
            with private_file(target) as file:
                file.write(data)
        except Trouble as trouble:
            self.notify(trouble.message, severity="error", markup=False)
        else:
            self.notify(f"written to {target}, readable by you alone", markup=False)

    @work(exclusive=True, group="copied")
    async def action_copy_report(self) -> None:
        order = self._order()
        if order is not None and order.format == PARQUET:
            self.notify("Parquet is no text; write it to its file", severity="warning", markup=False)
        elif order is not None and (text := await self.ask(make(self.desk.client, order))) is not None:
            self.copy("report", text)

    def action_copy_command(self) -> None:
        if (order := self._order()) is not None:
            self.copy("command", order.words(self._text("to").strip()))

    @on(Input.Submitted, "#every")
    @work(exclusive=True, group="weekly")
    async def action_schedule(self) -> None:
        """Lets the gateway write what the form says each week; an empty field ends that."""
        order, every, to = self._order(), self._text("every").strip(), self._text("to").strip()
        if order is None or self._seen is None:
            return
        if to == self._named:
            to = FILE.format(ending=ENDINGS.get(order.format, order.format))
        plan = scheduled(order, every, to) if every else None
        weekly = await self.ask(self.desk.schedule(plan, self._seen))
        if weekly is not None:
            self._show(weekly)
            self.notify(told(weekly)[0], markup=False)

    @work(exclusive=True, group="weekly")
    async def _look_up(self) -> None:
        """Shows which report is written each week."""
        weekly = await self.ask(self.desk.client.weekly())
        if weekly is not None:
            self._show(weekly)
            if weekly.report is not None and not self._text("every"):
                self._texts["every"].value = weekly.report.every

    def _show(self, weekly: Weekly) -> None:
        """A line that begins with ‼ is trouble, on all of its rows."""
        self._seen = weekly
        rows = [(row, "alert" if "‼" in line else "text") for line in told(weekly) for row in wrapped(line)]
        if weekly.report is not None:
            rows += [(row, "key") for row in wrapped(command(weekly.report))]
        self._weekly.put([[row] for row in rows])

    @on(Choice.Changed)
    @on(Input.Changed)
    def _changed(self) -> None:
        if self.ready:
            self._propose()
            self._follow()

    @work(exclusive=True, group="preview")
    async def _follow(self) -> None:
        """Shows how the report reads, once nobody has pressed a key for a moment."""
        await asyncio.sleep(SOON)
        try:
            order = self.read()
        except Mistake as mistake:
            self._preview.put([[(f"‼ {mistake}", "alert")]])
            return
        self._same.put([[(row, "key")] for row in wrapped(order.words(self._text("to").strip()))])
        tables = order.format in TABLES
        seen = replace(order, format="md", include=() if order.format in ROWS_ALONE else order.include)
        text = await self.ask(make(self.desk.client, seen if tables else order))
        if text is not None:
            title = TITLES.get(order.format, "preview")
            self._frame.border_title = Content(title)
            self._preview.put(lambda width: preview(text, max(width, LEAST), tables=tables))

    def _each(self) -> bool:
        """Each request is listed, in a format that can."""
        return self._choice("requests") == EACH and FORMATS[self._choice("format")] in OF_EACH

    def _order(self) -> Order | None:
        try:
            return self.read()
        except Mistake as mistake:
            self.notify(str(mistake), severity="error", markup=False)
            return None

    def _target(self) -> Path:
        return Path(self._text("to").strip()).expanduser()

    async def _may_write(self, target: Path) -> bool:
        there = what_is_there(target)
        if there == "folder":
            self.notify(f"{target} is a folder; name a file", severity="error", markup=False)
            return False
        if not there:
            return True
        return await self.app.push_screen_wait(Confirm(f"{target} is there already. Replace it?")) == "yes"

    def _propose(self) -> None:
        """A file's name that tells period and format, unless a person wrote one."""
        to = self._texts["to"]
        if to.value != self._named:
            return
        format, now = FORMATS[self._choice("format")], self.desk.feed.tick().now
        period = self._choice("period").replace(" ", "-")
        name = f"{now:%Y-%m}" if period == "month" else f"{period}-{now:%Y-%m-%d}"
        self._named = to.value = f"~/llmconsole-{name}.{ENDINGS.get(format, format)}"

    def _text(self, id: str) -> str:
        # Held, not looked up: a preview may still be waiting while the page is taken down.
        return self._texts[id].value

    def _choice(self, id: str) -> str:
        return self._choices[id].value


def wrapped(line: str) -> list[str]:
    """The rows of a line beside the preview."""
    return textwrap.wrap(line, SHELL_WIDTH, break_on_hyphens=False)


def barred() -> dict[str, str]:
    """Formats that cannot be had here, and why."""
    try:
        need_parquet()
    except Trouble as trouble:
        return {PARQUET: trouble.message}
    return {}


def what_is_there(path: Path) -> str:
    """folder, file, or '' for nothing."""
    return "folder" if path.is_dir() else "file" if os.path.lexists(path) else ""
