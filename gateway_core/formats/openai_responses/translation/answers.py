"""A whole response, read into the neutral form and written out of it."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.answer import Answer, Candidate, Finish, Said
from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.formats.neutral.values import instant, without_none
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.formats.usage_numbers import word
from gateway_core.model.call import DialectName
from gateway_core.model.usage import Usage

RESPONSES = DialectName.OPENAI_RESPONSES
STATUSES = {
    "completed": Finish.STOP,
    "incomplete": Finish.LENGTH,
    "max_output_tokens": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
}
"""A response's status, and why it is incomplete."""
_REPEATED = (
    "instructions", "max_output_tokens", "parallel_tool_calls", "previous_response_id", "reasoning", "store",
    "temperature", "text", "tool_choice", "tools", "top_p", "truncation", "user", "metadata",
    "prompt_cache_key", "max_tool_calls",
)  # fmt: skip
"""Fields of a request that its response repeats."""
_DEFAULTS: dict[str, Any] = {
    "instructions": None,
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "temperature": None,
    "top_p": None,
    "metadata": {},
    "previous_response_id": None,
    "text": {"format": {"type": "text"}},
}


class Part(msgspec.Struct):
    """A part of an item's content or summary."""

    type: str = ""
    text: str | None = None
    refusal: str | None = None


class Item(msgspec.Struct):
    """An item of the output."""

    type: str
    id: str | None = None
    call_id: str | None = None
    name: str | None = None
    namespace: str | None = None
    arguments: str | None = None
    input: str | None = None
    content: list[Part] | None = None
    summary: list[Part] | None = None
    encrypted_content: str | None = None


class _Details(msgspec.Struct):
    reason: str | None = None


class Response(msgspec.Struct):
    """A response object, as far as it says something."""

    output: list[Item] | None = None
    id: Any = None
    model: Any = None
    created_at: Any = None
    status: str | None = None
    error: Any = None
    incomplete_details: _Details | None = None


_RESPONSE = msgspec.json.Decoder(Response)


def read_answer(body: bytes, reply: Reply) -> Answer:
    """The answer. Raises ValueError or DecodeError."""
    found = _RESPONSE.decode(body)
    if found.error is not None or found.output is None:
        raise ValueError("the response failed")
    parts = tuple(part for item in found.output for part in parts_of(item))
    candidate = Candidate(parts, finish_of(found, any(isinstance(part, ToolCall) for part in parts)))
    return Answer(word(found.id) or "", word(found.model) or "", (candidate,), instant(found.created_at))


def finish_of(found: Response, called: bool) -> Finish:
    """Why it ended."""
    if found.status == "incomplete" and found.incomplete_details is not None:
        return STATUSES.get(found.incomplete_details.reason or "", Finish.LENGTH)
    return Finish.TOOLS if called else Finish.STOP


def parts_of(item: Item) -> list[Said]:
    """What an item says; items about tools that the provider ran say nothing to other clients."""
    match item.type:
        case "message":
            return [_said(part) for part in item.content or ()]
        case "function_call":
            return [ToolCall(item.call_id or "", item.name or "", item.arguments or "")]
        case "custom_tool_call":
            return [ToolCall(item.call_id or "", item.name or "", item.input or "", custom=True)]
        case "reasoning":
            text = "\n\n".join(part.text or "" for part in item.summary or ())
            encrypted = item.encrypted_content or ""
            return [Thought(text, encrypted, RESPONSES if encrypted else None)] if text or encrypted else []
    return []


def _said(part: Part) -> Text:
    return Text(part.refusal, refusal=True) if part.refusal else Text(part.text or "")


def write_answer(answer: Answer, reply: Reply) -> bytes:
    """The body."""
    return encoded(write_response(answer, reply, write_output(answer, reply)))


def write_response(answer: Answer, reply: Reply, output: list[dict[str, Any]]) -> dict[str, Any]:
    """The finished response object, which a stream's last event carries too."""
    finish = answer.candidates[0].finish if answer.candidates else Finish.STOP
    cut = {Finish.LENGTH: "max_output_tokens", Finish.FILTERED: "content_filter"}.get(finish)
    return {
        **write_head(answer, reply),
        "status": "incomplete" if cut else "completed",
        "incomplete_details": {"reason": cut} if cut else None,
        "output": output,
        "usage": write_usage(reply.usage) if reply.usage is not None else None,
    }


def write_head(answer: Answer, reply: Reply) -> dict[str, Any]:
    """A response that has only begun."""
    asked = msgspec.json.decode(reply.body or b"{}")
    repeated = without_none({key: asked.get(key) for key in _REPEATED})
    return {
        "id": answer.id if answer.id.startswith("resp_") else f"resp_{answer.id or reply.call_id}",
        "object": "response",
        "created_at": answer.created or reply.created,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "model": answer.model,
        "output": [],
        "usage": None,
        **_DEFAULTS,
        **repeated,
    }


def write_output(answer: Answer, reply: Reply) -> list[dict[str, Any]]:
    """The items of the first candidate, each run of words as one message."""
    items: list[dict[str, Any]] = []
    for part in answer.candidates[0].parts if answer.candidates else ():
        if isinstance(part, Text) and items and items[-1]["type"] == "message":
            items[-1]["content"].append(write_content(part))
        else:
            items.append(write_item(part, f"{reply.call_id}_{len(items)}"))
    return items


def write_item(part: Said, number: str) -> dict[str, Any]:
    """A whole item."""
    match part:
        case Text():
            content = [write_content(part)]
            return {
                "id": f"msg_{number}",
                "type": "message",
                "status": "completed",
                "role": "assistant",
                "content": content,
            }
        case Thought():
            summary = [{"type": "summary_text", "text": part.text}] if part.text else []
            return {"id": f"rs_{number}", "type": "reasoning", "summary": summary}
        case ToolCall():
            kind, letters = ("custom_tool_call", "ctc") if part.custom else ("function_call", "fc")
            said = {"input" if part.custom else "arguments": part.arguments or ("" if part.custom else "{}")}
            group = {"namespace": part.group} if part.group else {}
            head = {"id": f"{letters}_{number}", "type": kind, "status": "completed"}
            return {**head, "call_id": part.id, "name": part.name, **said, **group}


def write_content(part: Text) -> dict[str, Any]:
    """Words as a part of a message."""
    if part.refusal:
        return {"type": "refusal", "refusal": part.text}
    return {"type": "output_text", "text": part.text, "annotations": [], "logprobs": []}


def write_usage(usage: Usage) -> dict[str, Any]:
    """The counts in the words of Responses: cached and written tokens are slices of the input."""
    written = usage.cache_write + usage.cache_write_1h
    details = {"cached_tokens": usage.cached_input, "cache_write_tokens": written}
    return {
        "input_tokens": usage.total_input,
        "input_tokens_details": details,
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.total,
    }
