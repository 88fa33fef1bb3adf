"""Anthropic messages: requests and whole answers. https://platform.claude.com/docs/en/api/messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated import models, tokens
from gateway_core.simulated.answer import Answer, Choice, Finish
from gateway_core.simulated.faults import spoiled
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.options import Options
from gateway_core.simulated.prompt import Life, Piece, Prompt, Thinking, Tool, tool_piece
from gateway_core.simulated.strict import anthropic, signatures
from gateway_core.simulated.wire.anthropic_face import error_object
from gateway_core.simulated.wire.anthropic_stream import events
from gateway_core.simulated.wire.base import (
    Call,
    Event,
    Headers,
    ParamRefusal,
    encode,
    last_user_text,
    must_be,
    refuse_bad_key,
)

_FINISHES = {
    Finish.STOP: "end_turn",
    Finish.STOP_SEQUENCE: "stop_sequence",
    Finish.LENGTH: "max_tokens",
    Finish.TOOLS: "tool_use",
    Finish.REFUSED: "refusal",
    Finish.FILTERED: "refusal",
}
_REFUSAL = {
    "type": "refusal",
    "category": "general_harms",
    "explanation": "The request was declined by a simulated safety policy.",
}
_EFFORTS = {"low": 0.3, "medium": 1.0, "high": 2.0, "xhigh": 3.0, "max": 5.0}
WITHOUT_SAMPLING = "2026-10-21"
_SAMPLING = ("temperature", "top_p", "top_k")


class Messages:
    """POST /v1/messages."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def key(self, call: Call) -> str:
        return anthropic_key(call)

    def read(self, call: Call) -> Prompt:
        prompt = read_prompt(call, self._options)
        _refuse_sampling(call, prompt.body)
        cap = must_be(prompt.body, "max_tokens", int)
        budget = (prompt.body.get("thinking") or {}).get("budget_tokens")
        if budget is not None and budget >= cap:
            message = "`max_tokens` must be greater than `thinking.budget_tokens`."
            raise ParamRefusal("invalid_request", message, "max_tokens")
        return replace(prompt, cap=cap)

    def whole(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> bytes:
        return encode(_message(prompt, answer, knobs))

    def stream(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
        return events(answer, _message(prompt, answer, knobs))

    def stream_type(self, prompt: Prompt) -> bytes:
        return b"text/event-stream; charset=utf-8"

    def stream_error(self, prompt: Prompt) -> bytes:
        error = error_object(Refusal(529, "overloaded", "Overloaded"))
        return b"event: error\ndata: " + encode({"type": "error", "error": error}) + b"\n\n"

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        return [
            (b"request-id", b"req_" + answer.id.encode()),
            (b"anthropic-organization-id", b"simulated"),
            (b"anthropic-ratelimit-requests-remaining", b"999"),
        ]


def anthropic_key(call: Call) -> str:
    """The key from either header. Raises Refusal without one, or without a version."""
    key = call.headers.get("x-api-key") or call.bearer
    refuse_bad_key(key)
    if not call.headers.get("anthropic-version"):
        raise Refusal(400, "invalid_request", "anthropic-version: header is required")
    return key


def read_prompt(call: Call, options: Options) -> Prompt:
    """What messages and count_tokens have in common: everything but the cap."""
    body = call.json
    model = must_be(body, "model", str)
    if not models.exists(DialectName.ANTHROPIC, Operation.GENERATE, model, options.models):
        raise Refusal(404, "not_found", f"model: {model}")
    messages = must_be(body, "messages", list)
    if not messages or not all(isinstance(message, dict) for message in messages):
        raise ParamRefusal("invalid_request", "messages: at least one message is required", "messages")
    anthropic.check(body)
    config = body.get("output_config") or {}
    thinking, effort = _thinking(body.get("thinking"), config.get("effort"))
    return Prompt(
        dialect=DialectName.ANTHROPIC,
        model=model,
        body=body,
        pieces=_pieces(body, messages),
        last_text=last_user_text(messages),
        after_tool=_brings_result(messages[-1]),
        stream=body.get("stream") is True,
        stops=tuple(str(stop) for stop in body.get("stop_sequences") or ()),
        tools=_tools(body.get("tools")),
        tool_choice=_tool_choice(body.get("tool_choice")),
        schema=(config.get("format") or body.get("output_format") or {}).get("schema"),
        thinking=thinking,
        effort=effort,
    )


def _refuse_sampling(call: Call, body: dict[str, Any]) -> None:
    if call.headers["anthropic-version"] >= WITHOUT_SAMPLING:
        for name in _SAMPLING:
            if name in body:
                raise ParamRefusal("invalid_request", f"{name}: Extra inputs are not permitted", name)


def _thinking(asked: Any, effort: object) -> tuple[Thinking, float]:
    kind = asked.get("type") if isinstance(asked, dict) else None
    if kind not in ("enabled", "adaptive"):
        return Thinking.OFF, 0.0
    shown = asked.get("display") != "omitted"
    return (Thinking.SHOWN if shown else Thinking.HIDDEN), _EFFORTS.get(str(effort), 1.0)


def _blocks(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    return [{"type": "text", "text": content}] if content else []


def _pieces(body: dict[str, Any], messages: list[Any]) -> tuple[Piece, ...]:
    pieces = [tool_piece(_unmarked(tool), _mark(tool)) for tool in body.get("tools") or ()]
    groups = [("system", body.get("system")), *((str(m.get("role")), m.get("content")) for m in messages)]
    for role, content in groups:
        for at, block in enumerate(_blocks(content)):
            pieces.append(_block_piece(role, block, first=at == 0))
    if pieces and body.get("cache_control"):
        pieces[-1] = replace(pieces[-1], mark=_mark(body))
    return tuple(pieces)


def _block_piece(role: str, block: Any, *, first: bool) -> Piece:
    bare = _unmarked(block)
    count = tokens.of_part(bare) + (tokens.PER_MESSAGE if first else 0)
    return Piece(encode([role, first, bare]), count, _mark(block))


def _unmarked(block: Any) -> Any:
    """The block without its cache mark, which may wander without changing the prompt."""
    if isinstance(block, dict) and "cache_control" in block:
        return {name: value for name, value in block.items() if name != "cache_control"}
    return block


def _mark(block: Any) -> Life | None:
    mark = block.get("cache_control") if isinstance(block, dict) else None
    if not isinstance(mark, dict):
        return None
    return Life.LONG if mark.get("ttl") == "1h" else Life.SHORT


def _brings_result(message: dict[str, Any]) -> bool:
    return any(
        isinstance(b, dict) and b.get("type") == "tool_result" for b in _blocks(message.get("content"))
    )


def _tools(tools: Any) -> tuple[Tool, ...]:
    return tuple(
        Tool(str(tool["name"]), tool["input_schema"]) for tool in tools or () if tool.get("input_schema")
    )


def _tool_choice(choice: Any) -> str:
    kind = choice.get("type") if isinstance(choice, dict) else None
    if kind == "tool":
        return str(choice.get("name"))
    return {"any": "required", "none": "none"}.get(str(kind), "auto")


def _message(prompt: Prompt, answer: Answer, knobs: Knobs) -> dict[str, Any]:
    """The finished message, which a stream's events are made of."""
    choice = answer.choices[0]
    made: dict[str, Any] = {
        "id": f"msg_{answer.id}",
        "type": "message",
        "role": "assistant",
        "model": answer.model,
        "content": list(_content(prompt, answer, choice)),
        "stop_reason": _FINISHES[choice.finish],
        "stop_sequence": choice.stop,
    }
    if choice.finish.declined:
        made["stop_details"] = _REFUSAL
    if knobs.usage != "none":
        made["usage"] = spoiled(_usage(answer), knobs.usage)
    return made


def _content(prompt: Prompt, answer: Answer, choice: Choice) -> Iterator[dict[str, Any]]:
    if prompt.thinking is not Thinking.OFF and answer.usage.reasoning:
        sealed = signatures.signature(answer.thinking, answer.id)
        yield {"type": "thinking", "thinking": answer.thinking, "signature": sealed}
    if choice.text or not (choice.calls or choice.finish.declined):
        yield {"type": "text", "text": choice.text}
    for call in choice.calls:
        arguments = msgspec.json.decode(call.arguments)
        yield {"type": "tool_use", "id": f"toolu_{call.number}", "name": call.name, "input": arguments}


def _usage(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    counted: dict[str, Any] = {
        "input_tokens": usage.input,
        "cache_creation_input_tokens": usage.cache_write + usage.cache_write_1h,
        "cache_read_input_tokens": usage.cached_input,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write,
            "ephemeral_1h_input_tokens": usage.cache_write_1h,
        },
        "output_tokens": usage.output,
        "service_tier": "standard",
    }
    if usage.reasoning:
        counted["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    return counted


def count_tokens(call: Call, options: Options) -> bytes:
    """POST /v1/messages/count_tokens."""
    return encode({"input_tokens": read_prompt(call, options).input_tokens})
