"""The form of what holds for all rules: what is simple, medium and hard; its dry run follows as one types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import Mistake, read_dollars
from console.present import percent
from console.screens.desk import Desk
from console.screens.dry_run import NOT_SEEN, SPANS, DryRun
from console.screens.limit_form import LimitForm, field
from console.screens.overtaken import Writing, compared
from console.screens.page import Page
from console.screens.threshold_reading import read_pause, read_score
from console.shapes import Classes, Thresholds
from console.threshold_words import MEANINGS, changed, fields_said, said
from console.widgets.bars import bar
from console.widgets.choice import Choice
from console.widgets.field import Field
from console.widgets.hints import Hints
from console.widgets.ink import EMPTY, Line

NAMES = {
    "medium": "medium from",
    "hard": "hard from",
    "margin": "up by",
    "always_score": "score all",
    "learn": "learn",
    "pin": "stay for",
    "most_loss_usd": "lose at most $",
}
SWITCHES = ("always_score", "learn")
NO, YES = "no", "yes"
IDLE = "as it is"
TYPE = "an edit is tried on them as you type"


class ThresholdForm(LimitForm[Thresholds]):
    """Answers what is in force then, None where nothing was saved.

    before: what it was opened on; draft: the rules that are tried with it, in the words of `routes/test`;
    since: the range of past calls.
    """

    BINDINGS = keymap.bindings("classes", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("classes", "field")
    HORIZONTAL_BREAKPOINTS = Page.HORIZONTAL_BREAKPOINTS

    def __init__(self, desk: Desk, before: Thresholds, draft: Mapping[str, Any], since: str) -> None:
        super().__init__()
        self.desk = desk
        self.before = before
        self._rules = draft
        self._since = since
        self._counted: Sequence[Line] = ()
        self._wanted: Thresholds | None = before

    def compose(self) -> ComposeResult:
        with Vertical(classes="form classes") as box:
            box.border_title = Content("simple, medium, hard · for all rules")
            with Container(id="classes-body"):
                with Vertical(id="classes-fields"):
                    yield from self._fields()
                    yield Label("", id="meaning", classes="hint", markup=False)
                    yield Label("", id="mistake", markup=False)
                self.tried = DryRun(self.desk, IDLE, id="classes-tried")
                yield self.tried
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#medium", Input).focus()
        self._count()

    def read(self) -> Thresholds:
        """What the fields say. Raises Mistake for the first that cannot be read."""
        medium, hard, margin = (read_score(self.text(each), each) for each in ("medium", "hard", "margin"))
        if medium > hard:
            raise Mistake("medium", f"medium from {medium:g} is above hard from {hard:g}: turn them round")
        return Thresholds(
            medium=medium,
            hard=hard,
            margin=margin,
            always_score=self.choice("always_score") == YES,
            learn=self.choice("learn") == YES,
            pin=read_pause(self.text("pin"), "pin"),
            most_loss_usd=read_dollars(self.text("most_loss_usd"), "most_loss_usd", nothing=True),
        )

    async def action_save(self) -> None:
        if (wanted := self.read_or_tell(self.read)) is None:
            return
        if wanted == self.before:
            self.dismiss(None)
        elif self.tried.seen != {**self._draft(wanted), "since": self._since}:
            self.notify(NOT_SEEN)
        else:
            await self.write(self._writing(wanted))

    def tell(self, mistake: str) -> None:
        """In the place of what the field means: on a small screen the dry run needs each row."""
        super().tell(mistake)
        self.query_one("#mistake").display = bool(mistake)
        self.query_one("#meaning").display = not mistake

    def action_read(self, by: int) -> None:
        self.tried.read(by)

    def action_since(self) -> None:
        """The next range of past calls."""
        spans = list(SPANS)
        self._since = spans[(spans.index(self._since) + 1) % len(spans)]
        self._counted = ()
        self._try()
        self._count()

    def _writing(self, wanted: Thresholds) -> Writing[Thresholds, Thresholds]:
        return Writing(
            over=lambda found: self.desk.save_thresholds(wanted, found or self.before),
            before=self.before,
            now=self.desk.client.thresholds,
            told=lambda found: compared([(NAMES[name], *both) for name, both in changed(found, wanted)]),
        )

    @on(Input.Changed)
    @on(Choice.Changed)
    def _follow(self) -> None:
        """Tries what is written, once it is something else than what was tried last."""
        try:
            wanted = self.read()
        except Mistake as mistake:
            self.tell(str(mistake) if self.text(mistake.field) else "")
            self._wanted = None
            self._rest()
            return
        self.tell("")
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._try()

    def _try(self) -> None:
        if self._wanted is None or self._wanted == self.before:
            self._rest()
        else:
            self.tried.attempt(self._draft(self._wanted), self._since)

    @on(events.DescendantFocus)
    def _mean(self, event: events.DescendantFocus) -> None:
        self.query_one("#meaning", Label).update(MEANINGS.get(event.widget.id or "", ""))

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        found = await self.ask(self.desk.client.classes(self._since))
        if found is not None:
            self._counted = class_lines(found, self._since)
            if self._wanted in (None, self.before):
                self._rest()

    def _rest(self) -> None:
        """Beside the fields: how calls fell, where there is no edit to be tried."""
        told = f"{TYPE}, with your draft of rules" if self._rules else TYPE
        self.tried.tell(IDLE, [*self._counted, EMPTY, [(told, "faint")]])

    def _draft(self, wanted: Thresholds) -> dict[str, Any]:
        return {**self._rules, "routing": fields_said(wanted)}

    def _fields(self) -> Iterator[Widget]:
        for id, name in NAMES.items():
            text = said(self.before, id)
            yield field(name, Choice((NO, YES), text, id=id) if id in SWITCHES else Field(text, id=id))


def class_lines(found: Classes, since: str) -> list[Line]:
    """How many calls fell in each class since then, as bars."""
    if not (found.scored or found.unscored):
        return [[(f"no calls in {SPANS[since]}", "muted")]]
    counts = {"simple": found.simple, "medium": found.medium, "hard": found.hard}
    lines: list[Line] = [[(f"calls of {SPANS[since]}", "muted")], EMPTY]
    for name, count in counts.items():
        share = count / found.scored if found.scored else 0.0
        told = f" {count:>7,}  {percent(share):>4}"
        lines.append([(f"{name:<8}", "text"), *bar(20, [(share, "routed")]), (told, "text")])
    if found.unscored:
        lines += [EMPTY, [(f"{found.unscored:,} were not scored, as no rule asked", "muted")]]
    return lines
