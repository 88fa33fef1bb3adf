"""Opens TCP connections: all addresses of a name, a slow one never in the way of a quick one (RFC 8305)."""

from __future__ import annotations

import asyncio
import socket
from itertools import chain, zip_longest
from typing import Any

STAGGER = 0.25
"""Seconds after which the next address is tried beside the one that has not answered yet."""

Address = tuple[socket.AddressFamily, tuple[Any, ...]]
"""A family, and an address as sockets of that family take it."""

_KEEP_ALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4))


async def dial(host: str, port: int) -> socket.socket:
    """A connected, non-blocking socket. Raises OSError, and ValueError for what no name can be."""
    return await connect_any(await _resolve(host, port))


async def connect_any(addresses: list[Address]) -> socket.socket:
    """A socket to the first address that answers. Raises the OSError of the last where none does."""
    connected = await (_attempt(*addresses[0]) if len(addresses) == 1 else _race(addresses))
    if isinstance(connected, OSError):
        raise connected
    return connected


async def _resolve(host: str, port: int) -> list[Address]:
    """Addresses in the system's order, families taking turns."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses: list[Address] = list(dict.fromkeys((family, address) for family, _, _, _, address in found))
    if not addresses:
        raise OSError(f"{host} has no address")
    first = [each for each in addresses if each[0] == addresses[0][0]]
    rest = [each for each in addresses if each[0] != addresses[0][0]]
    return [each for each in chain.from_iterable(zip_longest(first, rest)) if each is not None]


async def _attempt(family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket | OSError:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        _tune(sock)
        await asyncio.get_running_loop().sock_connect(sock, address)
    except OSError as error:
        sock.close()
        return error
    except BaseException:
        sock.close()
        raise
    return sock


def _tune(sock: socket.socket) -> None:
    """No waiting for more bytes to send; and probes, since an answer may take minutes of silence in which
    routers forget connections."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        # Not every system has each of them.
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def _race(addresses: list[Address]) -> socket.socket | OSError:
    """The first socket that connects; the error of the last address where none does."""
    outcomes: list[socket.socket | OSError] = []
    try:
        async with asyncio.TaskGroup() as group:
            await _run(group, addresses, outcomes)
    except BaseException:
        _winner([*outcomes, OSError()], keep=0)
        raise
    return _winner(outcomes)


async def _run(
    group: asyncio.TaskGroup, addresses: list[Address], outcomes: list[socket.socket | OSError]
) -> None:
    waiting = list(addresses)
    running: set[asyncio.Task[socket.socket | OSError]] = set()
    try:
        while (waiting or running) and not any(isinstance(each, socket.socket) for each in outcomes):
            if waiting:
                running.add(group.create_task(_attempt(*waiting.pop(0))))
            done, running = await asyncio.wait(
                running, timeout=STAGGER if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            outcomes.extend(task.result() for task in done)
    finally:
        for task in running:
            task.cancel()
        outcomes.extend(task.result() for task in running if task.done())


def _winner(outcomes: list[socket.socket | OSError], keep: int = 1) -> socket.socket | OSError:
    """The first socket, all further ones closed; else the last error."""
    sockets = [each for each in outcomes if isinstance(each, socket.socket)]
    for late in sockets[keep:]:
        late.close()
    return sockets[0] if sockets else outcomes[-1]
