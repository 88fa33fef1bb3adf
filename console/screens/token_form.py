"""The form that makes a client's token, or gives one a limit of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from dataclasses import field as made_by
from decimal import Decimal
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from console import keymap
from console.limit_reading import Mistake, read_dollars, read_match, read_name
from console.screens.desk import Desk
from console.screens.draft import Draft
from console.screens.limit_form import LimitForm, field
from console.shapes import Token
from console.widgets.choice import Choice
from console.widgets.field import Field
from console.widgets.hints import Hints

WINDOWS = ("day", "week", "month", "total")
ENDS = ("block", "ask", "alert")
ALERTS = (80, 100)


@dataclass(frozen=True, slots=True)
class Made:
    """What the form did: the token's text where one was made."""

    name: str
    token: str | None = made_by(default=None, repr=False)


class TokenForm(LimitForm[Made]):
    """Answers what it made, None where nothing was. token: one that is there and gets a limit."""

    BINDINGS = keymap.bindings("form", "field")
    PLACES: ClassVar[tuple[str, ...]] = ("form", "field")

    def __init__(self, desk: Desk, taken: Collection[str], token: Token | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.token = token
        self._taken = frozenset(taken)

    def compose(self) -> ComposeResult:
        with Vertical(classes="form") as box:
            box.border_title = Content(f"limit of token {self.token.name}" if self.token else "new token")
            yield from self._fields()
            yield Label(self._hint(), classes="hint")
            yield Label("", id="mistake", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.query_one("#limit" if self.token else "#name", Input).focus()

    async def action_save(self) -> None:
        if (read := self.read_or_tell(self._read)) is None:
            return
        name, tags, draft = read
        # A limit that cannot be is told before the token is made.
        if draft is not None and await self.ask(self.desk.try_budget(draft)) is None:
            return
        text = None
        if self.token is None:
            new = await self.ask(self.desk.client.create_token(name, tags))
            if new is None:
                return
            text = new.token
        if draft is not None:
            await self.ask(self.desk.save_budget(draft, None))
        self.dismiss(Made(name, text))

    def _read(self) -> tuple[str, dict[str, str], Draft | None]:
        """The token's name and tags, and its own limit, if it gets one. Raises Mistake."""
        name, tags = self._whose()
        return name, tags, self._limit(name)

    def _whose(self) -> tuple[str, dict[str, str]]:
        if self.token is not None:
            return self.token.name, dict(self.token.tags)
        return read_name(self.text("name"), self._taken, "token"), read_match(self.text("match"))

    def _limit(self, name: str) -> Draft | None:
        text = self.text("limit").strip()
        if not text:
            if self.token is not None:
                raise Mistake("limit", "how many dollars?")
            return None
        return limit_of_token(
            name, read_dollars(text), self.choice("window"), self.choice("at-limit"), self._names()
        )

    def _names(self) -> frozenset[str]:
        return frozenset(budget.name for budget in self.desk.feed.tick().budgets or ())

    def _fields(self) -> Iterator[Widget]:
        if self.token is None:
            yield field("name", Field(id="name", placeholder="laptop"))
            yield field(
                "pinned tags", Field(id="match", placeholder="user=ann team=web; a client cannot change them")
            )
        none = "" if self.token else "; empty: none of its own"
        yield field("limit $", Field(id="limit", placeholder=f"25{none}"))
        yield field("each", Choice(WINDOWS, "month", id="window"))
        yield field("at the limit", Choice(ENDS, "block", id="at-limit"))

    def _hint(self) -> str:
        return f"the limit is a budget on this token alone; {keymap.glyph('app.budgets')} shows all budgets"


def limit_of_token(
    name: str, limit: Decimal, window: str, at_limit: str, taken: Collection[str] = ()
) -> Draft:
    """A budget on one token alone, under a name that no other budget has."""
    called = f"token {name}"[:64]
    number = 2
    while called in taken:
        called, number = f"token {name}"[:60] + f" {number}", number + 1
    return Draft(
        name=called,
        match={"token": name},
        limit_usd=limit,
        limit_tokens=None,
        window=window,
        at_limit=at_limit,
        alerts=ALERTS,
    )
