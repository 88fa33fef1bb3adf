"""Names with several addresses: a dead or slow one is not in the way of one that answers."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from typing import Any

import pytest

from gateway_core.transport.dial import STAGGER, Address, connect_any, dial

pytestmark = pytest.mark.anyio


@pytest.fixture
def alive() -> Any:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


@pytest.fixture
def dead() -> Any:
    """An address that drops what arrives, as a route to nowhere does."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener
        for filler in fillers:
            filler.close()


@pytest.fixture
def refusing() -> Address:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return address(sock)


def address(sock: socket.socket) -> Address:
    return sock.family, sock.getsockname()


async def test_an_address_itself(alive: socket.socket) -> None:
    sock = await dial(*alive.getsockname())
    assert sock.getpeername() == alive.getsockname()
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert not sock.getblocking()
    sock.close()


async def test_localhost_is_found_on_either_family(alive: socket.socket) -> None:
    """The name stands for ::1 too, where nobody listens."""
    sock = await dial("localhost", alive.getsockname()[1])
    assert sock.getpeername()[0] == "127.0.0.1"
    sock.close()


async def test_one_that_refuses_costs_no_time(refusing: Address, alive: socket.socket) -> None:
    began = time.monotonic()
    sock = await connect_any([refusing, address(alive)])
    assert time.monotonic() - began < STAGGER
    assert sock.getpeername() == alive.getsockname()
    sock.close()


async def test_one_that_is_dead_costs_a_quarter_second(dead: socket.socket, alive: socket.socket) -> None:
    began = time.monotonic()
    sock = await connect_any([address(dead), address(alive)])
    assert STAGGER * 0.9 < time.monotonic() - began < STAGGER + 0.5
    assert sock.getpeername() == alive.getsockname()
    sock.close()


async def test_none_answers(refusing: Address) -> None:
    with pytest.raises(ConnectionRefusedError):
        await connect_any([refusing, refusing])
    with pytest.raises(ConnectionRefusedError):
        await connect_any([refusing])


async def test_giving_up_leaves_no_socket(dead: socket.socket) -> None:
    """A socket that is left over would be warned of, which is an error here."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(STAGGER * 1.5):
            await connect_any([address(dead), address(dead), address(dead)])
    gc.collect()


async def test_the_losers_of_the_race_are_closed(alive: socket.socket) -> None:
    winner = await connect_any([address(alive)] * 3)
    await asyncio.sleep(STAGGER * 2)
    alive.setblocking(False)
    accepted = [alive.accept()[0]]
    with pytest.raises(BlockingIOError):
        alive.accept()
    accepted[0].close()
    winner.close()
