"""Simulated developers and their programs, who send real HTTP traffic to a gateway: the life of the demo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import anyio
import httpx

from gateway_core.simulated.acts import STORY, Act, ActKind, play
from gateway_core.simulated.habits.asking import CYD, ask
from gateway_core.simulated.habits.building import BO, build, run_away
from gateway_core.simulated.habits.chatting import ANA, HACKERS, chat, chat_by_the_clock
from gateway_core.simulated.habits.checking import CI, check
from gateway_core.simulated.habits.helping import DESK, help_out, wait_in_vain
from gateway_core.simulated.habits.indexing import INDEXER, index
from gateway_core.simulated.pace import Pace
from gateway_core.simulated.seat import OnCall, Person, Seat

Habit = Callable[[Seat], Awaitable[None]]

DEVELOPERS: tuple[tuple[Person, Habit], ...] = (
    (ANA, chat),
    (BO, build),
    (CYD, ask),
    (CI, check),
    (INDEXER, index),
    (DESK, help_out),
)
_TIMEOUT = 120.0


async def develop(
    base_url: str,
    token: str,
    *,
    seed: int = 0,
    pace: Pace | None = None,
    seconds: float | None = None,
    on_call: OnCall | None = None,
    story: Sequence[Act] = STORY,
) -> None:
    """Work on the gateway at `base_url` with a client token until cancelled or for so many real seconds.

    `pace` shortens the developers' pauses, and may change at any time; `on_call` hears of every call that
    ended. Refusals, failures and a gateway that is away are waited out. Prints nothing, ends at once when
    cancelled.
    """
    pace = pace or Pace()
    with anyio.move_on_after(seconds):
        # Loopback only: neither the proxies of the environment nor certificates play a part.
        async with httpx.AsyncClient(
            base_url=base_url,
            timeout=_TIMEOUT,
            trust_env=False,
            verify=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        ) as client:

            def seat_for(person: Person, part: str = "") -> Seat:
                return Seat(client, token, person, seed=f"{seed}{part}", pace=pace, on_call=on_call)

            async with anyio.create_task_group() as group:
                for number, (person, habit) in enumerate(DEVELOPERS):
                    group.start_soon(_work, habit, seat_for(person), number * 0.7)
                scenes = {
                    ActKind.BURST: lambda: _together([seat_for(each) for each in HACKERS]),
                    ActKind.LOOP: lambda: run_away(seat_for(BO, "loop")),
                    ActKind.SLOW: lambda: wait_in_vain(seat_for(DESK, "slow")),
                    ActKind.BREAK: lambda: chat_by_the_clock(seat_for(ANA, "break")),
                }
                group.start_soon(play, story, scenes, pace)


async def _work(habit: Habit, seat: Seat, after: float) -> None:
    await seat.pause(after)
    await habit(seat)


async def _together(seats: Sequence[Seat]) -> None:
    async with anyio.create_task_group() as group:
        for seat in seats:
            group.start_soon(chat, seat)
