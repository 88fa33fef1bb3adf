"""An app that starts its gateway again, and leaves with or without it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual import work
from textual.driver import Driver

from console.closing import closing_line
from console.endings import Endings
from console.gateway import find_or_start
from console.hearing import forgiving
from console.panels.header import GONE_AFTER
from console.quiet import LOG_NAME
from console.screens.confirm import Quitting
from console.screens.desk import Desk
from console.trouble import ClientError, GatewayFailed, GatewayGone
from console.wardrobe import Dressed

if TYPE_CHECKING:
    from rich.traceback import Traceback

_FAULT = f"llmconsole: the console stopped over a fault of its own; {LOG_NAME} in its data says which"


class Lifecycle(Dressed):
    """closing_line: what is printed once the screen is gone."""

    def __init__(self, desk: Desk, themes: tuple[Path, ...]) -> None:
        super().__init__(themes)
        self.desk = desk
        self.closing_line = ""

    def end_on_signals(self, endings: Endings) -> None:
        """Who ends the process gets the terminal back as it was, also where it blocks the screen."""
        loop = asyncio.get_running_loop()

        def leave(status: int) -> None:
            self.desk.end()
            loop.call_soon_threadsafe(self.exit, status)

        endings.listen(leave)

    async def action_quit(self) -> None:
        self._quit()

    def action_quit_with_summary(self) -> None:
        self.closing_line = self.masked(closing_line(self.desk.feed.tick()))
        self._quit()

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
        before = self.desk.client
        self.desk.attach(handle)
        self.run_worker(self.desk.feed.run(), group="feed", exclusive=True)
        # Last: whoever asks meanwhile must not find it closed.
        await before.aclose()
        self.notify("the gateway runs again")

    @work(exclusive=True, group="quit")
    async def _quit(self) -> None:
        in_flight = len(self.desk.feed.tick().in_flight)
        if isinstance(self.screen, Quitting):
            # Asked, and told once more.
            in_flight = 0
        if in_flight and self.desk.handle.owned and not self.desk.demo:
            answer = await self.push_screen_wait(Quitting(in_flight))
            if answer not in ("quit", "keep"):
                return
            if answer == "keep":
                with suppress(ClientError, GatewayGone):
                    await self.desk.client.keep(True)
                    self.desk.handle.kept = True
        self.exit(0)

    def get_driver_class(self) -> type[Driver]:
        return forgiving(super().get_driver_class())

    def _fatal_error(self) -> None:
        # Textual's own prints every local variable, a key that is just being typed among them.
        logging.getLogger("console").error("the screen stopped", exc_info=self._exception)
        self.panic(_FAULT)

    def panic(self, *renderables: RenderableType) -> None:
        """Also what Textual tells in frames, as where the terminal cannot be read, is a sentence."""
        # Textual has loaded it where it has one to tell; loading it takes longer than most of a start.
        from rich.traceback import Traceback

        for told in renderables:
            if isinstance(told, Traceback):
                self._return_code = 1
                logging.getLogger("console").error("the screen stopped: %s", _places(told))
        super().panic(*(_FAULT if isinstance(told, Traceback) else told for told in renderables))


def _places(told: Traceback) -> str:
    """What was raised, and through which lines."""
    return "; ".join(
        f"{stack.exc_type}: {stack.exc_value}, by "
        + ", ".join(f"{frame.filename}:{frame.lineno}" for frame in stack.frames)
        for stack in told.trace.stacks
    )
