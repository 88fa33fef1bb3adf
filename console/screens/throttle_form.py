"""The form in which a throttle is made or edited: one or more limits on the pace of what it matches."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import Mistake, read_dollars, read_match, read_name, read_tokens
from console.panels.words import plain_dollars
from console.present import matched
from console.screens.desk import Desk
from console.screens.limit_form import LimitForm, field
from console.screens.overtaken import Writing, differences
from console.shapes import Throttle
from console.widgets.field import Field
from console.widgets.hints import Hints


@dataclass(frozen=True, slots=True)
class _Pace:
    """One kind of limit: its field, how it is called, an example, and what the example means."""

    id: str
    name: str
    example: str


PACES = (
    _Pace("requests", "calls/minute", "60"),
    _Pace("tokens", "tokens/minute", "200k"),
    _Pace("dollars", "dollars/hour", "5"),
    _Pace("at-once", "calls at once", "4"),
)


class ThrottleForm(LimitForm[Throttle]):
    """Answers the saved throttle, None where nothing was saved. `before` is None for a new one."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(self, desk: Desk, before: Throttle | None, taken: Collection[str]) -> None:
        super().__init__()
        self.desk = desk
        self.before = before
        self._taken = frozenset(taken)

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            name = f"edit: {self.before.name}" if self.before else "new throttle"
            box.border_title = Content(name)
            yield from self._fields()
            yield Label("an empty field sets no such limit", classes="hint")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#requests" if self.before else "#name", Input).focus()

    def read(self) -> Throttle:
        """What the fields say. Raises Mistake for the first that cannot be read."""
        dollars = self.text("dollars").strip()
        read = Throttle(
            name=self.before.name if self.before else read_name(self.text("name"), self._taken, "throttle"),
            match=read_match(self.text("match")),
            requests_per_minute=self._count("requests"),
            tokens_per_minute=self._count("tokens"),
            usd_per_hour=read_dollars(dollars, "dollars") if dollars else None,
            concurrent=self._count("at-once"),
        )
        if not any(value is not None for value in _paces(read)):
            raise Mistake("requests", "set one of the four limits")
        return read

    async def action_save(self) -> None:
        if (throttle := self.read_or_tell(self.read)) is None:
            return
        await self.write(
            Writing(
                over=lambda found: self.desk.save_throttle(throttle, found),
                before=self.before,
                now=lambda: self.desk.throttle_now(throttle.name),
                told=lambda found: differences(found, throttle),
            )
        )

    @on(Input.Changed)
    def _follow(self) -> None:
        try:
            self.read()
        except Mistake as mistake:
            self.tell(str(mistake) if self.text(mistake.field) else "")
        else:
            self.tell("")

    def _count(self, id: str) -> int | None:
        text = self.text(id).strip()
        return read_tokens(text, id) if text else None

    def _fields(self) -> Iterator[Widget]:
        before = self.before
        if before is None:
            yield field("name", Field(id="name", placeholder="ann's agents"))
        match = matched(before.match) if before and before.match else ""
        yield field(
            "match", Field(match, id="match", placeholder="empty: everything; or project=web user=ann")
        )
        values = _paces(before) if before else (None,) * len(PACES)
        for pace, value in zip(PACES, values, strict=True):
            example = f"empty: no limit; or {pace.example}"
            yield field(pace.name, Field(_text(value), id=pace.id, placeholder=example))


def _paces(throttle: Throttle) -> tuple[int | Decimal | None, ...]:
    """In the order of PACES."""
    return (
        throttle.requests_per_minute,
        throttle.tokens_per_minute,
        throttle.usd_per_hour,
        throttle.concurrent,
    )


def _text(value: int | Decimal | None) -> str:
    if value is None:
        return ""
    return plain_dollars(value) if isinstance(value, Decimal) else str(value)
