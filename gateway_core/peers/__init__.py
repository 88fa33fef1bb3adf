"""Who calls from this machine: the program behind a loopback connection, its working folder and git branch.

Looking costs milliseconds, so it is done in a thread of its own, once for each connection; a request waits
for it no longer than PATIENCE, and what comes later counts for the connection's next request. Nothing is
ever asked of a process but its names, and nothing that cannot be read is an error.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

from gateway_core.model.tags import Tags
from gateway_core.peers.program import Program, program_tags
from gateway_core.peers.surroundings import found_tags

__all__ = ["Connection", "Peers", "found_tags"]

Address = tuple[str, int]
Find = Callable[[Address, Address], Program | None]
"""The program at the other end of a connection: its address, and ours."""

PATIENCE = 0.02
"""Seconds that a request waits at the most: Linux answers in a few milliseconds, macOS later."""
MOST_WAITING = 32
"""Connections that may wait for the thread; in a flood the others go without."""
LOOPBACK = ("127.", "::1", "::ffff:127.")
NOBODY: Tags = MappingProxyType({})


@dataclass(slots=True)
class Connection:
    """What is known of a connection's other end, as long as it lasts."""

    tags: Tags | None = None
    """None until somebody has looked."""
    looking: asyncio.Future[Tags] | None = None


class Peers:
    """Looks at the other ends of connections. Belongs to one event loop."""

    def __init__(self, *, on: bool = True, find: Find | None = None) -> None:
        self._find = find or finder()
        self._on = on and self._find is not None
        self._waiting = 0
        self._threads = ThreadPoolExecutor(1, "peers") if self._on else None

    def look(self, connection: Connection, peer: Address | None, own: Address) -> None:
        """Begins to look, unless that was done. Never waits."""
        if connection.tags is not None or connection.looking is not None:
            return
        if self._threads is None or peer is None or not peer[0].startswith(LOOPBACK):
            connection.tags = NOBODY
            return
        if self._waiting >= MOST_WAITING:
            return
        self._waiting += 1
        loop = asyncio.get_running_loop()
        connection.looking = loop.run_in_executor(self._threads, self._tags, peer, own)
        connection.looking.add_done_callback(lambda found: self._found(connection, found))

    async def tags(self, connection: Connection) -> Tags:
        """What was found, or is found within PATIENCE; nothing else is an error."""
        if connection.tags is None and connection.looking is not None:
            await asyncio.wait([connection.looking], timeout=PATIENCE)
        return connection.tags or NOBODY

    def close(self) -> None:
        """Ends the thread without waiting for it."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _tags(self, peer: Address, own: Address) -> Tags:
        """In the thread."""
        assert self._find is not None
        try:
            program = self._find(peer, own)
        except OSError:
            return NOBODY
        return NOBODY if program is None else program_tags(program)

    def _found(self, connection: Connection, found: asyncio.Future[Tags]) -> None:
        self._waiting -= 1
        connection.looking = None
        connection.tags = NOBODY if found.cancelled() or found.exception() else found.result()


def finder(platform: str = sys.platform) -> Find | None:
    """How this system tells who calls; None where it does not."""
    if platform == "linux":
        from gateway_core.peers.linux import LinuxPeers

        return LinuxPeers().find
    if platform == "darwin":
        from gateway_core.peers.mac import find

        return find
    return None
