"""The owner at the other end of stdin, by which a process learns of their end and of the speed they want."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable

import anyio
import anyio.from_thread
import anyio.lowlevel


async def follow_stdin(scope: anyio.CancelScope, hasten: Callable[[float], object]) -> None:
    """Cancels the scope at the end of stdin. A line with a number above 0 is the speed from then on."""
    ended = anyio.Event()
    token = anyio.lowlevel.current_token()

    def hear(line: bytes) -> None:
        with contextlib.suppress(ValueError):
            if (speed := float(line)) > 0:
                hasten(speed)

    def watch() -> None:
        # The loop may have ended by itself meanwhile; then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            for line in sys.stdin.buffer:
                anyio.from_thread.run_sync(hear, line, token=token)
            anyio.from_thread.run_sync(ended.set, token=token)

    # A daemon thread: a read of stdin that never returns must not keep the process alive.
    threading.Thread(target=watch, daemon=True).start()
    await ended.wait()
    scope.cancel()
