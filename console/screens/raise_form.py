"""The form in which a limit is raised for a while, and the raise is ended early."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import Mistake, read_dollars, read_tokens, read_until
from console.limit_words import moment_of
from console.panels.words import plain_dollars
from console.present import tokens
from console.screens.budget_words import consequence
from console.screens.desk import Desk
from console.screens.draft import Draft
from console.screens.limit_form import LimitForm, field
from console.screens.overtaken import Writing, differences
from console.shapes import Budget
from console.widgets.field import Field
from console.widgets.hints import Hints


class RaiseForm(LimitForm[Budget]):
    """Answers the budget as it stands then, None where nothing was changed."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(self, desk: Desk, before: Budget) -> None:
        super().__init__()
        self.desk = desk
        self.before = before

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(f"raise for a while: {self.before.name}")
            yield field("to", Field(_to(self.before), id="to", placeholder=self._own_limit()))
            yield field("until", Field(id="until", placeholder=self._until()))
            yield Label("18:00, 2d, 90m, 30 Nov; the limit is its own again after that", classes="hint")
            yield Label("", id="consequence", markup=False)
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#to", Input).focus()
        self._follow()

    def read(self) -> Draft:
        """What the fields say; without an amount the limit is its own again. Raises Mistake."""
        now = self.desk.feed.tick().now
        own = replace(Draft.of(self.before), raised_to_usd=None, raised_to_tokens=None, raised_until=None)
        if not (to := self.text("to").strip()):
            if self.before.raised:
                return own
            raise Mistake("to", "to how much?")
        until = read_until(self.text("until"), now)
        if until is None and self.before.resets_at is None:
            raise Mistake("until", "its window has no end: say until when")
        if self.before.limit_usd is not None:
            return replace(own, raised_to_usd=read_dollars(to, "to"), raised_until=until)
        return replace(own, raised_to_tokens=read_tokens(to, "to"), raised_until=until)

    async def action_save(self) -> None:
        if (draft := self.read_or_tell(self.read)) is None:
            return
        await self.write(
            Writing(
                over=lambda found: self.desk.raise_budget(found, draft),
                before=self.before,
                now=lambda: self.desk.budget_now(draft.name),
                told=lambda found: raised_differences(Draft.of(found), draft),
            )
        )

    @on(Input.Changed)
    def _follow(self) -> None:
        told = ""
        try:
            draft = self.read()
        except Mistake as mistake:
            self.tell(str(mistake) if self.text(mistake.field) else "")
        else:
            self.tell("")
            raised = draft.raised_to_usd is not None or draft.raised_to_tokens is not None
            until = (draft.raised_until or self.before.resets_at) if raised else None
            now = self.desk.feed.tick().now
            told = consequence(replace(draft, raised_until=until), self.before, now, self.before)
        self.query_one("#consequence", Label).update(told)

    def _own_limit(self) -> str:
        if self.before.raised:
            return "empty: the limit is its own again now"
        if self.before.limit_usd is not None:
            return f"more than {plain_dollars(self.before.limit_usd)} dollars"
        return f"more than {tokens(self.before.limit_tokens or 0)} tokens"

    def _until(self) -> str:
        if self.before.resets_at is None:
            return "18:00"
        now = self.desk.feed.tick().now
        return f"the end of its window, {moment_of(self.before.resets_at, now)}"


def raised_differences(theirs: Draft, mine: Draft) -> list[str]:
    """Only a temporary limit is written here; all else stays as they have it."""
    own = replace(
        theirs,
        raised_to_usd=mine.raised_to_usd,
        raised_to_tokens=mine.raised_to_tokens,
        raised_until=mine.raised_until or theirs.raised_until,
    )
    return differences(theirs, own)


def _to(before: Budget) -> str:
    if not before.raised:
        return ""
    if before.in_force_usd is not None:
        return plain_dollars(before.in_force_usd)
    return tokens(before.in_force_tokens or 0)
