"""What embeddings refuse. Sources: `EmbeddingCreateParams` of OpenAI's SDK, ai.google.dev/api/embeddings, and
the APIs' own messages."""

from __future__ import annotations

from collections.abc import Sequence

from gateway_core.simulated.spelling import camel
from gateway_core.simulated.strict import Json, objects, refuse, unknown
from gateway_core.simulated.strict.ranges import check_at_least

_KNOWN = frozenset({"input", "model", "dimensions", "encoding_format", "user"})
_MOST_INPUTS = 2048
_MOST_TOKENS = 8192
_GEMINI_KNOWN = frozenset(
    {"model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig"}
)
_BATCH_KNOWN = frozenset({"model", "requests"})
_MOST_REQUESTS = 100


def check_openai(body: Json, model: str, items: Sequence[str | list[int]], sizes: Sequence[int]) -> None:
    """Raises ParamRefusal 400 for what OpenAI would refuse. `sizes` are the tokens of each input."""
    if name := unknown(body, _KNOWN):
        raise refuse(f"Unrecognized request argument supplied: {name}", name)
    if body.get("encoding_format") not in (None, "float", "base64"):
        raise refuse("'encoding_format' must be one of 'float', 'base64'.", "encoding_format")
    if body.get("dimensions") is not None:
        if not model.startswith(("text-embedding-3", "sim-")):
            raise refuse("This model does not support specifying dimensions.")
        check_at_least(body, "dimensions", 1)
    if len(items) > _MOST_INPUTS:
        raise refuse(
            f"Invalid 'input': array too long. Expected an array with maximum length {_MOST_INPUTS}, but got "
            f"an array with length {len(items)} instead.",
            "input",
            "array_above_max_length",
        )
    if not all(items):
        raise refuse("'$.input' is invalid. Please check the API reference.", "input")
    if max(sizes) > _MOST_TOKENS:
        raise refuse(
            f"This model's maximum context length is {_MOST_TOKENS} tokens, however you requested "
            f"{max(sizes)} tokens. Please reduce your prompt.",
        )


def check_gemini(body: Json, requests: Sequence[Json], model: str, verb: str) -> None:
    """Raises ParamRefusal 400 for what Gemini would refuse."""
    batch = verb == "batchEmbedContents"
    _only(body, _BATCH_KNOWN if batch else _GEMINI_KNOWN)
    if len(requests) > _MOST_REQUESTS:
        raise refuse(
            f"* BatchEmbedContentsRequest.requests: at most {_MOST_REQUESTS} requests can be in one batch"
        )
    for at, request in enumerate(requests):
        where = f"BatchEmbedContentsRequest.requests[{at}]: " if batch else ""
        _only(request, _GEMINI_KNOWN)
        if batch and request.get("model") != f"models/{model}":
            raise refuse(
                f"* BatchEmbedContentsRequest.requests[{at}].model: model does not match the one in the "
                "parent request."
            )
        _check_content(request, where)


def _check_content(request: Json, where: str) -> None:
    content = request.get("content")
    parts = objects(content.get("parts")) if isinstance(content, dict) else []
    if not parts:
        raise refuse(f"* {where}EmbedContentRequest.content: contents is not specified")
    if any(part == {} or part.get("text") == "" for part in parts):
        raise refuse(f"* {where}EmbedContentRequest.content contains an empty Part.")


def _only(body: Json, known: frozenset[str]) -> None:
    for name in body:
        if camel(name) not in known:
            raise refuse(f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.', name)
