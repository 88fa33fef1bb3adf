"""A program in a pseudo terminal that somebody reads: what it wrote, keys for it, and other sizes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

KEPT = 4 << 20
"""Bytes of the latest output that are kept."""
LEFT_AS_FOUND = (
    (b"\x1b[?1049h", b"\x1b[?1049l"),
    (b"\x1b[?25l", b"\x1b[?25h"),
    (b"\x1b[?1000h", b"\x1b[?1000l"),
    (b"\x1b[?2004h", b"\x1b[?2004l"),
)
"""The alternate screen, a hidden cursor, the mouse, bracketed paste: how each is turned on, and off again."""


class Terminal:
    """Always ended by `close`. size: columns and rows."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (120, 36)
    ) -> None:
        self._ours, self._theirs = pty.openpty()
        self.resize(*size)
        self._before = termios.tcgetattr(self._theirs)
        self.process = subprocess.Popen(
            command,
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            env={**environment, "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        self._written = bytearray()
        self._searched = 0
        self._changed = threading.Condition()
        self._read_on = threading.Event()
        self._read_on.set()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        data = b"\0"
        while data:
            self._read_on.wait()
            try:
                data = os.read(self._ours, 1 << 16)
            except OSError:
                data = b""
            with self._changed:
                self._written += data
                if (surplus := len(self._written) - KEPT) > 0:
                    del self._written[:surplus]
                    self._searched = max(0, self._searched - surplus)
                self._changed.notify_all()

    def resize(self, width: int, height: int) -> None:
        """Another size, told to the program as a terminal tells it."""
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        if hasattr(self, "process") and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGWINCH)

    def look_away(self, seconds: float = 60.0) -> None:
        """Reads no more, and waits until the program cannot write any more. Raises AssertionError."""
        self._read_on.clear()
        deadline = time.monotonic() + seconds
        while select.select([], [self._theirs], [], 0)[1]:
            assert time.monotonic() < deadline, "the program did not fill its terminal"
            # Another size makes a program draw all anew.
            for width in (100, 120):
                self.resize(width, 36)
                time.sleep(0.3)

    @property
    def settings(self) -> list[Any]:
        """What `stty` would print."""
        return termios.tcgetattr(self._theirs)

    def vanish(self) -> None:
        """The terminal is gone, as where its window was closed. Only after `look_away`."""
        os.close(self._theirs)
        os.close(self._ours)
        self._ours = self._theirs = -1

    def press(self, keys: str) -> None:
        """Sends keys; what was written before them is not searched any more."""
        self.forget()
        self.send(keys.encode())

    def send(self, sent: bytes) -> None:
        """Sends bytes as they are."""
        os.write(self._ours, sent)

    def forget(self) -> None:
        """What was written so far is not searched any more."""
        with self._changed:
            self._searched = len(self._written)

    def sees(self, word: str, seconds: float = 60.0) -> float:
        """Waits for a word that is written in one colour; the seconds that it took. Raises AssertionError."""
        begun, wanted = time.perf_counter(), word.encode()
        with self._changed:
            if not self._changed.wait_for(lambda: self._written.find(wanted, self._searched) >= 0, seconds):
                raise AssertionError(
                    f"waited {seconds:g} s for {word!r}; last: {bytes(self._written[-600:])!r}"
                )
        return time.perf_counter() - begun

    @property
    def output(self) -> bytes:
        """All that was written, the latest KEPT bytes of it."""
        with self._changed:
            return bytes(self._written)

    def wait(self, seconds: float = 30.0) -> int:
        """The exit status of a program that ends by itself."""
        return self.process.wait(seconds)

    def left_behind(self) -> list[str]:
        """What a program that has ended did not put back, in words; empty for a good guest."""
        time.sleep(0.1)
        written = self.output
        found = [
            f"{off!r} is missing"
            for on, off in LEFT_AS_FOUND
            if on in written and written.rfind(off) < written.rfind(on)
        ]
        if termios.tcgetattr(self._theirs) != self._before:
            found.append("the terminal's own settings (stty)")
        return found

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._read_on.set()
        if self._ours >= 0:
            os.close(self._theirs)
            os.close(self._ours)
