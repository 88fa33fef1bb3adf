"""Ana: vibing with a coding assistant on Claude, long conversations with cache marks, streamed."""

from __future__ import annotations

import random
from typing import Any

from gateway_core.simulated.habits.texts import document, events, tool
from gateway_core.simulated.seat import Credential, Person, Seat

ANA = Person(
    name="ana",
    agent="claude-cli/2.1.197 (external, cli)",
    tags="user=ana,team=apps,project=web,app=claude-code,mode=vibing",
    headers={"x-app": "cli"},
)

HACKERS = tuple(
    Person(
        name=name,
        agent=ANA.agent,
        tags=f"user={name},team=apps,project=hackathon,app=claude-code,mode=vibing",
        headers=ANA.headers,
    )
    for name in ("dan", "eve", "fay")
)
"""They come together once in a quarter of an hour, and vibe."""

_MODELS = ("claude-opus-5-5", "claude-opus-5-5", "claude-fable-5-2", "claude-sonnet-5-5")
_MARK = {"type": "ephemeral"}
_ASKS = (
    "make the header sticky and a bit softer",
    "why does the list flicker when I scroll?",
    "can we have a dark mode without touching every component",
    "that broke the tests, please look again",
    "move this into its own hook",
    "write a test for the empty state",
)
_TOOLS = (
    tool("Read", "Read a file from the working folder.", path="file to read"),
    tool("Edit", "Replace text in a file.", path="file to change", old="text now", new="text then"),
    tool("Bash", "Run a command in the shell.", command="the command"),
    tool("Grep", "Search files for a pattern.", pattern="regular expression", path="where"),
)


async def chat(seat: Seat) -> None:
    """One conversation after the other, for ever."""
    rules = document(seat.chance, 12_000)
    while True:
        await _conversation(seat, rules)
        await seat.pause(seat.chance.uniform(3, 8))


async def chat_by_the_clock(seat: Seat) -> None:
    """The same, with the time before the rules: no prompt begins as the one before, so none is read from the
    provider's cache, and each is written to it anew."""
    rules = document(seat.chance, 12_000)
    while True:
        await _conversation(seat, rules, timed=True)


async def _conversation(seat: Seat, rules: str, *, timed: bool = False) -> None:
    session = f"{seat.chance.getrandbits(64):016x}"
    began = seat.chance.randrange(9 * 3600, 17 * 3600)
    model = seat.chance.choice(_MODELS)
    turns: list[dict[str, Any]] = []
    for number in range(seat.chance.randint(4, 9)):
        stamp = _time(began + 7 * number) if timed else ""
        turns.append({"role": "user", "content": [_marked(_question(seat.chance))]})
        leaves = 6_000 if seat.chance.random() < 0.05 else None
        raw = await seat.call(
            Credential.ANTHROPIC,
            "/v1/messages?beta=true",
            _body(model, stamp + rules, turns, session),
            headers={"x-claude-code-session-id": session, "x-sim-output": str(seat.chance.randint(150, 700))},
            leave_after=leaves,
        )
        if raw is None:
            return
        turns = [_without_mark(turn) for turn in turns]
        turns.append({"role": "assistant", "content": [{"type": "text", "text": _said(raw)}]})
        await seat.pause(seat.chance.uniform(1, 4))


def _time(seconds: int) -> str:
    return f"The time is {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.\n"


def _question(chance: random.Random) -> str:
    pasted = document(chance, chance.randint(200, 2_000))
    return f"{chance.choice(_ASKS)}\n\n{pasted}"


def _body(model: str, rules: str, turns: list[dict[str, Any]], session: str) -> dict[str, Any]:
    tools = [
        {"name": one["name"], "description": one["description"], "input_schema": one["parameters"]}
        for one in _TOOLS
    ]
    return {
        "model": model,
        "max_tokens": 8_000,
        "stream": True,
        "system": [{"type": "text", "text": "You are a coding assistant."}, _marked(rules)],
        "tools": tools,
        "messages": list(turns),
        "metadata": {"user_id": f"user_ana_session_{session}"},
    }


def _marked(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "cache_control": _MARK}


def _without_mark(turn: dict[str, Any]) -> dict[str, Any]:
    parts = [{"type": "text", "text": part["text"]} for part in turn["content"]]
    return {"role": turn["role"], "content": parts}


def _said(raw: bytes) -> str:
    deltas = [event["delta"] for event in events(raw) if event["type"] == "content_block_delta"]
    return "".join(delta.get("text", "") for delta in deltas) or "…"
