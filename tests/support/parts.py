"""Answers cut where a client may leave: the same few tokens in each format, as a stream and whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

FIRST, SECOND = "Roses are red, ", "violets are blue, sugar is sweet and so are you."
CONTENT = FIRST + SECOND
INPUT, OUTPUT = 300, 17
"""What the usage of each answer states."""


@dataclass(frozen=True)
class Parts:
    """An answer in five parts; joined they are the whole of it."""

    first: bytes
    """A stream's first event, or the first byte of a body."""
    inside: bytes
    """Up to the middle of an event, or of the text."""
    content: bytes
    """The rest of the content; the usage is still to come."""
    usage: bytes
    """The usage, without the mark of the end."""
    end: bytes
    kind: str = "text/event-stream"

    @property
    def pieces(self) -> tuple[bytes, ...]:
        return self.first, self.inside, self.content, self.usage, self.end

    @property
    def whole(self) -> bytes:
        return b"".join(self.pieces)


def stream_parts(format: str) -> Parts:
    """The answer as a stream of that format."""
    return {"openai": _chat, "responses": _responses, "anthropic": _messages, "gemini": _gemini}[format]()


def whole_parts(format: str) -> Parts:
    """The answer as one body of that format."""
    body = json.dumps(_WHOLE[format]).encode()
    text, usage = body.index(b"violets"), body.index(b"usage")
    return Parts(body[:1], body[1:text], body[text:usage], body[usage:-1], body[-1:], kind="application/json")


def _event(data: Any, name: str = "") -> bytes:
    return (f"event: {name}\n" if name else "").encode() + f"data: {json.dumps(data)}\n\n".encode()


def _halves(event: bytes) -> tuple[bytes, bytes]:
    middle = event.index(b"sugar")
    return event[:middle], event[middle:]


_CHAT_USAGE = {"prompt_tokens": INPUT, "completion_tokens": OUTPUT, "total_tokens": INPUT + OUTPUT}
_RESPONSE_USAGE = {"input_tokens": INPUT, "output_tokens": OUTPUT, "total_tokens": INPUT + OUTPUT}
_GEMINI_USAGE = {
    "promptTokenCount": INPUT,
    "candidatesTokenCount": OUTPUT,
    "totalTokenCount": INPUT + OUTPUT,
}
_RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "status": "completed",
    "error": None,
    "model": "m",
    "output": [{"type": "message", "content": [{"type": "output_text", "text": CONTENT}]}],
    "usage": _RESPONSE_USAGE,
}
_WHOLE: dict[str, Any] = {
    "openai": {
        "id": "c",
        "object": "chat.completion",
        "model": "m",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": CONTENT}, "finish_reason": "stop"}
        ],
        "usage": _CHAT_USAGE,
    },
    "responses": _RESPONSE,
    "anthropic": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": CONTENT}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": INPUT, "output_tokens": OUTPUT},
    },
    "gemini": {
        "candidates": [
            {"content": {"parts": [{"text": CONTENT}], "role": "model"}, "finishReason": "STOP", "index": 0}
        ],
        "usageMetadata": _GEMINI_USAGE,
    },
}


def _chat() -> Parts:
    def chunk(content: str | None, finish: str | None = None) -> bytes:
        delta = {} if content is None else {"content": content}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({"id": "c", "object": "chat.completion.chunk", "choices": [choice], "usage": None})

    inside, rest = _halves(chunk(SECOND))
    usage = _event({"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": _CHAT_USAGE})
    return Parts(chunk(FIRST), inside, rest + chunk(None, "stop"), usage, b"data: [DONE]\n\n")


def _responses() -> Parts:
    def delta(text: str) -> bytes:
        kind = "response.output_text.delta"
        return _event({"type": kind, "delta": text}, kind)

    created = {"type": "response.created", "response": {**_RESPONSE, "status": "in_progress", "usage": None}}
    inside, rest = _halves(delta(SECOND))
    end = _event({"type": "response.completed", "response": _RESPONSE}, "response.completed")
    # Usage and end are one event: it lacks only the blank line that ends it.
    return Parts(_event(created, "response.created") + delta(FIRST), inside, rest, end[:-1], end[-1:])


def _messages() -> Parts:
    def delta(text: str) -> bytes:
        block = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
        return _event(block, "content_block_delta")

    begun = {"id": "msg_1", "model": "m", "usage": {"input_tokens": INPUT, "output_tokens": 1}}
    start = _event({"type": "message_start", "message": begun}, "message_start")
    inside, rest = _halves(delta(SECOND))
    stop = {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": OUTPUT},
    }
    end = _event({"type": "message_stop"}, "message_stop")
    return Parts(start + delta(FIRST), inside, rest, _event(stop, "message_delta"), end)


def _gemini() -> Parts:
    def chunk(text: str, **more: Any) -> bytes:
        candidate = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}
        usage = {"promptTokenCount": INPUT, "totalTokenCount": INPUT}
        return _event({"candidates": [{**candidate, **more}], "usageMetadata": usage})

    inside, rest = _halves(chunk(SECOND))
    last = {"candidates": [{"finishReason": "STOP", "index": 0}], "usageMetadata": _GEMINI_USAGE}
    end = _event(last)
    # Here too usage and end are one.
    return Parts(chunk(FIRST), inside, rest, end[:-1], end[-1:])
