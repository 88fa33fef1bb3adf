"""The dashboard: money, limits, caches, routing and the live calls on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from textual import on, work
from textual.containers import Grid
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input

from console import keymap
from console.messages import Inspect, Narrowed
from console.panels import PANELS
from console.panels.base import Panel
from console.panels.calls import CallsPanel
from console.past import as_of
from console.screens.columns_form import ColumnsForm
from console.screens.ending import end_call
from console.screens.filter_bar import FilterBar
from console.screens.jump import Jump
from console.screens.labelling import label_call, make_mode_rule
from console.screens.page import Page
from console.screens.saved_filters import FilterName
from console.shapes import Call
from console.snapshot import Snapshot

NOWHERE = Region()
SPLITS = ("model", "mode", "project", "user", "provider")


class Dashboard(Page):
    """On a small screen the panels that are pages share one place; tab turns them."""

    PLACES: ClassVar[tuple[str, ...]] = ("dashboard",)
    BINDINGS = keymap.bindings("dashboard")
    AUTO_FOCUS = "#calls"

    def body(self) -> Iterator[Widget]:
        self.panels: list[Panel] = [panel() for panel in PANELS]
        self.panels[1].add_class("-page-shown")
        yield Grid(*self.panels, id="board")
        yield FilterBar(lambda: self.query_one(CallsPanel).known)

    @property
    def call_at_hand(self) -> Call | None:
        return self.query_one(CallsPanel).current

    def places(self) -> tuple[str, ...]:
        if isinstance(self.focused, FilterBar):
            return ("filter", "filtering")
        listed = ("calls", "list") if isinstance(self.focused, CallsPanel) else ()
        return (*self.PLACES, *listed, "everywhere")

    def needless(self) -> tuple[str, ...]:
        """Only an enlarged panel can be left for something else than the shell."""
        return ("app.leave",) if any(panel.big for panel in self.panels) else ("app.back",)

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._name_hidden()
        for panel in self.panels:
            panel.show(snap)

    def action_next_panel(self) -> None:
        self._turn(1)

    def action_previous_panel(self) -> None:
        self._turn(-1)

    def action_enlarge(self) -> None:
        panel = self._panel()
        if panel is None:
            return
        big = not panel.big
        self._enlarge(panel if big else None)

    def action_enter(self) -> None:
        """Opens what the panel in focus shows: the page of budgets or of the cache, or the panel in full."""
        panel = self._panel()
        if panel is not None and panel.NAME in ("budgets", "cache"):
            self.app.call_later(self.app.run_action, f"app.page('{panel.NAME}')")
        else:
            self.action_enlarge()

    def action_range(self, name: str) -> None:
        self.desk.feed.look(range=name)
        self._show_now()

    def action_split(self) -> None:
        by = self.desk.feed.tick().by
        self.desk.feed.look(by=SPLITS[(SPLITS.index(by) + 1) % len(SPLITS)])

    def action_freeze(self) -> None:
        frozen = self.desk.feed.tick().frozen_at is not None
        self.desk.feed.freeze(not frozen)
        self._show_now()

    @work(exclusive=True, group="travel")
    async def action_travel(self, seconds: int) -> None:
        """Goes back or forth in time, by the ledger; into the future leads back to the present."""
        live, frozen = self.desk.feed.live, self.desk.feed.tick().frozen_at
        at = (frozen or live.now) + timedelta(seconds=seconds)
        if at >= live.now:
            self.desk.feed.freeze(False)
        elif (past := await self.ask(as_of(self.desk.client, live, at))) is not None:
            self.desk.feed.show_past(past)
        self._show_now()

    def action_filter(self) -> None:
        self.query_one(FilterBar).display = True
        self.query_one(FilterBar).focus()

    def action_filter_done(self) -> None:
        self.query_one(CallsPanel).focus()

    def action_filter_clear(self) -> None:
        self.query_one(FilterBar).value = ""
        self.action_filter_done()

    @work
    async def action_columns(self) -> None:
        """Asks which columns the calls show."""
        panel = self.query_one(CallsPanel)
        shown = [column.title for column in panel.columns]
        if (titles := await self.app.push_screen_wait(ColumnsForm(shown))) is not None:
            panel.choose_columns(titles)

    @work
    async def action_jump(self) -> None:
        """Letters on the panels; one goes there."""
        name = await self.app.push_screen_wait(Jump(self._regions))
        if name == "filter":
            self.action_filter()
        elif name is not None:
            self._go(next(panel for panel in self.panels if panel.NAME == name))

    def _regions(self) -> dict[str, Region]:
        regions = {panel.NAME: panel.region if panel.display else NOWHERE for panel in self.panels}
        return {**regions, "filter": Region(0, self.size.height - 2, 1, 1)}

    @work
    async def action_filter_keep(self) -> None:
        """Keeps the filter under a name."""
        bar, panel = self.query_one(FilterBar), self.query_one(CallsPanel)
        if not bar.value.strip() or panel.problem:
            self.notify(panel.problem or "type a filter first", severity="warning", markup=False)
        elif name := await self.app.push_screen_wait(FilterName(bar.value.strip())):
            self.notify(f"kept; :filter {name} puts it on again", markup=False)

    def narrow(self, text: str) -> None:
        """Puts a filter on."""
        self.query_one(FilterBar).value = text

    def action_inspect(self) -> None:
        self.query_one(CallsPanel).action_inspect()

    @work
    async def action_end(self) -> None:
        if (call := self.call_at_hand) is not None:
            await end_call(self, call)

    @work
    async def action_label(self) -> None:
        if (call := self.call_at_hand) is not None:
            await label_call(self, call)

    @work
    async def action_mode_rule(self) -> None:
        if (call := self.call_at_hand) is not None:
            await make_mode_rule(self, call)

    def leave_big(self) -> bool:
        """Brings an enlarged panel back; whether there was one."""
        was = any(panel.big for panel in self.panels)
        self._enlarge(None)
        return was

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        self.query_one(CallsPanel).set_filter(event.value)

    @on(Narrowed)
    def _narrowed(self, event: Narrowed) -> None:
        self.narrow(event.filter)

    @on(Inspect)
    def _inspect(self, event: Inspect) -> None:
        # The first paint does not wait for what is behind it.
        from console.screens.inspector import Inspector

        shown = self.query_one(CallsPanel).shown
        self.app.push_screen(Inspector(self.desk, event.call_id, [call.id for call in shown]))

    def on_descendant_focus(self) -> None:
        bar = self.query_one(FilterBar)
        bar.display = bar.has_focus
        if (panel := self._panel()) is not None and panel.PAGE:
            for other in self.panels:
                other.set_class(other is panel, "-page-shown")
        self._show_now()

    def _name_hidden(self) -> None:
        pages = [panel for panel in self.panels if panel.PAGE]
        hidden = tuple(panel.NAME for panel in pages if not panel.display)
        for panel in pages:
            panel.name_hidden(hidden if not panel.big else ())

    def _panel(self) -> Panel | None:
        return self.focused if isinstance(self.focused, Panel) else None

    def _turn(self, by: int) -> None:
        panel = self._panel()
        at = self.panels.index(panel) if panel else len(self.panels) - 1
        self._go(self.panels[(at + by) % len(self.panels)])

    def _go(self, target: Panel) -> None:
        """Brings a panel into sight and into focus."""
        if any(one.big for one in self.panels):
            self._enlarge(target)
        if target.PAGE:
            for other in self.panels:
                other.set_class(other is target, "-page-shown")
        # A page that was hidden can take the focus only when the styles have shown it.
        self.call_after_refresh(target.focus)

    def _enlarge(self, target: Panel | None) -> None:
        self.set_class(target is not None, "-enlarged")
        for panel in self.panels:
            panel.set_class(panel is target, "-big")
        self.call_after_refresh(self._show_now)

    def _show_now(self) -> None:
        snap = self.desk.feed.tick()
        for panel in self.panels:
            panel.show_now(snap)
        super().show(snap)
