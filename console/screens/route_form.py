"""The form in which a rule is made or edited. It only makes a draft: the page tries it before it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import Mistake, read_name
from console.screens.limit_form import LimitForm, field
from console.screens.route_words import (
    PICK_WORDS,
    PICKS,
    read_escalate,
    read_use,
    read_weights,
    read_when,
    when_text,
)
from console.shapes import Route
from console.widgets.choice import Choice
from console.widgets.field import Field
from console.widgets.hints import Hints

YES, NO = "yes", "no"


class RouteForm(LimitForm[Route]):
    """Answers the rule as it was written, None where it was left. `before` is None for a new one."""

    BINDINGS = keymap.bindings("draft", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("draft", "field")

    def __init__(self, before: Route | None, taken: Collection[str]) -> None:
        super().__init__()
        self.before = before
        self._taken = frozenset(taken)

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(f"edit: {self.before.name}" if self.before else "new rule")
            yield from self._fields()
            yield Label("", id="pick-help", classes="hint")
            yield Label("^s tries it on past calls; nothing holds before you have seen that", classes="hint")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#when" if self.before else "#name", Input).focus()
        self._follow()

    def read(self) -> Route:
        """What the fields say. Raises Mistake for the first that cannot be read."""
        use, pick = read_use(self.text("use")), self.choice("pick")
        return Route(
            name=self.before.name if self.before else read_name(self.text("name"), self._taken, "rule"),
            when=read_when(self.text("when")),
            use=use,
            enabled=self.before.enabled if self.before else True,
            pick=pick,
            weights=read_weights(self.text("weights"), len(use)) if pick == "weighted" else (),
            escalate=(escalate := read_escalate(self.text("escalate"), len(use))),
            escalate_streams=escalate is not None and bool(self.before and self.before.escalate_streams),
            shadow=self.choice("shadow") == YES,
            pin=self.choice("pin") == YES,
        )

    async def action_save(self) -> None:
        if (route := self.read_or_tell(self.read)) is None:
            return
        self.dismiss(route)

    @on(Input.Changed)
    @on(Choice.Changed)
    def _follow(self) -> None:
        pick = self.choice("pick")
        self.query_one("#pick-help", Label).update(PICK_WORDS[pick])
        self.name_field("weights", "weights" if pick == "weighted" else "", "3, 1")
        try:
            self.read()
        except Mistake as mistake:
            self.tell(str(mistake) if self.text(mistake.field) else "")
        else:
            self.tell("")

    def _fields(self) -> Iterator[Widget]:
        before = self.before or Route(name="", when={}, use=())
        if self.before is None:
            yield field("name", Field(id="name", placeholder="small talk goes cheap"))
        example = "empty: every call; or mode=vibing context=<8k complexity=simple"
        yield field("when", Field(when_text(before.when), id="when", placeholder=example))
        yield field("use", Field(", ".join(before.use), id="use", placeholder="gpt-5-mini, gpt-5-nano"))
        yield field("pick", Choice(PICKS, before.pick, id="pick"))
        weights = ", ".join(map(str, before.weights))
        yield field("weights", Field(weights, id="weights"))
        share = "" if before.escalate is None else f"{before.escalate:g}"
        hint = "0.5: from that distrust of an answer on, the next model is asked"
        yield field("escalate", Field(share, id="escalate", placeholder=hint))
        yield field("shadow", Choice((NO, YES), YES if before.shadow else NO, id="shadow"))
        yield field("pin talks", Choice((YES, NO), YES if before.pin else NO, id="pin"))
