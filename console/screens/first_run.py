"""The first page where no provider can be called yet: keys, and where to point the clients."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.panels.words import short_model
from console.pointing import own_command
from console.present import clock, usd_call
from console.screens.keys import SOURCES, keyring_lines
from console.screens.page import Page
from console.screens.sheet import Sheet
from console.shapes import Call, Keys, KeyState, KeyTest
from console.snapshot import Snapshot
from console.widgets.ink import EMPTY, Line, fit
from console.widgets.listing import Listing

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class ClientList(Listing):
    BINDINGS = keymap.bindings("list")


class FirstRun(Page):
    """Shows no secret: `llmconsole env` hands the client token over, outside of the screen."""

    PLACES: ClassVar[tuple[str, ...]] = ("first run", "list")
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.back")
    BINDINGS = keymap.bindings("first run")
    AUTO_FOCUS = "#client-list"

    def body(self) -> Iterator[Widget]:
        self._local: dict[str, KeyTest | None] = {}
        self._command = own_command(sys.argv[0], Path.home())
        self._lines = client_lines(self.desk.handle.url, self._command)
        self.keys_sheet = Sheet("1 · give the gateway a provider")
        self.list = ClientList(self._row, id="client-list")
        self.list.border_title = Content("2 · point your client here")
        self.waiting = Sheet("3 · the first call")
        yield Vertical(self.keys_sheet, self.list, self.waiting, id="first-run-page")

    def on_mount(self) -> None:
        super().on_mount()
        self.list.put(tuple(self._lines))
        self._fetch()
        self.set_interval(5.0, self._fetch)

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        call = next(iter(snap.calls), None)
        if call is None:
            turn = _SPINNER[int(snap.now.timestamp() * 4) % len(_SPINNER)]
            self.waiting.put([[("waiting for the first call …  ", "muted"), (turn, "live")]])
        else:
            self.waiting.put(_worked(call, snap))

    def action_open(self) -> None:
        self.dismiss()

    def action_add(self) -> None:
        self.app.call_later(self.app.run_action, "app.page('keys')")

    def action_copy(self) -> None:
        if (name := self.list.current) is not None:
            self.copy(self._lines[name], self._lines[name])

    @work(exclusive=True)
    async def _fetch(self) -> None:
        keys = await self.ask(self.desk.client.keys())
        if keys is None:
            return
        self.keys_sheet.put(_found(keys, self._local, self._command))
        for key in keys.keys:
            if key.source == "none":
                self._local[key.provider] = await self.ask(self.desk.client.test_key(key.provider))
        self.keys_sheet.put(_found(keys, self._local, self._command))

    def _row(self, name: str, width: int) -> Line:
        return [(fit(name, 18), "text"), (self._lines[name], "key")]


def client_lines(url: str, command: str) -> dict[str, str]:
    """What points each kind of client at a gateway; the command hands each of them the client token."""
    return {
        "Claude Code": f"{command} run -- claude",
        "Codex": f"{command} run -- codex",
        "Gemini CLI": f"{command} run -- gemini",
        "OpenAI SDK": f'eval "$({command} env openai)"',
        "Anthropic SDK": f'eval "$({command} env anthropic)"',
        "this whole shell": f'eval "$({command} env)"',
        "with tags": f"{command} run --tag project=web -- claude",
        "in code": f'base_url="{url}/v1"',
    }


def _found(keys: Keys, local: Mapping[str, KeyTest | None], command: str) -> list[Line]:
    """local: what those that need no key have answered so far, by provider."""
    there = [key for key in keys.keys if key.source not in ("missing", "none")]
    lines: list[Line] = [_provider(key) for key in there]
    if not there:
        lines.append([("no provider key was found, in the keyring or in the environment", "text")])
    lines += [_local(key.title, local[key.provider]) for key in keys.keys if key.provider in local]
    lines += [EMPTY, [("a", "bold key click=screen.add"), (" adds one", "muted")]]
    told = " shows everything on simulated traffic, without a key"
    lines.append([(f"{command} demo", "key"), (told, "muted")])
    if not keys.keyring.usable:
        lines += [EMPTY, *keyring_lines(keys.keyring)]
    return lines


def _local(title: str, test: KeyTest | None) -> Line:
    if test is None or not test.ok:
        return [("○ ", "faint"), (fit(title, 18), "text"), ("needs no key; it does not run here", "muted")]
    models = "1 model" if test.models == 1 else f"{test.models} models"
    return [("● ", "live"), (fit(title, 18), "text"), (f"needs no key; {models} found", "muted")]


def _provider(key: KeyState) -> Line:
    glyph, ink, words = SOURCES.get(key.source, ("?", "warn", key.source))
    return [
        (f"{glyph} ", ink),
        (fit(key.title, 18), "text"),
        (fit(key.hint or "", 11), "spend"),
        (words, "muted"),
    ]


def _worked(call: Call, snap: Snapshot) -> list[Line]:
    told = f"{clock(call.finished_at or call.started_at, snap.now.tzinfo)}  {call.token} → {call.provider}  "
    return [
        [
            ("✓ ", "bold live"),
            (told, "text"),
            (short_model(call.model), "text"),
            (f"  {usd_call(call.cost_usd)}", "spend"),
        ],
        [("It works. ", "text"), ("⏎", "bold key click=screen.open"), (" opens the dashboard.", "muted")],
    ]
