"""A process for test_killed: writes rows and says which are acknowledged, until it is killed."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

from gateway_core.model.rows import Attempt
from gateway_core.store.ledger import Ledger
from tests.gateway_core.store.making import ending, opening, trying

CALLERS = 20
TRIED = 37
"""What the earlier try of a call cost, where there was one."""


def say(word: str, call_id: str) -> None:
    """One write: a line is there whole or not at all, also when the process dies."""
    os.write(1, f"{word} {call_id}\n".encode())


def held(call_id: str) -> int:
    """What a call holds; it costs half of it."""
    return 1000 + 2 * (sum(call_id.encode()) % 500)


async def caller(ledger: Ledger, prefix: str, chance: random.Random) -> None:
    number = 0
    while True:
        number += 1
        call_id = f"{prefix}-{number:06}"
        tags = {"project": chance.choice("abc")}
        earlier: tuple[Attempt, ...] = ()
        await ledger.open_row(opening(call_id, held_nano=held(call_id), tags=tags))
        say("open", call_id)
        if chance.random() < 0.3:
            earlier = (trying(1, cost_nano=TRIED),)
            await ledger.open_row(opening(call_id, held_nano=held(call_id), tags=tags, earlier=earlier))
            say("tried", call_id)
        if chance.random() < 0.3:
            await asyncio.sleep(chance.random() * 0.01)
        ledger.finish(ending(call_id, cost_nano=held(call_id) // 2, tags=tags, earlier=earlier))
        if chance.random() < 0.5 and await ledger.settled(call_id):
            say("settled", call_id)


async def main(path: Path, seed: int) -> None:
    ledger = Ledger(path)
    ledger.start()
    async with asyncio.TaskGroup() as group:
        for number in range(CALLERS):
            group.create_task(caller(ledger, f"{seed}-{number}", random.Random(seed * 100 + number)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
