"""One usage shape: an answer in a provider's own bytes, a price, and what the call then costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from gateway_core.model.call import DialectName, Operation

Json = dict[str, Any]
D = Decimal
MILLION = D(1_000_000)


@dataclass(frozen=True)
class Shape:
    """`dollars` is worked out beside the answer, by plain arithmetic on its counts and on the price."""

    name: str
    source: str
    """The page that shows the shape."""
    provider: str
    dialect: DialectName
    price: Mapping[str, Any]
    """As in [prices."provider/model"]."""
    answer: Json
    """The whole answer."""
    dollars: Decimal
    columns: tuple[int, int, int, int, int, int]
    """The ledger's: input, cached, written, written for an hour, output, reasoning."""
    operation: Operation = Operation.GENERATE
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the request says beside its prompt."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer."""
    certainty: str = "computed"
    """What the row says of its cost; `reported` where the answer states it in dollars."""
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Prices of other models that run a part of the call, by their names."""
    stream: Callable[[Json], bytes] | None = None
    """The same answer as a stream; None where the provider has no such stream."""

    @property
    def model(self) -> str:
        """A name of its own for each, so that each has its own price."""
        return "".join(letter if letter.isalnum() else "-" for letter in f"{self.provider}-{self.name}")

    @property
    def body(self) -> bytes:
        return json.dumps(self.answer).encode()

    def request(self, *, stream: bool = False) -> bytes:
        """A request for this answer, its prompt large enough for what it counts."""
        text = "x " * (sum(self.columns[:4]) // 2 + 8)
        return json.dumps({**_REQUESTS[self.dialect](self, text, stream), **self.asked}).encode()

    @property
    def nano(self) -> int:
        """Whole nano-dollars, rounded up once."""
        return int((self.dollars * 10**9).to_integral_value(rounding=ROUND_CEILING))


def _chat(shape: Shape, text: str, stream: bool) -> Json:
    if shape.operation is Operation.EMBED:
        return {"model": shape.model, "input": text}
    body = {"model": shape.model, "messages": [{"role": "user", "content": text}]}
    return {**body, "stream": True} if stream else body


def _response(shape: Shape, text: str, stream: bool) -> Json:
    body = {"model": shape.model, "input": text}
    return {**body, "stream": True} if stream else body


def _message(shape: Shape, text: str, stream: bool) -> Json:
    body = {"model": shape.model, "max_tokens": 8192, "messages": [{"role": "user", "content": text}]}
    return {**body, "stream": True} if stream else body


def _gemini(shape: Shape, text: str, _stream: bool) -> Json:
    content = {"parts": [{"text": text}]}
    return {"content": content} if shape.operation is Operation.EMBED else {"contents": [content]}


_REQUESTS: Mapping[DialectName, Callable[[Shape, str, bool], Json]] = {
    DialectName.OPENAI_CHAT: _chat,
    DialectName.OPENAI_RESPONSES: _response,
    DialectName.ANTHROPIC: _message,
    DialectName.GEMINI: _gemini,
}


def event(data: Any, name: str = "") -> bytes:
    """One server-sent event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


def chat_stream(answer: Json) -> bytes:
    """As OpenAI streams it with include_usage: content, the finish reason, usage beside no choice."""
    chunk = {key: answer[key] for key in ("id", "model", "service_tier") if key in answer}
    text = {"choices": [{"index": 0, "delta": {"content": "Hello"}, "finish_reason": None}], "usage": None}
    stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": None}
    last = {"choices": [], "usage": answer["usage"]}
    pieces = [event({**chunk, "object": "chat.completion.chunk", **each}) for each in (text, stop, last)]
    return b"".join(pieces) + b"data: [DONE]\n\n"


def chat_stream_cumulative(answer: Json) -> bytes:
    """As those stream it who state usage so far with every chunk."""
    usage = answer["usage"]
    first = {**usage, "completion_tokens": 1, "total_tokens": usage["prompt_tokens"] + 1}
    chunk = {"id": "c", "object": "chat.completion.chunk", "model": answer["model"]}
    choice = {"index": 0, "delta": {"content": "Hello"}, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    return (
        event({**chunk, "choices": [choice], "usage": first})
        + event({**chunk, "choices": [end], "usage": usage})
        + b"data: [DONE]\n\n"
    )


def chat_stream_groq(answer: Json) -> bytes:
    """As Groq streams it without include_usage: in the last chunk, under its own name."""
    chunk = {"id": "c", "object": "chat.completion.chunk", "model": answer["model"]}
    choice = {"index": 0, "delta": {"content": "Hello"}, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    return (
        event({**chunk, "choices": [choice], "x_groq": {"id": "req_1"}})
        + event({**chunk, "choices": [end], "x_groq": {"id": "req_1", "usage": answer["usage"]}})
        + b"data: [DONE]\n\n"
    )


def responses_stream(answer: Json) -> bytes:
    """As OpenAI streams a response: the object comes again, whole, in the last event."""
    begun = {**answer, "status": "in_progress", "usage": None, "output": []}
    kind = f"response.{answer['status']}"
    return (
        event({"type": "response.created", "response": begun}, "response.created")
        + event({"type": "response.output_text.delta", "delta": "Hello"}, "response.output_text.delta")
        + event({"type": kind, "response": answer}, kind)
    )


def messages_stream(answer: Json) -> bytes:
    """As Anthropic streams a message: the input side at the start, all of it again with the end."""
    usage = answer["usage"]
    start = {key: value for key, value in usage.items() if key not in ("iterations", "server_tool_use")}
    message = {**answer, "content": [], "stop_reason": None, "usage": {**start, "output_tokens": 1}}
    told_once = ("cache_creation", "service_tier", "inference_geo", "speed", "output_tokens_details")
    end = {key: value for key, value in usage.items() if key not in told_once}
    if "output_tokens_details" in usage:
        end["output_tokens_details"] = usage["output_tokens_details"]
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}
    stop = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": end}
    return (
        event({"type": "message_start", "message": message}, "message_start")
        + event(delta, "content_block_delta")
        + event(stop, "message_delta")
        + event({"type": "message_stop"}, "message_stop")
    )


def gemini_stream(answer: Json) -> bytes:
    """As Gemini streams it with alt=sse: each chunk repeats the counts so far."""
    usage = answer["usageMetadata"]
    early = {key: value for key, value in usage.items() if not key.startswith("candidates")}
    first = {"candidates": [{"content": {"parts": [{"text": "Hello"}]}}], "usageMetadata": early}
    return event({**first, "modelVersion": answer.get("modelVersion")}) + event(answer)


def gemini_array(answer: Json) -> bytes:
    """As Gemini streams it without alt=sse: one array that comes in pieces."""
    chunks = gemini_stream(answer).replace(b"data: ", b"").split(b"\n\n")
    return b"[" + b"\n,\r\n".join(filter(None, chunks)) + b"\n]\n"
