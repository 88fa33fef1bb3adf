"""The wire formats as the tests speak them: paths, bodies, credentials, and the shape of an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from genai_prices import Usage, extract_usage

Body = dict[str, Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Wire:
    """One format. `body` makes a request out of (prompt, cap in tokens, stream)."""

    name: str
    """The ledger's `format`."""
    provider: str
    model: str
    flavor: str
    """What genai-prices calls this shape of an answer."""
    path: str
    stream_path: str
    credential: Callable[[str], dict[str, str]]
    body: Callable[[str, str, int, bool], Body]
    error_of: Callable[[Json], tuple[Any, str]]
    """(type or code, message) of an error body; KeyError where the body is not this format's."""
    last_usage: Callable[[list[Json]], Json]
    """What states the usage in the events of a stream, in the shape of a whole answer."""

    def at(self, stream: bool) -> str:
        return self.stream_path if stream else self.path

    def ask(self, prompt: str, *, cap: int = 400, stream: bool = False, model: str | None = None) -> Body:
        return self.body(model or self.model, prompt, cap, stream)

    def for_model(self, model: str, *, stream: bool = False) -> str:
        """The path of another model, in the format that names it there."""
        return self.at(stream).replace(self.model, model)

    def usage(self, answer: Json) -> Usage:
        """An answer's usage as genai-prices reads it, without any code of ours."""
        provider = "google" if self.provider == "gemini" else self.provider
        usage = extract_usage(answer, provider_id=provider, api_flavor=self.flavor).usage
        assert isinstance(usage, Usage)
        return usage


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _chat_body(model: str, prompt: str, cap: int, stream: bool) -> Body:
    body: Body = {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "max_completion_tokens": cap,
    }
    return {**body, "stream": True} if stream else body


def _responses_body(model: str, prompt: str, cap: int, stream: bool) -> Body:
    body: Body = {"model": model, "input": prompt, "max_output_tokens": cap, "store": False}
    return {**body, "stream": True} if stream else body


def _messages_body(model: str, prompt: str, cap: int, stream: bool) -> Body:
    body: Body = {"model": model, "max_tokens": cap, "messages": [{"role": "user", "content": prompt}]}
    return {**body, "stream": True} if stream else body


def _gemini_body(_model: str, prompt: str, cap: int, _stream: bool) -> Body:
    return {
        "contents": [{"role": "user", "parts": [{"text": prompt}]}],
        "generationConfig": {"maxOutputTokens": cap},
    }


def _openai_error(body: Json) -> tuple[Any, str]:
    error = body["error"]
    assert {"message", "type", "code"} <= error.keys()
    return error["code"], error["message"]


def _anthropic_error(body: Json) -> tuple[Any, str]:
    assert body["type"] == "error"
    return body["error"]["type"], body["error"]["message"]


def _gemini_error(body: Json) -> tuple[Any, str]:
    error = body["error"]
    assert isinstance(error["code"], int) and isinstance(error["status"], str)
    return error["status"], error["message"]


def _chat_usage(events: list[Json]) -> Json:
    return next(event for event in reversed(events) if event.get("usage"))


def _responses_usage(events: list[Json]) -> Json:
    answer: Json = next(
        event["response"] for event in reversed(events) if event["type"] == "response.completed"
    )
    return answer


def _messages_usage(events: list[Json]) -> Json:
    message: Json = next(event["message"] for event in events if event["type"] == "message_start")
    delta = next(event for event in reversed(events) if event["type"] == "message_delta")
    stated = {key: value for key, value in delta["usage"].items() if value is not None}
    return {**message, "usage": {**message["usage"], **stated}}


def _gemini_usage(events: list[Json]) -> Json:
    return next(event for event in reversed(events) if "usageMetadata" in event)


CHAT = Wire(
    "openai", "openai", "gpt-5-mini", "chat", "/v1/chat/completions", "/v1/chat/completions",
    _bearer, _chat_body, _openai_error, _chat_usage,
)  # fmt: skip
RESPONSES = Wire(
    "responses", "openai", "gpt-5-mini", "responses", "/v1/responses", "/v1/responses",
    _bearer, _responses_body, _openai_error, _responses_usage,
)  # fmt: skip
MESSAGES = Wire(
    "anthropic", "anthropic", "claude-sonnet-4-5", "default", "/v1/messages", "/v1/messages",
    lambda token: {"x-api-key": token, "anthropic-version": "2023-06-01"},
    _messages_body, _anthropic_error, _messages_usage,
)  # fmt: skip
GEMINI = Wire(
    "gemini", "gemini", "gemini-2.5-flash", "default",
    "/v1beta/models/gemini-2.5-flash:generateContent",
    "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    lambda token: {"x-goog-api-key": token}, _gemini_body, _gemini_error, _gemini_usage,
)  # fmt: skip
WIRES = (CHAT, RESPONSES, MESSAGES, GEMINI)


def events_of(raw: bytes) -> list[Json]:
    """The JSON of each `data:` line of a server-sent event stream, the end mark left out."""
    lines = (line.removeprefix(b"data:").strip() for line in raw.split(b"\n") if line.startswith(b"data:"))
    return [json.loads(line) for line in lines if line and line != b"[DONE]"]
