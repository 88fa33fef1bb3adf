"""What a command of the shell printed, run from within the console on the same data folder."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

import anyio
from textual import events, on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.gateway import Place
from console.present import plain
from console.screens.desk import Desk
from console.screens.page import Page
from console.screens.sheet import Sheet
from console.widgets.ink import Line

OWN_TERMINAL = frozenset({"demo", "serve", "attach", "run", "web", "tail"})
"""They go on until they are ended, or are a screen themselves."""
GRACE = 2.0
"""Seconds for a command to end by itself once its page is left."""
MOST = 400_000
"""Bytes of output that are shown."""
_PIECE = 1 << 16
_AGAIN = 0.1
"""Seconds between two looks at what has come."""
LEFT_OUT = f"… only the first {MOST // 1000} kB are shown; in a shell, > FILE keeps all of it"
DONE_INKS = {0: "saved", 1: "warn"}


class Output(Page):
    """said: the words after `llmconsole`. Leaving it ends a command that still runs."""

    PLACES: ClassVar[tuple[str, ...]] = ("output",)
    BINDINGS = keymap.bindings("output")

    def __init__(self, desk: Desk, said: str) -> None:
        super().__init__(desk)
        self._said = said
        self._child: asyncio.subprocess.Process | None = None
        self._came = bytearray()
        self._more = False
        """Whether more came than is kept."""
        self._shown = 0
        self._text = ""

    def body(self) -> Iterator[Widget]:
        self._sheet = Sheet(f"llmconsole {plain(self._said)}")
        yield VerticalScroll(self._sheet, id="output", can_focus=False)

    def on_mount(self) -> None:
        self._sheet.put([[("running …", "muted")]])
        self._run()

    @on(events.Unmount)
    async def _left(self) -> None:
        if self._child is not None and self._child.returncode is None:
            await _end(self._child)

    def action_scroll(self, by: int) -> None:
        self.query_one("#output").scroll_relative(y=by, animate=False)

    def action_copy_output(self) -> None:
        self.copy("output", self._text)

    @work(exclusive=True)
    async def _run(self) -> None:
        place = self.desk.handle.place
        assert place is not None
        try:
            child = await asyncio.create_subprocess_exec(
                *command_line(self._said, place),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
        except (OSError, ValueError) as error:
            # Too long a line, a letter that no argument can hold, no room for another process.
            self._sheet.put([[(f"it could not be started: {plain(str(error))}", "alert")]])
            return
        self._child = child
        await self._read(child.stdout)
        await child.wait()
        ink = DONE_INKS.get(child.returncode or 0, "alert")
        self._sheet.border_subtitle = Content.styled(f"exit status {child.returncode}", f"${ink}")
        self.desk.feed.refresh()

    async def _read(self, pipe: asyncio.StreamReader | None) -> None:
        """Shows what it prints while it prints; of more than MOST bytes the first whole lines."""
        assert pipe is not None
        looks = self.set_interval(_AGAIN, self._look)
        try:
            while piece := await pipe.read(_PIECE):
                room = MOST - len(self._came)
                self._came += piece[:room]
                self._more |= len(piece) > room
        finally:
            looks.stop()
        self._show()

    def _look(self) -> None:
        if self._shown < len(self._came):
            self._show()

    def _show(self) -> None:
        self._shown = len(self._came)
        kept = self._came
        if self._more:
            # Half a line may be half a number.
            kept = kept[: kept.rfind(b"\n") + 1] or kept
        self._text = kept.decode("utf-8", "replace")
        lines: list[Line] = [[(plain(line.expandtabs()), "text")] for line in self._text.splitlines()]
        if self._more:
            lines.append([(LEFT_OUT, "warn")])
        self._sheet.put(lines or [[("it printed nothing", "muted")]])


async def _end(child: asyncio.subprocess.Process) -> None:
    """Of a command whose page is left."""
    with suppress(ProcessLookupError):
        child.terminate()
        with anyio.move_on_after(GRACE):
            await child.wait()
        if child.returncode is None:
            child.kill()
            await child.wait()


def cannot_run(said: str, desk: Desk, *, masked: bool) -> str | None:
    """Why a command cannot be run from here; None where it can. masked: names are to be hidden."""
    try:
        words = shlex.split(said)
    except ValueError as error:
        return f"{said}: {error}"
    if words and (words[0] in OWN_TERMINAL or "--watch" in words):
        return f"llmconsole {words[0]} wants a terminal of its own; run it in a shell"
    if masked and words and words[0] == "export":
        return (
            f"the mask is on, and rows are exported with their names; {keymap.glyph('app.mask')} takes it off"
        )
    if desk.handle.place is None:
        return "the gateway is elsewhere, and commands work on a data folder of this machine; run them there"
    return None


def as_masked(said: str) -> str:
    """The same command with masked names, where it writes such."""
    words = shlex.split(said)
    return f"{said} --mask" if words[:1] == ["report"] and "--mask" not in words else said


def command_line(said: str, place: Place) -> list[str]:
    """The process that does what was said, on the data folder of the console."""
    options = ["--data", str(place.data)]
    if place.config is not None:
        options += ["--config", str(place.config)]
    return [sys.executable, "-m", "console", *options, *shlex.split(said)]
