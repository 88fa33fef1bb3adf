"""Listens: the gateway behind uvicorn, from the first socket to the last settled call."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import uvicorn

from gateway_core.folder.instance import listen, noted
from gateway_core.http.admin_plane import AdminPlane
from gateway_core.http.data_plane import DataPlane
from gateway_core.http.front import Front
from gateway_core.http.ops import Ops
from gateway_core.http.protocol import StrictProtocol
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind
from gateway_core.service import Gateway, opened
from gateway_core.settings import Settings

DRAIN_SECONDS = 30.0
"""How long running calls may take to end once the gateway was asked to stop."""
SWITCH_SECONDS = 0.0005
"""Seconds that a computing thread keeps the interpreter from a call, which needs it ten times and more."""
log = logging.getLogger(__name__)


async def run(settings: Settings, *, owner_pipe: bool = False) -> None:
    """Serves until it is told to stop, then drains. Raises StartError and ConfigError.

    owner_pipe: the end of standard input means that the console which started us is gone.
    """
    sockets = listen(settings.host, settings.port)
    try:
        async with opened(settings) as gateway:
            gateway.url = _url(settings.host, sockets[0])
            if owner_pipe:
                _watch_owner(gateway)
            sys.setswitchinterval(SWITCH_SECONDS)
            # What is there now stays to the end: no collection of garbage need look at it again.
            gc.freeze()
            gc.set_threshold(10_000, 20, 20)
            await _serve(gateway, sockets)
    finally:
        for sock in sockets:
            sock.close()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: when to stop is ours to say."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(gateway: Gateway, sockets: list[socket.socket]) -> None:
    server = _Server(
        uvicorn.Config(
            _front(gateway),
            http=StrictProtocol,
            loop="none",
            # The data plane says no to web sockets by itself.
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=sockets))  # noqa: TID251 - awaited below
    _handle_signals(gateway, server)
    with noted(
        gateway.settings.data, url=gateway.url, version=gateway.version, started_at=gateway.started_at
    ):
        log.info("listening on %s, data in %s", gateway.url, gateway.settings.data)
        gateway.bus.publish(EventKind.GATEWAY, {"state": "ready"})
        working = asyncio.create_task(gateway.work())  # noqa: TID251 - cancelled below
        stopping = asyncio.create_task(gateway.stopping.wait())  # noqa: TID251 - waited for in the next line
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await _drain(gateway, server)
        working.cancel()
        server.should_exit = True
        await serving


def _front(gateway: Gateway) -> Front:
    settings = gateway.settings
    data = DataPlane(
        parts=gateway.parts,
        tokens=gateway.tokens.known,
        listening=frozenset({settings.host, gateway.settings.host.lower()}),
        body_limit=settings.max_body_mb * 2**20,
        refusing=gateway.refusing,
        peers=gateway.peers,
    )
    ops = Ops(gateway.tally, gateway.vitals, lambda: len(gateway.live), lambda: not gateway.draining)
    return Front(data, ops, AdminPlane(gateway, gateway.admin_token))


async def _drain(gateway: Gateway, server: uvicorn.Server) -> None:
    """New calls are refused; running ones may end, until time is up or somebody insists."""
    gateway.draining = True
    gateway.opinions.stop()
    for call in list(gateway.live.values()):
        if call.aside:
            call.end(
                Refusal(503, "draining", "the gateway is shutting down, and no client waits for this call")
            )
    gateway.bus.publish(EventKind.GATEWAY, {"state": "draining"})
    until = asyncio.get_running_loop().time() + DRAIN_SECONDS
    while gateway.live and not server.force_exit and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - three ends at once
        await asyncio.sleep(0.02)
    gateway.bus.close()


def _handle_signals(gateway: Gateway, server: uvicorn.Server) -> None:
    """The first signal drains, the second ends at once and keeps what running calls hold."""

    def stop() -> None:
        if gateway.stopping.is_set():
            server.force_exit = True
        gateway.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not on Windows, and not in a thread that is not the main one.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop)


def _watch_owner(gateway: Gateway) -> None:
    """Ends the gateway once its owner's pipe has closed, no other console watches, and none said keep."""
    loop = asyncio.get_running_loop()

    def look() -> None:
        if not gateway.keep and not gateway.bus.watchers:
            gateway.stop()
        else:
            loop.call_later(0.5, look)

    def read_to_end() -> None:
        while sys.stdin.buffer.read(4096):
            continue
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(look)

    threading.Thread(target=read_to_end, name="owner", daemon=True).start()


def _url(host: str, sock: socket.socket) -> str:
    shown = "127.0.0.1" if host in ("localhost", "::1", "0.0.0.0", "::") else host
    return f"http://{shown}:{sock.getsockname()[1]}"
