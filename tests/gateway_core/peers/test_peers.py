"""Looking at the other end of a connection: once, in a thread, and never for longer than a request bears."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway_core.peers import MOST_WAITING, NOBODY, PATIENCE, Connection, Peers
from gateway_core.peers.linux import LinuxPeers
from gateway_core.peers.program import Program

pytestmark = pytest.mark.anyio
HERE, OURS = ("127.0.0.1", 50000), ("127.0.0.1", 4141)
WEB = Program(["claude"])


async def test_it_is_looked_at_once() -> None:
    looked: list[int] = []

    def find(peer: tuple[str, int], own: tuple[str, int]) -> Program | None:
        looked.append(peer[1])
        return WEB

    peers = Peers(find=find)
    connection = Connection()
    for _ in range(3):
        peers.look(connection, HERE, OURS)
        assert await peers.tags(connection) == {"app": "claude"}
    assert looked == [50000]
    peers.close()


async def test_what_takes_longer_counts_for_the_next_request() -> None:
    ready = threading.Event()
    peers = Peers(find=lambda peer, own: WEB if ready.wait(5) else None)
    connection = Connection()
    peers.look(connection, HERE, OURS)
    began = time.monotonic()
    assert await peers.tags(connection) == {}
    assert time.monotonic() - began < PATIENCE + 1
    ready.set()
    assert connection.looking is not None
    await connection.looking
    assert await peers.tags(connection) == {"app": "claude"}
    peers.close()


@pytest.mark.parametrize("peer", [None, ("192.168.1.7", 50000), ("10.127.0.1", 50000)])
async def test_other_machines_are_never_looked_at(peer: tuple[str, int] | None) -> None:
    peers = Peers(find=lambda peer, own: pytest.fail("looked"))
    connection = Connection()
    peers.look(connection, peer, OURS)
    assert connection.tags is NOBODY
    peers.close()


async def test_the_switch_is_off() -> None:
    peers = Peers(on=False, find=lambda peer, own: pytest.fail("looked"))
    connection = Connection()
    peers.look(connection, HERE, OURS)
    assert await peers.tags(connection) == {}


async def test_what_cannot_be_read_is_no_error() -> None:
    def find(peer: tuple[str, int], own: tuple[str, int]) -> Program | None:
        raise PermissionError("not yours")

    peers = Peers(find=find)
    connection = Connection()
    peers.look(connection, HERE, OURS)
    assert await peers.tags(connection) == {}
    peers.close()


async def test_a_flood_of_connections_goes_without() -> None:
    ready = threading.Event()
    peers = Peers(find=lambda peer, own: WEB if ready.wait(5) else None)
    connections = [Connection() for _ in range(MOST_WAITING + 5)]
    for connection in connections:
        peers.look(connection, HERE, OURS)
    assert sum(each.looking is not None for each in connections) == MOST_WAITING
    assert await peers.tags(connections[-1]) == {}
    ready.set()
    for connection in connections[:MOST_WAITING]:
        if connection.looking is not None:
            await connection.looking
    peers.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_linux_finds_the_process_behind_a_socket(listener: socket.socket, tmp_path: Path) -> None:
    folder = tmp_path / "harbour"
    folder.mkdir()
    port = listener.getsockname()[1]
    script = f"import socket, sys; s = socket.create_connection(('127.0.0.1', {port})); sys.stdin.read()"
    (folder / "boats.py").write_text(script, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "boats.py"], cwd=folder, stdin=subprocess.PIPE, start_new_session=True
    ) as child:
        accepted, peer = listener.accept()
        with accepted:
            finder = LinuxPeers()
            for _ in range(2):
                found = finder.find(peer, accepted.getsockname())
                assert found is not None
                assert list(found.command) == [sys.executable, "boats.py"]
                assert found.folder == folder
            assert finder.find(("127.0.0.1", 1), accepted.getsockname()) is None
        child.communicate()
