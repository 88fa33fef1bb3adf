"""OpenAI Responses: requests and whole answers. https://platform.openai.com/docs/api-reference/responses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated.answer import Answer, Choice, Finish
from gateway_core.simulated.faults import spoiled
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.memory import Memory
from gateway_core.simulated.options import Options
from gateway_core.simulated.prompt import Piece, Prompt, message_piece, tool_piece
from gateway_core.simulated.strict import openai_responses, signatures
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
    error_object,
    function_tools,
    openai_headers,
    openai_key,
    refuse_unknown_model,
    thinking_of,
    tier_of,
    tool_choice_of,
)
from gateway_core.simulated.wire.openai_responses_stream import events

_RESULTS = ("function_call_output", "custom_tool_call_output")
_CUTS = {Finish.LENGTH: "max_output_tokens", Finish.FILTERED: "content_filter"}
_CONTENT_KEYS = ("content", "output", "arguments", "summary", "encrypted_content")


class Responses:
    """POST /v1/responses."""

    def __init__(self, options: Options, memory: Memory) -> None:
        self._options = options
        self._memory = memory

    def key(self, call: Call) -> str:
        return openai_key(call)

    def read(self, call: Call) -> Prompt:
        body = call.json
        model = must_be(body, "model", str)
        refuse_unknown_model(DialectName.OPENAI_RESPONSES, Operation.GENERATE, model, self._options)
        items = _items(body)
        openai_responses.check(body, model)
        thinking, effort = thinking_of(model, (body.get("reasoning") or {}).get("effort"))
        last = items[-1] if items else {}
        return Prompt(
            dialect=DialectName.OPENAI_RESPONSES,
            model=model,
            body=body,
            known=_known(body.get("previous_response_id"), self._memory),
            pieces=_pieces(body, items),
            last_text=last_user_text(items),
            after_tool=last.get("type") in _RESULTS,
            stream=body.get("stream") is True,
            cap=must_be(body, "max_output_tokens", int, needed=False),
            tools=function_tools(body.get("tools")),
            tool_choice=tool_choice_of(body.get("tool_choice")),
            schema=_schema((body.get("text") or {}).get("format")),
            thinking=thinking,
            effort=effort,
            tier=tier_of(body.get("service_tier")),
        )

    def whole(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> bytes:
        return encode(self._response(prompt, answer, knobs))

    def stream(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
        return events(answer, self._response(prompt, answer, knobs))

    def stream_type(self, prompt: Prompt) -> bytes:
        return b"text/event-stream; charset=utf-8"

    def stream_error(self, prompt: Prompt) -> bytes:
        refusal = Refusal(500, "server_error", "The server had an error while processing your request.")
        error = error_object(refusal)
        event = {"type": "error", "code": error["code"], "message": error["message"], "param": None}
        return b"event: error\ndata: " + encode({**event, "sequence_number": 999}) + b"\n\n"

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        return openai_headers(answer)

    def _response(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> dict[str, Any]:
        self._memory.keep_response(_response_id(answer), _exchange(prompt, answer))
        return _response(prompt, answer, knobs)


def _exchange(prompt: Prompt, answer: Answer) -> tuple[Piece, ...]:
    """The whole exchange as pieces, for a request that goes on from this response."""
    said = message_piece({"role": "assistant", "content": answer.choices[0].text}, answer.choices[0].text)
    return (*prompt.known, *prompt.pieces, said)


def _response_id(answer: Answer) -> str:
    return f"resp_{answer.id}"


def count_tokens(prompt: Prompt) -> bytes:
    """POST /v1/responses/input_tokens."""
    return encode({"object": "response.input_tokens", "input_tokens": prompt.input_tokens})


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    given = must_be(body, "input", (str, list), needed="previous_response_id" not in body)
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if not all(isinstance(item, dict) for item in given or ()):
        raise ParamRefusal("invalid_request", "Invalid type for 'input': expected objects.", "input")
    return list(given or ())


def _known(previous: Any, memory: Memory) -> tuple[Piece, ...]:
    if previous is None:
        return ()
    pieces = memory.response(str(previous))
    if pieces is None:
        message = f"Previous response with id '{previous}' not found."
        raise ParamRefusal("previous_response_not_found", message, "previous_response_id")
    return pieces


def _pieces(body: dict[str, Any], items: list[dict[str, Any]]) -> tuple[Piece, ...]:
    tools = [tool_piece(tool) for tool in body.get("tools") or ()]
    instructions = body.get("instructions")
    opening = [message_piece({"instructions": instructions}, instructions)] if instructions else []
    return (*tools, *opening, *(message_piece(item, _content(item)) for item in items))


def _content(item: dict[str, Any]) -> list[Any]:
    parts: list[Any] = []
    for name in _CONTENT_KEYS:
        value = item.get(name)
        if value:
            parts.extend(value if isinstance(value, list) else [value])
    return parts


def _schema(text_format: Any) -> Any:
    kind = text_format.get("type") if isinstance(text_format, dict) else None
    if kind == "json_schema":
        return text_format.get("schema") or {}
    return {"type": "object"} if kind == "json_object" else None


def _response(prompt: Prompt, answer: Answer, knobs: Knobs) -> dict[str, Any]:
    """The finished response object, which a stream's last event carries too."""
    body, choice = prompt.body, answer.choices[0]
    cut = _CUTS.get(choice.finish)
    made: dict[str, Any] = {
        "id": _response_id(answer),
        "object": "response",
        "created_at": answer.created,
        "status": "incomplete" if cut else "completed",
        "background": False,
        "completed_at": None if cut else answer.created + 1,
        "error": None,
        "incomplete_details": {"reason": cut} if cut else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": answer.model,
        "output": _output(prompt, answer, choice),
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {"effort": (body.get("reasoning") or {}).get("effort"), "summary": None},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": prompt.tier or "default",
        "store": body.get("store", True),
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": [_echoed(tool) for tool in body.get("tools") or ()],
        "top_logprobs": 0,
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }
    if knobs.usage != "none":
        made["usage"] = spoiled(_usage(answer), knobs.usage)
    return made


