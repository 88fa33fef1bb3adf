"""The gateway's own log, live: by level, searched, copied; and where the whole of it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import tzinfo
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from console import keymap
from console.messages import Moved
from console.present import clock, counted, day, instant, plain, plain_lines
from console.screens.narrowing import NarrowedPage, Narrowing
from console.screens.rows import Rows
from console.screens.sheet import Framed, Prose
from console.shapes.logs import LEVELS, LogLine, Logs
from console.snapshot import Snapshot
from console.widgets.ink import Line, Span, fit

MOST = 5_000
WIDE = 100
_SHOWN = {
    "debug": ("DEBUG", "faint"),
    "info": ("INFO", "muted"),
    "warning": ("WARN", "warn"),
    "error": ("ERROR", "bold alert"),
}
"""The word and the ink of each level."""
NOTHING_SAID: tuple[Line, ...] = ([("   the gateway has said nothing in this run", "muted")],)
NONE_FIT: tuple[Line, ...] = (
    [
        ("   no line is of that level and has these words; ", "muted"),
        ("1", "bold key"),
        (" shows every level", "faint"),
    ],
)


class LogsPage(NarrowedPage):
    """The newest line stands on top, and stays under the cursor until it is moved away."""

    PLACES: ClassVar[tuple[str, ...]] = ("logs", "list")
    AGAIN = 1.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.logs")
    BINDINGS = keymap.bindings("logs")
    AUTO_FOCUS = "#log-list"

    def body(self) -> Iterator[Widget]:
        self._lines: deque[LogLine] = deque(maxlen=MOST)
        self._shown: dict[str, LogLine] = {}
        self._last, self._run = 0, ""
        self._found: Logs | None = None
        self._least, self._words = "debug", ""
        self._now = self.desk.feed.tick().now
        self.list = Rows(self._row, empty=NOTHING_SAID, id="log-list", follows=True)
        self.list.border_title = Content("the gateway's log")
        self.whole = Prose("", hang=0)
        self.frame = Framed("this line", self.whole, id="log-line")
        yield Vertical(self.list, self.frame, id="logs-page")
        yield Narrowing("words that a line has; -word: that it has not", id="log-filter")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._now = snap.now

    # What the keys do

    def action_least(self, level: str) -> None:
        """Only lines of this level and worse."""
        self._least = level
        self._show_anew()

    def action_copy_line(self) -> None:
        if (line := self._shown.get(self.list.current or "")) is not None:
            self.copy("the line", line.written)

    def action_copy_all(self) -> None:
        text = "\n".join(line.written for line in reversed(self._shown.values()))
        self.copy(counted(len(self._shown), "line"), text)

    def action_read(self, by: int) -> None:
        self.query_one("#log-line").scroll_relative(y=by, animate=False)

    # What comes in

    @on(Input.Changed, "#log-filter")
    def _typed(self, event: Input.Changed) -> None:
        self._words = event.value
        self._show_anew()

    @on(Moved)
    def _moved(self) -> None:
        line = self._shown.get(self.list.current or "")
        self.whole.put(whole_lines(line, self._now.tzinfo))
        self.query_one("#log-line").scroll_home(animate=False)

    @work(exclusive=True, group="log")
    async def _fetch(self) -> None:
        found = await self.ask(self.desk.client.logs(after=self._last, limit=MOST))
        if found is None:
            return
        if self._run not in ("", found.run):
            # Another run of the gateway: its first lines may have numbers that were seen before.
            self._run, self._last = found.run, 0
            self._lines.clear()
            self._fetch()
            return
        first = self._found is None
        self._found, self._run, self._last = found, found.run, found.last
        self._lines.extend(found.lines)
        if found.lines or first:
            self._show_anew()

    def _show_anew(self) -> None:
        found = fitting(self._lines, self._least, self._words)
        self._shown = {f"{line.n}": line for line in found}
        self.list.say_when_empty(NONE_FIT if self._lines else NOTHING_SAID)
        self.list.put(tuple(self._shown))
        self.list.redraw()
        if self._found is not None:
            self.list.border_title = Content(_title(self._least, self._words))
            came, all_lines = self.list.window.came, counted(len(self._lines), "line")
            above = f"+{came:,} new, {keymap.glyph('list.top')} follows · " if came else ""
            self.list.border_subtitle = Content(f"{above}{len(self._shown):,} of {all_lines}")
            self.frame.border_subtitle = Content(where_words(self._found))

    def _row(self, n: str, width: int) -> Line:
        line = self._shown[n]
        first = plain(line.text.partition("\n")[0])
        name = 12 if width < WIDE else 20
        return [
            (f"{clock(line.at, self._now.tzinfo)} ", "faint"),
            _level(line),
            (fit(short_name(line.name), name) + " ", "muted"),
            (fit(first, max(10, width - 17 - name)), "text"),
        ]


def fitting(lines: deque[LogLine], least: str, words: str) -> list[LogLine]:
    """The lines that are bad enough and have all the words, the newest first. '-word': that have it not."""
    levels = LEVELS[LEVELS.index(least) :]
    wanted = words.lower().split()
    has = [word for word in wanted if not word.startswith("-")]
    lacks = [word[1:] for word in wanted if word.startswith("-") and len(word) > 1]

    def fits(line: LogLine) -> bool:
        text = f"{line.name} {line.text}".lower() if wanted else ""
        return all(word in text for word in has) and not any(word in text for word in lacks)

    return [line for line in reversed(lines) if line.level in levels and fits(line)]


def whole_lines(line: LogLine | None, zone: tzinfo | None) -> list[Line]:
    """All of a line, its traceback with it."""
    if line is None:
        return [[("no line is marked", "faint")]]
    when = f"{day(instant(line.at).astimezone(zone))} {clock(line.at, zone)}  "
    head: Line = [(when, "faint"), _level(line), (line.name, "muted")]
    return [head, *([(each, "text")] for each in plain_lines(line.text))]


def where_words(found: Logs) -> str:
    """Where the whole log is, and from which level on it is written."""
    return f"{found.file or 'on its standard error'} · from {found.level} on"


def short_name(name: str) -> str:
    """'gateway_core.store.writer' → 'store.writer'; what the server below us says is no error by its name."""
    return name.removeprefix("gateway_core.").removesuffix(".error")


def _level(line: LogLine) -> Span:
    word, ink = _SHOWN.get(line.level, (line.level.upper(), "text"))
    return fit(word, 6), ink


def _title(least: str, words: str) -> str:
    level = "" if least == LEVELS[0] else f" · {least} and worse" if least != LEVELS[-1] else " · errors"
    return f"the gateway's log{level}" + (f"   /{words.strip()}" if words.strip() else "")
