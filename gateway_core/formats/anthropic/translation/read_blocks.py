"""Content blocks of a message, read into the neutral form."""

from __future__ import annotations

from typing import Any

from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import Media, MediaKind, Part, Text, Thought, ToolCall, ToolResult
from gateway_core.formats.neutral.values import json_text, mime_by_name, text_of, under_title
from gateway_core.model.call import DialectName

ANTHROPIC = DialectName.ANTHROPIC


def content_parts(holder: Fields, key: str) -> list[Part]:
    """What stands under a key: a text or a list of blocks. Raises Refusal 400 for a block unknown here."""
    content = holder.take(key)
    if content is None:
        return []
    if isinstance(content, str):
        return [Text(content)]
    blocks = Fields({key: content}, holder.where).each(key)
    return [part for block in blocks for part in _block(block)]


def _block(block: Fields) -> list[Part]:
    match kind := block.need("type"):
        case "text":
            return [Text(block.need("text"), own=block.rest())]
        case "image":
            return [_media(block, "image")]
        case "document":
            return _document(block)
        case "thinking":
            text, signature = block.text("thinking") or "", block.text("signature") or ""
            return [Thought(text, signature, ANTHROPIC if signature else None, own=block.rest())]
        case "redacted_thinking":
            return [Thought("", block.need("data"), ANTHROPIC, redacted=True, own=block.rest())]
        case "tool_use":
            id, name = block.need("id"), block.need("name")
            return [ToolCall(id, name, json_text(block.mapping("input") or {}), own=block.rest())]
        case "tool_result":
            return [_result(block)]
        case "search_result":
            return [_found(block)]
        case "tool_reference":
            return [Text(f"The tool {block.need('tool_name')} is there now.", own=block.rest())]
    block.unknown("content block type", kind)


def _result(block: Fields) -> ToolResult:
    parts = tuple(part for part in content_parts(block, "content") if isinstance(part, Text | Media))
    failed = block.flag("is_error") or False
    return ToolResult(block.need("tool_use_id"), parts, failed, own=block.rest())


def _found(block: Fields) -> Text:
    """A finding of the client's own search, in words."""
    title, source = block.text("title") or "", block.text("source") or ""
    said = text_of(content_parts(block, "content"), "\n")
    return Text(under_title(title, under_title(source, said)), own=block.rest())


def _document(block: Fields) -> list[Part]:
    """A document; one that is plain text or blocks of its own is content like any other."""
    source = block.inner("source") or Fields({}, block.where)
    match source.take("type"):
        case "text":
            text = under_title(block.text("title") or "", source.need("data"))
            return [Text(text, own=block.rest())]
        case "content":
            return content_parts(source, "content")
        case kind:
            return [_media_of(block, source, kind, "document")]


def _media(block: Fields, what: MediaKind) -> Media:
    source = block.inner("source") or Fields({}, block.where)
    return _media_of(block, source, source.take("type"), what)


def _media_of(block: Fields, source: Fields, kind: Any, what: MediaKind) -> Media:
    name = block.text("title") or ""
    match kind:
        case "base64":
            mime, data = source.text("media_type") or "", source.need("data")
            return Media(what, mime, data, name=name, own=block.rest())
        case "url":
            url = source.need("url")
            return Media(what, mime_by_name(url), url=url, name=name, own=block.rest())
        case "file":
            return Media(what, file_id=source.need("file_id"), name=name, own=block.rest())
    source.unknown("source", kind)
