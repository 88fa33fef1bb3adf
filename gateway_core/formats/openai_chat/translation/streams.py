"""A stream of chat completion chunks, read into neutral events and written out of them."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.answer import (
    Begun,
    CallBegun,
    CallPiece,
    Event,
    Finish,
    Finished,
    TextPiece,
    ThoughtPiece,
)
from gateway_core.formats.neutral.failure import UNREADABLE, Failure
from gateway_core.formats.openai_chat.translation.answers import (
    COMPLETION,
    FINISHES,
    WORDS,
    Call,
    Choice,
    Message,
    words_of,
    write_usage,
)
from gateway_core.formats.openai_chat.translation.failures import failure_of
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.model.usage import Usage


class ChunkReader:
    """Chunks to events. Pieces of a tool call come in the order of the calls, one call after the other."""

    def __init__(self, reply: Reply) -> None:
        self.failure: Failure | None = None
        self._call_id = reply.call_id
        self._begun = False
        self._calls: dict[int, int] = {}
        """The number of the call that is open, by candidate."""
        self._finished: set[int] = set()

    def read(self, payload: bytes) -> list[Event]:
        if payload.startswith(b"[DONE]"):
            return []
        try:
            chunk = COMPLETION.decode(payload)
        except msgspec.DecodeError:
            self.failure = UNREADABLE
            return []
        if chunk.error is not None:
            self.failure = failure_of(502, chunk.error)
            return []
        events: list[Event] = []
        if not self._begun and (chunk.choices or chunk.model):
            # Azure's first chunk may say nothing but that the prompt was looked at.
            self._begun = True
            events.append(Begun(*chunk.head))
        for choice in chunk.choices or ():
            self._choice(choice, events)
        return events

    def _choice(self, choice: Choice, events: list[Event]) -> None:
        at = choice.index
        if choice.delta is not None:
            self._delta(choice.delta, at, events)
        if choice.finish_reason is not None and at not in self._finished:
            self._finished.add(at)
            events.append(Finished(FINISHES.get(choice.finish_reason, Finish.STOP), at))

    def _delta(self, delta: Message, at: int, events: list[Event]) -> None:
        if thought := delta.reasoning_content or delta.reasoning:
            events.append(ThoughtPiece(thought, at))
        if text := words_of(delta.content):
            events.append(TextPiece(text, at))
        if delta.refusal:
            events.append(TextPiece(delta.refusal, at, refusal=True))
        for call in delta.tool_calls or ():
            self._call(call, at, events)

    def _call(self, call: Call, at: int, events: list[Event]) -> None:
        inner = call.inner
        last = self._calls.get(at, -1)
        # Some servers number no calls, and send each of them whole with an id.
        number = call.index if call.index is not None else last + 1 if call.id else last
        if number > last:
            self._calls[at] = number
            id = call.id or f"call_{self._call_id}_{at}_{number}"
            events.append(CallBegun(id, inner.name or "", at, custom=call.custom is not None))
        elif number < last:
            self.failure = Failure(502, "the provider mixed the arguments of its tool calls")
            return
        if piece := inner.arguments or inner.input:
            events.append(CallPiece(piece, at))


class ChunkWriter:
    """Events to chunks."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._head: dict[str, Any] = {}
        self._roles: set[int] = set()
        self._calls: dict[int, int] = {}
        self._custom: dict[int, bool] = {}

    def write(self, event: Event) -> bytes:
        match event:
            case TextPiece(text=text, at=at, refusal=refusal):
                return self._delta(at, {"refusal" if refusal else "content": text})
            case CallPiece(text=text, at=at):
                return self._call_piece(at, text)
            case ThoughtPiece(text=text, at=at):
                return self._delta(at, {"reasoning_content": text})
            case CallBegun():
                return self._call(event)
            case Begun():
                self._begin(event)
            case Finished(finish=finish, at=at):
                return self._chunk(at, {}, WORDS[finish])
        return b""

    def end(self, usage: Usage | None) -> bytes:
        counted = b""
        if usage is not None and self._reply.ask.usage_asked:
            body = {**self._head, "choices": [], "usage": write_usage(usage)}
            counted = b"data: " + encoded(body) + b"\n\n"
        return counted + b"data: [DONE]\n\n"

    def _begin(self, event: Begun) -> None:
        self._head = {
            "id": event.id or f"chatcmpl-{self._reply.call_id}",
            "object": "chat.completion.chunk",
            "created": event.created or self._reply.created,
            "model": event.model,
        }

    def _call(self, event: CallBegun) -> bytes:
        number = self._calls[event.at] = self._calls.get(event.at, -1) + 1
        self._custom[event.at] = event.custom
        kind = "custom" if event.custom else "function"
        inner = {"name": event.name, "input" if event.custom else "arguments": ""}
        return self._delta(
            event.at, {"tool_calls": [{"index": number, "id": event.id, "type": kind, kind: inner}]}
        )

    def _call_piece(self, at: int, text: str) -> bytes:
        number = self._calls.get(at, 0)
        inner = {"custom": {"input": text}} if self._custom.get(at) else {"function": {"arguments": text}}
        return self._delta(at, {"tool_calls": [{"index": number, **inner}]})

    def _delta(self, at: int, delta: dict[str, Any]) -> bytes:
        if at not in self._roles:
            self._roles.add(at)
            delta = {"role": "assistant", **({} if "content" in delta else {"content": None}), **delta}
        return self._chunk(at, delta, None)

    def _chunk(self, at: int, delta: dict[str, Any], finish: str | None) -> bytes:
        choice = {"index": at, "delta": delta, "logprobs": None, "finish_reason": finish}
        return b"data: " + encoded({**self._head, "choices": [choice]}) + b"\n\n"
