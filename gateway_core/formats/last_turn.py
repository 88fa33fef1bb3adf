"""What a person said last in a request, taken out of it, so that the rest can be compared."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName

_TURNS = {
    DialectName.OPENAI_CHAT: ("messages", "content"),
    DialectName.OPENAI_RESPONSES: ("input", "content"),
    DialectName.ANTHROPIC: ("messages", "content"),
    DialectName.GEMINI: ("contents", "parts"),
}
_TEXT_KINDS = ("text", "input_text", None)


def take_last(dialect: DialectName, fields: dict[str, Any]) -> str | None:
    """The last turn, where it is the person's and plain text; it stands in `fields` no more. None, and
    nothing changed, where it is anything else: an image, a tool's result, the model's own words."""
    turns, content = _TURNS[dialect]
    said = fields.get(turns)
    if isinstance(said, str):
        fields[turns] = None
        return said
    if not isinstance(said, list) or not said or not isinstance(last := said[-1], dict):
        return None
    if last.get("role", "user") != "user" or last.get("type", "message") != "message":
        return None
    words = last.get(content)
    if isinstance(words, str):
        last[content] = None
        return words
    return _from_parts(words)


def _from_parts(parts: object) -> str | None:
    if not isinstance(parts, list) or not parts:
        return None
    if not all(
        isinstance(part, dict) and isinstance(part.get("text"), str) and part.get("type") in _TEXT_KINDS
        for part in parts
    ):
        return None
    text = "\n".join(part["text"] for part in parts)
    for part in parts:
        part["text"] = None
    return text
