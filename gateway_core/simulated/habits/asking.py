"""Cyd: questions about long documents on Gemini; her client can only set a URL."""

from __future__ import annotations

from typing import Any

from gateway_core.simulated.habits.texts import document, events
from gateway_core.simulated.seat import Credential, Person, Seat

CYD = Person(
    name="cyd",
    agent="google-genai-sdk/3.4.0 gl-python/3.12",
    tags="user=cyd,team=research,project=atlas,app=notebook",
    by_path=True,
)

_MODELS = ("gemini-3.1-pro-preview", "gemini-3.8-flash")
_QUESTIONS = (
    "Which of these findings contradict each other?",
    "Summarise the second half for somebody in a hurry.",
    "What would change if the sample were twice as large?",
    "List the assumptions, the weakest first.",
)


async def ask(seat: Seat) -> None:
    """One document after the other, a few questions on each, for ever."""
    while True:
        await _document(seat)
        await seat.pause(seat.chance.uniform(3, 9))


async def _document(seat: Seat) -> None:
    model = seat.chance.choice(_MODELS)
    turns: list[dict[str, Any]] = [_turn("user", document(seat.chance, seat.chance.randint(4_000, 14_000)))]
    for _ in range(seat.chance.randint(2, 4)):
        turns[-1]["parts"].append({"text": seat.chance.choice(_QUESTIONS)})
        raw = await seat.call(
            Credential.GEMINI,
            f"/v1beta/models/{model}:streamGenerateContent?alt=sse",
            {"contents": turns, "generationConfig": {"maxOutputTokens": 4_096}},
            headers={"x-sim-output": str(seat.chance.randint(200, 800))},
        )
        if raw is None:
            return
        turns += [_turn("model", _said(raw)), {"role": "user", "parts": []}]
        await seat.pause(seat.chance.uniform(4, 9))


def _turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text}]}


def _said(raw: bytes) -> str:
    candidates = [event["candidates"][0] for event in events(raw) if event.get("candidates")]
    texts = [part.get("text", "") for one in candidates for part in one["content"]["parts"]]
    return "".join(texts) or "…"
