"""One gateway per data folder: the lock, the note that says where it listens, and the port it takes."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from errno import EADDRINUSE
from pathlib import Path

from filelock import FileLock, Timeout

from gateway_core.folder.private import private_folder, write_private
from gateway_core.model.errors import StartError

NOTE = "gateway.json"
LOCK = "gateway.lock"


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Holds the data folder. Raises StartError naming the gateway that holds it already."""
    private_folder(data)
    lock = FileLock(data / LOCK, mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        note = read_note(data)
        who = f"process {note['pid']} at {note['url']}" if note else "another process"
        raise StartError(
            f"{data}: {who} already runs a gateway on this data folder; attach to it, or name another folder"
        ) from None
    try:
        yield
    finally:
        lock.release()


def read_note(data: Path) -> dict[str, str] | None:
    """What the running gateway wrote about itself; None where there is no note or a broken one."""
    try:
        note = json.loads((data / NOTE).read_text(encoding="utf-8"))
        return {"pid": str(note["pid"]), "url": str(note["url"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def noted(data: Path, *, url: str, version: str, started_at: str) -> Iterator[None]:
    """Leaves word of where the gateway listens for as long as it does."""
    note = {"url": url, "pid": os.getpid(), "version": version, "started_at": started_at}
    write_private(data / NOTE, json.dumps(note) + "\n")
    try:
        yield
    finally:
        (data / NOTE).unlink(missing_ok=True)


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets: for loopback both 127.0.0.1 and, where it is there, ::1, on the same port.

    Raises StartError saying who holds the port.
    """
    first = _bound(host if host not in ("localhost", "::1") else "127.0.0.1", port)
    sockets = [first]
    if host in ("127.0.0.1", "localhost", "::1"):
        with contextlib.suppress(OSError, StartError):
            sockets.append(_bound("::1", first.getsockname()[1]))
    return sockets


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen(2048)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        raise StartError(_why_not(host, port, error)) from None
    return sock


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == EADDRINUSE:
        holder = _holder(port)
        who = f" by {holder}" if holder else ""
        return f"port {port} on {host} is taken{who}; choose another with --port, or end that program"
    return f"cannot listen on {host} port {port}: {error.strerror}; choose another with --host and --port"


def _holder(port: int) -> str | None:
    """Name and number of the process that listens on the port, as far as /proc tells."""
    try:
        inodes = {
            fields[9]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for fields in (line.split() for line in Path(table).read_text().splitlines()[1:])
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port
        }
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and _holds(folder, inodes):
                name = (folder / "comm").read_text().strip()
                return f"{name} (process {folder.name})"
    except OSError:
        return None
    return None


def _holds(process: Path, inodes: set[str]) -> bool:
    try:
        links = [os.readlink(each) for each in (process / "fd").iterdir()]
    except OSError:
        return False
    return any(f"socket:[{inode}]" in links for inode in inodes)
