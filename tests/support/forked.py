"""Gateways that are forked from a process which has loaded one: a start costs a fifth of what it costs anew.

What is forked is a process of its own, with the arguments, environment, folder, signals and exit status
that it would have as `python -m gateway_core`; only what every run loads alike is there already.
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

from tests.support.processes import clean_environment
from tests.support.sources import ROOT

# What Python or the loader reads while a process starts: a fork comes too late for it.
_READ_AT_THE_START = ("PYTHON", "LD_", "DYLD_", "LC_", "LANG")
_READ_WHEN_NEEDED = {"PYTHON_KEYRING_BACKEND"}


def can_fork(more: Mapping[str, str] | None) -> bool:
    """Whether a gateway with this in its environment may be forked. Elsewhere than on Linux none is."""
    early = {name for name in more or {} if name.startswith(_READ_AT_THE_START)}
    return sys.platform == "linux" and early <= _READ_WHEN_NEEDED


class Forked:
    """A gateway's process, with what tests use of `subprocess.Popen`."""

    stdin = None

    def __init__(self, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> None:
        self.returncode: int | None = None
        self._news, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        asked = {"arguments": list(arguments), "environment": dict(environment), "cwd": str(log.parent)}
        with theirs, log.open("ab") as output:
            socket.send_fds(_parent(), [json.dumps(asked).encode()], [theirs.fileno(), output.fileno()])
        self.pid = self._told()

    def _told(self) -> int:
        """The next number from the process that forks: first the pid, then the exit status."""
        news = self._news.recv(64)
        assert news, "the process that forks gateways has ended"
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
def _parent() -> socket.socket:
    """Our end of the process that forks, one for all tests of this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forking", str(theirs.fileno())],
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