def _echoed(tool: Any) -> Any:
    if isinstance(tool, dict) and tool.get("type") == "function":
        return {"description": None, "strict": True, "parameters": None, **tool}
    return tool


def _output(prompt: Prompt, answer: Answer, choice: Choice) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    status = "incomplete" if choice.finish in _CUTS else "completed"
    if answer.usage.reasoning:
        items.append(_reasoning(prompt, answer))
    if choice.text or not (choice.calls or choice.finish.declined):
        part: dict[str, Any] = {"type": "output_text", "annotations": [], "logprobs": [], "text": choice.text}
        if choice.finish is Finish.REFUSED:
            part = {"type": "refusal", "refusal": choice.text}
        items.append(
            {
                "id": f"msg_{answer.id}",
                "type": "message",
                "status": status,
                "content": [part],
                "role": "assistant",
            }
        )
    for call in choice.calls:
        items.append(
            {
                "id": f"fc_{call.number}",
                "type": "function_call",
                "status": "completed",
                "arguments": call.arguments,
                "call_id": f"call_{call.number}",
                "name": call.name,
            }
        )
    return items


def _reasoning(prompt: Prompt, answer: Answer) -> dict[str, Any]:
    item: dict[str, Any] = {"id": f"rs_{answer.id}", "type": "reasoning", "summary": []}
    if "reasoning.encrypted_content" in (prompt.body.get("include") or ()):
        item["encrypted_content"] = signatures.sealed(answer.id)
    return item


def _usage(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "input_tokens": usage.total_input,
        "input_tokens_details": {
            "cache_write_tokens": usage.cache_write,
            "cached_tokens": usage.cached_input,
        },
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.total,
    }
