"""Runs the simulated provider on a loopback port, in a process of its own or beside a caller."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator

import anyio
import uvicorn

from gateway_core.simulated.line import Receive, Scope, Send
from gateway_core.simulated.options import Options
from gateway_core.simulated.owner import follow_stdin
from gateway_core.simulated.provider import application

App = Callable[[Scope, Receive, Send], Awaitable[None]]

_BACKLOG = 2048
_LONGEST_GOODBYE = 1
"""Seconds that running answers get when the server ends."""


class _Server(uvicorn.Server):
    """Says when it is ready, and leaves signals to the caller: uvicorn would raise them again at its end."""

    def __init__(self, app: App) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="critical",
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                date_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=_LONGEST_GOODBYE,
            )
        )
        self.ready = anyio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: App, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """An application served for the time of the context; gives the port it listens on."""
    with socket.create_server((host, port), backlog=_BACKLOG) as listener:
        listener.setblocking(False)
        server = _Server(app)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            await server.ready.wait()
            try:
                yield listener.getsockname()[1]
            finally:
                server.should_exit = True


async def serve(options: Options, *, host: str, port: int, owner_pipe: bool) -> None:
    """Serve until SIGTERM, SIGINT or, with `owner_pipe`, the end of stdin.

    Prints {"port": N} on stdout as soon as it listens. A line on stdin changes the speed.
    """
    app = application(options)
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with serving(app, host=host, port=port) as bound, anyio.create_task_group() as tasks:
            if owner_pipe:
                tasks.start_soon(follow_stdin, tasks.cancel_scope, app.mind.hasten)
            sys.stdout.write(json.dumps({"port": bound}) + "\n")
            sys.stdout.flush()
            async for _ in signals:
                break
            tasks.cancel_scope.cancel()
