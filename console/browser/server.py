"""The server behind `llmconsole web`: textual-serve's, with a door before it and a page of our own."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence

from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler
from textual_serve.server import Server, to_int

from console.browser.door import Door
from console.browser.page import beside, headers, page
from console.browser.tab import PATIENCE, Tab

MOST_TABS = 8
"""Consoles at once: each is a process."""
HEARTBEAT = 15.0
"""Seconds between two looks whether a tab is still there."""
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Browsing(Server):
    """words: the command of one console. Nothing but the way in is served to who has no session."""

    def __init__(self, words: Sequence[str], door: Door) -> None:
        super().__init__(words[0])
        self._words = tuple(words)
        self._door = door
        self._sockets: set[web.WebSocketResponse] = set()

    async def _make_app(self) -> web.Application:
        app, room = web.Application(middlewares=[self._guarded]), self._door.room
        app.router.add_get("/", self._enter, allow_head=False)
        app.router.add_get(room, self.handle_index)
        app.router.add_get(f"{room}page.js", self._script)
        app.router.add_get(f"{room}ws", self.handle_websocket)
        app.router.add_static(f"{room}static", self.statics_path)
        app.on_response_prepare.append(_harden)
        app.on_shutdown.append(self.on_shutdown)
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """403 for a foreign Host, and outside of the way in for who has no session."""
        if not self._door.is_ours(request.host):
            raise web.HTTPForbidden(text=f"Host {request.host[:80]!r} is not this server")
        if request.path != "/" and not self._door.knows(request.cookies.get(self._door.cookie, "")):
            raise web.HTTPForbidden(text="open the address that llmconsole web has printed")
        return await handler(request)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """Makes a session of a ticket, and leaves it out of the address at once."""
        session = self._door.admit(request.query.get("token", ""))
        if session is None:
            raise web.HTTPForbidden(
                text="this address has been used, or is none; enter where llmconsole web runs prints another"
            )
        answer = web.Response(status=303, headers={"Location": self._door.room})
        answer.set_cookie(self._door.cookie, session, path=self._door.room, httponly=True, samesite="Strict")
        return answer

    async def handle_index(self, request: web.Request) -> web.Response:
        address = f"ws://{request.host}{self._door.room}ws"
        return web.Response(text=page(address), content_type="text/html")

    async def _script(self, request: web.Request) -> web.Response:
        return web.Response(text=beside("page.js"), content_type="text/javascript")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One console, from the tab's opening to its end."""
        if not self._door.is_own_page(request.headers.get("Origin", ""), request.host):
            raise web.HTTPForbidden(text="another web page may not open the console")
        if len(self._sockets) >= MOST_TABS:
            raise web.HTTPServiceUnavailable(text=f"{MOST_TABS} consoles are open; close one of these tabs")
        screen = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await screen.prepare(request)
        self._sockets.add(screen)
        tab = Tab(self._words, screen)
        try:
            await tab.start(*_size(request.query))
            await self._process_messages(screen, tab)
        finally:
            self._sockets.discard(screen)
            await tab.stop()
        return screen

    async def on_shutdown(self, app: web.Application) -> None:
        await asyncio.gather(*(each.close(code=WSCloseCode.GOING_AWAY) for each in tuple(self._sockets)))


async def serve(server: Browsing, at: socket.socket, invite: Callable[[], None]) -> None:
    """Serves until a signal ends it. invite: called at once, and when enter is pressed at the terminal."""
    runner = web.AppRunner(await server._make_app(), access_log=None, shutdown_timeout=2 * PATIENCE)
    await runner.setup()
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in _ENDINGS:
        loop.add_signal_handler(number, ended.set)
    try:
        await web.SockSite(runner, at).start()
        invite()
        if sys.stdin.isatty():
            loop.add_reader(sys.stdin, _on_enter, invite)
        await ended.wait()
    finally:
        await runner.cleanup()


def _size(query: Mapping[str, str]) -> tuple[int, int]:
    """Columns and rows, as the page tells them before the screen is opened."""
    return to_int(query.get("width", ""), 80), to_int(query.get("height", ""), 24)


def _on_enter(invite: Callable[[], None]) -> None:
    if sys.stdin.readline():
        invite()
    else:
        asyncio.get_running_loop().remove_reader(sys.stdin)


async def _harden(request: web.Request, answer: web.StreamResponse) -> None:
    answer.headers.update(headers(request.host))
