"""Instructions apart from the conversation, for formats that keep them apart."""

from __future__ import annotations

from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Message, Part, Request
from gateway_core.model.call import DialectName


def split_system(request: Request, notes: Notes) -> tuple[list[Part], list[Message]]:
    """The opening instructions, and the turns after them; later instructions are the user's words."""
    messages = list(request.messages)
    system: list[Part] = []
    while messages and messages[0].role in ("system", "developer"):
        opening = messages.pop(0)
        notes.own(opening.own, same=False, of="messages")
        system += opening.parts
    turns: list[Message] = []
    for message in messages:
        if message.role in ("system", "developer") and request.dialect is not DialectName.ANTHROPIC:
            notes.drop("role of a system message inside the conversation")
            message = Message("user", message.parts, message.own)
        turns.append(message)
    return system, turns
