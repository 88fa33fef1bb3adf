"""A server whose every byte a test decides: it speaks TCP, and HTTP only where its script does."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    line: str
    fields: list[tuple[str, str]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.fields}


class Peer:
    """The server's end of one connection."""

    def __init__(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number = number
        """Counts the connections of the server from 1."""
        self.reader = reader
        self.writer = writer

    async def request(self) -> Request | None:
        """The next request, None where the client has closed."""
        try:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head[1:-2])]
        length = int({name.lower(): value for name, value in fields}.get("content-length", "0"))
        return Request(head[0], fields, await self.reader.readexactly(length))

    async def send(self, *pieces: bytes, pause: float = 0.01) -> None:
        """Each piece as a packet of its own."""
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(pause)
            self.writer.write(piece)
            await self.writer.drain()

    async def answer(self, body: bytes = b"", *fields: str, status: str = "200 OK") -> None:
        head = "\r\n".join([f"HTTP/1.1 {status}", f"content-length: {len(body)}", *fields, "", ""])
        await self.send(head.encode("latin-1") + body)

    async def client_closes(self, seconds: float = 2.0) -> bool:
        """Whether the client closes within the time; what it still sends is thrown away."""
        try:
            async with asyncio.timeout(seconds):
                while await self.reader.read(65536):
                    continue
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def reset(self) -> None:
        """Ends the connection with a TCP reset."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Peer], Awaitable[None]]


class ScriptedServer:
    """Runs `script` for each connection, and closes the connection when it returns."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.connections = 0
        self.open = 0
        self.port = 0
        self.failures: list[BaseException] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            await self.script(Peer(self.connections, reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            # The client under test went away: what it made of that is for the test to say.
            pass
        except AssertionError as failure:
            self.failures.append(failure)
        finally:
            self.open -= 1
            writer.close()
            try:
                async with asyncio.timeout(1):
                    await writer.wait_closed()
            except TimeoutError:
                writer.transport.abort()
            except OSError:
                pass


@contextlib.asynccontextmanager
async def scripted(script: Script, *, context: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    """A scripted server on a free port of 127.0.0.1. What its script asserts fails the test at the end."""
    server = ScriptedServer(script)
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        try:
            await server._serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            handlers.discard(task)

    listening = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tuple(handlers):
            task.cancel()
        await asyncio.gather(*handlers)
    for failure in server.failures:
        raise failure
