"""Messages in the neutral form, written as contents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway_core.formats.gemini.translation.models import FOREIGN_SIGNATURE, has_levels
from gateway_core.formats.gemini.translation.read_contents import OWN_ID
from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.instructions import split_system
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
    arguments_of,
    json_object,
    merged,
    refuse_kept_file,
    text_of,
    without_none,
)
from gateway_core.model.call import DialectName


def write_contents(request: Request, model: str, notes: Notes) -> dict[str, Any]:
    """The fields `systemInstruction` and `contents`."""
    same = request.dialect is DialectName.GEMINI
    system, messages = split_system(request, notes, same=same)
    if not messages:
        system, messages = [], [Message("user", tuple(system))]
    writer = _Writer(same, has_levels(model), notes)
    turns = messages if same else merged(messages)
    body: dict[str, Any] = {}
    if system:
        body["systemInstruction"] = {"parts": writer.parts(system)}
    body["contents"] = [content for message in turns if (content := writer.content(message)) is not None]
    return body


class _Writer:
    def __init__(self, same: bool, signed: bool, notes: Notes) -> None:
        self.same = same
        self.signed = signed and not same
        """The first call of each step has to carry a signature."""
        self.names: dict[str, str] = {}
        """Functions by the id of their last call: some servers use the same ids in every turn."""
        self.notes = notes

    def content(self, message: Message) -> dict[str, Any] | None:
        """One turn; None where nothing of it is left."""
        own = self.notes.own(message.own, same=self.same, of="contents")
        parts = self.parts(message.parts)
        if not parts and not self.same:
            return None
        role = "model" if message.role == "assistant" else "user"
        return {"role": role, "parts": parts, **own}

    def parts(self, parts: Iterable[Part]) -> list[dict[str, Any]]:
        written = [each for part in parts if (each := self._part(part)) is not None]
        calls = [each for each in written if "functionCall" in each]
        if self.signed and calls and not any("thoughtSignature" in each for each in calls):
            calls[0]["thoughtSignature"] = FOREIGN_SIGNATURE
        return written

    def _part(self, part: Part) -> dict[str, Any] | None:
        match part:
            case Text():
                own = self.notes.own(part.own, same=self.same, of="text")
                return {"text": part.text, **own} if part.text or self.same else None
            case Thought():
                return self._thought(part)
            case ToolCall():
                return self._call(part)
            case ToolResult():
                return {"functionResponse": self._result(part)}
            case Media():
                own = self.notes.own(part.own, same=self.same, of=part.kind)
                return {**self._media(part), **own}

    def _thought(self, thought: Thought) -> dict[str, Any] | None:
        if not self.same:
            if thought.origin is not DialectName.GEMINI:
                self.notes.drop("thinking of earlier turns")
            return None
        signature = {"thoughtSignature": thought.signature} if thought.signature else {}
        return {"text": thought.text, "thought": True, **signature, **thought.own}

    def _call(self, call: ToolCall) -> dict[str, Any]:
        self.names[call.id] = call.name
        own = self.notes.own(call.own, same=self.same, of="functionCall")
        function = without_none({"id": _id(call.id), "name": call.name, "args": arguments_of(call.arguments)})
        ours = call.origin is DialectName.GEMINI and call.signature
        return {"functionCall": function, **({"thoughtSignature": call.signature} if ours else {}), **own}

    def _result(self, result: ToolResult) -> dict[str, Any]:
        name = self.names.get(result.call_id)
        if name is None:
            raise invalid(f"there is no tool call {result.call_id[:80]!r} before its result")
        own = self.notes.own(result.own, same=self.same, of="functionResponse")
        media = [self._media(part) for part in result.parts if isinstance(part, Media)]
        text = text_of(result.parts, "\n")
        said = json_object(text)
        response = {"error": text} if result.failed else {"output": text} if said is None else said
        fields = {"id": _id(result.call_id), "name": name, "response": response, "parts": media or None}
        return without_none(fields) | own

    def _media(self, media: Media) -> dict[str, Any]:
        if not self.same:
            refuse_kept_file(media)
        if media.url or media.file_id:
            file = {"mimeType": media.mime or None, "fileUri": media.url or media.file_id}
            return {"fileData": without_none(file)}
        if media.name and not self.same:
            self.notes.drop(f"{media.kind}.name")
        name = {"displayName": media.name} if media.name and self.same else {}
        return {"inlineData": {"mimeType": media.mime, "data": media.data, **name}}


def _id(id: str) -> str | None:
    return None if id.startswith(OWN_ID) else id
