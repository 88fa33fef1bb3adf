"""OpenAI chat completions. Shapes: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated import models
from gateway_core.simulated.answer import Answer, Choice, Finish
from gateway_core.simulated.faults import spoiled
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.options import Options
from gateway_core.simulated.prompt import Piece, Prompt, message_piece, tool_piece
from gateway_core.simulated.strict import openai_chat
from gateway_core.simulated.wire.base import (
    Call,
    Event,
    Headers,
    ParamRefusal,
    encode,
    last_user_text,
    must_be,
)
from gateway_core.simulated.wire.openai import (
    cached_details,
    error_object,
    function_tools,
    openai_headers,
    openai_key,
    refuse_unknown_model,
    thinking_of,
    tier_of,
    tool_choice_of,
)

_FINISHES = {
    Finish.STOP: "stop",
    Finish.STOP_SEQUENCE: "stop",
    Finish.LENGTH: "length",
    Finish.TOOLS: "tool_calls",
    Finish.REFUSED: "stop",
    Finish.FILTERED: "content_filter",
}


class Chat:
    """POST /v1/chat/completions."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def key(self, call: Call) -> str:
        return openai_key(call)

    def read(self, call: Call) -> Prompt:
        body = call.json
        model = must_be(body, "model", str)
        refuse_unknown_model(DialectName.OPENAI_CHAT, Operation.GENERATE, model, self._options)
        messages = must_be(body, "messages", list)
        openai_chat.check(body, model)
        thinking, effort = thinking_of(model, body.get("reasoning_effort"))
        last = messages[-1] if messages and isinstance(messages[-1], dict) else {}
        return Prompt(
            dialect=DialectName.OPENAI_CHAT,
            model=model,
            body=body,
            pieces=_pieces(body, messages),
            last_text=last_user_text(messages),
            after_tool=last.get("role") == "tool",
            stream=body.get("stream") is True,
            ask_usage=bool((body.get("stream_options") or {}).get("include_usage")),
            cap=_cap(body, model),
            stops=_stops(body.get("stop")),
            choices=int(must_be(body, "n", int, needed=False) or 1),
            tools=function_tools(body.get("tools")),
            tool_choice=tool_choice_of(body.get("tool_choice")),
            schema=_schema(body.get("response_format")),
            thinking=thinking,
            effort=effort,
            tier=tier_of(body.get("service_tier")),
        )

    def whole(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> bytes:
        choices = [_choice(choice, at) for at, choice in enumerate(answer.choices)]
        body = _head(prompt, answer, "chat.completion") | {"choices": choices}
        if knobs.usage != "none":
            body["usage"] = spoiled(_usage(prompt, answer), knobs.usage)
        return encode(body)

    def stream(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
        head = _head(prompt, answer, "chat.completion.chunk")
        tail = {"usage": None} if prompt.ask_usage else {}

        def chunk(at: int, delta: dict[str, Any], finish: str | None = None, content: bool = False) -> Event:
            choice = {"index": at, "delta": delta, "logprobs": None, "finish_reason": finish}
            return Event(b"data: " + encode({**head, "choices": [choice], **tail}) + b"\n\n", content)

        for at, choice in enumerate(answer.choices):
            opening = None if choice.calls else ""
            yield chunk(at, {"role": "assistant", "content": opening, "refusal": None})
            field = "refusal" if choice.finish is Finish.REFUSED else "content"
            for part in answer.parts(choice.text):
                yield chunk(at, {field: part}, content=True)
            for delta in _call_deltas(answer, choice):
                yield chunk(at, {"tool_calls": [delta]}, content=True)
            yield chunk(at, {}, _FINISHES[choice.finish])
        if prompt.ask_usage and knobs.usage != "none":
            usage = spoiled(_usage(prompt, answer), knobs.usage)
            yield Event(b"data: " + encode({**head, "choices": [], "usage": usage}) + b"\n\n")
        yield Event(b"data: [DONE]\n\n")

    def stream_type(self, prompt: Prompt) -> bytes:
        return b"text/event-stream; charset=utf-8"

    def stream_error(self, prompt: Prompt) -> bytes:
        refusal = Refusal(500, "server_error", "The server had an error while processing your request.")
        return b"data: " + encode({"error": error_object(refusal)}) + b"\n\n"

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        return openai_headers(answer)


def _pieces(body: dict[str, Any], messages: list[Any]) -> tuple[Piece, ...]:
    tools = [tool_piece(tool) for tool in body.get("tools") or ()]
    return (*tools, *(_message(message) for message in messages))


def _message(message: Any) -> Piece:
    if not isinstance(message, dict):
        raise ParamRefusal("invalid_request", "Invalid type for 'messages': expected objects.", "messages")
    calls = message.get("tool_calls")
    content = message.get("content")
    parts = content if isinstance(content, list) else [content] if content else []
    return message_piece(message, [*parts, *calls] if calls else parts)


def _cap(body: dict[str, Any], model: str) -> int | None:
    old = must_be(body, "max_tokens", int, needed=False)
    if old is not None and models.wants_completion_cap(model):
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead."
        )
        raise ParamRefusal("unsupported_parameter", message, "max_tokens")
    new = must_be(body, "max_completion_tokens", int, needed=False)
    cap = old if new is None else new
    return None if cap is None else int(cap)


def _stops(stop: Any) -> tuple[str, ...]:
    if isinstance(stop, str):
        return (stop,)
    return tuple(str(word) for word in stop or ())


def _schema(response_format: Any) -> Any:
    kind = response_format.get("type") if isinstance(response_format, dict) else None
    if kind == "json_schema":
        return (response_format.get("json_schema") or {}).get("schema") or {}
    return {"type": "object"} if kind == "json_object" else None


def _head(prompt: Prompt, answer: Answer, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": kind,
        "created": answer.created,
        "model": answer.model,
        "service_tier": prompt.tier or "default",
        "system_fingerprint": "fp_simulated",
    }


def _choice(choice: Choice, at: int) -> dict[str, Any]:
    refused = choice.finish is Finish.REFUSED
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refused or (choice.calls and not choice.text) else choice.text,
        "refusal": choice.text if refused else None,
        "annotations": [],
    }
    if choice.calls:
        message["tool_calls"] = [
            {
                "id": f"call_{call.number}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in choice.calls
        ]
    return {"index": at, "message": message, "logprobs": None, "finish_reason": _FINISHES[choice.finish]}


def _call_deltas(answer: Answer, choice: Choice) -> Iterator[dict[str, Any]]:
    for at, call in enumerate(choice.calls):
        function = {"name": call.name, "arguments": ""}
        yield {"index": at, "id": f"call_{call.number}", "type": "function", "function": function}
        for part in answer.parts(call.arguments):
            yield {"index": at, "function": {"arguments": part}}


def _usage(prompt: Prompt, answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "prompt_tokens": usage.total_input,
        "completion_tokens": usage.output,
        "total_tokens": usage.total,
        "prompt_tokens_details": {**cached_details(prompt, answer), "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
