"""What runs behind one tab: a console process of its own, which ends with the tab for certain."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

PATIENCE = 5.0
"""Seconds that a console gets to leave by itself."""
SIZES = ((20, 1_000), (5, 500))
"""The least and the most columns, and rows."""


class Tab(AppService):
    """words: the command that draws on a screen which Textual's web driver carries here."""

    def __init__(self, words: Sequence[str], to: web.WebSocketResponse) -> None:
        super().__init__(
            words[0],
            write_bytes=to.send_bytes,
            write_str=to.send_str,
            close=_closing(to),
            download_manager=DownloadManager(),
        )
        self._words = tuple(words)

    async def set_terminal_size(self, width: int, height: int) -> None:
        await super().set_terminal_size(*within(width, height))

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(*within(width, height)),
            # A Ctrl-C at the terminal is for the server, which then lets every console leave.
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        """Until the console has ended; the tab is told, also of one that never came up."""
        await super().run()
        await self.remote_close()

    async def stop(self) -> None:
        """Asks the console to leave, and ends one that does not."""
        try:
            async with asyncio.timeout(PATIENCE):
                await super().stop()
                if self._process is not None:
                    await self._process.wait()
        except TimeoutError:
            if self._process is not None and self._process.returncode is None:
                self._process.kill()


def within(width: int, height: int) -> tuple[int, int]:
    """A size that a screen can have."""
    return (
        min(max(int(width), SIZES[0][0]), SIZES[0][1]),
        min(max(int(height), SIZES[1][0]), SIZES[1][1]),
    )


def _closing(to: web.WebSocketResponse) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        await to.close()

    return close
