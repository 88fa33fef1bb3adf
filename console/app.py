"""The console on the screen: one clock, the feed behind it, the pages on top."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from console import keymap
from console.feed import Feed, Snapshot
from console.gateway import GatewayHandle, find_or_start
from console.panels.header import GONE_AFTER
from console.present import percent, usd
from console.quiet import LOG_NAME, log_to
from console.screens.budgets import Budgets
from console.screens.confirm import Quitting
from console.screens.dashboard import Dashboard
from console.screens.desk import Desk
from console.screens.first_run import FirstRun
from console.screens.help import Help
from console.screens.keys import KeysPage
from console.screens.page import Page
from console.screens.question import QuestionForm, next_question
from console.screens.theme_picker import ThemePicker
from console.theme import shipped
from console.trouble import ClientError, GatewayFailed, GatewayGone
from console.wardrobe import Dressed, remember_theme, user_folder

TICK = 0.25
BLURRED_TICKS = 4
"""Ticks between two updates while the terminal is not looked at."""


class Console(Dressed):
    """themes: folders of theme files; seconds: how long to stay open, None until the user leaves."""

    TITLE = "llmconsole"
    CSS_PATH = "look.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("everywhere")

    def __init__(self, desk: Desk, *, themes: tuple[Path, ...], seconds: float | None = None) -> None:
        super().__init__(themes)
        self.desk = desk
        self.closing_line = ""
        self._seconds = seconds
        self._ticks = 0
        self._welcomed = False
        self._asked: set[str] = set()

    def on_mount(self) -> None:
        self.dress()
        self.push_screen(Dashboard(self.desk))
        self.run_worker(self.desk.feed.run(), group="feed", exclusive=True)
        self.set_interval(TICK, self._tick)
        self.set_interval(1.0, self.follow_themes)
        if self._seconds is not None:
            self.set_timer(self._seconds, lambda: self.exit(0))

    def _tick(self) -> None:
        self._ticks += 1
        if not self.app_focus and self._ticks % BLURRED_TICKS:
            return
        snap = self.desk.feed.tick()
        self._welcome(snap)
        self._put_question(snap)
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Page):
                if screen.ready:
                    screen.show(snap)
                break
        while self.desk.feed.alerts:
            alert = self.desk.feed.alerts.popleft()
            urgent = alert.get("mark", 0) >= 100 or alert.get("action") == "stop"
            self.notify(alert["text"], severity="error" if urgent else "warning", markup=False)
            if snap.status is not None and snap.status.bell:
                self.bell()

    def _welcome(self, snap: Snapshot) -> None:
        if self._welcomed or snap.status is None:
            return
        self._welcomed = True
        if not snap.status.any_key and not self.desk.demo and isinstance(self.screen, Dashboard):
            self.push_screen(FirstRun(self.desk))

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
        elif isinstance(self.screen, Page):
            self.pop_screen()

    async def action_leave(self) -> None:
        if isinstance(self.screen, Dashboard) and not self.screen.leave_big():
            await self.action_quit()
        elif not isinstance(self.screen, Dashboard):
            await self.action_back()

    def _fatal_error(self) -> None:
        # Textual's own prints every local variable, a key that is just being typed among them.
        logging.getLogger("console").error("the screen stopped", exc_info=self._exception)
        self.panic(
            f"llmconsole: the console stopped over a fault of its own; {LOG_NAME} in its data says which"
        )

    async def action_quit(self) -> None:
        self._quit()

    def action_quit_with_summary(self) -> None:
        summary = self.desk.feed.tick().summary
        if summary is not None:
            saved = f"saved {usd(summary.saved_today_usd)} ({percent(summary.saved_share)})"
            self.closing_line = f"today {usd(summary.today_usd)} · {saved} · {summary.calls_today:,} calls"
        self._quit()

    def action_budgets(self) -> None:
        self._go(Budgets)

    def action_keys(self) -> None:
        self._go(KeysPage)

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
        await self.screen.ask(self.desk.set_mode(mode, status.mode))
        self.notify(f"untagged calls count as {mode} now", markup=False)

    async def action_undo(self) -> None:
        if isinstance(self.screen, Page) and (told := await self.screen.ask(self.desk.undo())):
            self.notify(told, markup=False)

    def action_themes(self) -> None:
        picker = ThemePicker(sorted(self.shelf.themes), self.theme, self._wear)
        self.push_screen(picker, lambda name: remember_theme(name) if name is not None else None)

    @work(exclusive=True, group="start")
    async def action_start_gateway(self) -> None:
        snap, place = self.desk.feed.tick(), self.desk.handle.place
        if snap.gone_since is None or (snap.now - snap.gone_since).total_seconds() < GONE_AFTER:
            self.notify("the gateway runs")
            return
        if place is None:
            self.notify(
                f"the gateway at {self.desk.handle.url} is elsewhere; start it there", severity="warning"
            )
            return
        try:
            handle = await asyncio.to_thread(find_or_start, place)
        except GatewayFailed as error:
            self.notify(error.message, severity="error", markup=False)
            return
        await self.desk.client.aclose()
        self.desk.attach(handle)
        self.run_worker(self.desk.feed.run(), group="feed", exclusive=True)
        self.notify("the gateway runs again")

    def _go(self, page: type[Page]) -> None:
        """One page of a kind on the way back is enough: one that is there already is gone back to."""
        if isinstance(self.screen, Page) and not any(isinstance(each, page) for each in self.screen_stack):
            self.push_screen(page(self.desk))
        while isinstance(self.screen, Page) and not isinstance(self.screen, page):
            self.pop_screen()

    def _wear(self, name: str) -> None:
        self.theme = name

    @work(exclusive=True, group="quit")
    async def _quit(self) -> None:
        in_flight = len(self.desk.feed.tick().in_flight)
        if in_flight and self.desk.handle.owned and not self.desk.demo:
            answer = await self.push_screen_wait(Quitting(in_flight))
            if answer not in ("quit", "keep"):
                return
            if answer == "keep":
                with suppress(ClientError, GatewayGone):
                    await self.desk.client.keep(True)
                    self.desk.handle.kept = True
        self.exit(0)


def run(handle: GatewayHandle, *, demo: bool = False, seconds: float | None = None) -> int:
    """The console on a running gateway until the user leaves, or for so many seconds; the exit status.

    Whoever opened the handle closes it. It changes when the user starts a gateway again, and is marked as
    kept when the gateway shall go on.
    """
    log_to(handle.place.data if handle.place else None)
    client = handle.client()
    desk = Desk(handle, client, Feed(client, _now), demo)
    console = Console(desk, themes=(shipped(), user_folder() / "themes"), seconds=seconds)
    status = console.run()
    if console.closing_line:
        sys.stdout.write(f"{console.closing_line}\n")
    return status or 0


def _now() -> datetime:
    return datetime.now().astimezone()
