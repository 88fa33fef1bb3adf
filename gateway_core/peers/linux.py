"""The program at the other end of a loopback connection, as Linux tells it under /proc.

`/proc/net/tcp` names the inode of each socket, and the links in `/proc/PID/fd` who holds it (proc(5)).
Processes of other users cannot be read, and are not found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway_core.peers.program import Program

PROC = Path("/proc")
_TABLES = ("tcp", "tcp6")
_REMEMBERED = 32


class LinuxPeers:
    """Remembers who called last: an agent opens connection after connection."""

    def __init__(self, proc: Path = PROC) -> None:
        self._proc = str(proc)
        self._last: list[int] = []

    def find(self, peer: tuple[str, int], own: tuple[str, int]) -> Program | None:
        """The program that holds the socket; None where nobody is found."""
        inode = self._inode(peer[1], own[1])
        if inode is None:
            return None
        link = f"socket:[{inode}]"
        pid = next((pid for pid in self._candidates() if self._holds(pid, link)), None)
        if pid is None:
            return None
        self._last = [pid, *(each for each in self._last if each != pid)][:_REMEMBERED]
        return self._program(pid)

    def _inode(self, peer: int, own: int) -> str | None:
        """Of the socket whose own port is the peer's, and whose other one is ours."""
        local, remote = f":{peer:04X}".encode(), f":{own:04X}".encode()
        for table in _TABLES:
            with suppress(OSError), open(f"{self._proc}/net/{table}", "rb") as file:
                for line in file:
                    # sl local rem st tx:rx tr:when retrnsmt uid timeout inode …
                    if local in line:
                        words = line.split(None, 10)
                        if words[1].endswith(local) and words[2].endswith(remote) and words[9] != b"0":
                            return words[9].decode()
        return None

    def _candidates(self) -> Iterator[int]:
        """Those who called before, then all others, the youngest first."""
        yield from tuple(self._last)
        with suppress(OSError):
            pids = [int(name) for name in os.listdir(self._proc) if name.isdigit()]
            yield from sorted(set(pids) - {os.getpid(), *self._last}, reverse=True)

    def _holds(self, pid: int, link: str) -> bool:
        folder = f"{self._proc}/{pid}/fd"
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(OSError):
                        if os.readlink(entry.path) == link:
                            return True
        except OSError:
            # Somebody else's, or gone.
            return False
        return False

    def _program(self, pid: int) -> Program | None:
        try:
            with open(f"{self._proc}/{pid}/cmdline", "rb") as file:
                words = file.read(65_536).decode("utf-8", "replace").rstrip("\0").split("\0")
        except OSError:
            return None
        folder: Path | None = None
        with suppress(OSError):
            folder = Path(os.readlink(f"{self._proc}/{pid}/cwd"))
        return Program([word for word in words if word], folder)
