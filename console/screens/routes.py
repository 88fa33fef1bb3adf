"""Routing rules: a draft of them is tried on past calls, and only then put in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.decision_words import then_words
from console.messages import Chosen, Moved
from console.present import NOTHING, plain
from console.screens.dry_run import NOT_SEEN, DryRun
from console.screens.overtaken import Kept, Writing, settle
from console.screens.page import Page
from console.screens.prompt_form import PromptForm
from console.screens.route_draft import RouteDraft, would_do
from console.screens.route_form import RouteForm
from console.screens.route_words import rule_lines, then_brief, when_words
from console.screens.rows import MarkedRows
from console.screens.threshold_form import ThresholdForm
from console.shapes import Route, Thresholds
from console.shapes.wrapped import Routes as InForce
from console.trouble import ClientError
from console.widgets.grid import Column, Layout, needed
from console.widgets.ink import EMPTY, Line, Span

COUNTED_AGAIN = 30.0
SAID_INKS = {"new": "bold saved", "edit": "bold warn", "moved": "warn", "gone": "bold alert"}
EMPTY_WORDS: tuple[Line, ...] = (
    [("   no rules yet: every call keeps its model", "muted")],
    (),
    [("   n", "bold key"), (" makes one: mode=vibing complexity=simple → a small model, say", "faint")],
)
WHOLE = 90
"""Cells from which on all targets of a rule have room beside its conditions."""
KEPT: Line = [("↳ ", "faint"), ("a call that no rule matches keeps the model it asked for", "faint")]
_Numbered = tuple[int, Route]


class RoutesPage(Page):
    """The rules, and beside them the one under the cursor, or the dry run of what was edited."""

    PLACES: ClassVar[tuple[str, ...]] = ("routes", "marks", "list")
    AGAIN = 2.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.routes")
    BINDINGS = keymap.bindings("routes")
    AUTO_FOCUS = "#rule-list"

    def body(self) -> Iterator[Widget]:
        self._draft = RouteDraft((), ())
        self._rows: dict[str, _Numbered] = {}
        self._layouts: dict[int, Layout[_Numbered]] = {}
        self._served: dict[str, int] = {}
        self._since = "7d"
        self._applying = False
        self.list = MarkedRows(self._row, heading=self._heading, empty=EMPTY_WORDS, id="rule-list")
        self.list.border_title = Content("routing rules · the first that matches wins")
        self.beside = DryRun(self.desk, "rule", id="beside")
        yield Container(self.list, self.beside, id="routes-page")

    def on_mount(self) -> None:
        self._ask_counts()
        self.set_interval(COUNTED_AGAIN, self._ask_counts)

    @property
    def current(self) -> Route | None:
        found = self._rows.get(self.list.current or "")
        return found[1] if found else None

    def needless(self) -> tuple[str, ...]:
        idle = () if self._draft.pending else ("routes.apply", "routes.week", "routes.month")
        return (*self.NEEDLESS, *idle)

    def step_back(self) -> bool:
        """Drops the draft, if there is one."""
        if super().step_back():
            return True
        pending = self._draft.pending
        if pending:
            self._take(RouteDraft.of(self._draft.in_force))
            self.notify("the draft is dropped; the rules are as they were")
        return pending

    def action_new(self) -> None:
        self.app.push_screen(RouteForm(None, self._rows), self._written)

    async def action_edit(self) -> None:
        if self.current is not None:
            self.app.push_screen(RouteForm(self.current, ()), self._written)

    def action_switch(self) -> None:
        """All as the first of them is not."""
        if rules := [self._rows[name][1] for name in self.list.chosen]:
            draft, enabled = self._draft, not rules[0].enabled
            for rule in rules:
                draft = draft.put(replace(rule, enabled=enabled))
            self.list.unmark()
            self._take(draft)

    def action_move_rule(self, by: int) -> None:
        if (rule := self.current) is not None:
            self._take(self._draft.moved(rule.name, by), rule.name)

    def action_delete(self) -> None:
        if names := self.list.chosen:
            draft = self._draft
            for name in names:
                draft = draft.without(name)
            self._take(draft, names[-1])

    def action_prompt(self) -> None:
        self.app.push_screen(PromptForm(self.desk, self._draft.tried()))

    @work(exclusive=True, group="classes")
    async def action_classes(self) -> None:
        """The form of what holds for all rules, on how that is now."""
        found = await self.ask(self.desk.client.thresholds())
        if found is not None:
            form = ThresholdForm(self.desk, found, self._draft.tried(), self._since)
            self.app.push_screen(form, self._moved_thresholds)

    def action_since(self, since: str) -> None:
        self._since = since
        if self._draft.pending:
            self._take(self._draft)

    def action_read(self, by: int) -> None:
        self.beside.read(by)

    @work(exclusive=True, group="apply")
    async def action_apply(self) -> None:
        """Puts the draft in force, once its dry run has been shown; where another console was quicker, asks
        whose rules shall stand."""
        draft = self._draft
        if not draft.pending:
            return
        if self.beside.seen != draft.body(self._since):
            self.notify(NOT_SEEN)
            return
        self._applying = True
        try:
            saved = await self.ask(self._applied(draft))
        finally:
            self._applying = False
        if isinstance(saved, Kept):
            self._take(RouteDraft.of(draft.in_force))
            self.notify("theirs stand; the draft is dropped")
        elif saved is not None:
            self._take(RouteDraft.of(saved))
            self._tell_in_force()
        self._fetch()

    async def _applied(self, draft: RouteDraft) -> InForce | Kept | None:
        writing: Writing[InForce, InForce] = Writing(
            over=lambda found: self.desk.save_routes(found or InForce(routes=()), draft.routes),
            before=draft.in_force,
            now=self.desk.client.routes,
            told=lambda found: would_do(RouteDraft.of(found, draft.routes)),
        )
        try:
            return await writing.over(writing.before)
        except ClientError as error:
            if not error.overtaken:
                raise
            return await settle(self, writing, error)

    @on(Chosen)
    async def _chosen(self) -> None:
        await self.action_edit()

    @on(Moved)
    def _moved(self) -> None:
        self._describe()

    def _written(self, route: Route | None) -> None:
        if route is not None:
            self._take(self._draft.put(route), route.name)

    def _tell_in_force(self) -> None:
        self.notify(f"in force from the next call on · {keymap.glyph('app.undo')} takes it back")

    def _moved_thresholds(self, saved: Thresholds | None) -> None:
        if saved is not None:
            self._tell_in_force()
            if self._draft.pending:
                self._take(self._draft)

    def _take(self, draft: RouteDraft, select: str | None = None) -> None:
        """Goes on with a draft: shows it, and tries it where it changes anything."""
        self._draft = draft
        self._list(select)
        if draft.pending:
            self.beside.attempt(draft.tried(), self._since)

    def _list(self, select: str | None = None) -> None:
        self._rows = {each.name: (at, each) for at, each in enumerate(self._draft.rows(), 1)}
        self._layouts = {}
        self.list.put(tuple(self._rows))
        if select is not None:
            self.list.select(select)
        told = " a draft: ^s puts it in force, esc drops it " if self._draft.pending else ""
        self.list.border_subtitle = Content(told)
        self._footer.put(self.hints())
        self._describe()

    def _describe(self) -> None:
        """Beside the list: the rule under the cursor, where no draft is being tried."""
        if self._draft.pending:
            return
        rule = self.current
        lines = rule_lines(rule, self._served.get(rule.name, 0)) if rule else []
        self.beside.tell("rule", [*lines, EMPTY, KEPT] if lines else [KEPT])

    @work(exclusive=True, group="routes")
    async def _fetch(self) -> None:
        found = await self.ask(self.desk.client.routes())
        if found is None or self._applying:
            return
        if found.routes == self._draft.base:
            self._list()
        elif self._draft.pending:
            self.notify("the rules were changed elsewhere: look at your draft again", severity="warning")
            self._take(RouteDraft.of(found, self._draft.routes))
        else:
            self._take(RouteDraft.of(found))

    @work(exclusive=True, group="counts")
    async def _ask_counts(self) -> None:
        """How many calls each rule has led, which reads a month of the ledger."""
        served = await self.ask(self.desk.client.routes_served())
        if served is not None:
            self._served = served
            self._list()

    def _row(self, name: str, width: int) -> Line:
        return self._layout(width).line(self._rows[name])

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *self._layout(width - 1).heading()]

    def _layout(self, width: int) -> Layout[_Numbered]:
        """Of the rows as they are, in a width; kept until they change."""
        if width not in self._layouts:
            columns = self._columns(width)
            self._layouts[width] = Layout.of(columns, width, needed(columns, self._rows.values()))
        return self._layouts[width]

    def _columns(self, width: int) -> tuple[Column[_Numbered], ...]:
        then = THEN if width >= WHOLE else THEN_BRIEF
        said: tuple[Column[_Numbered], ...] = (Column("draft", 5, 1, self._said),)
        count: Column[_Numbered] = Column("30d", 6, 3, self._count, ">")
        return (*RULE_COLUMNS, then, *(said if self._draft.pending else ()), count)

    def _said(self, row: _Numbered) -> Span:
        told = self._draft.said(row[1].name)
        return told, SAID_INKS.get(told, "text")

    def _count(self, row: _Numbered) -> Span:
        count = self._served.get(row[1].name, 0)
        return (f"{count:,}", "text") if count else (NOTHING, "faint")


def _on(row: _Numbered) -> Span:
    return ("●", "live") if row[1].enabled else ("○", "faint")


def _name(row: _Numbered) -> Span:
    return plain(row[1].name), "text" if row[1].enabled else "faint"


RULE_COLUMNS: tuple[Column[_Numbered], ...] = (
    Column("#", 2, 1, lambda row: (str(row[0]), "muted"), ">", gap=0),
    Column("on", 2, 1, _on, gap=1),
    Column("rule", 12, 2, _name, gap=1, most=28),
    Column("when", 12, 5, lambda row: (when_words(row[1]), "muted"), most=40),
)
THEN: Column[_Numbered] = Column("then", 12, 4, lambda row: (then_words(row[1]), "routed"), most=36)
THEN_BRIEF: Column[_Numbered] = Column("then", 12, 4, lambda row: (then_brief(row[1]), "routed"), most=24)
