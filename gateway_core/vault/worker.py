"""A thread for calls that may hang: on a dialogue that nobody answers, on a service that is stuck."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class CallFailed(Exception):
    """A call raised something; `error` is the name of its type."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


class Overdue(Exception):
    """A call has not come back within the time limit. It goes on, and so may its answer still come."""


@dataclass(slots=True)
class _Job(Generic[T]):
    call: Callable[[], T]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]

    def run(self) -> None:
        try:
            self._tell(self.future.set_result, self.call())
        except BaseException as error:
            self._tell(self.future.set_exception, CallFailed(type(error).__name__, str(error)))
            if not isinstance(error, Exception):
                raise

    def _tell(self, tell: Callable[[Any], None], outcome: object) -> None:
        # A loop that has closed in the meantime needs no answer any more.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(tell, outcome)


class Worker:
    """Runs calls one after the other. Its thread never keeps the process from ending."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._seconds = seconds
        self._jobs: queue.SimpleQueue[_Job[Any]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy_since: float | None = None

    @property
    def stuck(self) -> bool:
        """Whether the running call is over its time limit, so that others would only queue up behind it."""
        since = self._busy_since
        return since is not None and time.monotonic() - since > self._seconds

    def start(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """The call's outcome to come: its result or CallFailed. It is never cancelled by who waits for it."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        # Nobody may be left to look when it fails at last.
        future.add_done_callback(lambda done: done.exception())
        self._jobs.put(_Job(call, loop, future))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        return future

    async def wait(self, future: asyncio.Future[T]) -> T:
        """The outcome of a started call. Raises CallFailed, and Overdue once the time limit has passed."""
        if not future.done():
            if self.stuck:
                raise Overdue
            await asyncio.wait([future], timeout=self._seconds)
        if not future.done():
            raise Overdue
        return future.result()

    async def run(self, call: Callable[[], T]) -> T:
        """Starts a call and waits for it, unless an earlier one is stuck. Raises CallFailed and Overdue."""
        if self.stuck:
            raise Overdue
        return await self.wait(self.start(call))

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            self._busy_since = time.monotonic()
            job.run()
            self._busy_since = None
