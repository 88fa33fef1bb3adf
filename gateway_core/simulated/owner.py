"""Ends with the owner: a process that was started for somebody learns of their end by its stdin."""

from __future__ import annotations

import contextlib
import sys
import threading

import anyio
import anyio.from_thread
import anyio.lowlevel


async def cancel_with_stdin(scope: anyio.CancelScope) -> None:
    """Waits for the end of stdin, then cancels the scope."""
    ended = anyio.Event()
    token = anyio.lowlevel.current_token()

    def watch() -> None:
        sys.stdin.buffer.read()
        # The loop may have ended by itself meanwhile; then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            anyio.from_thread.run_sync(ended.set, token=token)

    # A daemon thread: a read of stdin that never returns must not keep the process alive.
    threading.Thread(target=watch, daemon=True).start()
    await ended.wait()
    scope.cancel()
