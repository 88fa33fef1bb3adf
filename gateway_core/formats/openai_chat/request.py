"""A request for a chat completion or for embeddings, read."""

from __future__ import annotations

import re

from gateway_core.formats.body_tags import metadata_tags
from gateway_core.formats.content import Content, Media, content_of, data_of, remote
from gateway_core.formats.fields import beyond_text, candidates, cap, flag, kinds, length, model_name, text
from gateway_core.formats.json_object import JsonObject, read_body, read_object
from gateway_core.formats.other import read_other
from gateway_core.model.call import ANY_THINKING, Ask, DialectName, Operation

CAPS = ("max_completion_tokens", "max_tokens")
"""The two names of the output cap, the newer one first."""

_BESIDE = frozenset(
    {
        *CAPS, "model", "stream", "stream_options", "n", "temperature", "top_p", "top_k", "min_p", "seed",
        "stop", "user", "metadata", "store", "service_tier", "logprobs", "top_logprobs", "logit_bias",
        "presence_penalty", "frequency_penalty", "repetition_penalty", "parallel_tool_calls",
        "reasoning_effort", "verbosity", "modalities", "safety_identifier", "prompt_cache_key",
        "prompt_cache_retention", "prompt_cache_options", "encoding_format", "dimensions",
    }
)  # fmt: skip
_UNSHOWN = (
    "reasoning", "thinking", "enable_thinking", "chat_template_kwargs", "extra_body", "prediction"
)  # fmt: skip
"""Fields of some providers by which a call may use output that its stream does not show: thinking by other
names, and OpenAI's predictions, of which the rejected tokens are billed."""
_UNUSUAL = frozenset(
    {
        *_UNSHOWN,
        "modalities",
        "n", "tools", "functions", "stream_options", "reasoning_effort", "service_tier", "prompt_cache_key",
        "user", "metadata", "web_search_options", "search_parameters", "models", "plugins",
    }
)  # fmt: skip
"""Keys without which a request is a plain one, and most of what can be asked of it needs no look."""
_MARKS = (b'"image_url"', b'"input_audio"', b'"file"', b'"video_url"', b'"audio_url"')
_CLIENT_TOOLS = ("function", "custom", "")
_DATED = re.compile(r"(_preview)?(_\d{4}_?\d{2}_?\d{2})?\Z")


def read_request(operation: Operation, body: bytes) -> Ask:
    """What the body asks for. Raises Refusal 400."""
    if operation in (Operation.MODELS, Operation.OTHER):
        return read_other(DialectName.OPENAI_CHAT, operation, body)
    found = read_body(body)
    model = model_name(found)
    content = content_of(found, beside=_BESIDE, marks=_MARKS, media_of=_media_of)
    if operation is Operation.EMBED:
        return Ask(
            DialectName.OPENAI_CHAT,
            operation,
            model,
            input_bytes=content.bytes,
            messages=length(found, "input"),
            tags=_tags(found),
        )
    return _generate(found, operation, model, content)


def usage_asked(found: JsonObject) -> bool:
    """Whether a stream's client asked for usage itself. Raises Refusal 400."""
    options = found.raw("stream_options")
    return bool(options) and flag(read_object(options, "'stream_options'"), "include_usage")


def _generate(found: JsonObject, operation: Operation, model: str, content: Content) -> Ask:
    stream = flag(found, "stream")
    if not content.media and found.values.keys().isdisjoint(_UNUSUAL):
        return Ask(
            DialectName.OPENAI_CHAT,
            operation,
            model,
            stream=stream,
            output_cap=cap(found, *CAPS),
            input_bytes=content.bytes,
            messages=length(found, "messages"),
            usage_asked=not stream,
            by_reference=content.by_reference,
        )
    return Ask(
        DialectName.OPENAI_CHAT,
        operation,
        model,
        stream=stream,
        output_cap=cap(found, *CAPS),
        candidates=candidates(found, "n"),
        input_bytes=content.bytes,
        media_items=content.media,
        files=content.media - content.images,
        messages=length(found, "messages"),
        usage_asked=not stream or usage_asked(found),
        has_tools=length(found, "tools") + length(found, "functions") > 0,
        has_images=content.images > 0,
        server_tools=_server_tools(found),
        thinking=_thinking(found),
        other_output=beyond_text(found, "modalities"),
        by_reference=content.by_reference,
        service_tier=text(found, "service_tier"),
        session=text(found, "prompt_cache_key"),
        tags=_tags(found),
    )


def _thinking(found: JsonObject) -> int | None:
    if any(found.raw(key) for key in _UNSHOWN):
        return ANY_THINKING
    return thinking_of(text(found, "reasoning_effort"))


def thinking_of(effort: str | None) -> int | None:
    """How much a reasoning effort may think: nothing, or as much as the cap allows."""
    return None if effort is None else 0 if effort == "none" else ANY_THINKING


def _tags(found: JsonObject) -> dict[str, str]:
    if "user" not in found.values and "metadata" not in found.values:
        return {}
    return metadata_tags(found.decoded("metadata"), text(found, "user"))


def _server_tools(found: JsonObject) -> tuple[str, ...]:
    names = [tool_name(kind) for kind in kinds(found, "tools") if kind not in _CLIENT_TOOLS]
    if found.raw("web_search_options") or found.raw("search_parameters"):
        names.append("web_search")
    # OpenRouter's: other models to fall back to, at their own price, and what it runs beside the model.
    names += [key for key in ("models", "plugins") if found.raw(key)]
    return tuple(dict.fromkeys(names))


def tool_name(kind: str) -> str:
    """A server tool's name without its date: 'web_search_preview_2025_03_11' is 'web_search'."""
    return _DATED.sub("", kind.rpartition(":")[2])


def _media_of(part: dict[str, object]) -> Media | None:
    match part.get("type"):
        case "image_url":
            url = _inside(part, "image_url", "url")
            return Media(data_of(url), image=True)
        case "input_audio":
            return Media(data_of(_inside(part, "input_audio", "data")))
        case "file":
            return _file(part.get("file"))
        case "video_url" | "audio_url" as kind:
            url = _inside(part, str(kind), "url")
            return Media(data_of(url), by_reference=remote(url))
    return None


def _inside(part: dict[str, object], key: str, name: str) -> object:
    value = part.get(key)
    return value.get(name) if isinstance(value, dict) else value


def _file(file: object) -> Media | None:
    if not isinstance(file, dict):
        return None
    data = file.get("file_data")
    return Media(data_of(data), by_reference="file_id" in file or remote(data))
