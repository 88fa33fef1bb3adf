"""The contents of a request, read into the neutral form. Calls that have no id get one by their place."""

from __future__ import annotations

import re
from collections import deque

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.reading import Fields
from gateway_core.formats.neutral.request import Media, Message, Part, Text, Thought, ToolCall, ToolResult
from gateway_core.formats.neutral.values import json_text, kind_of_mime, mime_by_name
from gateway_core.model.call import DialectName

OWN_ID = "by_place_"
"""Begins the ids of calls that had none."""
_OUTPUTS = ("output", "result")
_ROLES = ("user", "model", "function")
_WATCHED = re.compile(r"https://(?:www\.)?(?:youtube\.com|youtu\.be)/")


def system_message(system: Fields | None) -> tuple[Message, ...]:
    """The system instruction as a message, if there is one."""
    if system is None:
        return ()
    system.take("role")
    return (Message("system", tuple(_Reader().parts(system)), system.rest()),)


def read_contents(contents: list[Fields]) -> tuple[Message, ...]:
    """All turns. Raises Refusal 400."""
    reader = _Reader()
    return tuple(reader.message(content) for content in contents)


class _Reader:
    def __init__(self) -> None:
        self._count = 0
        self._waiting: dict[str, deque[str]] = {}
        """Ids of calls that wait for a result, by the function's name."""

    def message(self, content: Fields) -> Message:
        role = content.text("role") or "user"
        if role not in _ROLES:
            content.unknown("role", role)
        parts = tuple(self.parts(content))
        return Message("assistant" if role == "model" else "user", parts, content.rest())

    def parts(self, content: Fields) -> list[Part]:
        return [self._part(part) for part in content.each("parts")]

    def _part(self, part: Fields) -> Part:
        signature = part.text("thoughtSignature") or ""
        origin = DialectName.GEMINI if signature else None
        if (text := part.text("text")) is not None:
            if part.flag("thought"):
                return Thought(text, signature, origin, own=part.rest())
            own = {**part.rest(), **({"thoughtSignature": signature} if signature else {})}
            return Text(text, own=own)
        if (call := part.inner("functionCall")) is not None:
            name = call.need("name")
            arguments = json_text(call.mapping("args") or {})
            id = self._given(name, call.text("id"))
            return ToolCall(id, name, arguments, signature=signature, origin=origin, own=part.rest())
        if (response := part.inner("functionResponse")) is not None:
            return self._result(response)
        return _media(part)

    def _given(self, name: str, id: str | None) -> str:
        if id is None:
            id = f"{OWN_ID}{self._count}"
            self._count += 1
        self._waiting.setdefault(name, deque()).append(id)
        return id

    def _result(self, response: Fields) -> ToolResult:
        name, id = response.need("name"), response.text("id")
        waiting = self._waiting.get(name)
        if id is None:
            if not waiting:
                raise invalid(f"{response.where}: there is no call of {name[:80]!r} before its response")
            id = waiting.popleft()
        elif waiting and id in waiting:
            waiting.remove(id)
        said = response.mapping("response") or {}
        failed = said.keys() == {"error"}
        text = (
            said.get("error")
            if failed
            else next((said[key] for key in _OUTPUTS if said.keys() == {key}), said)
        )
        words = Text(text if isinstance(text, str) else json_text(text))
        media = tuple(_media(each) for each in response.each("parts"))
        return ToolResult(id, (words, *media), failed, own=response.rest())


_URL_SAFE = str.maketrans("-_", "+/")


def _standard(data: str) -> str:
    """Base64 as every provider reads it. Gemini also takes the URL-safe alphabet of Google's own SDKs,
    and none of the padding (https://protobuf.dev/programming-guides/json/)."""
    bare = data.translate(_URL_SAFE).rstrip("=")
    return bare + "=" * (-len(bare) % 4)


def _media(part: Fields) -> Media:
    if (inline := part.inner("inlineData")) is not None:
        mime = inline.need("mimeType")
        name = inline.text("displayName") or ""
        data = _standard(inline.need("data"))
        return Media(kind_of_mime(mime), mime, data, name=name, own=part.rest())
    if (file := part.inner("fileData")) is not None:
        uri = file.need("fileUri")
        mime = file.text("mimeType") or mime_by_name(uri)
        kept = "generativelanguage.googleapis.com" in uri or uri.startswith("gs:")
        kind = "video" if _WATCHED.match(uri) else kind_of_mime(mime)
        if kept:
            return Media(kind, mime, file_id=uri, own=part.rest())
        return Media(kind, mime, url=uri, own=part.rest())
    part.unknown("part", next(iter(part.rest()), "of nothing"))
