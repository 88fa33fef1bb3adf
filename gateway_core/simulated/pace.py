"""How fast simulated time passes, and pauses that notice when it is changed under way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio


class Pace:
    """`speed` simulated seconds pass in a real one. Belongs to one event loop."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._changed = anyio.Event()

    def hasten(self, speed: float) -> None:
        """Another speed from now on, also for the pauses that have begun. It must be above 0."""
        self.speed = speed
        changed, self._changed = self._changed, anyio.Event()
        changed.set()

    async def pause(self, seconds: float) -> None:
        """Waits so many simulated seconds."""
        left = seconds
        while left > 0:
            speed, begun, changed = self.speed, anyio.current_time(), self._changed
            with anyio.move_on_after(left / speed) as waiting:
                await changed.wait()
            if waiting.cancelled_caught:
                return
            left -= (anyio.current_time() - begun) * speed

    async def cut(self, scene: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Plays a scene, and cuts it off after so many simulated seconds."""
        async with anyio.create_task_group() as group:

            async def over() -> None:
                await self.pause(seconds)
                group.cancel_scope.cancel()

            group.start_soon(over)
            await scene()
            group.cancel_scope.cancel()
