"""The live calls: every request as it runs and ends, in a list that costs what is seen of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import events

from console import keymap
from console.filter import FilterError, Test, parse, settled
from console.filter.moments import machine
from console.keepsakes import Keepsakes
from console.messages import Copied, Inspect, Narrowed
from console.panels.base import Panel, message
from console.panels.call_columns import Shown, as_text, chosen
from console.panels.call_order import Order, filter_word
from console.panels.curl import as_curl
from console.pointing import own_command
from console.present import counted
from console.shapes import Call
from console.snapshot import Snapshot
from console.widgets.grid import Layout
from console.widgets.ink import Line, grounded, wrapped
from console.widgets.viewport import Viewport


@dataclass(frozen=True, slots=True)
class _Model:
    in_flight: tuple[Call, ...]
    calls: tuple[Call, ...]
    today: int
    second: datetime
    """The present moment where it matters: where calls are under way, or the filter looks back from it."""


class CallsPanel(Panel):
    NAME: ClassVar[str] = "calls"
    BINDINGS = keymap.bindings("list", "calls")

    def __init__(self) -> None:
        super().__init__()
        self.window = Viewport(follows=True)
        self.filter_text = self._valid = ""
        self._test: Test | None = None
        self.problem: str | None = None
        """What is wrong with the filter."""
        self._shown: list[Call] = []
        self._column: int | None = None
        self._order: Order | None = None
        self._url = ""
        self._above = 0
        """Rows above the heading, which tell what is wrong with the filter."""
        self._now = machine()
        self._titles: tuple[str, ...] = ()
        self.columns = chosen(Keepsakes().columns())
        self._layout: Layout[Shown] = Layout(())
        self._lines: dict[str, tuple[Call, Line]] = {}
        """The rows as they were drawn, by the calls' ids."""

    def view(self, snap: Snapshot) -> _Model | None:
        if snap.summary is None and not snap.calls and not snap.in_flight:
            return None
        self._url = snap.status.url if snap.status else ""
        today = snap.summary.calls_today if snap.summary else len(snap.calls)
        self._now = snap.now
        second = snap.now if snap.in_flight else datetime.fromtimestamp(0, snap.now.tzinfo)
        if "since:" in self.filter_text:
            second = snap.now.replace(microsecond=0)
        return _Model(snap.in_flight, snap.calls, today, second)

    @property
    def current(self) -> Call | None:
        """The call under the cursor."""
        return self._shown[self.window.cursor] if self._shown else None

    @property
    def known(self) -> Sequence[Call]:
        """All calls, whatever the filter says."""
        return (*self._model.in_flight, *self._model.calls) if self._model else ()

    @property
    def shown(self) -> Sequence[Call]:
        """The calls that the filter lets through, in the order of the list."""
        return self._shown

    def set_filter(self, text: str) -> None:
        """Filters as typed; a wrong word is said, and the last valid view stays."""
        self.filter_text = text.strip()
        try:
            self._test = self._tested(self.filter_text)
            self._valid, self.problem = self.filter_text, None
        except FilterError as error:
            self._valid, self.problem = settled(self._valid, error), str(error)
            self._test = self._tested(self._valid)
        self.window.go_top()
        self._refresh_rows()

    def _tested(self, text: str) -> Test | None:
        return parse(text, lambda: self._now) if text else None

    def title(self, model: _Model) -> str:
        if self.problem:
            return f"calls   /{self.filter_text}   ‼"
        if not self.filter_text:
            return "calls"
        cost = sum((call.cost_usd for call in self._shown), start=0)
        return f"calls   /{self.filter_text}   {counted(len(self._shown), 'call')} · ${cost:,.2f}"

    def subtitle(self, model: _Model) -> str:
        live = f"{len(model.in_flight)} live · {model.today:,} today"
        place = f"{self.window.cursor + 1:,} of {len(self._shown):,}"
        if self._order is not None:
            by = self._order.column or "state"
            return f"{place} · by {by} · {keymap.glyph('calls.sort')} turns it, then follows"
        if self.window.following:
            return f"{live} · following"
        came = f"+{self.window.came} new · " if self.window.came else ""
        return f"{came}{place} · {keymap.glyph('list.top')} follows"

    def paint(self, model: _Model, width: int, height: int) -> Sequence[Line]:
        """What is wrong with the filter stands above the list, whole, on as many rows as it takes."""
        wrong = wrapped([("‼ ", "bold alert"), (self.problem, "alert")], width) if self.problem else []
        self._above = len(wrong)
        return [*wrong, *self._list(model, width, height - len(wrong))]

    def _list(self, model: _Model, width: int, height: int) -> Sequence[Line]:
        if not self._shown:
            return self._nothing(width, height)
        self.window.resize(height - 1)
        layout = Layout.of(self.columns, width - 1)
        if layout != self._layout:
            self._layout, self._lines = layout, {}
        seen = self._shown[self.window.top : self.window.top + height - 1]
        self._titles = tuple(column.title for column, _ in layout.columns)
        lines: list[Line] = [
            layout.heading(marked=self._marked, arrow=self._order.arrow if self._order else "")
        ]
        rows = [self._row(call, model.second) for call in seen]
        self._lines = {call.id: (call, row) for call, row in zip(seen, rows, strict=True)}
        for at, line in enumerate(rows, self.window.top):
            if at == self.window.cursor:
                line = grounded([*line, (" " * width, "text")], "cursor")
            lines.append(line)
        return lines

    def _row(self, call: Call, second: datetime) -> Line:
        """As it was drawn last, where the call is the same; one that runs grows by itself."""
        known, line = self._lines.get(call.id, (None, ()))
        if known is call and call.status != "open":
            return line
        return self._layout.line(Shown(call, second))

    def action_move(self, by: int) -> None:
        self.window.move(by)
        self._refresh_rows()

    def action_page(self, by: int) -> None:
        self.window.move(by * max(1, self.window.height - 1))
        self._refresh_rows()

    def action_top(self) -> None:
        self.window.go_top()
        self._refresh_rows()

    def action_bottom(self) -> None:
        self.window.go_bottom()
        self._refresh_rows()

    def action_column(self, by: int) -> None:
        """The next column that is seen; before the first one there is none."""
        at = -1 if self._column is None else self._column
        at = max(-1, min(at + by, len(self._titles) - 1))
        self._column = None if at < 0 else at
        self.redraw()

    def action_sort(self) -> None:
        """By the marked column, then the other way round, then as they come."""
        column = self._marked or "time"
        if self._order is None or self._order.column != column:
            self._order = Order.by(column)
        else:
            self._order = self._order.turned() if self._order == Order.by(column) else None
        if self._column is None and column in self._titles:
            self._column = self._titles.index(column)
        self.window.go_top()
        self._refresh_rows()

    def action_only(self) -> None:
        self._narrow("")

    def action_exclude(self) -> None:
        self._narrow("-")

    def action_copy_curl(self) -> None:
        if self.current is not None:
            self.post_message(Copied("curl line", as_curl(self.current, self._url)))

    def action_copy_row(self) -> None:
        if self.current is not None:
            self.post_message(Copied("row", as_text(Shown(self.current, self._now), self.columns)))

    def choose_columns(self, titles: Sequence[str]) -> None:
        """Shows these columns in this order; none are the usual ones."""
        self.columns = chosen(titles)
        self._column = self._order = None
        self._refresh_rows()

    def _narrow(self, sign: str) -> None:
        """Adds the value under the cursor to the filter, or its opposite."""
        word = filter_word(self.current, self._marked or "user") if self.current else None
        if word is None:
            self.notify("◂ ▸ choose a column whose values can be filtered by: user, project, mode, model …")
        elif f"{sign}{word}" not in self.filter_text.split():
            self.post_message(Narrowed(f"{self.filter_text} {sign}{word}".strip()))

    @property
    def _marked(self) -> str | None:
        """The title of the column that the cursor is on, if it is seen."""
        if self._column is None or self._column >= len(self._titles):
            return None
        return self._titles[self._column]

    def action_inspect(self) -> None:
        if self.current is not None:
            self.post_message(Inspect(self.current.id))

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        line = place.y - self._above
        if line == 0:
            self._sort_at(place.x)
            return
        if self.window.at_line(line - 1) is None:
            return
        self._refresh_rows()
        if event.chain == 2:
            self.action_inspect()

    def _sort_at(self, x: int) -> None:
        """Sorts by the column whose heading was clicked."""
        at = self._layout.at(x)
        if at is not None:
            self._column = at
            self.action_sort()

    def on_mouse_scroll_down(self) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self._scroll(-3)

    def _scroll(self, by: int) -> None:
        self.window.scroll(by)
        self._refresh_rows()

    def took(self) -> None:
        calls = list(self.known)
        self._shown = [call for call in calls if self._test(call)] if self._test else calls
        if self._order is not None:
            self._shown = self._order.sorted(self._shown)
        self.window.show([call.id for call in self._shown])

    def _refresh_rows(self) -> None:
        self.took()
        self.retitle()
        self.redraw()

    def _nothing(self, width: int, height: int) -> Sequence[Line]:
        if self.filter_text:
            return message(width, height, [("no call matches ", "muted"), (self.filter_text, "text")])
        return message(
            width,
            height,
            [("no calls yet", "muted")],
            [
                ("point a client here: ", "faint"),
                (f"{own_command(sys.argv[0], Path.home())} env", "key"),
                (" prints the lines", "faint"),
            ],
        )
