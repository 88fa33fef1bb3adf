"""Messages in the neutral form, written as those of a chat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.naming import sent_id
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import (
    Media,
    Message,
    Part,
    Request,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from gateway_core.formats.neutral.values import (
    data_url,
    merged,
    refuse_kept_file,
    text_of,
    under_title,
    without_none,
    words_inside,
)
from gateway_core.formats.openai_chat.translation.models import reasons
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal

_SOUNDS = {
    "wav": "wav", "x-wav": "wav", "wave": "wav", "vnd.wave": "wav", "mp3": "mp3", "mpeg": "mp3",
}  # fmt: skip
"""The formats of recordings, by the ends of their types."""
_SEEN = Text("What the tool showed:")


def write_messages(request: Request, model: str, notes: Notes) -> list[dict[str, Any]]:
    """All messages. Raises Refusal 400 for what a chat cannot hold."""
    writer = _Writer(same=request.dialect is DialectName.OPENAI_CHAT, model=model, notes=notes)
    messages = request.messages if writer.same else merged(request.messages)
    return [each for message in messages for each in writer.message(message)]


class _Writer:
    def __init__(self, *, same: bool, model: str, notes: Notes) -> None:
        self.same = same
        self.newer = reasons(model)
        self.notes = notes

    def message(self, message: Message) -> list[dict[str, Any]]:
        own = self.notes.own(message.own, same=self.same, of="messages")
        if message.role == "assistant":
            return [{**self._assistant(message.parts), **own}]
        if message.role != "user":
            return [{"role": self._role(message.role), "content": self._content(message.parts), **own}]
        return [*self._user(message.parts, own)]

    def _role(self, role: str) -> str:
        """Servers beside OpenAI's know no developer."""
        return "system" if role == "developer" and not (self.same or self.newer) else role

    def _user(self, parts: Iterable[Part], own: dict[str, Any]) -> list[dict[str, Any]]:
        """Results of tools are messages of their own; what they show beside words follows them."""
        results: list[dict[str, Any]] = []
        rest: list[Part] = []
        for part in parts:
            if isinstance(part, ToolResult):
                results.append(self._result(part))
                media = [each for each in part.parts if isinstance(each, Media)]
                rest += [_SEEN, *media] if media and not self.same else []
            else:
                rest.append(part)
        if rest or not results:
            results.append({"role": "user", "content": self._content(rest), **own})
        return results

    def _result(self, result: ToolResult) -> dict[str, Any]:
        if result.failed:
            self.notes.drop("tool_result.is_error")
        content: Any = text_of(result.parts, "\n")
        if self.same:
            content = self._content(result.parts)
        own = self.notes.own(result.own, same=self.same, of="tool_result")
        id = result.call_id if self.same else sent_id(result.call_id)
        return {"role": "tool", "tool_call_id": id, "content": content, **own}

    def _assistant(self, parts: Iterable[Part]) -> dict[str, Any]:
        listed = list(parts)
        said = [part for part in listed if isinstance(part, Text) and not part.refusal]
        refusals = [part for part in listed if isinstance(part, Text) and part.refusal]
        thoughts = [part for part in listed if isinstance(part, Thought)]
        calls = [self._call(part) for part in listed if isinstance(part, ToolCall)]
        if any(isinstance(part, Media) for part in listed):
            raise invalid("media in an assistant's message cannot be translated", code="untranslatable")
        if thoughts and not self.same:
            self.notes.drop("thinking of earlier turns")
        return without_none(
            {
                "role": "assistant",
                "content": self._content(said) if said else None,
                "reasoning_content": "".join(each.text for each in thoughts) or None if self.same else None,
                "refusal": text_of(refusals) or None,
                "tool_calls": calls or None,
            }
        ) or {"role": "assistant"}

    def _call(self, call: ToolCall) -> dict[str, Any]:
        id = call.id if self.same else sent_id(call.id)
        if call.custom:
            return {"id": id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
        function = {"name": call.name, "arguments": call.arguments}
        return {"id": id, "type": "function", "function": function}

    def _content(self, parts: Iterable[Part]) -> Any:
        """One plain text as such, anything else as a list."""
        listed = list(parts)
        if len(listed) == 1 and isinstance(listed[0], Text) and not (self.same and listed[0].own):
            self.notes.own(listed[0].own, same=self.same, of="text")
            return listed[0].text
        return [self._part(part) for part in listed]

    def _part(self, part: Part) -> dict[str, Any]:
        match part:
            case Text():
                own = self.notes.own(part.own, same=self.same, of="text")
                return {"type": "text", "text": part.text, **own}
            case Media():
                return self._media(part)
        raise invalid("a part of a message cannot be translated", code="untranslatable")

    def _media(self, media: Media) -> dict[str, Any]:
        own = self.notes.own(media.own, same=self.same, of=media.kind)
        if not self.same:
            refuse_kept_file(media)
            if media.kind != "document":
                self.notes.drop_if(f"{media.kind}.name", media.name)
        match media.kind:
            case "image":
                return {"type": "image_url", "image_url": {"url": data_url(media), **own}}
            case "audio":
                return {"type": "input_audio", "input_audio": {**_recording(media, same=self.same), **own}}
            case "video":
                return {"type": "video_url", "video_url": {"url": data_url(media), **own}}
        if not self.same and (text := words_inside(media)) is not None:
            return {"type": "text", "text": under_title(media.name, text)}
        return {"type": "file", "file": {**_file(media), **own}}


def _recording(media: Media, *, same: bool) -> dict[str, Any]:
    if media.url:
        raise _to_be_fetched(media)
    kind = media.mime.partition("/")[2]
    if not same and kind not in _SOUNDS:
        raise invalid(f"a recording must be wav or mp3 for this model, not {kind!r}", code="untranslatable")
    return {"data": media.data, "format": kind if same else _SOUNDS[kind]}


def _to_be_fetched(media: Media) -> Refusal:
    return invalid(
        f"the {media.kind} at {media.url[:80]} would have to be fetched; send its content",
        code="untranslatable",
    )


def _file(media: Media) -> dict[str, Any]:
    if media.file_id:
        return without_none({"file_id": media.file_id, "filename": media.name or None})
    if media.url:
        raise _to_be_fetched(media)
    return {"filename": media.name or "document.pdf", "file_data": data_url(media)}
