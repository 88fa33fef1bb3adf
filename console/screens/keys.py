"""Provider keys: which are there, where they are kept, whether they work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.messages import Chosen
from console.screens.confirm import Confirm
from console.screens.key_form import KeyForm
from console.screens.page import Page
from console.screens.sheet import Sheet
from console.shapes import Keyring, Keys, KeyState, KeyTest
from console.widgets.ink import Line, fit
from console.widgets.listing import Listing

SOURCES = {
    "keyring": ("●", "live", "in the OS keyring"),
    "env": ("◐", "live", "from the environment"),
    "file": ("◐", "live", "from a file"),
    "session": ("◐", "warn", "this session only"),
    "login": ("◐", "live", "from the cloud's login"),
    "client": ("◐", "live", "the client's own"),
    "none": ("●", "live", "needs no key"),
    "missing": ("○", "faint", "no key"),
}


_URL = 34
_NAME, _WIDE_NAME = 18, 23


class KeyList(Listing):
    BINDINGS = keymap.bindings("list")


class KeysPage(Page):
    """Shows the last four characters of a key at most."""

    PLACES: ClassVar[tuple[str, ...]] = ("keys", "list")
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.keys")
    BINDINGS = keymap.bindings("keys")
    AUTO_FOCUS = "#key-list"

    def body(self) -> Iterator[Widget]:
        self._keys: Keys | None = None
        self._by_id: dict[str, KeyState] = {}
        self._tests: dict[str, KeyTest | None] = {}
        self.list = KeyList(self._row, heading=_heading, id="key-list")
        self.list.border_title = Content("provider keys")
        self.store = Sheet("where they are kept")
        yield Vertical(self.list, self.store, id="keys-page")

    def on_screen_resume(self) -> None:
        self._fetch()

    @property
    def current(self) -> KeyState | None:
        return self._by_id.get(self.list.current or "")

    async def action_set(self) -> None:
        if (key := self.current) is None or self._keys is None:
            return
        if not key.needs_key:
            self.notify(f"{key.title} needs no key", markup=False)
            return
        self.app.push_screen(KeyForm(self.desk, key, self._keys.keyring), self._set)

    @work(group="test")
    async def action_test(self) -> None:
        if (key := self.current) is None:
            return
        self._tests[key.provider] = None
        self.list.redraw()
        result = await self.ask(self.desk.client.test_key(key.provider))
        if result is None:
            self._tests.pop(key.provider, None)
        else:
            self._tests[key.provider] = result
        self.list.redraw()

    @work
    async def action_delete(self) -> None:
        key = self.current
        if key is None or key.source not in ("keyring", "session"):
            self.notify("only a key from the keyring or of this session can be deleted here")
            return
        if await self.app.push_screen_wait(Confirm(f"Delete the key of {key.title} ({key.hint})?")) != "yes":
            return
        await self.ask(self.desk.client.remove_key(key.provider))
        self._fetch()

    @on(Chosen)
    async def _chosen(self) -> None:
        await self.action_set()

    def _set(self, saved: KeyState | None) -> None:
        if saved is not None:
            kept = "kept for this session" if saved.source == "session" else "saved"
            self.notify(f"{saved.title}: key {saved.hint or ''} {kept}", markup=False)
            self.desk.feed.refresh()
            self._fetch()

    @work(exclusive=True, group="keys")
    async def _fetch(self) -> None:
        keys = await self.ask(self.desk.client.keys())
        if keys is None:
            return
        self._keys = keys
        self._by_id = {key.provider: key for key in sorted(keys.keys, key=_order)}
        self.list.put(tuple(self._by_id))
        self.store.put(keyring_lines(keys.keyring))

    def _row(self, provider: str, width: int) -> Line:
        key = self._by_id[provider]
        glyph, ink, words = SOURCES.get(key.source, ("?", "warn", key.source))
        state, state_ink = self._state(key, words)
        return [
            (f"{glyph} ", ink),
            (fit(key.title, _name_width(width)), "text"),
            (fit(key.hint or "", 11), "spend"),
            (fit(state, _state_width(width)), state_ink),
            (fit(key.base_url, _URL) if width > 100 else "", "faint"),
        ]

    def _state(self, key: KeyState, words: str) -> tuple[str, str]:
        if key.provider not in self._tests:
            if key.source == "missing":
                variable = f", or set {key.key_env[0]}" if key.key_env else ""
                return f"no key · ⏎ adds it{variable}", "faint"
            return words, "muted"
        test = self._tests[key.provider]
        if test is None:
            return "asking …", "muted"
        if test.ok:
            took = f" · {test.latency_ms:.0f} ms" if test.latency_ms is not None else ""
            return f"✓ works · {test.models} models{took}", "saved"
        return f"✗ {test.problem or 'refused'}", "alert"


def _order(key: KeyState) -> tuple[bool, str]:
    return key.source == "missing", key.title.lower()


def _heading(width: int) -> Line:
    name = fit("provider", _name_width(width))
    return [(fit(f"   {name}{fit('key', 11)}state", width), "bold brand")]


def _name_width(width: int) -> int:
    return _WIDE_NAME if width > 100 else _NAME


def _state_width(width: int) -> int:
    """What provider and key leave of a row, and on a wide screen the base URL."""
    return max(20, width - 13 - _name_width(width) - (_URL if width > 100 else 0))


def keyring_lines(keyring: Keyring) -> list[Line]:
    """Which store is in use; where none is, the reason and the mend."""
    if keyring.usable:
        return [
            [("● ", "live"), (keyring.backend, "text"), (" · the operating system's keyring", "muted")],
            [("the config file and the logs never hold a key", "faint")],
        ]
    lines: list[Line] = [
        [("‼ ", "bold warn"), (f"no usable OS keyring: {keyring.problem or keyring.backend}", "warn")]
    ]
    if keyring.mend:
        lines.append([("  ", "text"), (keyring.mend, "text")])
    lines.append([("  until then a key lives for this session only, or in the environment", "muted")])
    return lines
