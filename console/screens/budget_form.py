"""The form in which a budget is made or edited; the consequence follows as one types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from console import keymap
from console.panels.words import plain_dollars
from console.present import matched, tokens
from console.screens.budget_words import (
    AT_LIMIT,
    AT_LIMIT_HELP,
    WINDOWS,
    Mistake,
    consequence,
    read_alerts,
    read_dollars,
    read_match,
    read_name,
    read_tokens,
    read_window,
)
from console.screens.desk import Desk, Draft
from console.screens.page import Form
from console.shapes import Budget
from console.widgets.choice import Choice
from console.widgets.field import Field
from console.widgets.hints import Hints

DOLLARS, TOKENS = "dollars", "tokens"


class BudgetForm(Form[Budget]):
    """Answers the saved budget, None where nothing was saved. `before` is None for a new one."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(self, desk: Desk, before: Budget | None) -> None:
        super().__init__()
        self.desk = desk
        self.before = before
        self._taken = {one.name for one in desk.feed.tick().budgets or ()}

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(f"{'edit: ' + self.before.name if self.before else 'new budget'}")
            yield from self._fields()
            yield Label("", id="consequence")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#limit" if self.before else "#name", Input).focus()
        self._follow()
        self.set_interval(1.0, self._follow)

    def read(self) -> Draft:
        """What the fields say. Raises Mistake for the first that cannot be read."""
        dollars = self._choice("unit") == DOLLARS
        limit = self._text("limit")
        return Draft(
            name=self.before.name if self.before else read_name(self._text("name"), self._taken),
            match=read_match(self._text("match")),
            limit_usd=read_dollars(limit) if dollars else None,
            limit_tokens=None if dollars else read_tokens(limit),
            window=read_window(self._choice("window")),
            at_limit=self._choice("at-limit"),
            alerts=read_alerts(self._text("alerts")),
        )

    async def action_save(self) -> None:
        try:
            draft = self.read()
        except Mistake as mistake:
            self._tell(str(mistake))
            self.query_one(f"#{mistake.field}").focus()
            return
        saved = await self.ask(self.desk.save_budget(draft, self.before))
        if saved is not None:
            self.dismiss(saved)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_choose(self, by: int) -> None:
        if isinstance(self.focused, Choice):
            self.focused.action_step(by)

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.action_save()

    @on(Input.Changed)
    @on(Choice.Changed)
    def _follow(self) -> None:
        self.query_one("#at-limit-help", Label).update(AT_LIMIT_HELP.get(self._choice("at-limit"), ""))
        try:
            draft = self.read()
        except Mistake as mistake:
            self._tell(str(mistake) if self._text(mistake.field) else "")
            self.query_one("#consequence", Label).update("")
            return
        self._tell("")
        told = consequence(draft, self._standing(), self.desk.feed.tick().now)
        self.query_one("#consequence", Label).update(Content(told))

    def _standing(self) -> Budget | None:
        """The budget as it stands at this moment: spending goes on while one types."""
        budgets = self.desk.feed.tick().budgets or ()
        name = self.before.name if self.before else None
        return next((one for one in budgets if one.name == name), self.before)

    def _fields(self) -> Iterator[Widget]:
        before = self.before
        if before is None:
            yield _field("name", Field(id="name", placeholder="web team"))
        match = matched(before.match) if before and before.match else ""
        yield _field(
            "match",
            Field(match, id="match", placeholder="empty is everything; project=web user=ann"),
        )
        yield _field("limit", Field(_limit(before), id="limit", placeholder="25"))
        unit = TOKENS if before and before.limit_tokens is not None else DOLLARS
        yield _field("in", Choice((DOLLARS, TOKENS), unit, id="unit"))
        yield _field("per", Choice(WINDOWS, before.window if before else "month", id="window"))
        at_limit = Choice(AT_LIMIT, before.at_limit if before else "block", id="at-limit")
        yield _field("at limit", at_limit, "field tight")
        yield _field("", Label("", id="at-limit-help"))
        alerts = before.alerts if before else (50, 80, 95, 100)
        yield _field(
            "tell me at",
            Field(", ".join(map(str, alerts)), id="alerts", placeholder="50, 80, 100"),
        )

    def _text(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value

    def _choice(self, field: str) -> str:
        return self.query_one(f"#{field}", Choice).value

    def _tell(self, mistake: str) -> None:
        self.query_one("#mistake", Label).update(f"‼ {mistake}" if mistake else "")


def _field(name: str, field: Widget, classes: str = "field") -> Widget:
    return Horizontal(Label(name, classes="field-name"), field, classes=classes)


def _limit(before: Budget | None) -> str:
    if before is None:
        return ""
    if before.limit_usd is not None:
        return plain_dollars(before.limit_usd)
    return tokens(before.limit_tokens or 0)
