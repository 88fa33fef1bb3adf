"""Messages in the neutral form, written as Anthropic's: system apart, roles taking turns, no empty text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway_core.formats.json_object import invalid
from gateway_core.formats.neutral.instructions import JSON_ONLY, split_system
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
from gateway_core.formats.neutral.values import arguments_of, merged, refuse_kept_file, words_inside
from gateway_core.model.call import DialectName

_MIMES = {
    "image": ("image/jpeg", "image/png", "image/gif", "image/webp"),
    "document": ("application/pdf",),
}
"""What a block may hold as base64."""


def write_messages(request: Request, notes: Notes) -> dict[str, Any]:
    """The fields `system` and `messages`. Raises Refusal 400 for what no block can hold."""
    same = request.dialect is DialectName.ANTHROPIC
    writer = _Writer(same, notes)
    system, messages = split_system(request, notes, same=same)
    if request.output is not None and request.output.schema is None:
        # Anthropic has no mode for JSON without a schema.
        system = [*system, Text(JSON_ONLY)]
        notes.drop("response_format json_object (asked for in words)")
    if not messages:
        system, messages = [], [Message("user", tuple(system))]
    out: dict[str, Any] = {}
    if blocks := writer.blocks(system):
        out["system"] = _plain(blocks)
    turns = messages if same else merged(messages)
    out["messages"] = [each for message in turns if (each := writer.message(message)) is not None]
    return out


def _plain(blocks: list[dict[str, Any]]) -> Any:
    """One bare text as such."""
    only = blocks[0]
    return only["text"] if len(blocks) == 1 and only.keys() == {"type", "text"} else blocks


class _Writer:
    def __init__(self, same: bool, notes: Notes) -> None:
        self.same = same
        self.notes = notes

    def message(self, message: Message) -> dict[str, Any] | None:
        """One turn; None where nothing of it is left. Results of tools come first, as they have to."""
        parts = list(message.parts)
        if not self.same:
            if message.role == "assistant" and any(isinstance(part, Media) for part in parts):
                raise invalid("media in an assistant's message cannot be translated", code="untranslatable")
            parts.sort(key=lambda part: not isinstance(part, ToolResult))
        own = self.notes.own(message.own, same=self.same, of="messages")
        blocks = self.blocks(parts)
        if not blocks and not self.same:
            return None
        content = _plain(blocks) if blocks else ""
        return {"role": message.role, "content": content, **own}

    def blocks(self, parts: Iterable[Part]) -> list[dict[str, Any]]:
        return [block for part in parts if (block := self._block(part)) is not None]

    def _block(self, part: Part) -> dict[str, Any] | None:
        match part:
            case Text():
                own = self.notes.own(part.own, same=self.same, of="text")
                # An empty text is refused by the provider and says nothing.
                return {"type": "text", "text": part.text, **own} if part.text or self.same else None
            case Thought():
                return self._thought(part)
            case ToolCall():
                own = self.notes.own(part.own, same=self.same, of="tool_use")
                input = arguments_of(part.arguments) if not part.custom else {"input": part.arguments}
                return {"type": "tool_use", "id": self._id(part.id), "name": part.name, "input": input, **own}
            case ToolResult():
                return self._result(part)
            case Media():
                return self._media(part)

    def _id(self, id: str) -> str:
        return id if self.same else sent_id(id)

    def _thought(self, thought: Thought) -> dict[str, Any] | None:
        """Only what Anthropic signed goes back to it."""
        if thought.origin is not DialectName.ANTHROPIC:
            if not self.same:
                self.notes.drop("thinking of earlier turns")
                return None
            return {"type": "thinking", "thinking": thought.text, "signature": "", **thought.own}
        if thought.redacted:
            return {"type": "redacted_thinking", "data": thought.signature, **thought.own}
        return {"type": "thinking", "thinking": thought.text, "signature": thought.signature, **thought.own}

    def _result(self, result: ToolResult) -> dict[str, Any]:
        own = self.notes.own(result.own, same=self.same, of="tool_result")
        block: dict[str, Any] = {"type": "tool_result", "tool_use_id": self._id(result.call_id)}
        if content := self.blocks(result.parts):
            block["content"] = _plain(content)
        if result.failed:
            block["is_error"] = True
        return {**block, **own}

    def _media(self, media: Media) -> dict[str, Any]:
        own = self.notes.own(media.own, same=self.same, of=media.kind)
        if not self.same:
            refuse_kept_file(media)
        if media.kind not in ("image", "document"):
            raise invalid(f"a Claude model takes no {media.kind}", code="untranslatable")
        block: dict[str, Any] = {"type": media.kind, "source": _source(media), **own}
        if media.name and media.kind == "document":
            block["title"] = media.name
        elif media.name:
            self.notes.drop(f"{media.kind}.name")
        return block


def _source(media: Media) -> dict[str, Any]:
    if media.file_id:
        return {"type": "file", "file_id": media.file_id}
    if media.url:
        return {"type": "url", "url": media.url}
    if (text := words_inside(media)) is not None:
        return {"type": "text", "media_type": "text/plain", "data": text}
    if media.mime not in _MIMES[media.kind]:
        kind = media.mime or f"{media.kind} of a kind that is not said"
        raise invalid(f"a Claude model takes no {kind}", code="untranslatable")
    return {"type": "base64", "media_type": media.mime, "data": media.data}
