"""A request for a response, read."""

from __future__ import annotations

from gateway_core.formats.body_tags import metadata_tags
from gateway_core.formats.content import Content, Media, content_of, data_of
from gateway_core.formats.fields import cap, flag, kinds, length, model_name, text, whole
from gateway_core.formats.json_object import JsonObject, read_body, read_object
from gateway_core.formats.openai_chat.request import thinking_of, tool_name
from gateway_core.formats.other import read_other
from gateway_core.model.call import Ask, DialectName, Operation

CAP = "max_output_tokens"
TOOL_LIMIT = "max_tool_calls"

_BESIDE = frozenset(
    {
        CAP, "model", "stream", "stream_options", "temperature", "top_p", "top_logprobs", "user", "metadata",
        "store", "service_tier", "background", "background_options", "include", "max_tool_calls",
        "parallel_tool_calls", "previous_response_id", "conversation", "prompt_cache_key",
        "prompt_cache_retention", "prompt_cache_options", "reasoning", "safety_identifier", "truncation",
        "client_metadata",
    }
)  # fmt: skip
_ELSEWHERE = ("previous_response_id", "conversation", "prompt")
"""Fields by which the input, or a part of it, is kept by the provider."""
_MARKS = (
    b'"input_image"', b'"input_file"', b'"input_audio"', b'"computer_screenshot"', b'"image_generation_call"',
    b'"item_reference"',
)  # fmt: skip
_CLIENT_TOOLS = frozenset(
    {
        "function", "custom", "namespace", "local_shell", "shell", "apply_patch", "computer", "tool_search",
        "computer_use", "computer_use_preview", "programmatic_tool_calling", "",
    }
)  # fmt: skip


def read_request(operation: Operation, body: bytes) -> Ask:
    """What the body asks for. Raises Refusal 400."""
    if operation in (Operation.MODELS, Operation.OTHER):
        return read_other(DialectName.OPENAI_RESPONSES, operation, body)
    found = read_body(body)
    content = content_of(found, beside=_BESIDE, marks=_MARKS, media_of=_media_of)
    server_tools = _server_tools(found)
    return Ask(
        DialectName.OPENAI_RESPONSES,
        operation,
        model_name(found),
        stream=flag(found, "stream"),
        output_cap=cap(found, CAP),
        input_bytes=content.bytes,
        media_items=content.media,
        files=content.media - content.images,
        messages=length(found, "input") + length(found, "instructions"),
        has_tools=length(found, "tools") > 0,
        has_images=content.images > 0,
        server_tools=server_tools,
        server_uses=whole(found, TOOL_LIMIT) if server_tools else None,
        thinking=_thinking(found),
        later=flag(found, "background"),
        by_reference=_by_reference(found, content),
        service_tier=text(found, "service_tier"),
        session=text(found, "prompt_cache_key"),
        tags=_tags(found),
    )


def _by_reference(found: JsonObject, content: Content) -> bool:
    return content.by_reference or any(found.raw(key) for key in _ELSEWHERE)


def _thinking(found: JsonObject) -> int | None:
    raw = found.raw("reasoning")
    return thinking_of(text(read_object(raw, "'reasoning'"), "effort")) if raw else None


def _tags(found: JsonObject) -> dict[str, str]:
    if "user" not in found.values and "metadata" not in found.values:
        return {}
    return metadata_tags(found.decoded("metadata"), text(found, "user"))


def _server_tools(found: JsonObject) -> tuple[str, ...]:
    names = [tool_name(kind) for kind in kinds(found, "tools") if kind not in _CLIENT_TOOLS]
    return tuple(dict.fromkeys(names))


def _media_of(part: dict[str, object]) -> Media | None:
    match part.get("type"):
        case "input_image" | "computer_screenshot":
            return Media(data_of(part.get("image_url")), image=True, by_reference=bool(part.get("file_id")))
        case "input_file":
            kept = part.get("file_id") or part.get("file_url")
            return Media(data_of(part.get("file_data")), by_reference=bool(kept))
        case "input_audio":
            audio = part.get("input_audio")
            return Media(data_of(audio.get("data") if isinstance(audio, dict) else None))
        case "image_generation_call":
            return Media(data_of(part.get("result")), image=True, by_reference=not part.get("result"))
        case "item_reference":
            return Media(by_reference=True)
    return None
