"""Who ends the process ends it: in good order where the screen can, and without it where it cannot."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

GRACE = 4.0
"""Seconds for the screen to leave in good order."""
WRITER = "textual-output"
"""The thread that writes to the terminal, by Textual's name for it."""
_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")


class Endings:
    """The signals that end the process, from `listen` until the end of the `with` around the screen.

    A terminal that nobody reads, or that is gone, blocks whoever writes to it, and the event loop with them.
    Python runs the handlers of signals also then, so they count the grace; a handler of the loop would wait.
    """

    def __init__(self) -> None:
        self._leave: Callable[[int], object] = lambda _: None
        self._status = 0

    def __enter__(self) -> Endings:
        self._terminal = _settings_of_the_terminal()
        self._before = {number: signal.getsignal(number) for number in _numbers()}
        self._hook, threading.excepthook = threading.excepthook, _thread_ended
        for number in self._before:
            _handle(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        _alarm_in(0)
        threading.excepthook = self._hook
        for number, handler in self._before.items():
            _handle(number, handler)

    def listen(self, leave: Callable[[int], object]) -> None:
        """From now on a signal calls `leave`, out of turn, with the status of the shell, 128 and more, and so
        does at once one that came while the screen was made; what has not ended within the grace is ended."""
        self._leave = leave
        if self._status:
            leave(self._status)

    def _heard(self, number: int, _: FrameType | None) -> None:
        if self._status:
            # A terminal that closes says so several times.
            return
        self._status = 128 + number
        _handle(getattr(signal, "SIGALRM", None), self._give_up)
        _alarm_in(GRACE)
        # The loop may just have ended, and the screen with it.
        with suppress(RuntimeError):
            self._leave(self._status)

    def _give_up(self, _number: int, _frame: FrameType | None) -> None:
        """What we have started has a pipe to us, and ends by itself once that is closed."""
        logging.getLogger("console").warning("the terminal takes nothing any more; ended without it")
        _put_back(self._terminal)
        os._exit(self._status)


def _thread_ended(fault: threading.ExceptHookArgs) -> None:
    """Where the one that writes to the terminal has ended, the terminal is gone, whoever says so or not."""
    logging.getLogger("console").error("a thread stopped", exc_info=fault.exc_value)
    if fault.thread is not None and fault.thread.name == WRITER:
        os.kill(os.getpid(), getattr(signal, "SIGHUP", signal.SIGTERM))


def _numbers() -> list[int]:
    """Those that this system has."""
    return [number for name in _NAMES if (number := getattr(signal, name, None)) is not None]


def _handle(number: int | None, handler: Any) -> None:
    # None is what was set by no Python; and outside of the main thread none can be set.
    with suppress(ValueError):
        if number is not None and handler is not None:
            signal.signal(number, handler)


def _alarm_in(seconds: float) -> None:
    # Not every system has it.
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _settings_of_the_terminal() -> list[Any] | None:
    with suppress(ImportError, OSError, ValueError):
        import termios

        with suppress(termios.error):
            return termios.tcgetattr(sys.__stdin__) if sys.__stdin__ else None
    return None


def _put_back(settings: list[Any] | None) -> None:
    if settings is None:
        return
    import termios

    with suppress(termios.error, OSError, ValueError):
        termios.tcsetattr(sys.__stdin__, termios.TCSANOW, settings)  # type: ignore[arg-type]
