"""A request's conversation in plain words, whatever its format: who said what beside the last request."""

from __future__ import annotations

import msgspec

from gateway_core.formats.bridge import TRANSLATORS
from gateway_core.formats.neutral.request import Media, Message, Part, Text, Thought, ToolCall, ToolResult
from gateway_core.model.call import Ask
from gateway_core.model.errors import Refusal

REQUEST = "(here the request was made)"


def told_around(ask: Ask, body: bytes) -> list[tuple[str, str]]:
    """Role and words of each turn but the user's last words: the system's, earlier turns, and what tools have
    answered since, in their order; none where the body cannot be read into the neutral form."""
    try:
        messages = TRANSLATORS[ask.dialect].read_request(body, ask).messages
    except (Refusal, ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return []
    last = max((at for at, each in enumerate(messages) if _asks(each)), default=len(messages))
    told = [(each.role, REQUEST if at == last else _words(each)) for at, each in enumerate(messages)]
    if told and told[-1][1] == REQUEST:
        told.pop()
    return [(str(role), words) for role, words in told if words]


def _asks(message: Message) -> bool:
    """Whether a person says something in it."""
    return message.role == "user" and any(isinstance(part, Text) and part.text for part in message.parts)


def _words(message: Message) -> str:
    return "\n".join(filter(None, map(_part, message.parts)))


def _part(part: Part) -> str:
    match part:
        case Text():
            return part.text
        case Media():
            return f"[{part.kind}]"
        case ToolCall():
            return f"[calls {part.name} with {part.arguments}]"
        case ToolResult():
            return f"[the tool answers: {' '.join(map(_part, part.parts))}]"
        case Thought():
            return ""
