"""The events of a streamed Anthropic message, made from the finished one.

https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from gateway_core.simulated.answer import Answer
from gateway_core.simulated.wire.base import Event, encode

_STOPS = {"stop_reason", "stop_sequence", "stop_details"}
"""What is known of a message when it has ended."""


def _say(kind: str, content: bool = False, **fields: Any) -> Event:
    return Event(
        b"event: " + kind.encode() + b"\ndata: " + encode({"type": kind, **fields}) + b"\n\n", content
    )


def events(answer: Answer, finished: dict[str, Any]) -> Iterator[Event]:
    """message_start with the input side of the usage … message_delta with the whole of it, message_stop."""
    opening = {**finished, "content": [], **dict.fromkeys(_STOPS & finished.keys())}
    if finished.get("usage"):
        opening["usage"] = _opening_usage(finished["usage"])
    yield _say("message_start", message=opening)
    for at, block in enumerate(finished["content"]):
        yield from _block(at, block, answer)
    closing: dict[str, Any] = {"delta": {name: value for name, value in finished.items() if name in _STOPS}}
    if "usage" in finished:
        closing["usage"] = _closing_usage(finished["usage"])
    yield _say("message_delta", **closing)
    yield _say("message_stop")


def _opening_usage(usage: dict[str, Any]) -> dict[str, Any]:
    """The input side is whole at the start; of the output one token is counted."""
    opening = {name: value for name, value in usage.items() if name != "output_tokens_details"}
    return opening | {"output_tokens": 1} if "output_tokens" in opening else opening


def _closing_usage(usage: dict[str, Any] | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    return {name: value for name, value in usage.items() if name not in ("cache_creation", "service_tier")}


def _block(at: int, block: dict[str, Any], answer: Answer) -> Iterator[Event]:
    match block["type"]:
        case "thinking":
            begun, deltas = {**block, "thinking": "", "signature": ""}, list(_thinking(block, answer))
        case "tool_use":
            begun, deltas = {**block, "input": {}}, list(_arguments(block, answer))
        case _:
            begun = {**block, "text": ""}
            deltas = [{"type": "text_delta", "text": part} for part in answer.parts(block["text"])]
    yield _say("content_block_start", index=at, content_block=begun)
    if at == 0:
        yield _say("ping")
    for delta in deltas:
        yield _say("content_block_delta", delta["type"] != "signature_delta", index=at, delta=delta)
    yield _say("content_block_stop", index=at)


def _thinking(block: dict[str, Any], answer: Answer) -> Iterator[dict[str, str]]:
    for part in answer.thinking_parts():
        yield {"type": "thinking_delta", "thinking": part}
    yield {"type": "signature_delta", "signature": block["signature"]}


def _arguments(block: dict[str, Any], answer: Answer) -> Iterator[dict[str, str]]:
    yield {"type": "input_json_delta", "partial_json": ""}
    for part in answer.parts(msgspec.json.encode(block["input"]).decode()):
        yield {"type": "input_json_delta", "partial_json": part}
