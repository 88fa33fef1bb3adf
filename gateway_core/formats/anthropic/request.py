"""A request for a message or for a count of its tokens, read."""

from __future__ import annotations

import re

from gateway_core.formats.body_tags import user_id_tags
from gateway_core.formats.content import Content, Media, content_of, data_of, remote
from gateway_core.formats.fields import MAX_NUMBER, cap, flag, kinds, length, model_name, text, whole
from gateway_core.formats.json_object import JsonObject, read_body, read_object
from gateway_core.formats.other import read_other
from gateway_core.model.call import ANY_THINKING, Ask, DialectName, Operation

CAP = "max_tokens"

_BESIDE = frozenset(
    {
        CAP, "model", "stream", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier",
        "thinking", "speed", "inference_geo", "cache_control", "container", "betas", "diagnostics",
        "user_profile_id", "workspace_id",
    }
)  # fmt: skip
_MARKS = (b'"image"', b'"document"', b'"container_upload"')
_CLIENT_TOOLS = (
    "custom", "bash", "text_editor", "computer", "memory", "browser", "str_replace_based_edit_tool",
    "tool_search",
)  # fmt: skip
_DATED = re.compile(r"_\d{8}\Z")
LEAST_COMPACTED = 50_000
"""Input tokens below which no compaction can be asked for (platform.claude.com, compaction), and so bytes."""


def read_request(operation: Operation, body: bytes) -> Ask:
    """What the body asks for. Raises Refusal 400."""
    if operation in (Operation.MODELS, Operation.OTHER):
        return read_other(DialectName.ANTHROPIC, operation, body)
    found = read_body(body)
    content = content_of(found, beside=_BESIDE, marks=_MARKS, media_of=_media_of)
    tags, session = _who(found)
    extras = _extras(found, content.bytes)
    server_tools = tuple(dict.fromkeys((*_server_tools(found), *extras)))
    return Ask(
        DialectName.ANTHROPIC,
        operation,
        model_name(found),
        stream=flag(found, "stream"),
        output_cap=cap(found, CAP),
        input_bytes=content.bytes,
        media_items=content.media,
        files=content.media - content.images,
        messages=length(found, "messages") + length(found, "system"),
        has_tools=length(found, "tools") > 0,
        has_images=content.images > 0,
        server_tools=server_tools,
        server_uses=_server_uses(found) if server_tools and not extras else None,
        thinking=_thinking(found),
        by_reference=_by_reference(found, content),
        service_tier=_tier(found),
        region=text(found, "inference_geo"),
        session=session,
        tags=tags,
    )


def _who(found: JsonObject) -> tuple[dict[str, str], str | None]:
    metadata = found.decoded("metadata")
    return user_id_tags(metadata.get("user_id")) if isinstance(metadata, dict) else ({}, None)


def _tier(found: JsonObject) -> str | None:
    """Fast mode is priced as a tier of its own."""
    return "fast" if text(found, "speed") == "fast" else text(found, "service_tier")


def _by_reference(found: JsonObject, content: Content) -> bool:
    return content.by_reference or bool(found.raw("container") or found.raw("thread"))


def _is_clients(kind: str) -> bool:
    """Whether the client runs a tool of that type itself."""
    return not kind or kind.startswith(_CLIENT_TOOLS)


def _server_tools(found: JsonObject) -> tuple[str, ...]:
    typed = [kind for kind in kinds(found, "tools") if not _is_clients(kind)]
    return tuple(_DATED.sub("", kind) for kind in typed)


def _extras(found: JsonObject, input_bytes: int) -> tuple[str, ...]:
    """What the provider runs and bills beside the call, however often and at whatever model's price."""
    compacts = input_bytes >= LEAST_COMPACTED and b'"compact' in found.raw("context_management")
    asked = (
        ("mcp", found.raw("mcp_servers")),
        ("fallbacks", found.raw("fallbacks")),
        ("compaction", compacts),
    )
    return tuple(name for name, wanted in asked if wanted)


def _server_uses(found: JsonObject) -> int | None:
    """The sum of `max_uses`; None where a tool has none."""
    tools = found.decoded("tools")
    listed = [tool for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    stated = [tool.get("max_uses") for tool in listed if not _is_clients(str(tool.get("type") or ""))]
    limits = [limit for limit in stated if type(limit) is int and 0 <= limit <= MAX_NUMBER]
    if len(limits) < len(stated):
        return None
    return sum(limits)


def _thinking(found: JsonObject) -> int | None:
    raw = found.raw("thinking")
    if not raw:
        return None
    thinking = read_object(raw, "'thinking'")
    if text(thinking, "type") == "disabled":
        return 0
    budget = whole(thinking, "budget_tokens")
    return ANY_THINKING if budget is None else budget


def _media_of(block: dict[str, object]) -> Media | None:
    kind = block.get("type")
    if kind == "container_upload":
        return Media(by_reference=True)
    source = block.get("source")
    if kind not in ("image", "document") or not isinstance(source, dict):
        return None
    match source.get("type"):
        case "base64":
            return Media(data_of(source.get("data")), image=kind == "image")
        case "url":
            return Media(
                image=kind == "image", by_reference=kind == "document" or not remote(source.get("url"))
            )
        case "file":
            return Media(image=kind == "image", by_reference=True)
    # Plain text and nested blocks are content like any other.
    return None
