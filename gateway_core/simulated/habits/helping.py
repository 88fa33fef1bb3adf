"""A help desk: short questions answered by a provider of its own, which has a bad time now and then."""

from __future__ import annotations

from collections.abc import Mapping

from gateway_core.simulated.habits.texts import document
from gateway_core.simulated.seat import Credential, Person, Seat

DESK = Person(
    name="desk",
    agent="OpenAI/Python 3.54.0",
    tags="team=support,project=helpdesk,app=help-bot,mode=building",
)

MODEL = "mistral-medium-latest"
_LATE = 3
"""Answers that come late before none comes any more."""
LATENESS = 4.0
"""Seconds at speed 1."""
_QUESTIONS = (
    "How do I change the address of my invoice?",
    "The export is empty since this morning.",
    "Can two people share a seat?",
    "Where do I find the old reports?",
)


async def help_out(seat: Seat) -> None:
    """One question every few seconds, for ever."""
    while True:
        await _answer(seat, {})
        await seat.pause(seat.chance.uniform(5, 11))


async def wait_in_vain(seat: Seat) -> None:
    """The provider answers late for a while, then fails every call, for ever."""
    for _ in range(_LATE):
        await _answer(seat, {"x-sim-hang": str(seat.real(LATENESS))})
    while True:
        await _answer(seat, {"x-sim-status": "503", "x-sim-at": MODEL})
        await seat.pause(2)


async def _answer(seat: Seat, troubles: Mapping[str, str]) -> None:
    question = f"{seat.chance.choice(_QUESTIONS)}\n\n{document(seat.chance, seat.chance.randint(80, 300))}"
    body = {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "You are the help desk. Be kind and short."},
            {"role": "user", "content": question},
        ],
        "max_completion_tokens": 600,
        "stream": True,
    }
    headers = {"x-sim-output": str(seat.chance.randint(60, 180)), **troubles}
    await seat.call(Credential.BEARER, "/v1/chat/completions", body, headers=headers)
