"""Saying of an ended call which mode it had, and making a rule of it for calls like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from console import keymap
from console.present import counted, matched, plain
from console.screens.desk import Desk
from console.screens.limit_form import LimitForm, field
from console.screens.page import Page
from console.shapes import Call, ModeRule
from console.widgets.choice import Choice
from console.widgets.hints import Hints

LIKELY = ("client", "app", "project", "branch", "team", "user", "token")
"""What a rule may go by, the likeliest first."""


async def label_call(page: Page, call: Call) -> bool:
    """Gives an ended call the next mode; whether it has one now. Run it in a worker."""
    status = page.desk.feed.tick().status
    if status is None or not status.modes:
        return False
    if call.status == "open":
        page.notify("its mode can be said once it has ended")
        return False
    mode = next_mode(call.tags.get("mode"), status.modes)
    if await page.ask(page.desk.label(call, mode)) is None:
        return False
    undo, rule = keymap.glyph("app.undo"), keymap.glyph("calls.rule")
    page.notify(f"this call counts as {mode}; {undo} undoes, {rule} makes a rule of it", markup=False)
    return True


async def make_mode_rule(page: Page, call: Call) -> None:
    """Asks for a rule that calls like this one follow. Run it in a worker."""
    snap = page.desk.feed.tick()
    # The row may show it as it was a moment ago, before its mode was said.
    call = next((each for each in snap.calls if each.id == call.id), call)
    status, offers = snap.status, matches_of(call)
    if status is None or not offers:
        page.notify("nothing is known of this call that a rule could go by")
        return
    modes = status.modes
    rule = await page.app.push_screen_wait(ModeRuleForm(page.desk, call, offers, modes))
    if rule is not None:
        undo = keymap.glyph("app.undo")
        told = f"calls of {plain(matched(rule.match))} that name no mode are {rule.mode} now; {undo} undoes"
        page.notify(told, markup=False)


def next_mode(mode: str | None, modes: Sequence[str]) -> str:
    """The mode after the one that a call has; the first where it has none of them."""
    return modes[(modes.index(mode) + 1) % len(modes)] if mode in modes else modes[0]


def matches_of(call: Call) -> dict[str, Mapping[str, str]]:
    """What a rule may go by, by its words: 'client=aider'."""
    return {matched(match): match for match in _matches(call)}


def _matches(call: Call) -> Iterator[dict[str, str]]:
    for key in LIKELY:
        if value := _value(call, key):
            yield {key: value}


class ModeRuleForm(LimitForm[ModeRule]):
    """Answers the rule that is in force then, None where none was made."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(
        self, desk: Desk, call: Call, offers: Mapping[str, Mapping[str, str]], modes: Sequence[str]
    ) -> None:
        super().__init__()
        self.desk = desk
        self._offers = offers
        self._modes = modes
        mode = call.tags.get("mode", modes[0])
        self._mode = mode if mode in modes else modes[0]

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content("the mode of calls like this one")
            yield field("calls of", Choice(tuple(self._offers), next(iter(self._offers)), id="match"))
            yield field("count as", Choice(self._modes, self._mode, id="mode"))
            yield Label("if they name no mode themselves; tried before all other rules", classes="hint")
            yield Label("", id="consequence", markup=False)
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#match", Choice).focus()
        self._follow()

    async def action_save(self) -> None:
        rule = self._read()

        async def made() -> ModeRule:
            await self.desk.add_mode_rule(rule)
            return rule

        if (saved := await self.ask(made())) is not None:
            self.dismiss(saved)

    def _read(self) -> ModeRule:
        return ModeRule(mode=self.choice("mode"), match=dict(self._offers[self.choice("match")]))

    @on(Choice.Changed)
    def _follow(self) -> None:
        """How many calls that are known here it would be about."""
        rule, calls = self._read(), self.desk.feed.tick().calls
        like = [call for call in calls if fits(call, rule.match)]
        other = sum(call.tags.get("mode") != rule.mode for call in like)
        told = f"{counted(len(like), 'call')} of the latest {len(calls):,} fit; {other:,} had another mode"
        self.query_one("#consequence", Label).update(told)


def fits(call: Call, match: Mapping[str, str]) -> bool:
    """Whether a rule of that match is about the call."""
    return all(_value(call, key) == value for key, value in match.items())


def _value(call: Call, key: str) -> str | None:
    return call.token if key == "token" else call.tags.get(key)
