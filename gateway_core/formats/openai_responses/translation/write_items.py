"""Messages in the neutral form, written as the items of a response's input."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from gateway_core.formats.json_object import invalid
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
from gateway_core.formats.neutral.values import data_url, refuse_kept_file, text_of, without_none
from gateway_core.formats.openai_chat.translation.models import reasons
from gateway_core.model.call import DialectName


def write_items(request: Request, model: str, notes: Notes) -> dict[str, Any]:
    """The fields `instructions` and `input`."""
    same = request.dialect is DialectName.OPENAI_RESPONSES
    writer = _Writer(same, reasons(model), notes)
    messages = list(request.messages)
    body: dict[str, Any] = {}
    if (
        messages
        and messages[0].role == "system"
        and all(isinstance(each, Text) for each in messages[0].parts)
    ):
        opening = messages.pop(0)
        notes.own({**opening.own, **_all_own(opening.parts)}, same=same, of="text")
        body["instructions"] = text_of(opening.parts, "\n\n")
    body["input"] = [item for message in messages for item in writer.items(message)]
    return body


def _all_own(parts: Iterable[Part]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.own.items()}


def _is_content(part: Part) -> bool:
    return isinstance(part, Text | Media)


class _Writer:
    def __init__(self, same: bool, newer: bool, notes: Notes) -> None:
        self.same = same
        self.newer = newer
        self.notes = notes

    def items(self, message: Message) -> list[dict[str, Any]]:
        """The parts of a message, each run of words and media as one item."""
        own = {
            **self.notes.own(message.own, same=self.same, of="messages"),
            **(message.silent if self.same else {}),
        }
        out: list[dict[str, Any]] = []
        for is_content, run in groupby(message.parts, _is_content):
            if is_content:
                content = [self._part(part, message.role) for part in run]
                if plain := self._plain(content, message):
                    out.append({"type": "message", "role": self._role(message.role), "content": plain, **own})
            else:
                out += [{**item, **own} for part in run if (item := self._item(part)) is not None]
        return out

    def _plain(self, content: list[dict[str, Any]], message: Message) -> Any:
        only = content[0]
        bare = len(content) == 1 and only.keys() == {"type", "text"}
        if bare and not self.same:
            return only["text"]
        return content

    def _role(self, role: str) -> str:
        return "developer" if role == "system" and self.newer and not self.same else role

    def _item(self, part: Part) -> dict[str, Any] | None:
        match part:
            case ToolCall():
                own = self.notes.own(part.own, same=self.same, of="function_call")
                said = {"input" if part.custom else "arguments": part.arguments}
                kind = "custom_tool_call" if part.custom else "function_call"
                group = {"namespace": part.group} if part.group else {}
                return {"type": kind, "call_id": part.id, "name": part.name, **said, **group, **own}
            case ToolResult():
                return self._result(part)
            case Thought():
                return self._thought(part)
        raise invalid("a part of a message cannot be translated", code="untranslatable")

    def _result(self, result: ToolResult) -> dict[str, Any]:
        if result.failed:
            self.notes.drop("tool_result.is_error")
        kind = "custom_tool_call_output" if result.custom else "function_call_output"
        words = (
            len(result.parts) == 1
            and isinstance(result.parts[0], Text)
            and not (self.same and result.parts[0].own)
        )
        output = (
            text_of(result.parts)
            if words or not result.parts
            else [self._part(each, "user") for each in result.parts]
        )
        own = self.notes.own(result.own, same=self.same, of="tool_result")
        return {"type": kind, "call_id": result.call_id, "output": output, **own}

    def _thought(self, thought: Thought) -> dict[str, Any] | None:
        """Only what this format's provider encrypted goes back to it."""
        if thought.origin is not DialectName.OPENAI_RESPONSES and not self.same:
            self.notes.drop("thinking of earlier turns")
            return None
        summary = [{"type": "summary_text", "text": thought.text}] if thought.text else []
        encrypted = {"encrypted_content": thought.signature or None}
        return {"type": "reasoning", "summary": summary, **without_none(encrypted), **thought.own}

    def _part(self, part: Part, role: str) -> dict[str, Any]:
        match part:
            case Text():
                own = self.notes.own(part.own, same=self.same, of="text")
                if part.refusal:
                    return {"type": "refusal", "refusal": part.text, **own}
                return {
                    "type": "output_text" if role == "assistant" else "input_text",
                    "text": part.text,
                    **own,
                }
            case Media():
                return self._media(part)
        raise invalid("a part of a message cannot be translated", code="untranslatable")

    def _media(self, media: Media) -> dict[str, Any]:
        own = self.notes.own(media.own, same=self.same, of=media.kind)
        if not self.same:
            refuse_kept_file(media)
        if media.kind == "image":
            where = {"file_id": media.file_id} if media.file_id else {"image_url": data_url(media)}
            return {"type": "input_image", **where, **own}
        if media.kind == "audio":
            format = media.mime.partition("/")[2].removeprefix("x-")
            return {"type": "input_audio", "input_audio": {"data": media.data, "format": format, **own}}
        if media.kind == "video":
            raise invalid("a video cannot be sent to this provider", code="untranslatable")
        fields: dict[str, Any] = {"filename": media.name or ("document.pdf" if media.data else None)}
        key = "file_id" if media.file_id else "file_url" if media.url else "file_data"
        fields[key] = media.file_id or data_url(media)
        return {"type": "input_file", **without_none(fields), **own}
