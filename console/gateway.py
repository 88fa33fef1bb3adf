"""Finds, starts, attaches to and stops the gateway process that the console works on."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from console.trouble import NOTHING_THERE, WRONG_USE, GatewayFailed
from gateway_core import data_folder

if TYPE_CHECKING:
    from console.client import AdminClient

READY_WITHIN = 15.0
AT_ONCE = 1.5
"""Seconds within which a gateway without running calls has ended."""
STOP_WITHIN = 40.0
"""Seconds: the gateway lets running streams finish for up to 30."""
LOG_NAME = "gateway.log"
TAKEN = "already runs a gateway on this data folder"
"""What the second of two gateways says before it ends."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which gateway is meant: where its data is, and what it is started with. None leaves the default."""

    data: Path = field(default_factory=data_folder)
    config: Path | None = None
    host: str | None = None
    port: int | None = None

    def arguments(self) -> list[str]:
        """For `python -m gateway_core`."""
        words = ["--data", str(self.data)]
        for option, value in (("--config", self.config), ("--host", self.host), ("--port", self.port)):
            if value is not None:
                words += [option, str(value)]
        return words


@dataclass(slots=True)
class GatewayHandle:
    """A gateway that answers. `process` is there where this console started it and so owns it."""

    url: str
    token: str = field(repr=False)
    place: Place | None = None
    """None for a gateway elsewhere."""
    pid: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    kept: bool = False
    """An owned gateway was told (`AdminClient.keep`) to go on without us; set it together with that."""

    @property
    def owned(self) -> bool:
        return self.process is not None

    def client(self) -> AdminClient:
        """A new connection to its admin plane; close it when done."""
        # Loading httpx takes a quarter of a second, which `status` must not pay.
        from console.client import AdminClient

        return AdminClient(self.url, self.token)

    def close(self, waiting: Callable[[], None] = lambda: None) -> None:
        """Lets go of an owned gateway and waits for its end, unless it is kept. `waiting` is called once
        when running calls take their time; a KeyboardInterrupt ends them."""
        if self.process is None or self.process.stdin is None:
            return
        self.process.stdin.close()
        if not self.kept:
            _wait(self.process, self.url, waiting)


def find(data: Path) -> GatewayHandle | None:
    """The gateway that runs on this data folder; None where none answers."""
    try:
        told = json.loads((data / "gateway.json").read_text(encoding="utf-8"))
        url, pid = str(told["url"]), int(told["pid"])
        token = read_token(data / "admin.token")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # After a crash the file stays, and its port may by now belong to somebody else.
    if not lives(pid) or not answers(url):
        return None
    return GatewayHandle(url, token, Place(data=data), pid)


def start(place: Place, meanwhile: Callable[[], object] = lambda: None) -> GatewayHandle:
    """Starts a gateway as a child process that ends when this process does; returns when it is ready.

    meanwhile: called once while it starts. Raises GatewayFailed with the reason that the gateway itself gave.
    """
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = place.data / LOG_NAME
    with open(log, "ab", opener=_private) as stderr:
        began = stderr.tell()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gateway_core", *place.arguments(), "--owner-pipe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            # A Ctrl-C at the terminal is for the console, which then lets the gateway drain.
            start_new_session=True,
        )
    meanwhile()
    return _when_ready(process, place, log, began)


def find_or_start(place: Place, meanwhile: Callable[[], object] = lambda: None) -> GatewayHandle:
    """The running gateway of the data folder, or a new one; meanwhile: as for `start`."""
    return find(place.data) or start(place, meanwhile)


def attach(url: str, token: str) -> GatewayHandle:
    """A gateway elsewhere. Raises GatewayFailed where nothing answers."""
    root = url.rstrip("/")
    told = GatewayFailed(f"{url!r} is no address of a gateway; write http://HOST:PORT", WRONG_USE)
    try:
        parts = urlsplit(root)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise told
        there = answers(root)
    except (ValueError, http.client.InvalidURL):
        raise told from None
    if not there:
        raise GatewayFailed(f"no gateway answers at {root}; is it running, and is the port right?")
    return GatewayHandle(root, token)


def answers(url: str, path: str = "/health/live") -> bool:
    """Whether a gateway answers at this address; with /health/ready: whether it serves calls."""
    try:
        return fetch(url, path, timeout=2.0)[0] == 200
    except OSError:
        return False


def fetch(url: str, path: str, *, token: str | None = None, timeout: float = 5.0) -> tuple[int, bytes]:
    """Status and body of one plain GET, for what must be quick: loading httpx takes longer than asking.

    Raises OSError where nothing answers properly.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=timeout)
    try:
        connection.request("GET", path, headers={"authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError(f"no proper answer from {url}: {error!r}") from error
    finally:
        connection.close()


def read_token(path: Path) -> str:
    """A token out of its file. Raises OSError where it cannot be read."""
    return path.read_text(encoding="ascii").strip()


def lives(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _when_ready(process: subprocess.Popen[bytes], place: Place, log: Path, began: int) -> GatewayHandle:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        found = find(place.data)
        if found and found.pid == process.pid:
            return replace(found, place=place, process=process)
        if ended and found:
            # Another console was quicker; its gateway is as good, and not ours to end.
            _end(process)
            return found
        if ended and (failure := _failure(process.returncode, log, began)):
            _end(process)
            raise failure
        time.sleep(0.02)
    _end(process)
    raise GatewayFailed(f"the gateway was not ready within {READY_WITHIN:.0f} s; see {log}")


def _failure(status: int, log: Path, began: int) -> GatewayFailed | None:
    """Why the process has ended; None where another one holds the folder and will be ready soon."""
    reason = _last_line(log, began)
    if TAKEN in reason:
        return None
    told = reason.removeprefix("llmconsole: ") or f"the gateway ended at once; see {log}"
    return GatewayFailed(told, WRONG_USE if status == WRONG_USE else NOTHING_THERE)


def _last_line(log: Path, began: int) -> str:
    with log.open("rb") as lines:
        lines.seek(began)
        told = [line.strip() for line in _tail(lines).decode("utf-8", "replace").splitlines()]
    return next((line for line in reversed(told) if line), "")


def _tail(file: IO[bytes], most: int = 65_536) -> bytes:
    return file.read()[-most:]


def _wait(process: subprocess.Popen[bytes], url: str, waiting: Callable[[], None]) -> None:
    """Until the gateway has drained. One that still serves after a moment has another console on it."""
    try:
        process.wait(AT_ONCE)
    except subprocess.TimeoutExpired:
        if answers(url, "/health/ready"):
            return
        waiting()
    try:
        process.wait(STOP_WITHIN)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process for certain, and our pipe to it."""
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
