"""Instructions apart from the conversation, for formats that keep them apart, and such that say in words what
a format has no field for."""

from __future__ import annotations

import msgspec

from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Message, Part, Request, Text

INSTRUCTING = ("system", "developer")
JSON_ONLY = "Answer with one JSON object and nothing else."


def split_system(request: Request, notes: Notes, *, same: bool) -> tuple[list[Part], list[Message]]:
    """The opening instructions, and the turns after them; later instructions are the user's words, but in the
    format that they came in."""
    messages = list(request.messages)
    system: list[Part] = []
    while messages and messages[0].role in INSTRUCTING:
        opening = messages.pop(0)
        notes.own(opening.own, same=False, of="messages")
        system += opening.parts
    turns: list[Message] = []
    for message in messages:
        if message.role in INSTRUCTING and not same:
            notes.drop("role of a system message inside the conversation")
            message = Message("user", message.parts, message.own)
        turns.append(message)
    return system, turns


def with_words(request: Request, words: str) -> Request:
    """The request with these words behind its opening instructions, so that what is cached of them stays."""
    messages = request.messages
    at = next((at for at, each in enumerate(messages) if each.role not in INSTRUCTING), len(messages))
    told = (*messages[:at], Message("system", (Text(words),)), *messages[at:])
    return msgspec.structs.replace(request, messages=told)
