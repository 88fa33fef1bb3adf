"""An event loop in which time passes only while everybody waits, and then at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from gateway_core.clock import Clock


class Stuck(Exception):
    """Nothing is ready and no timer runs: somebody waits for ever."""


class SimulatedClock(Clock):
    """Wall time that may be set, monotonic time that never runs back. The machine's own wall clock, which
    the store asks, follows."""

    def __init__(self, at: datetime) -> None:
        self._started = at
        self._set_by = timedelta()
        self._seconds = 0.0
        self._machine = time_machine.travel(at, tick=False)
        self._moving: Any = None

    def __enter__(self) -> SimulatedClock:
        self._moving = self._machine.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.stop()

    def now(self) -> datetime:
        return self._started + self._set_by + timedelta(seconds=round(self._seconds, 6))

    def monotonic(self) -> float:
        return self._seconds

    def advance_to(self, seconds: float) -> None:
        """Lets time pass until that many seconds after the beginning."""
        self._seconds = max(self._seconds, seconds)
        self._tell()

    def set_by(self, delta: timedelta) -> None:
        """Somebody sets the machine's clock."""
        self._set_by += delta
        self._tell()

    def _tell(self) -> None:
        self._moving.move_to(self.now().astimezone(UTC))


class _Selector:
    """Where a loop waits: there is nothing to wait for but time."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Stuck
        if timeout > 0:
            self._loop.pass_time()
        return []


class SimulatedLoop(asyncio.BaseEventLoop):
    """Runs in one thread; `looked` is called after each round of what was ready. Work that others would give
    to a worker thread is done in between."""

    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, clock: SimulatedClock, looked: Callable[[], None]) -> None:
        super().__init__()
        self._clock = clock
        self._looked = looked
        self._selector = _Selector(self)
        self._clock_resolution = 1e-9
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        return self._clock.monotonic()

    def pass_time(self) -> None:
        """To the first timer."""
        self._clock.advance_to(self._scheduled[0].when())

    def _run_once(self) -> None:
        super()._run_once()  # type: ignore[misc]
        self._looked()

    def _process_events(self, event_list: list[Any]) -> None:
        return

    def _write_to_self(self) -> None:
        return

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            answer = func(*args)
        except Exception as error:
            self.call_soon(_told, future.set_exception, future, error)
        else:
            self.call_soon(_told, future.set_result, future, answer)
        return future

    def abandon(self) -> None:
        """The process died: nothing that was under way comes to its end here."""
        for task in asyncio.all_tasks(self):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            # What stands in a `finally` runs now, in memory that nobody reads any more, and not when Python
            # comes to sweep it up.
            with contextlib.suppress(BaseException):
                task.get_coro().close()
        self.close()


def _told(tell: Callable[[Any], None], future: asyncio.Future[Any], what: Any) -> None:
    if not future.done():
        tell(what)


async def at_once(func: Callable[..., Any], *args: Any, **_: Any) -> Any:
    """In place of a worker thread."""
    await asyncio.sleep(0)
    return func(*args)
