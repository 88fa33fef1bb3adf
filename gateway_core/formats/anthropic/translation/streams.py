"""A stream of message events, read into neutral events and written out of them."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.anthropic.translation.answers import (
    FINISHES,
    WORDS,
    Block,
    message_id,
    write_usage,
)
from gateway_core.formats.anthropic.translation.failures import failure_of
from gateway_core.formats.neutral.answer import (
    Begun,
    CallBegun,
    CallPiece,
    Event,
    Finish,
    Finished,
    TextPiece,
    ThoughtEnd,
    ThoughtPiece,
    told_end,
)
from gateway_core.formats.neutral.failure import UNREADABLE, Failure
from gateway_core.formats.neutral.riding import SHOWN_SIGNATURE
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.model.call import DialectName
from gateway_core.model.usage import ZERO, Usage


class _Delta(msgspec.Struct):
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    partial_json: str | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None


class _Head(msgspec.Struct):
    id: str = ""
    model: str = ""


class _Event(msgspec.Struct):
    type: str
    message: _Head | None = None
    content_block: Block | None = None
    delta: _Delta | None = None
    error: Any = None


_EVENT = msgspec.json.Decoder(_Event)


class MessageReader:
    """Message events to neutral ones."""

    def __init__(self, reply: Reply) -> None:
        self.failure: Failure | None = None
        self._block = ""
        self._signature: list[str] = []

    def read(self, payload: bytes) -> list[Event]:
        try:
            event = _EVENT.decode(payload)
        except msgspec.DecodeError:
            self.failure = UNREADABLE
            return []
        match event.type:
            case "content_block_delta":
                return self._delta(event.delta or _Delta())
            case "content_block_start" if event.content_block is not None:
                return self._start(event.content_block)
            case "content_block_stop":
                return self._stop()
            case "message_start" if event.message is not None:
                return [Begun(event.message.id, event.message.model)]
            case "message_delta" if event.delta is not None and event.delta.stop_reason is not None:
                finish = FINISHES.get(event.delta.stop_reason, Finish.STOP)
                return [Finished(finish, stop=event.delta.stop_sequence)]
            case "error":
                self.failure = failure_of(502, event.error)
        return []

    def _start(self, block: Block) -> list[Event]:
        self._block = block.type
        match block.type:
            case "text" if block.text:
                return [TextPiece(block.text)]
            case "thinking" if block.thinking:
                return [ThoughtPiece(block.thinking)]
            case "redacted_thinking":
                return [ThoughtEnd(block.data or "", DialectName.ANTHROPIC, redacted=True)]
            case "tool_use":
                return [CallBegun(block.id or "", block.name or "")]
        return []

    def _delta(self, delta: _Delta) -> list[Event]:
        if delta.text:
            return [TextPiece(delta.text)]
        if delta.thinking:
            return [ThoughtPiece(delta.thinking)]
        if delta.partial_json and self._block == "tool_use":
            return [CallPiece(delta.partial_json)]
        if delta.signature:
            self._signature.append(delta.signature)
        return []

    def _stop(self) -> list[Event]:
        signature = "".join(self._signature)
        self._signature.clear()
        return [ThoughtEnd(signature, DialectName.ANTHROPIC)] if signature else []


class MessageWriter:
    """Neutral events to message events: blocks one after the other, of the first candidate."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._open: str | None = None
        self._next = 0
        self._finished = Finished(Finish.STOP)
        self._refused = False

    def write(self, event: Event) -> bytes:
        match event:
            case TextPiece(text=text):
                self._refused |= event.refusal
                return self._piece("text", {"type": "text_delta", "text": text})
            case CallPiece(text=text):
                return self._delta({"type": "input_json_delta", "partial_json": text})
            case ThoughtPiece(text=text):
                return self._piece("thinking", {"type": "thinking_delta", "thinking": text})
            case CallBegun():
                block = {"type": "tool_use", "id": event.id, "name": event.name, "input": {}}
                return self._stop() + self._start(block)
            case Begun():
                return self._begin(event)
            case Finished():
                self._finished = event
        return b""

    def end(self, usage: Usage | None) -> bytes:
        finish = told_end(self._finished.finish, refused=self._refused)
        delta = {"stop_reason": WORDS[finish], "stop_sequence": self._finished.stop}
        closing = {"type": "message_delta", "delta": delta, "usage": write_usage(usage or ZERO)}
        return self._stop() + _event(closing) + _event({"type": "message_stop"})

    def _begin(self, event: Begun) -> bytes:
        message: dict[str, Any] = {
            "id": message_id(event.id, self._reply),
            "type": "message",
            "role": "assistant",
            "model": event.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": write_usage(ZERO),
        }
        return _event({"type": "message_start", "message": message})

    def _piece(self, kind: str, delta: dict[str, Any]) -> bytes:
        if self._open == kind:
            return self._delta(delta)
        empty = {"type": kind, kind: ""}
        block = {**empty, "signature": ""} if kind == "thinking" else empty
        return self._stop() + self._start(block) + self._delta(delta)

    def _start(self, block: dict[str, Any]) -> bytes:
        self._open = block["type"]
        self._next += 1
        return _event({"type": "content_block_start", "index": self._next - 1, "content_block": block})

    def _delta(self, delta: dict[str, Any]) -> bytes:
        return _event({"type": "content_block_delta", "index": self._next - 1, "delta": delta})

    def _stop(self) -> bytes:
        if self._open is None:
            return b""
        signed = b""
        if self._open == "thinking":
            signed = self._delta({"type": "signature_delta", "signature": SHOWN_SIGNATURE})
        self._open = None
        return signed + _event({"type": "content_block_stop", "index": self._next - 1})


def _event(data: dict[str, Any]) -> bytes:
    kind: str = data["type"]
    return b"event: " + kind.encode() + b"\ndata: " + encoded(data) + b"\n\n"
