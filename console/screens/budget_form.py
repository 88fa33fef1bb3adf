"""The form in which a budget is made or edited; the consequence follows as one types."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import (
    Mistake,
    read_alerts,
    read_dollars,
    read_match,
    read_name,
    read_price,
    read_seconds,
    read_tokens,
    read_window,
    window_parts,
)
from console.panels.words import plain_dollars
from console.present import matched, tokens
from console.screens.budget_words import (
    AT_LIMIT,
    AT_LIMIT_HELP,
    WINDOWS,
    comparable,
    consequence,
)
from console.screens.desk import Desk
from console.screens.draft import Draft
from console.screens.limit_form import LimitForm, field
from console.screens.overtaken import Writing, differences
from console.shapes import Budget
from console.trial_words import back_test_words
from console.trouble import ClientError, GatewayGone
from console.widgets.choice import Choice
from console.widgets.field import Field
from console.widgets.hints import Hints

DOLLARS, TOKENS = "dollars", "tokens"
REFUSE, ALLOW = "refuse", "allow"
FIRST = {
    "week": ("week begins", "monday"),
    "month": ("billing day", "1"),
    "rolling": ("looks back", "6h"),
}
"""Of windows that need to say more: how the field is called, and what stands in it where nothing does."""
DETAIL = {
    "downgrade": ("to model", "a cheaper one of the plan"),
    "block_expensive": ("dearer than", "5.00 dollars per million output tokens"),
    "ask": ("waits", "60 seconds for your answer, then refuses"),
}
HARD = frozenset({"downgrade", "block_expensive", "block", "ask"})
BACK = "30d"
BACK_TEST_PAUSE = 0.5
PAUSE = 0.3
"""Seconds that one must not type before the gateway is asked what the draft would mean."""


class BudgetForm(LimitForm[Budget]):
    """Answers the saved budget, None where nothing was saved. `before` is None for a new one."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(self, desk: Desk, before: Budget | None) -> None:
        super().__init__()
        self.desk = desk
        self.before = before
        self._taken = {one.name for one in desk.feed.tick().budgets or ()}
        self._tried: tuple[Draft, Budget] | None = None
        self._back_tested: Draft | None = None
        self._wanted: Draft | None = None
        self._testing = self._faulty = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(f"{'edit: ' + self.before.name if self.before else 'new budget'}")
            yield from self._fields()
            yield Label("", id="consequence", markup=False)
            yield Label("", id="back-test", markup=False)
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#limit" if self.before else "#name", Input).focus()
        self._follow()
        self.set_interval(1.0, self._go_on)

    def read(self) -> Draft:
        """What the fields say. Raises Mistake for the first that cannot be read."""
        dollars = self.choice("unit") == DOLLARS
        limit, at_limit, detail = self.text("limit"), self.choice("at-limit"), self.text("detail")
        read = Draft(
            name=self.before.name if self.before else read_name(self.text("name"), self._taken),
            match=read_match(self.text("match")),
            limit_usd=read_dollars(limit) if dollars else None,
            limit_tokens=None if dollars else read_tokens(limit),
            window=read_window(self.choice("window"), self.text("first")),
            at_limit=at_limit,
            alerts=read_alerts(self.text("alerts")),
            unbounded=self.choice("unbounded"),
            downgrade_to=detail.strip() or None if at_limit == "downgrade" else None,
            expensive_above=read_price(detail) if at_limit == "block_expensive" else None,
            ask_seconds=read_seconds(detail) if at_limit == "ask" else 60,
        )
        return self._raised(read)

    async def action_save(self) -> None:
        if (draft := self.read_or_tell(self.read)) is None:
            return
        await self.write(
            Writing(
                over=lambda found: self.desk.save_budget(draft, found),
                before=self.before,
                now=lambda: self.desk.budget_now(draft.name),
                told=lambda found: differences(Draft.of(found), draft),
            )
        )

    @on(Choice.Changed, "#at-limit")
    def _other_end(self) -> None:
        """What was written for one action at the limit says nothing to another."""
        self.query_one("#detail", Input).value = ""

    @on(Choice.Changed, "#window")
    def _other_window(self) -> None:
        self.query_one("#first", Input).value = ""

    def _go_on(self) -> None:
        """Spending goes on while one types; a mistake that was told stays until something is changed."""
        if not self._faulty:
            self._follow()

    @on(Input.Changed)
    @on(Choice.Changed)
    def _follow(self) -> None:
        self._show_fields()
        try:
            draft = self.read()
        except Mistake as mistake:
            self.tell(str(mistake) if self.text(mistake.field) else "")
            self._say("")
            self._back_test(None)
            self._faulty = True
            return
        self._faulty = False
        self.tell("")
        self._back_test(draft)
        now = self.desk.feed.tick().now
        standing = self._standing()
        if comparable(draft, standing) and standing is not None:
            self._say(consequence(draft, standing, now, self.before))
        elif self._tried is not None and comparable(draft, self._tried[1]):
            self._say(consequence(draft, self._tried[1], now))
        else:
            self._say("asking what it would mean …")
            self._try(draft)

    @work(exclusive=True, group="try")
    async def _try(self, draft: Draft) -> None:
        await asyncio.sleep(PAUSE)
        try:
            self._tried = draft, await self.desk.try_budget(draft)
        except (ClientError, GatewayGone) as error:
            self._say("")
            self.tell(str(error))
            return
        self._follow()

    def _back_test(self, draft: Draft | None) -> None:
        """Asks what the draft would have done to the calls of the last 30 days; None asks nothing."""
        self._wanted = draft
        if draft is None:
            self._back_tested = None
            self._tell_back("")
        elif not self._testing:
            self._testing = True
            self._keep_testing()

    @work(group="back-test")
    async def _keep_testing(self) -> None:
        """One question at a time, about what is wanted once one has stopped typing."""
        try:
            while (draft := self._wanted) is not None and draft != self._back_tested:
                await asyncio.sleep(BACK_TEST_PAUSE)
                if draft == self._wanted:
                    self._back_tested = draft
                    told = await self._told_back(draft)
                    self._tell_back(told if draft == self._wanted else "")
        finally:
            self._testing = False

    async def _told_back(self, draft: Draft) -> str:
        self._tell_back("last 30 days: replaying …")
        try:
            found = await self.desk.back_test(draft, BACK)
        except (ClientError, GatewayGone) as error:
            return f"last 30 days: {error}"
        return back_test_words(found, self.desk.feed.tick().now.tzinfo)

    def _tell_back(self, told: str) -> None:
        self.query_one("#back-test", Label).update(told)

    def _raised(self, draft: Draft) -> Draft:
        """A temporary limit stays, unless the unit is another one now."""
        before = self.before
        if before is None or (before.limit_usd is None) != (draft.limit_usd is None):
            return draft
        return replace(
            draft,
            raised_to_usd=before.raised_to_usd,
            raised_to_tokens=before.raised_to_tokens,
            raised_until=before.raised_until,
        )

    def _standing(self) -> Budget | None:
        """The budget as it stands at this moment: spending goes on while one types."""
        budgets = self.desk.feed.tick().budgets or ()
        name = self.before.name if self.before else None
        return next((one for one in budgets if one.name == name), self.before)

    def _say(self, told: str) -> None:
        self.query_one("#consequence", Label).update(told)

    def _show_fields(self) -> None:
        """Only what the chosen window and action at the limit need."""
        window, at_limit = self.choice("window"), self.choice("at-limit")
        self.name_field("first", *FIRST.get(window, ("", "")))
        self.name_field("detail", *DETAIL.get(at_limit, ("", "")))
        self.query_one("#row-unbounded").display = at_limit in HARD
        self.query_one("#at-limit-help", Label).update(AT_LIMIT_HELP.get(at_limit, ""))

    def _fields(self) -> Iterator[Widget]:
        before = self.before
        if before is None:
            yield field("name", Field(id="name", placeholder="web team"))
        match = matched(before.match) if before and before.match else ""
        yield field(
            "match", Field(match, id="match", placeholder="empty: everything; or project=web user=ann")
        )
        yield field("limit", Field(_limit(before), id="limit", placeholder="such as 25"))
        unit = TOKENS if before and before.limit_tokens is not None else DOLLARS
        yield field("in", Choice((DOLLARS, TOKENS), unit, id="unit"))
        window, first = window_parts(before.window if before else "month")
        yield field("per", Choice(WINDOWS, window, id="window"))
        yield field("begins", Field(first, id="first"))
        at_limit = Choice(AT_LIMIT, before.at_limit if before else "block", id="at-limit")
        yield field("at limit", at_limit, "field tight")
        yield field("", Label("", id="at-limit-help"))
        yield field("to", Field(_detail(before), id="detail"))
        alerts = before.alerts if before else (50, 80, 95, 100)
        yield field("tell me at", Field(", ".join(map(str, alerts)), id="alerts", placeholder="50, 80, 100"))
        unbounded = Choice((REFUSE, ALLOW), before.unbounded if before else REFUSE, id="unbounded")
        yield field("no price known", unbounded)


def _detail(before: Budget | None) -> str:
    """What the action at the limit needs to know besides."""
    if before is None:
        return ""
    price = before.expensive_above
    return {
        "downgrade": before.downgrade_to or "",
        "block_expensive": "" if price is None else f"{price:f}",
        "ask": str(before.ask_seconds),
    }.get(before.at_limit, "")


def _limit(before: Budget | None) -> str:
    if before is None:
        return ""
    if before.limit_usd is not None:
        return plain_dollars(before.limit_usd)
    return tokens(before.limit_tokens or 0)
