"""A program in a pseudo terminal that somebody reads: its output, its CPU time and memory, and keys for it."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence

from benchmarks.processes import cpu_seconds, resident_mb

WIDTH, HEIGHT = 120, 36
_KEPT = 1 << 20
"""Bytes of output that are searched for what was waited for."""


class Terminal:
    """Always ended by `close`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(theirs)
        self._terminal = ours
        self._seen = bytearray()
        self._changed = threading.Condition()
        self.written = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._terminal, 1 << 16)
            except OSError:
                data = b""
            with self._changed:
                self._seen += data
                del self._seen[:-_KEPT]
                self.written += len(data)
                self._changed.notify_all()
            if not data:
                return

    def press(self, keys: str) -> None:
        """Sends keys; what was written before them is not searched any more."""
        with self._changed:
            self._seen.clear()
        os.write(self._terminal, keys.encode())

    def sees(self, word: str, seconds: float = 60.0) -> float:
        """Waits for a word that is written in one colour; the seconds that it took. Raises TimeoutError."""
        begun, wanted = time.perf_counter(), word.encode()
        with self._changed:
            if not self._changed.wait_for(lambda: wanted in self._seen, seconds):
                raise TimeoutError(f"waited {seconds:g} s for {word!r}; last: {bytes(self._seen[-400:])!r}")
        return time.perf_counter() - begun

    @property
    def cpu(self) -> float:
        """Seconds of CPU time so far."""
        return cpu_seconds([self._process.pid])

    @property
    def memory(self) -> float:
        """Resident, in megabytes."""
        return resident_mb([self._process.pid])

    def used(self, seconds: float) -> float:
        """Waits so long; the share of a core, in percent, that the program used meanwhile."""
        before, begun = self.cpu, time.perf_counter()
        time.sleep(seconds)
        return (self.cpu - before) / (time.perf_counter() - begun) * 100

    def wait(self, seconds: float = 30.0) -> int:
        """The exit status of a program that ends by itself."""
        return self._process.wait(seconds)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)
