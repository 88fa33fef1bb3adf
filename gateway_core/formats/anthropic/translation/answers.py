"""A whole message, read into the neutral form and written out of it."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.answer import Answer, Candidate, Finish, Said, told_end
from gateway_core.formats.neutral.request import Text, Thought, ToolCall
from gateway_core.formats.neutral.riding import SHOWN_SIGNATURE
from gateway_core.formats.neutral.values import arguments_of, json_text
from gateway_core.formats.splice import encoded
from gateway_core.formats.translator import Reply
from gateway_core.model.call import DialectName
from gateway_core.model.usage import ZERO, Usage

FINISHES = {
    "end_turn": Finish.STOP,
    "pause_turn": Finish.STOP,
    "stop_sequence": Finish.STOP_SEQUENCE,
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "tool_use": Finish.TOOLS,
    "refusal": Finish.FILTERED,
}
WORDS = {
    Finish.STOP: "end_turn",
    Finish.STOP_SEQUENCE: "stop_sequence",
    Finish.LENGTH: "max_tokens",
    Finish.TOOLS: "tool_use",
    Finish.FILTERED: "refusal",
}


class Block(msgspec.Struct):
    """A content block, or the beginning of one."""

    type: str
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None
    id: str | None = None
    name: str | None = None
    input: Any = None


class _Message(msgspec.Struct):
    content: list[Block]
    id: str = ""
    model: str = ""
    stop_reason: str | None = None
    stop_sequence: str | None = None


_MESSAGE = msgspec.json.Decoder(_Message)


def read_answer(body: bytes, reply: Reply) -> Answer:
    """The answer. Raises ValueError or DecodeError."""
    found = _MESSAGE.decode(body)
    parts = tuple(part for block in found.content if (part := _part(block)) is not None)
    finish = FINISHES.get(found.stop_reason or "end_turn", Finish.STOP)
    return Answer(found.id, found.model, (Candidate(parts, finish, found.stop_sequence),))


def _part(block: Block) -> Said | None:
    """What a block says; blocks about tools that the provider ran say nothing to other clients."""
    match block.type:
        case "text":
            return Text(block.text or "")
        case "thinking":
            return Thought(block.thinking or "", block.signature or "", DialectName.ANTHROPIC)
        case "redacted_thinking":
            return Thought("", block.data or "", DialectName.ANTHROPIC, redacted=True)
        case "tool_use":
            return ToolCall(block.id or "", block.name or "", json_text(block.input or {}))
    return None


def write_answer(answer: Answer, reply: Reply) -> bytes:
    """The body: the first candidate, as there is only one."""
    candidate = answer.candidates[0] if answer.candidates else Candidate(())
    return encoded(
        {
            "id": message_id(answer.id, reply),
            "type": "message",
            "role": "assistant",
            "model": answer.model,
            "content": [write_block(part) for part in candidate.parts],
            "stop_reason": WORDS[told_end(candidate.finish, refused=candidate.refused)],
            "stop_sequence": candidate.stop,
            "usage": write_usage(reply.usage or ZERO),
        }
    )


def message_id(id: str, reply: Reply) -> str:
    """An id as clients of this format know them."""
    return id if id.startswith("msg_") else f"msg_{id or reply.call_id}"


def write_block(part: Said) -> dict[str, Any]:
    """A whole block. Thinking that others signed gets a signature that only we know."""
    match part:
        case Text():
            return {"type": "text", "text": part.text}
        case Thought():
            return {"type": "thinking", "thinking": part.text, "signature": SHOWN_SIGNATURE}
        case ToolCall():
            input = {"input": part.arguments} if part.custom else arguments_of(part.arguments)
            return {"type": "tool_use", "id": part.id, "name": part.name, "input": input}


def write_usage(usage: Usage) -> dict[str, Any]:
    """The counts in Anthropic's words: input is what is neither read from the cache nor written to it."""
    counted: dict[str, Any] = {
        "input_tokens": usage.input,
        "cache_creation_input_tokens": usage.cache_write + usage.cache_write_1h,
        "cache_read_input_tokens": usage.cached_input,
        "output_tokens": usage.output,
    }
    if usage.reasoning:
        counted["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    return counted
