"""A CI job: bursts of short calls, many of them the very same, which the exact cache can answer."""

from __future__ import annotations

import random
from typing import Any

import anyio

from gateway_core.simulated.habits.texts import document
from gateway_core.simulated.seat import Credential, Person, Seat

CI = Person(
    name="ci",
    agent="OpenAI/Python 3.54.0",
    tags="user=ci,team=platform,project=web,app=review-bot,mode=building",
)

_MODEL = "gpt-5-mini"
_CHECKS = ("naming", "error handling", "a missing test", "a changed interface", "a leaked secret", "spelling")
_KNOWN_FILES = 36


async def check(seat: Seat) -> None:
    """A run of checks every quarter of a minute, for ever."""
    while True:
        await _burst(seat, seat.chance.randint(3, 8))
        await seat.pause(seat.chance.uniform(9, 18))


async def _burst(seat: Seat, calls: int) -> None:
    """So many short calls, nearly at once."""
    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(_one, seat, _body(seat))
            await seat.pause(seat.chance.uniform(0.05, 0.6))


async def _one(seat: Seat, body: dict[str, Any]) -> None:
    headers = {"x-llmconsole-cache": "on"}
    await seat.call(Credential.BEARER, "/v1/chat/completions", body, headers=headers)


def _body(seat: Seat) -> dict[str, Any]:
    """Half of the files are unchanged since the last run: the same bytes again."""
    known = seat.chance.random() < 0.5
    number = seat.chance.randrange(_KNOWN_FILES) if known else seat.chance.randrange(1 << 24)
    wanted = _CHECKS[number % len(_CHECKS)]
    diff = document(random.Random(number), 300)
    return {
        "model": _MODEL,
        "messages": [
            {"role": "system", "content": f"Look for {wanted}. Answer in a few words."},
            {"role": "user", "content": diff},
        ],
        "max_completion_tokens": 400,
        "reasoning_effort": "minimal",
    }
