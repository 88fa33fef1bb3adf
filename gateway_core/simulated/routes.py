"""Which path belongs to which format and which operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

_MODEL_VERB = re.compile(r"/v1(?:beta)?/models/([^/:]+):(\w+)")
_INVOKED = re.compile(r"/model/(.+)/(invoke|invoke-with-response-stream)")
_PUBLISHED = re.compile(
    r"/v1(?:beta1)?/projects/[\w-]+/locations/[\w-]+/publishers/(google|anthropic)/models/([^/:]+):(\w+)"
)
_MANTLE = "/anthropic"
_MODEL = re.compile(r"/v1(?:beta)?/models(?:/([^/:]+))?")


class Family(StrEnum):
    """Whose errors and models are meant."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    BEDROCK = "bedrock"
    MANTLE = "mantle"
    VERTEX = "vertex"


class Task(StrEnum):
    """What is to be done."""

    CHAT = "chat"
    RESPONSES = "responses"
    MESSAGES = "messages"
    CONTENT = "content"
    INVOKE = "invoke"
    PREDICT = "predict"
    PUBLISHED = "published"
    COUNT = "count"
    EMBED = "embed"
    MODELS = "models"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Route:
    family: Family
    task: Task
    model: str = ""
    verb: str = ""


_FIXED = {
    "/v1/chat/completions": Route(Family.OPENAI, Task.CHAT),
    "/v1/responses": Route(Family.OPENAI, Task.RESPONSES),
    "/v1/responses/input_tokens": Route(Family.OPENAI, Task.COUNT),
    "/v1/embeddings": Route(Family.OPENAI, Task.EMBED),
    "/v1/messages": Route(Family.ANTHROPIC, Task.MESSAGES),
    "/v1/messages/count_tokens": Route(Family.ANTHROPIC, Task.COUNT),
}
_GEMINI_VERBS = {
    "generateContent": Task.CONTENT,
    "streamGenerateContent": Task.CONTENT,
    "countTokens": Task.COUNT,
    "embedContent": Task.EMBED,
    "batchEmbedContents": Task.EMBED,
}

_PUBLISHED_VERBS = {
    "generateContent": Task.PUBLISHED,
    "streamGenerateContent": Task.PUBLISHED,
    "countTokens": Task.COUNT,
}


def resolve(method: str, path: str, headers: Mapping[str, str]) -> Route:
    """The route of a request; one with `Task.NOTHING` where there is none."""
    if method == "POST" and path in _FIXED:
        return _FIXED[path]
    if (in_cloud := _in_cloud(method, path)) is not None:
        return in_cloud
    named = _MODEL_VERB.fullmatch(path)
    if named and method == "POST" and named[2] in _GEMINI_VERBS:
        return Route(Family.GEMINI, _GEMINI_VERBS[named[2]], unquote(named[1]), named[2])
    listed = _MODEL.fullmatch(path)
    if listed and method == "GET":
        return Route(_family(path, headers), Task.MODELS, unquote(listed[1] or ""))
    return Route(_family(path, headers), Task.NOTHING)


def _in_cloud(method: str, path: str) -> Route | None:
    if invoked := _INVOKED.fullmatch(path):
        return Route(Family.BEDROCK, Task.INVOKE, invoked[1], invoked[2])
    if path == "/inference-profiles":
        return Route(Family.BEDROCK, Task.MODELS)
    if path == "/v1beta1/publishers/google/models":
        return Route(Family.VERTEX, Task.MODELS)
    if path.startswith(f"{_MANTLE}/"):
        found = _FIXED.get(path.removeprefix(_MANTLE))
        return Route(Family.MANTLE, found.task if found and method == "POST" else Task.MODELS)
    if published := _PUBLISHED.fullmatch(path):
        publisher, model, verb = published.groups()
        task = Task.PREDICT if publisher == "anthropic" else _PUBLISHED_VERBS.get(verb, Task.NOTHING)
        return Route(Family.VERTEX, Task.COUNT if model == "count-tokens" else task, unquote(model), verb)
    return None


def _family(path: str, headers: Mapping[str, str]) -> Family:
    """Three formats share /v1/models; the headers tell them apart."""
    if "anthropic-version" in headers or path.startswith("/v1/messages"):
        return Family.ANTHROPIC
    if "x-goog-api-key" in headers or path.startswith("/v1beta/") or _MODEL_VERB.fullmatch(path):
        return Family.GEMINI
    return Family.OPENAI
