"""The messages of a chat, read into the neutral form."""

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

_REASONING = ("reasoning_content", "reasoning")
"""Thinking as servers show it beside the format; nobody signs it."""


def read_messages(messages: list[Fields]) -> tuple[Message, ...]:
    """All messages, one for one. Raises Refusal 400."""
    return tuple(_message(message) for message in messages)


def _message(message: Fields) -> Message:
    role = message.need("role")
    if role == "tool":
        return _result(message)
    if role not in ROLES:
        message.unknown("role", role)
    parts = content_parts(message)
    if role == "assistant":
        parts = [*_reasoning(message), *parts, *_refusal(message), *_calls(message)]
    return Message(ROLES[role], tuple(parts), message.rest())


def _result(message: Fields) -> Message:
    parts = tuple(part for part in content_parts(message) if isinstance(part, Text | Media))
    return Message("user", (ToolResult(message.need("tool_call_id"), parts, own=message.rest()),))


def content_parts(message: Fields) -> list[Part]:
    """What stands in `content`: a text or a list of parts."""
    content = message.take("content")
    if content is None:
        return []
    if isinstance(content, str):
        return [Text(content)]
    listed = Fields({"content": content}, message.where).each("content")
    return [_part(part) for part in listed]


def _part(part: Fields) -> Part:
    match kind := part.need("type"):
        case "text":
            return Text(part.need("text"), own=part.rest())
        case "refusal":
            return Text(part.need("refusal"), refusal=True, own=part.rest())
        case "image_url":
            image = part.inner("image_url") or Fields({"url": part.take("image_url")}, part.where)
            return media_of_url(image.need("url"), "image", part.where, own=image.rest())
        case "input_audio" if audio := part.inner("input_audio"):
            return Media("audio", f"audio/{audio.need('format')}", audio.need("data"), own=audio.rest())
        case "file" if file := part.inner("file"):
            return _file(file)
        case "video_url" if video := part.inner("video_url"):
            return media_of_url(video.need("url"), "video", part.where, own=video.rest())
    part.unknown("content type", kind)


def _file(file: Fields) -> Media:
    name, id, data = file.text("filename") or "", file.text("file_id"), file.text("file_data") or ""
    if id is not None:
        return Media("document", file_id=id, name=name, own=file.rest())
    if data.startswith(("data:", "http:", "https:")):
        media = media_of_url(data, "document", file.where, name=name, own=file.rest())
        return media if media.url else _with_kind(media)
    return _with_kind(Media("document", mime_by_name(name), data, name=name, own=file.rest()))


def _with_kind(media: Media) -> Media:
    return Media(kind_of_mime(media.mime), media.mime, media.data, name=media.name, own=media.own)


def _reasoning(message: Fields) -> list[Part]:
    shown: list[Any] = [message.take(key) for key in _REASONING]
    text = next((each for each in shown if isinstance(each, str) and each), None)
    return [Thought(text)] if text else []


def _refusal(message: Fields) -> list[Part]:
    refusal = message.text("refusal")
    return [Text(refusal, refusal=True)] if refusal else []


def _calls(message: Fields) -> list[Part]:
    return [_call(call) for call in message.each("tool_calls")]


def _call(call: Fields) -> ToolCall:
    kind = call.text("type") or "function"
    inner = call.inner(kind) if kind in ("function", "custom") else None
    if inner is None:
        call.unknown("tool call", kind)
    if kind == "custom":
        return ToolCall(call.need("id"), inner.need("name"), inner.need("input"), custom=True)
    return ToolCall(call.need("id"), inner.need("name"), inner.text("arguments") or "")
