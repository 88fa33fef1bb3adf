"""Gemini answers, whole and as streams of either framing. https://ai.google.dev/api/generate-content."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import msgspec

from gateway_core.simulated import models
from gateway_core.simulated.answer import Answer, Choice, Finish, ToolCall
from gateway_core.simulated.faults import spoiled
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.prompt import Prompt
from gateway_core.simulated.wire.base import Event, encode

_Part = dict[str, Any]
_FINISHES = {Finish.LENGTH: "MAX_TOKENS", Finish.REFUSED: "SAFETY", Finish.FILTERED: "SAFETY"}
_HARM = {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH"}


def response(prompt: Prompt, answer: Answer, knobs: Knobs) -> dict[str, Any]:
    """The answer as one GenerateContentResponse."""
    if _blocked(answer):
        return _response(answer, [], 0, knobs)
    candidates = []
    for at, choice in enumerate(answer.choices):
        thought = [{"text": answer.thinking, "thought": True}] if answer.thinking and at == 0 else []
        said = [{"text": choice.text}] if choice.text or not choice.calls else []
        parts = thought + said + [_called(prompt, answer, call) for call in choice.calls]
        candidates.append(_candidate(at, parts, choice.finish))
    return _response(answer, candidates, _visible(answer), knobs)


def events(prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
    """The stream: server-sent events with CRLF, or one JSON array that grows."""
    chunks = list(_chunks(prompt, answer))
    for at, candidates in enumerate(chunks):
        # The counts grow with the stream; the last ones are the whole.
        counted = _visible(answer) * (at + 1) // len(chunks)
        data = encode(_response(answer, candidates, counted, knobs))
        framed = (b"[" if at == 0 else b",\r\n") + data if prompt.as_array else b"data: " + data + b"\r\n\r\n"
        yield Event(framed, content=True)
    if prompt.as_array:
        yield Event(b"]")


def _chunks(prompt: Prompt, answer: Answer) -> Iterator[list[dict[str, Any]]]:
    """The candidates of each chunk: one; none where the prompt was blocked."""
    if _blocked(answer):
        yield []
        return
    for at, choice in enumerate(answer.choices):
        for part, last in _with_last(list(_parts(prompt, answer, choice, at))):
            yield [_candidate(at, [part], choice.finish if last else None)]


def _blocked(answer: Answer) -> bool:
    """Whether a filter took the prompt itself: then there is no candidate, and a word on the prompt."""
    return all(choice.finish is Finish.FILTERED and not choice.text for choice in answer.choices)


def _parts(prompt: Prompt, answer: Answer, choice: Choice, at: int) -> Iterator[_Part]:
    if at == 0:
        for thought in answer.thinking_parts():
            yield {"text": thought, "thought": True}
    for text in answer.parts(choice.text):
        yield {"text": text}
    for call in choice.calls:
        yield _called(prompt, answer, call)
    if not choice.text and not choice.calls:
        yield {"text": ""}


def _with_last(parts: list[_Part]) -> Iterator[tuple[_Part, bool]]:
    for at, part in enumerate(parts):
        yield part, at == len(parts) - 1


def _called(prompt: Prompt, answer: Answer, call: ToolCall) -> _Part:
    arguments = msgspec.json.decode(call.arguments)
    part: _Part = {"functionCall": {"id": call.number, "name": call.name, "args": arguments}}
    if models.thinks(prompt.model):
        part["thoughtSignature"] = base64.b64encode(f"sim:{answer.id}:{call.number}".encode()).decode()
    return part


def _candidate(at: int, parts: list[_Part], finish: Finish | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}}
    if finish is not None:
        candidate["finishReason"] = _FINISHES.get(finish, "STOP")
    if finish is not None and finish.declined:
        candidate["safetyRatings"] = [{**_HARM, "blocked": True}]
    return {**candidate, "index": at}


def _visible(answer: Answer) -> int:
    return answer.usage.output - answer.usage.reasoning


def _response(answer: Answer, candidates: list[dict[str, Any]], visible: int, knobs: Knobs) -> dict[str, Any]:
    made: dict[str, Any] = {"candidates": candidates}
    if not candidates:
        made = {"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": [_HARM]}}
    if knobs.usage != "none":
        made["usageMetadata"] = spoiled(_usage(answer, visible), knobs.usage)
    return {**made, "modelVersion": answer.model, "responseId": answer.id}


def _usage(answer: Answer, visible: int) -> dict[str, Any]:
    usage = answer.usage
    counted: dict[str, Any] = {
        "promptTokenCount": usage.total_input,
        "candidatesTokenCount": visible,
        "totalTokenCount": usage.total_input + visible + usage.reasoning,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": usage.total_input}],
    }
    if usage.cached_input:
        counted["cachedContentTokenCount"] = usage.cached_input
        counted["cacheTokensDetails"] = [{"modality": "TEXT", "tokenCount": usage.cached_input}]
    if usage.reasoning:
        counted["thoughtsTokenCount"] = usage.reasoning
    return counted
