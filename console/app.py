"""The console on the screen: one clock, the feed behind it, the pages on top."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from console import collector, keymap
from console.choices import recall, remember, user_folder
from console.endings import Endings
from console.errands import Errands
from console.feed import Feed
from console.gateway import GatewayHandle
from console.keepsakes import Keepsakes
from console.quiet import log_to
from console.screens.dashboard import Dashboard
from console.screens.desk import Desk
from console.screens.help import Help
from console.screens.page import Page
from console.screens.pages import page_type
from console.screens.question import QuestionForm, next_question
from console.screens.theme_picker import ThemePicker
from console.snapshot import Snapshot
from console.theme import shipped

TICK = 0.25
SETTLED = 1.0
"""Seconds after which everything is drawn that a start has to draw."""
CALM_TICKS = 4
"""Ticks between two updates while nothing happens, or the terminal is not looked at."""


class Console(Errands):
    """themes: folders of theme files; seconds: how long to stay open, None until the user leaves; verbs: the
    subcommands that the command line offers; endings: the signals that end it, None leaves them alone."""

    TITLE = "llmconsole"
    CSS_PATH = "look.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("everywhere")

    def __init__(
        self,
        desk: Desk,
        *,
        themes: tuple[Path, ...],
        seconds: float | None = None,
        verbs: tuple[str, ...] = (),
        endings: Endings | None = None,
    ) -> None:
        super().__init__(desk, themes, verbs)
        self._endings = endings
        self._seconds = seconds
        self._ticks = 0
        self._shown = desk.feed.live
        self._welcomed = False
        self._asked: set[str] = set()

    def get_default_screen(self) -> Dashboard:
        return Dashboard(self.desk)

    def on_mount(self) -> None:
        self.tell_problems()
        if self._endings is not None:
            self.end_on_signals(self._endings)
        if not self.is_headless:
            self.set_timer(SETTLED, collector.work)
        self.action_take_keys()
        self.run_worker(self.desk.feed.run(), group="feed", exclusive=True)
        self.set_interval(TICK, self._tick)
        self.set_interval(1.0, self.follow_themes)
        if self._seconds is not None:
            self.set_timer(self._seconds, lambda: self.exit(0))

    async def on_unmount(self) -> None:
        await self.desk.client.aclose()

    def on_resize(self) -> None:
        """Also told of a terminal that comes back as large as it was, as after ^Z: it shows nothing then."""
        self.paint_anew()

    def _tick(self) -> None:
        self._ticks += 1
        page = self._page()
        stirs = self.app_focus and self.desk.feed.stirs(self._shown)
        if self._ticks % CALM_TICKS and not stirs:
            if page is not None:
                page.hint()
            return
        snap, self._shown = self.desk.feed.tick(), self.desk.feed.live
        self._welcome(snap)
        self._put_question(snap)
        self.tell_title(snap)
        self.keep_masked(snap)
        if page is not None:
            page.show(snap)
        self._tell_alerts(snap)

    def _page(self) -> Page | None:
        """The page in front, also behind a form; None while it is not ready to show anything."""
        page = next((each for each in reversed(self.screen_stack) if isinstance(each, Page)), None)
        return page if page is not None and page.ready else None

    def _tell_alerts(self, snap: Snapshot) -> None:
        """Of several at once the newest is a toast, and how many came before: they must not hide the page."""
        alerts = self.desk.feed.alerts
        if not alerts:
            return
        for alert in alerts:
            self.tell_terminal(alert["text"])
        newest, before = alerts[-1], len(alerts) - 1
        alerts.clear()
        urgent = newest.get("mark", 0) >= 100 or newest.get("action") == "stop"
        more = f" · {before} more: {keymap.glyph('app.alerts')} lists all" if before else ""
        self.clear_notifications()
        self.notify(f"{newest['text']}{more}", severity="error" if urgent else "warning", markup=False)
        if snap.status is not None and snap.status.bell:
            self.bell()

    def _welcome(self, snap: Snapshot) -> None:
        # A keyring that has not answered yet may hold every key.
        if self._welcomed or snap.status is None or snap.status.keyring.backend == "unknown":
            return
        begins = not snap.status.any_key
        if not begins and self.desk.handle.owned:
            if snap.budgets is None or not self.desk.feed.knows_calls:
                return
            # Keys that are found are not all that a start needs: a limit, and clients that know the way here.
            begins = not (snap.budgets or snap.calls or snap.in_flight)
        self._welcomed = True
        if begins and not self.desk.demo and isinstance(self.screen, Dashboard):
            self.push_screen(page_type("first-run")(self.desk))

    def _put_question(self, snap: Snapshot) -> None:
        """Opens the oldest new question, unless somebody is typing: those keys are not meant for it."""
        question = next_question(snap.questions, self._asked)
        if question is not None and isinstance(self.screen, Page) and not isinstance(self.focused, Input):
            self._asked.add(question.id)
            self.push_screen(QuestionForm(self.desk, question))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        places = screen.places() if isinstance(screen, Page) else ("everywhere",)
        for key in keymap.at(*places):
            if "palette" not in key.id:
                yield SystemCommand(f"{key.label}  ({key.glyph})", key.help, self._doing(screen, key))

        for name, text in Keepsakes().filters().items():
            yield SystemCommand(f"filter {name}", text, partial(self.call_later, self.action_narrow, text))

    def _doing(self, screen: Screen[object], key: keymap.Key) -> Callable[[], object]:
        target = (
            self
            if key.where == "everywhere"
            else screen.focused
            if key.where in ("list", "calls")
            else screen
        )
        return lambda: self.call_later(self.run_action, key.action, target)

    # What the keys do that are valid everywhere

    def action_help(self) -> None:
        screen = self.screen
        places = screen.places() if isinstance(screen, Page) else (*getattr(screen, "PLACES", ()),)
        self.push_screen(Help(places))

    async def action_back(self) -> None:
        if isinstance(self.screen, Dashboard):
            self.screen.leave_big()
        elif isinstance(self.screen, Page) and not self.screen.step_back():
            self.pop_screen()

    async def action_leave(self) -> None:
        if isinstance(self.screen, Dashboard) and not self.screen.leave_big():
            await self.action_quit()
        elif not isinstance(self.screen, Dashboard):
            await self.action_back()

    def action_acknowledge(self) -> None:
        self.desk.feed.acknowledge()

    def action_questions(self) -> None:
        self._asked.clear()
        if not self.desk.feed.tick().questions:
            self.notify("no call waits for an answer")

    async def action_next_mode(self) -> None:
        status = self.desk.feed.tick().status
        if status is None or not status.modes or not isinstance(self.screen, Page):
            return
        at = status.modes.index(status.mode) + 1 if status.mode in status.modes else 0
        mode = status.modes[at % len(status.modes)]
        if await self.screen.ask(self.desk.set_mode(mode, status)) is not None:
            self.notify(f"untagged calls count as {mode} now", markup=False)

    async def action_undo(self) -> None:
        if isinstance(self.screen, Page) and (told := await self.screen.ask(self.desk.undo())):
            self.notify(told, markup=False)

    async def action_redo(self) -> None:
        if isinstance(self.screen, Page) and (told := await self.screen.ask(self.desk.redo())):
            self.notify(told, markup=False)

    def action_themes(self) -> None:
        picker = ThemePicker(tuple(self.shelf.themes.values()), self.theme, self._wear)
        self.push_screen(picker, lambda name: remember("theme", name) if name is not None else None)

    def _wear(self, name: str) -> None:
        self.theme = name


def run(
    handle: GatewayHandle,
    *,
    demo: bool = False,
    hasten: Callable[[float], float] | None = None,
    seconds: float | None = None,
    verbs: tuple[str, ...] = (),
) -> int:
    """The console on a running gateway until the user leaves, or for so many seconds; the exit status.

    Whoever opened the handle closes it. It changes when the user starts a gateway again, and is marked as
    kept when the gateway shall go on. hasten: makes a simulation so many times as fast.
    """
    log_to(handle.place.data if handle.place else None)
    client = handle.client()
    desk = Desk(handle, client, Feed(client, _now), demo, hasten)
    themes = (shipped(), user_folder() / "themes")
    with Endings() as endings:
        console = Console(desk, themes=themes, seconds=seconds, verbs=verbs, endings=endings)
        status = console.run(mouse=recall("mouse", ("on", "off"), "on") == "on")
    if console.closing_line:
        sys.stdout.write(f"{console.closing_line}\n")
    return status or 0


def _now() -> datetime:
    return datetime.now().astimezone()
