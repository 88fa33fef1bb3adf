"""Messages in the neutral form, written as the items of a response's input."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
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
    refuse_kept_file,
    text_of,
    under_title,
    without_none,
    words_inside,
)
from gateway_core.formats.openai_chat.translation.models import reasons
from gateway_core.model.call import DialectName


def write_items(request: Request, model: str, notes: Notes) -> dict[str, Any]:
    """The fields `instructions` and `input`."""
    same = request.dialect is DialectName.OPENAI_RESPONSES
    writer = _Writer(request.dialect, reasons(model), notes)
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
    def __init__(self, came_as: DialectName, newer: bool, notes: Notes) -> None:
        self.came_as = came_as
        self.same = came_as is DialectName.OPENAI_RESPONSES
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
                said = {"type": "message", "role": self._role(message.role)}
                contents = self._contents([self._part(part, message.role) for part in run], message.role)
                out += [{**said, "content": content, **own} for content in contents]
            else:
                out += [{**item, **own} for part in run if (item := self._item(part)) is not None]
        return out

    def _contents(self, parts: list[dict[str, Any]], role: str) -> list[Any]:
        """What the messages of one run hold: each text of a model one by itself, as only an answer that this
        provider gave has parts."""
        if self.same:
            return [parts]
        if role == "assistant":
            return [part["text"] for part in parts if part["text"]]
        return [parts[0]["text"] if len(parts) == 1 and "text" in parts[0] else parts]

    def _role(self, role: str) -> str:
        return "developer" if role == "system" and self.newer and not self.same else role

    def _item(self, part: Part) -> dict[str, Any] | None:
        match part:
            case ToolCall():
                own = self.notes.own(part.own, same=self.same, of="function_call")
                said = {"input" if part.custom else "arguments": part.arguments}
                kind = "custom_tool_call" if part.custom else "function_call"
                group = {"namespace": part.group} if part.group else {}
                return {"type": kind, "call_id": self._id(part.id), "name": part.name, **said, **group, **own}
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
        return {"type": kind, "call_id": self._id(result.call_id), "output": output, **own}

    def _id(self, id: str) -> str:
        return id if self.same else sent_id(id)

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
                if part.refusal and self.same:
                    return {"type": "refusal", "refusal": part.text, **own}
                return {
                    "type": "output_text" if role == "assistant" else "input_text",
                    "text": part.text,
                    **own,
                }
            case Media() if role != "assistant" or self.same:
                return self._media(part)
            case Media():
                raise invalid("media in an assistant's message cannot be translated", code="untranslatable")
        raise invalid("a part of a message cannot be translated", code="untranslatable")

    def _media(self, media: Media) -> dict[str, Any]:
        given, detail = dict(media.own), {}
        if not self.same:
            refuse_kept_file(media)
            # Both of OpenAI's formats have it; this one needs it.
            chat = self.came_as is DialectName.OPENAI_CHAT
            detail = {"detail": (given.pop("detail", None) if chat else None) or "auto"}
        own = self.notes.own(given, same=self.same, of=media.kind)
        if media.kind == "image":
            if not self.same:
                self.notes.drop_if("image.name", media.name)
            where = {"file_id": media.file_id} if media.file_id else {"image_url": data_url(media)}
            return {"type": "input_image", **where, **detail, **own}
        if media.kind == "audio" and self.same:
            format = media.mime.partition("/")[2]
            return {"type": "input_audio", "input_audio": {"data": media.data, "format": format, **own}}
        if media.kind in ("audio", "video"):
            raise invalid(f"this provider takes no {media.kind}", code="untranslatable")
        if not self.same and (text := words_inside(media)) is not None:
            return {"type": "input_text", "text": under_title(media.name, text)}
        fields: dict[str, Any] = {"filename": media.name or ("document.pdf" if media.data else None)}
        key = "file_id" if media.file_id else "file_url" if media.url else "file_data"
        fields[key] = media.file_id or data_url(media)
        return {"type": "input_file", **without_none(fields), **own}
