"""A stream of response events, read into neutral events."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.answer import (
    Begun,
    CallBegun,
    CallPiece,
    Event,
    Finished,
    TextPiece,
    ThoughtEnd,
    ThoughtPiece,
)
from gateway_core.formats.neutral.failure import UNREADABLE, Failure
from gateway_core.formats.neutral.values import instant
from gateway_core.formats.openai_chat.translation.failures import failure_of
from gateway_core.formats.openai_responses.translation.answers import RESPONSES, Item, Response, finish_of
from gateway_core.formats.translator import Reply
from gateway_core.formats.usage_numbers import word

_CALLS = ("function_call", "custom_tool_call")
_ARGUMENTS = ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta")


class _Event(msgspec.Struct):
    type: str
    delta: Any = None
    item: Item | None = None
    response: Response | None = None
    error: Any = None
    message: Any = None
    code: Any = None


_EVENT = msgspec.json.Decoder(_Event)


class ResponseReader:
    """Response events to neutral ones."""

    def __init__(self, reply: Reply) -> None:
        self.failure: Failure | None = None
        self._called = False

    def read(self, payload: bytes) -> list[Event]:
        if payload.startswith(b"[DONE]"):
            return []
        try:
            event = _EVENT.decode(payload)
        except msgspec.DecodeError:
            self.failure = UNREADABLE
            return []
        kind = event.type
        if kind.endswith(".delta"):
            return self._delta(kind, event.delta) if isinstance(event.delta, str) and event.delta else []
        match kind:
            case "response.output_item.added" if event.item is not None and event.item.type in _CALLS:
                return self._call(event.item)
            case "response.output_item.done" if event.item is not None and event.item.encrypted_content:
                return [ThoughtEnd(event.item.encrypted_content, RESPONSES)]
            case "response.created" if event.response is not None:
                head = event.response
                return [Begun(word(head.id) or "", word(head.model) or "", instant(head.created_at))]
            case "response.completed" | "response.incomplete" if event.response is not None:
                return [Finished(finish_of(event.response, self._called))]
            case "response.failed" | "error":
                stated = event.response.error if event.response is not None else event.error
                self.failure = failure_of(502, stated or {"message": event.message, "code": event.code})
        return []

    def _delta(self, kind: str, text: str) -> list[Event]:
        if kind == "response.output_text.delta":
            return [TextPiece(text)]
        if kind in _ARGUMENTS:
            return [CallPiece(text)]
        if kind == "response.refusal.delta":
            return [TextPiece(text, refusal=True)]
        thought = kind in ("response.reasoning_summary_text.delta", "response.reasoning_text.delta")
        return [ThoughtPiece(text)] if thought else []

    def _call(self, item: Item) -> list[Event]:
        self._called = True
        return [CallBegun(item.call_id or "", item.name or "", custom=item.type == "custom_tool_call")]
