"""The budgets: every limit and where it stands, edited where it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import anyio
from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.messages import Chosen, Moved
from console.panels.words import need
from console.screens.budget_columns import BUDGET_COLUMNS, Standing, limit
from console.screens.budget_form import BudgetForm
from console.screens.budget_words import nudged
from console.screens.confirm import Confirm, those
from console.screens.history import History
from console.screens.page import Page
from console.screens.raise_form import RaiseForm
from console.screens.rows import MarkedRows
from console.screens.throttles import Throttles
from console.screens.trajectory import Trajectory
from console.shapes import Budget
from console.snapshot import Snapshot
from console.widgets.grid import Layout, needed
from console.widgets.ink import Line

EMPTY_WORDS: tuple[Line, ...] = (
    [("   no limits yet", "muted")],
    (),
    [
        ("   n", "bold key"),
        (" makes the first one: everything, so many dollars a month, and tell me at 80 %", "faint"),
    ],
)


class Budgets(Page):
    """The list, and below it how the budget under the cursor got where it is."""

    PLACES: ClassVar[tuple[str, ...]] = ("budgets", "marks", "list")
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.budgets")
    BINDINGS = keymap.bindings("budgets")
    AUTO_FOCUS = "#budget-list"

    def body(self) -> Iterator[Widget]:
        self._budgets: dict[str, Budget] = {}
        self._needs: tuple[int, ...] = ()
        self._nudging = anyio.Lock()
        self._snap = self.desk.feed.tick()
        self.list = MarkedRows(self._row, heading=self._heading, empty=EMPTY_WORDS, id="budget-list")
        self.trajectory = Trajectory(self.desk)
        self.list.border_title = Content("budgets")
        yield Vertical(self.list, self.trajectory, id="budgets-page")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._snap = snap
        known = {one.name: one for one in snap.budgets or ()}
        if known != self._budgets:
            order = [name for name in self._budgets if name in known]
            added = sorted((one for name, one in known.items() if name not in self._budgets), key=need)
            # Rows keep their place while the page is open: a nudge must not move them under the cursor.
            self._budgets = {name: known[name] for name in (*order, *(one.name for one in added))}
        self._needs = needed(BUDGET_COLUMNS, [Standing(one, snap.at) for one in known.values()])
        self.list.put(tuple(self._budgets))
        self.trajectory.show(self.current, snap.now)

    @property
    def current(self) -> Budget | None:
        return self._budgets.get(self.list.current or "")

    async def action_edit(self) -> None:
        if self.current is not None:
            self.app.push_screen(BudgetForm(self.desk, self.current), self._saved)

    def action_raise(self) -> None:
        if self.current is not None:
            self.app.push_screen(RaiseForm(self.desk, self.current), self._saved)

    def action_history(self) -> None:
        self.app.push_screen(History(self.desk))

    def action_throttles(self) -> None:
        self.app.push_screen(Throttles(self.desk))

    def action_new(self) -> None:
        self.app.push_screen(BudgetForm(self.desk, None), self._saved)

    @work
    async def action_nudge(self, by_percent: int) -> None:
        # A second press counts from what the first one has left.
        async with self._nudging:
            before = self.current
            if before is None:
                return
            saved = await self.ask(self.desk.save_budget(nudged(before, by_percent), before))
            self.show(self.desk.feed.tick())
        if saved is not None:
            self.notify(
                f"{saved.name}: {limit(before)} → {limit(saved)} · {keymap.glyph('app.undo')} takes it back",
                markup=False,
            )

    @work
    async def action_delete(self) -> None:
        budgets = [self._budgets[name] for name in self.list.chosen]
        if not budgets:
            return
        limits = ", ".join(f"{limit(each)} a {each.window}" for each in budgets)
        no_longer = "no longer holds" if len(budgets) == 1 else "no longer hold"
        question = f"Delete {those(self.list.chosen, 'budget')}? {limits} {no_longer}."
        if await self.app.push_screen_wait(Confirm(question)) != "yes":
            return
        for budget in budgets:
            await self.ask(self.desk.delete_budget(budget))

    @on(Moved)
    def _moved(self) -> None:
        self.trajectory.show(self.current, self._snap.now)

    @on(Chosen)
    async def _chosen(self) -> None:
        await self.action_edit()

    def _saved(self, saved: Budget | None) -> None:
        if saved is not None:
            self.show(self.desk.feed.tick())
            self.list.select(saved.name)
            self.notify(f"{saved.name} saved · {keymap.glyph('app.undo')} takes it back", markup=False)

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *Layout.of(BUDGET_COLUMNS, width - 1, self._needs).heading()]

    def _row(self, name: str, width: int) -> Line:
        layout = Layout.of(BUDGET_COLUMNS, width, self._needs)
        return layout.line(Standing(self._budgets[name], self._snap.at))
