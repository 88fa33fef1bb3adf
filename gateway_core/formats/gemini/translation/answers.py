"""An answer or a chunk of one, read into neutral events, and a whole answer written out of the form."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.gemini.translation.failures import failure_of
from gateway_core.formats.neutral.answer import (
    Answer,
    Begun,
    CallBegun,
    CallPiece,
    Candidate,
    Event,
    Finish,
    Finished,
    Said,
    TextPiece,
    ThoughtPiece,
    told_end,
)
from gateway_core.formats.neutral.failure import UNREADABLE, Failure
from gateway_core.formats.neutral.gathering import Gathering
from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.formats.neutral.values import arguments_of, json_text, without_none
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.formats.usage_numbers import word
from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage

FINISHES = {"STOP": Finish.STOP, "MAX_TOKENS": Finish.LENGTH}
FILTERS = (
    "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
)  # fmt: skip
"""Ends by which an answer was filtered, as far as they are known by name."""
_BROKEN = (
    "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE",
    "TOO_MANY_TOOL_CALLS", "OTHER",
)  # fmt: skip
"""Ends by which an answer is no answer; what else is neither of the two above was filtered."""
WORDS = {
    Finish.STOP: "STOP",
    Finish.STOP_SEQUENCE: "STOP",
    Finish.TOOLS: "STOP",
    Finish.LENGTH: "MAX_TOKENS",
    Finish.FILTERED: "SAFETY",
}


class _Call(msgspec.Struct):
    name: str
    id: str | None = None
    args: Any = None


class _Part(msgspec.Struct, rename="camel"):
    text: str | None = None
    thought: bool = False
    thought_signature: str | None = None
    function_call: _Call | None = None


class _Content(msgspec.Struct):
    parts: list[_Part] | None = None


class _Candidate(msgspec.Struct, rename="camel"):
    content: _Content | None = None
    finish_reason: str | None = None
    index: int = 0


class _Feedback(msgspec.Struct, rename="camel"):
    block_reason: str | None = None


class _Answer(msgspec.Struct, rename="camel"):
    candidates: list[_Candidate] | None = None
    prompt_feedback: _Feedback | None = None
    model_version: Any = None
    response_id: Any = None
    error: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)


class AnswerReader:
    """Chunks to events; a whole answer is one chunk."""

    def __init__(self, reply: Reply) -> None:
        self.failure: Failure | None = None
        self._call_id = reply.call_id
        self._begun = False
        self._calls = 0
        self._calling: set[int] = set()

    def read(self, payload: bytes) -> list[Event]:
        try:
            found = _ANSWER.decode(payload)
        except msgspec.DecodeError:
            self.failure = UNREADABLE
            return []
        if found.error is not None:
            self.failure = failure_of(502, found.error)
            return []
        events: list[Event] = []
        if not self._begun:
            self._begun = True
            events.append(Begun(word(found.response_id) or "", word(found.model_version) or ""))
        for candidate in found.candidates or ():
            self._candidate(candidate, events)
        if not found.candidates and found.prompt_feedback and found.prompt_feedback.block_reason:
            events.append(Finished(Finish.FILTERED))
        return events

    def _candidate(self, candidate: _Candidate, events: list[Event]) -> None:
        at = candidate.index
        for part in candidate.content.parts or () if candidate.content else ():
            if part.function_call is not None:
                self._call(part.function_call, part.thought_signature or "", at, events)
            elif part.text:
                events.append(ThoughtPiece(part.text, at) if part.thought else TextPiece(part.text, at))
        if candidate.finish_reason in _BROKEN:
            self.failure = Failure(502, f"the provider ended with {candidate.finish_reason}")
        elif candidate.finish_reason:
            finish = FINISHES.get(candidate.finish_reason, Finish.FILTERED)
            called = finish is Finish.STOP and at in self._calling
            events.append(Finished(Finish.TOOLS if called else finish, at))

    def _call(self, call: _Call, signature: str, at: int, events: list[Event]) -> None:
        id = call.id or f"call_{self._call_id}_{self._calls}"
        self._calls += 1
        self._calling.add(at)
        origin = DialectName.GEMINI if signature else None
        events.append(CallBegun(id, call.name, at, signature=signature, origin=origin))
        events.append(CallPiece(json_text(call.args or {}), at))


def read_answer(body: bytes, reply: Reply) -> Answer:
    """The answer. Raises ValueError."""
    reader, gathering = AnswerReader(reply), Gathering()
    for event in reader.read(body):
        gathering.take(event)
    if reader.failure is not None:
        raise ValueError(reader.failure.message)
    return gathering.answer


def write_answer(answer: Answer, reply: Reply) -> bytes:
    """The body."""
    candidates = [_written(candidate, at) for at, candidate in enumerate(answer.candidates)]
    return encoded(response(candidates, answer.id or reply.call_id, answer.model, reply.usage))


def _written(candidate: Candidate, at: int) -> dict[str, Any]:
    parts = [write_part(part) for part in candidate.parts]
    return write_candidate(parts, at, told_end(candidate.finish, refused=candidate.refused))


def write_candidate(parts: list[dict[str, Any]], at: int, finish: Finish | None) -> dict[str, Any]:
    """A candidate, or a piece of one."""
    reason = {"finishReason": WORDS[finish]} if finish is not None else {}
    return {"content": {"parts": parts, "role": "model"}, **reason, "index": at}


def write_part(part: Said) -> dict[str, Any]:
    """A whole part."""
    match part:
        case Text():
            return {"text": part.text}
        case Thought():
            return {"text": part.text, "thought": True}
        case ToolCall():
            return {"functionCall": {"id": part.id, "name": part.name, "args": arguments_of(part.arguments)}}


def response(candidates: list[dict[str, Any]], id: str, model: str, usage: Usage | None) -> dict[str, Any]:
    """An answer, or a chunk of one."""
    counted = write_usage(usage) if usage is not None else None
    fields = {"candidates": candidates, "usageMetadata": counted, "modelVersion": model, "responseId": id}
    return without_none(fields)


def write_usage(usage: Usage) -> dict[str, Any]:
    """The counts in Gemini's words: thoughts stand beside the candidates, the cache is within the prompt."""
    counted = {
        "promptTokenCount": usage.total_input,
        "candidatesTokenCount": usage.output - usage.reasoning,
        "totalTokenCount": usage.total,
    }
    if usage.cached_input:
        counted["cachedContentTokenCount"] = usage.cached_input
    if usage.reasoning:
        counted["thoughtsTokenCount"] = usage.reasoning
    return counted
