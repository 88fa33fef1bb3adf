"""Gateways and commands that are forked from a process which has loaded what every run of them loads alike.

What is forked is a process of its own, with the arguments, environment, folder, files, signals and exit
status that it would have as `python -m`; the start of a gateway costs a fifth of what it costs anew.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal

from tests.support.processes import clean_environment
from tests.support.sources import ROOT

Kind = Literal["gateway", "console"]
Files = tuple[IO[Any], IO[Any], IO[Any]]

# What Python or the loader reads while a process starts: a fork comes too late for it.
_READ_AT_THE_START = ("PYTHON", "LD_", "DYLD_", "LC_", "LANG")
_READ_WHEN_NEEDED = {"PYTHON_KEYRING_BACKEND"}


def can_fork(more: Mapping[str, str] | None) -> bool:
    """Whether a process with this in its environment may be forked. Elsewhere than on Linux none is."""
    early = {name for name in more or {} if name.startswith(_READ_AT_THE_START)}
    return sys.platform == "linux" and early <= _READ_WHEN_NEEDED


class Forked:
    """A process of that kind, with what tests use of `subprocess.Popen`. files: its standard three."""

    stdin = None

    def __init__(
        self, kind: Kind, arguments: Sequence[str], *, files: Files, environment: Mapping[str, str], cwd: Path
    ) -> None:
        self.returncode: int | None = None
        self._news, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        asked = {"arguments": list(arguments), "environment": dict(environment), "cwd": str(cwd)}
        with theirs:
            handed = [theirs.fileno(), *(file.fileno() for file in files)]
            socket.send_fds(_parent(kind), [json.dumps(asked).encode()], handed)
        self.pid = self._told()

    def _told(self) -> int:
        """The next number from the process that forks: first the pid, then the exit status."""
        news = self._news.recv(64)
        assert news, "the process that forks has ended"
        return int(news)

    def poll(self) -> int | None:
        return self._status(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._status(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def _status(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._news], [], [], timeout)[0]:
            self.returncode = self._told()
            self._news.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _parent(kind: Kind) -> socket.socket:
    """Our end of the process that forks this kind, one for all tests of this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forking", kind, str(theirs.fileno())],
            env=clean_environment(Path(os.devnull)),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def run_forked(
    kind: Kind, words: Sequence[str], *, environment: Mapping[str, str], cwd: Path, stdin: str, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Like `subprocess.run` with what it says captured as text."""
    with TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        given.write(stdin)
        given.seek(0)
        process = Forked(kind, words, files=(given, out, err), environment=environment, cwd=cwd)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(list(words), status, out.read(), err.read())
