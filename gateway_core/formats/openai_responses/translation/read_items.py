"""The input of a response, read into the neutral form: an item is a message of its own."""

from __future__ import annotations

from typing import Any

from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import (
    ROLES,
    Media,
    Message,
    Part,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from gateway_core.formats.neutral.values import kind_of_mime, media_of_url, mime_by_name
from gateway_core.model.call import DialectName

_OF_AN_ITEM = ("id", "status")
"""What an item was called in an earlier answer: nothing that a model reads."""


def read_items(given: Any) -> tuple[Message, ...]:
    """The messages of an input: a text, or a list of items. Raises Refusal 400 for an unknown item."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (Message("user", (Text(given),)),)
    items = Fields({"input": given}, "").each("input")
    return tuple(_item(item) for item in items)


def _item(item: Fields) -> Message:
    kind = item.text("type") or "message"
    names = {key: value for key in _OF_AN_ITEM if (value := item.take(key)) is not None}
    match kind:
        case "message":
            role = item.need("role")
            if role not in ROLES:
                item.unknown("role", role)
            parts = content_parts(item, "content")
            return Message(ROLES[role], tuple(parts), item.rest(), names)
        case "function_call":
            call = ToolCall(item.need("call_id"), item.need("name"), item.text("arguments") or "")
            return _said(item, call, names)
        case "custom_tool_call":
            call = ToolCall(item.need("call_id"), item.need("name"), item.text("input") or "", custom=True)
            return _said(item, call, names)
        case "function_call_output" | "custom_tool_call_output":
            id, parts = item.need("call_id"), content_parts(item, "output")
            words = tuple(part for part in parts if isinstance(part, Text | Media))
            custom = kind == "custom_tool_call_output"
            return Message("user", (ToolResult(id, words, custom=custom, own=item.rest()),), silent=names)
        case "reasoning":
            return Message("assistant", (_thought(item),), silent=names)
    item.unknown("item", kind)


def _said(item: Fields, call: ToolCall, names: dict[str, Any]) -> Message:
    group = item.text("namespace") or ""
    call = ToolCall(call.id, call.name, call.arguments, call.custom, group=group, own=item.rest())
    return Message("assistant", (call,), silent=names)


def _thought(item: Fields) -> Thought:
    summary = "\n\n".join(part.text("text") or "" for part in item.each("summary"))
    signature = item.text("encrypted_content") or ""
    origin = DialectName.OPENAI_RESPONSES if signature else None
    return Thought(summary, signature, origin, own=item.rest())


def content_parts(item: Fields, key: str) -> list[Part]:
    """What stands under a key: a text or a list of parts."""
    content = item.take(key)
    if content is None:
        return []
    if isinstance(content, str):
        return [Text(content)]
    return [_part(part) for part in Fields({key: content}, item.where).each(key)]


def _part(part: Fields) -> Part:
    match kind := part.need("type"):
        case "input_text" | "output_text" | "text":
            text = part.need("text")
            for name in ("annotations", "logprobs"):
                part.take(name)
            return Text(text, own=part.rest())
        case "refusal":
            return Text(part.need("refusal"), refusal=True, own=part.rest())
        case "input_image":
            id, url = part.text("file_id"), part.text("image_url") or ""
            if id is not None:
                return Media("image", file_id=id, own=part.rest())
            return media_of_url(url, "image", part.where, own=part.rest())
        case "input_file":
            return _file(part)
        case "input_audio" if audio := part.inner("input_audio"):
            return Media("audio", f"audio/{audio.need('format')}", audio.need("data"), own=audio.rest())
    part.unknown("content type", kind)


def _file(part: Fields) -> Media:
    name, id = part.text("filename") or "", part.text("file_id")
    data, url = part.text("file_data") or "", part.text("file_url")
    if id is not None:
        return Media("document", file_id=id, name=name, own=part.rest())
    if url is not None:
        return Media("document", mime_by_name(url), url=url, name=name, own=part.rest())
    if data.startswith("data:"):
        media = media_of_url(data, "document", part.where, name=name, own=part.rest())
        return Media(kind_of_mime(media.mime), media.mime, media.data, name=name, own=media.own)
    return Media("document", mime_by_name(name), data, name=name, own=part.rest())
