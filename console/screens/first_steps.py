"""The three steps of the first page, each a part of it that knows only what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Label

from console.limit_reading import Mistake, read_dollars
from console.panels.words import plain_dollars
from console.pointing import Target, hidden, sh_lines
from console.screens.clients import CLIENTS, Client
from console.screens.first_words import (
    call_lines,
    can_call,
    found_order,
    limit_words,
    provider_row,
    store_lines,
)
from console.screens.rows import Rows
from console.screens.sheet import Sheet
from console.shapes import Budget, Keys, KeyState, KeyTest
from console.snapshot import Snapshot
from console.widgets.field import Field
from console.widgets.ink import Line, fit

USUAL = Decimal(50)
"""Dollars a month that are offered as the first limit."""


class Step(Vertical):
    """One step: what it is called, the places of its keys, and the widget that takes them."""

    CALLED: ClassVar[str] = ""
    PLACES: ClassVar[tuple[str, ...]] = ()

    @property
    def entry(self) -> Widget:
        """What is in focus on this step."""
        return self

    @property
    def titled(self) -> Widget:
        """What bears the title of the step."""
        return self.entry


class ProviderStep(Step):
    """Every provider, those that can be called first."""

    CALLED = "providers"
    PLACES = ("first providers", "list")

    def __init__(self) -> None:
        super().__init__(id="first-providers")
        self._keys: Keys | None = None
        self._by_id: dict[str, KeyState] = {}
        self._asked: dict[str, KeyTest] = {}
        self.list = Rows(self._row, id="provider-choice")
        self.below = Sheet("next")

    def compose(self) -> ComposeResult:
        yield self.list
        yield self.below

    @property
    def entry(self) -> Widget:
        return self.list

    @property
    def keys(self) -> Keys | None:
        return self._keys

    @property
    def current(self) -> KeyState | None:
        return self._by_id.get(self.list.current or "")

    def put(self, keys: Keys, asked: Mapping[str, KeyTest]) -> None:
        """What was found. asked: what came of asking the providers that need no key. A provider keeps the
        place that it had first, so that nothing moves under the cursor."""
        self._keys, self._asked = keys, dict(asked)
        places = {provider: at for at, provider in enumerate(self._by_id)}
        order = sorted(found_order(keys, asked), key=lambda key: places.get(key.provider, len(places)))
        self._by_id = {key.provider: key for key in order}
        self.list.put(tuple(self._by_id))
        self.below.put(store_lines(keys.keyring, can_call(keys, asked)))

    def _row(self, provider: str, width: int) -> Line:
        return provider_row(self._by_id[provider], self._asked, width)


class Amount(Field):
    """A sum; at its beginning the arrow leads back to the step before."""

    class Back(Message):
        """The person wants the step before."""

    def action_cursor_left(self, select: bool = False) -> None:
        if not select and (self.cursor_position == 0 or not self.selection.is_empty):
            self.post_message(self.Back())
        else:
            super().action_cursor_left(select)


class LimitStep(Step):
    """One sum for everything in a month; empty is no limit."""

    CALLED = "one limit"

    def __init__(self) -> None:
        super().__init__(id="first-limit")
        self.before: Budget | None = None
        self._sheet = Sheet("a limit on everything")
        self._amount = Amount(plain_dollars(USUAL), id="limit", placeholder="empty: no limit")

    def compose(self) -> ComposeResult:
        yield self._sheet
        with Horizontal(classes="field"):
            yield Label("at most $", classes="field-name")
            yield self._amount
            yield Label("a month", classes="field-after")
        yield Label("", id="mistake", markup=False)

    def on_mount(self) -> None:
        self._sheet.put(limit_words(None))

    @property
    def entry(self) -> Widget:
        return self._amount

    @property
    def titled(self) -> Widget:
        return self

    def take(self, before: Budget | None) -> None:
        """The budget on everything that is there already, if one is."""
        if before is not None and self.before is None:
            self._amount.value = plain_dollars(before.limit_usd or USUAL)
        self.before = before
        self._sheet.put(limit_words(before.name if before else None))

    def read(self) -> Decimal | None:
        """The sum; None for no limit. Raises Mistake."""
        text = self._amount.value.strip()
        return read_dollars(text) if text else None

    def tell(self, mistake: Mistake | None) -> None:
        self.query_one("#mistake", Label).update(f"‼ {mistake}" if mistake else "")


class ClientStep(Step):
    """The clients, what the marked one needs, and the first call that comes. command: our own words."""

    CALLED = "point your client here"
    PLACES = ("first client", "list")

    def __init__(self, url: str, command: str) -> None:
        super().__init__(id="first-client")
        self._url = url
        self._command = command
        self._token = ""
        self._since = ""
        self._mode = ""
        self.tagged = False
        self.sending = False
        self._by_title = {client.title: client for client in CLIENTS}
        self.list = Rows(self._row, id="client-list")
        self.variables = Sheet("what it sets", id="what-it-sets")
        self.waiting = Sheet("the first call", id="first-call")

    def compose(self) -> ComposeResult:
        yield self.list
        yield self.variables
        yield self.waiting

    def on_mount(self) -> None:
        self.list.put(tuple(self._by_title))

    @property
    def entry(self) -> Widget:
        return self.list

    @property
    def client(self) -> Client:
        return self._by_title[self.list.current or CLIENTS[0].title]

    @property
    def line(self) -> str:
        """The line for a shell, as it is shown and copied; no secret is in it."""
        return self.client.line(self._command, self._tags)

    @property
    def ready(self) -> bool:
        """The client's token is known."""
        return bool(self._token)

    def take_token(self, token: str) -> None:
        self._token = token
        self.redraw()

    def written(self) -> list[str]:
        """The lines for an .envrc, the client's token among them."""
        return sh_lines(self.client.variables(self._target), self.client.setup)

    def show(self, snap: Snapshot) -> None:
        self._since = self._since or snap.now.isoformat()
        mode = snap.status.mode if snap.status else ""
        if mode != self._mode:
            self._mode = mode
            self.redraw()
        self.waiting.put(call_lines(snap, self._since, self.sending))

    def redraw(self) -> None:
        """The lines as they are now: for another client, with tags or without."""
        self.list.redraw()
        shown = hidden(self._token) if self._token else "…"
        lines = [line.replace(self._token, shown) if self._token else line for line in self.written()]
        self.variables.put([[(line, "muted" if line.startswith("#") else "text")] for line in lines])
        self.variables.border_title = Content(f"what it sets for {self.client.title}")

    @property
    def _tags(self) -> Mapping[str, str]:
        if not self.tagged:
            return {}
        return {"project": Path.cwd().name or "mine", **({"mode": self._mode} if self._mode else {})}

    @property
    def _target(self) -> Target:
        return Target(self._url, self._token, self._tags)

    def _row(self, title: str, width: int) -> Line:
        line = self._by_title[title].line(self._command, self._tags)
        return [(fit(title, 18), "text"), (fit(line, max(0, width - 18)), "key")]
