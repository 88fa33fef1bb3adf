"""Bo: an agent at work through OpenAI's Responses, tools in a loop, streamed; and one that runs away."""

from __future__ import annotations

from typing import Any

from gateway_core.simulated.habits.texts import document, events, tool
from gateway_core.simulated.seat import Credential, Person, Seat

BO = Person(
    name="bo",
    agent="codex_exec/0.169.0",
    tags="user=bo,team=platform,project=billing,app=codex,mode=building",
    headers={"originator": "codex_exec"},
)

_MODELS = ("gpt-5.6-terra", "gpt-5.5", "gpt-5.5")
_RUNAWAY_MODEL = "gpt-5-mini"
_TOOLS = [
    {"type": "function", "strict": True, **tool("shell", "Run a command.", command="the command")},
    {"type": "function", "strict": True, **tool("apply_patch", "Change files.", patch="a unified diff")},
]
_TASKS = (
    "make the invoice totals survive a currency change",
    "find out why the nightly export is slow",
    "replace the hand-written retry by the library's own",
)


async def build(seat: Seat) -> None:
    """One task after the other, for ever."""
    instructions = document(seat.chance, 6_000)
    while True:
        await _task(seat, instructions)
        await seat.pause(seat.chance.uniform(4, 12))


async def _task(seat: Seat, instructions: str) -> None:
    session = f"{seat.chance.getrandbits(64):016x}"
    model = seat.chance.choice(_MODELS)
    items: list[dict[str, Any]] = [{"role": "user", "content": seat.chance.choice(_TASKS)}]
    steps = seat.chance.randint(6, 14)
    for step in range(steps):
        working = step < steps - 1
        output = seat.chance.randint(150, 500) if working else seat.chance.randint(500, 1_200)
        body = _body(model, instructions, items, session, "required" if working else "auto")
        answer = await _step(seat, body, session, output)
        if answer is None:
            return
        items.extend(_next_items(seat, answer, seat.chance.randint(300, 2_500)))
        await seat.pause(seat.chance.uniform(0.3, 1.5))


async def run_away(seat: Seat) -> None:
    """The loop that everybody fears: the very same call again and again, whatever comes of it."""
    session = f"{seat.chance.getrandbits(64):016x}"
    instructions = document(seat.chance, 2_000)
    items: list[dict[str, Any]] = [{"role": "user", "content": "get the tests green, do not stop"}]
    body = _body(_RUNAWAY_MODEL, instructions, items, session, "required")
    while True:
        await _step(seat, body, session, 120)
        await seat.pause(0.4)


async def _step(seat: Seat, body: dict[str, Any], session: str, output: int) -> dict[str, Any] | None:
    headers = {"session-id": session, "x-sim-output": str(output)}
    raw = await seat.call(Credential.BEARER, "/v1/responses", body, headers=headers)
    finished = events(raw) if raw else []
    last = finished[-1] if finished else {}
    response: dict[str, Any] | None = last.get("response")
    return response


def _body(
    model: str, instructions: str, items: list[dict[str, Any]], session: str, tool_choice: str
) -> dict[str, Any]:
    return {
        "model": model,
        "instructions": instructions,
        "input": list(items),
        "tools": _TOOLS,
        "tool_choice": tool_choice,
        "parallel_tool_calls": False,
        "reasoning": {"effort": "low"},
        "store": False,
        "stream": True,
        "prompt_cache_key": session,
    }


def _next_items(seat: Seat, answer: dict[str, Any], result_tokens: int) -> list[dict[str, Any]]:
    """What the agent sends along next: what the model said, and what its tools gave."""
    items: list[dict[str, Any]] = []
    for item in answer["output"]:
        if item["type"] == "function_call":
            call = {name: item[name] for name in ("type", "call_id", "name", "arguments")}
            result = document(seat.chance, result_tokens)
            items += [call, {"type": "function_call_output", "call_id": item["call_id"], "output": result}]
        elif item["type"] == "message":
            items.append({"role": "assistant", "content": item["content"][0]["text"]})
    return items
