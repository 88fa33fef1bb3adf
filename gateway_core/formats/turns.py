"""A request's turns as a person reads them: who said what, in words; what is no text is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from gateway_core.model.call import DialectName

_FIELDS = {
    DialectName.OPENAI_CHAT: ((), "messages"),
    DialectName.OPENAI_RESPONSES: (("instructions",), "input"),
    DialectName.ANTHROPIC: (("system",), "messages"),
    DialectName.GEMINI: (("systemInstruction", "system_instruction"), "contents"),
}
"""Where each format keeps its system prompt and its turns."""
_WORDS = ("text", "thinking", "refusal", "arguments", "output")
"""Fields whose text is what a part says."""
_INSIDE = ("content", "parts", "functionResponse", "functionCall", "tool_calls", "function")
"""Fields in which further parts stand."""

Turn = tuple[str, str]
"""Role and words."""


def turns(dialect: DialectName, body: bytes) -> list[Turn]:
    """All turns of a body, the system's first. A body that is cut or none has no turns that can be read."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, msgspec.MsgspecError):
        return []
    if not isinstance(found, dict):
        return []
    systems, key = _FIELDS[dialect]
    first = [("system", _said(found[name])) for name in systems if found.get(name)]
    said = found.get(key)
    if isinstance(said, str):
        return [*first, ("user", said)]
    return first + [_turn(each) for each in (said if isinstance(said, list) else ())]


def _turn(turn: Any) -> Turn:
    if not isinstance(turn, dict):
        return "user", _said(turn)
    role = turn.get("role") or turn.get("type") or "user"
    return str(role), _said(turn)


def _said(value: Any) -> str:
    return "\n".join(_parts(value))


def _parts(value: Any) -> Iterator[str]:
    """The words of a turn or part, and of those inside it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)
    elif isinstance(value, dict):
        inside = [*_own(value), *(part for key in _INSIDE if key in value for part in _parts(value[key]))]
        yield from inside or [f"[{_kind(value)}]"]


def _own(part: dict[str, Any]) -> Iterator[str]:
    name = part.get("name")
    if isinstance(name, str) and (part.get("type") in ("tool_use", "function_call") or "arguments" in part):
        yield f"[calls {name}]"
    for key in _WORDS:
        if isinstance(part.get(key), str):
            yield part[key]
    for key in ("input", "args", "response"):
        if isinstance(part.get(key), dict):
            yield msgspec.json.encode(part[key]).decode()


def _kind(part: dict[str, Any]) -> str:
    """What a part is that has no words: image, inlineData, …"""
    return str(part.get("type") or next(iter(part), "nothing"))
