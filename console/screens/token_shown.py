"""A token that was just made: shown this once, hidden until asked for, with the lines for a client."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from console import keymap
from console.pointing import Target, hidden, setups, sh_lines
from console.screens.desk import Desk
from console.screens.page import Form, copied
from console.screens.sheet import Sheet
from console.widgets.hints import Hints
from console.widgets.ink import EMPTY, Line


class TokenShown(Form[None]):
    """Forgets the token when it closes; so does everything else."""

    BINDINGS = keymap.bindings("token")
    PLACES: ClassVar[tuple[str, ...]] = ("token",)

    def __init__(self, desk: Desk, name: str, token: str) -> None:
        super().__init__()
        self.desk = desk
        self._called = name
        self._token = token
        self._shown = False
        self._clients = tuple(setups(Target("", "")))
        self._at = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="form token") as box:
            box.border_title = Content(f"token {self._called}")
            self.sheet = Sheet("this once")
            yield self.sheet
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self._draw()

    def action_client(self, by: int) -> None:
        self._at = (self._at + by) % len(self._clients)
        self._draw()

    def action_show(self) -> None:
        self._shown = not self._shown
        self._draw()

    def action_copy_token(self) -> None:
        self._copy(f"token {self._called}", self._token)

    def action_copy_lines(self) -> None:
        self._copy(f"lines for {self.client}", "\n".join(self._lines()) + "\n")

    def action_close(self) -> None:
        self._token = ""
        self.dismiss(None)

    @property
    def client(self) -> str:
        return self._clients[self._at]

    @work(group="copy")
    async def _copy(self, what: str, text: str) -> None:
        await copied(self, self.desk, what, text, secret=True)

    def _lines(self) -> list[str]:
        target = Target(self.desk.handle.url, self._token)
        return sh_lines(setups(target)[self.client], self.client)

    def _draw(self) -> None:
        told = self._token if self._shown else hidden(self._token)
        lines: list[Line] = [
            [(told, "bold key")],
            [("kept nowhere: copy it now, or make another one later", "warn")],
            EMPTY,
            [("◂ ", "key"), (self.client, "bold text"), (" ▸", "key"), ("  lines for this client", "muted")],
        ]
        lines += [[(line.replace(self._token, told), "text")] for line in self._lines()]
        self.sheet.put(lines)
