"""Anthropic's format as clouds wrap it: Bedrock's InvokeModel and Vertex AI's rawPredict."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec

from gateway_core.model.errors import Refusal
from gateway_core.simulated.answer import Answer
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.prompt import Prompt
from gateway_core.simulated.sigv4 import Signed, verify
from gateway_core.simulated.wire.anthropic import WITHOUT_SAMPLING, Messages
from gateway_core.simulated.wire.base import Call, Event, Headers, ParamRefusal, encode, refuse_bad_key
from gateway_core.simulated.wire.gemini import GenerateContent

_BEDROCK_KEY = "bedrock-api-key-"
_BETAS = ("interleaved-thinking-2025-05-14", "context-1m-2025-08-07")
_EXCEPTIONS = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    503: "ServiceUnavailableException",
}
PROFILES = ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "global.anthropic.claude-haiku-4-5-20251001-v1:0")


class InvokeModel(Messages):
    """POST /model/{id}/invoke and …/invoke-with-response-stream."""

    def read(self, call: Call) -> Prompt:
        _refuse_betas(call.json.get("anthropic_beta", []))
        streamed = call.verb == "invoke-with-response-stream"
        inner = _inner(call, "bedrock-2023-05-31", gone=("model", "stream"))
        body = {**inner, "model": _bare(call.model), "stream": streamed}
        return replace(super().read(_as_messages(call, body)), model=_bare(call.model))

    def stream(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
        for event in super().stream(prompt, answer, knobs):
            data = _data(event.data)
            if b'"message_stop"' in data:
                data = encode(
                    {**msgspec.json.decode(data), "amazon-bedrock-invocationMetrics": _metrics(answer)}
                )
            payload = encode({"bytes": base64.b64encode(data).decode(), "p": "abcdefgh"})
            yield Event(frame({":message-type": "event", ":event-type": "chunk"}, payload), event.content)

    def stream_type(self, prompt: Prompt) -> bytes:
        return b"application/vnd.amazon.eventstream"

    def stream_error(self, prompt: Prompt) -> bytes:
        headers = {":message-type": "exception", ":exception-type": "modelStreamErrorException"}
        return frame(headers, encode({"message": "The model was overloaded."}))

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        return [(b"x-amzn-requestid", b"aws-" + answer.id.encode())]


class RawPredict(Messages):
    """POST …/publishers/anthropic/models/{model}:rawPredict and :streamRawPredict."""

    def read(self, call: Call) -> Prompt:
        return super().read(vertex_call(call, gone=("model",)))

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        return [(b"request-id", b"req_vrtx_" + answer.id.encode())]


class VertexContent(GenerateContent):
    """POST …/publishers/google/models/{model}:generateContent and :streamGenerateContent."""

    def read(self, call: Call) -> Prompt:
        for at, content in enumerate(call.json.get("contents") or ()):
            for part in content.get("parts") or ():
                for name in ("functionCall", "functionResponse"):
                    if "id" in part.get(name, {}):
                        message = f"Unknown name \"id\" at 'contents[{at}].{name}': Cannot find field."
                        raise ParamRefusal("invalid_request", message, name)
        return super().read(call)


class BedrockFace:
    """Errors as AWS tells them: the type in a header, the words in the body."""

    def refusal(self, refusal: Refusal) -> tuple[bytes, Headers]:
        named = refusal.code if refusal.status == 403 else _EXCEPTIONS.get(refusal.status)
        kind = (named or "InternalServerException").removesuffix("Exception") + "Exception"
        return encode({"message": refusal.message}), [(b"x-amzn-errortype", f"{kind}:http://aws".encode())]


def aws_key(service: str, call: Call) -> str:
    """Who signed, or the bearer key. Raises Refusal 403."""
    if call.bearer:
        refuse_bad_key(call.bearer)
        if not call.bearer.startswith(_BEDROCK_KEY):
            raise Refusal(403, "AccessDeniedException", "Invalid API Key format")
        return call.bearer
    return verify(Signed(call.method, call.raw_path, call.query, call.headers, call.body), service)


def vertex_call(call: Call, *, gone: tuple[str, ...] = ()) -> Call:
    """A call of Claude on Vertex AI as one of /v1/messages."""
    inner = _inner(call, "vertex-2023-10-16", gone=gone)
    streamed = inner.get("stream") is True
    if call.verb in ("rawPredict", "streamRawPredict") and streamed is (call.verb == "rawPredict"):
        raise ParamRefusal("invalid_request", "stream: is not what the method says", "stream")
    return _as_messages(call, {"model": call.model, **inner})


def profiles() -> bytes:
    """GET /inference-profiles."""
    return encode({"inferenceProfileSummaries": [{"inferenceProfileId": each} for each in PROFILES]})


def frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    """A message of an event stream: lengths, checksum, headers, payload, checksum."""
    named = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(text)) + text.encode()
        for name, text in {**headers, ":content-type": "application/json"}.items()
    )
    prelude = struct.pack("!II", len(named) + len(payload) + 16, len(named))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + named + payload
    return message + struct.pack("!I", zlib.crc32(message))


def _inner(call: Call, version: str, *, gone: tuple[str, ...]) -> dict[str, object]:
    body = call.json
    for name in gone:
        if name in body:
            raise ParamRefusal("invalid_request", f"{name}: Extra inputs are not permitted", name)
    if body.get("anthropic_version") not in (version, WITHOUT_SAMPLING):
        raise ParamRefusal("invalid_request", "anthropic_version: is not supported", "anthropic_version")
    return {name: value for name, value in body.items() if not name.startswith("anthropic_")}


def _as_messages(call: Call, body: dict[str, object]) -> Call:
    asked = call.json.get("anthropic_version")
    version = WITHOUT_SAMPLING if asked == WITHOUT_SAMPLING else "2023-06-01"
    return replace(call, headers={**call.headers, "anthropic-version": version}, body=encode(body))


def _refuse_betas(named: list[str]) -> None:
    if not set(named) <= set(_BETAS):
        raise Refusal(400, "validation", "invalid beta flag")


def _bare(model: str) -> str:
    """The model of an id, an inference profile or an ARN; what an opaque ARN stands for is one of them."""
    found = model.rpartition("anthropic.")[2]
    return found if found.startswith("claude-") else "claude-sonnet-4-5"


def _data(event: bytes) -> bytes:
    return event.partition(b"\ndata: ")[2].strip()


def _metrics(answer: Answer) -> dict[str, int]:
    usage = answer.usage
    return {
        "inputTokenCount": usage.input,
        "outputTokenCount": usage.output,
        "cacheReadInputTokenCount": usage.cached_input,
        "cacheWriteInputTokenCount": usage.cache_write + usage.cache_write_1h,
        "invocationLatency": 500,
        "firstByteLatency": 100,
    }
