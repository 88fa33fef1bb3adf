"""A conversation that comes back to a provider of its own format, after one of another format answered in it.

What rode in it for the other provider (ids of calls, thinking under our own mark) would be refused here. A
body that holds nothing of the kind is left as it is, byte for byte.
"""

from __future__ import annotations

import msgspec

from gateway_core.formats.anthropic.translation.thinking import unsigned_round
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Message, Request, Thought
from gateway_core.formats.neutral.riding import SHOWN_SIGNATURE, released
from gateway_core.formats.translator import Goal, Translator
from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal

_MARK = SHOWN_SIGNATURE.encode()
"""It stands in both."""
_FEWEST = 3
"""Messages that a conversation has at the least in which something came back."""


def without_marks(body: bytes, ask: Ask, translator: Translator) -> bytes:
    """The body without what rode in it for others: the very body where nothing did, or where it holds what
    only its own format knows."""
    if ask.messages < _FEWEST or _MARK not in body or ask.operation is not Operation.GENERATE:
        return body
    try:
        request = released(translator.read_request(body, ask))
        goal = Goal(ask.model, ask_usage=ask.usage_asked)
        return translator.write_request(_own(request, ask.dialect), goal, Notes())
    except Refusal:
        return body


def _own(request: Request, dialect: DialectName) -> Request:
    """The request without the thinking that others signed; where a round needs it, it asks for none."""
    messages = tuple(_own_thoughts(message, dialect) for message in request.messages)
    thinking = request.thinking
    if dialect is DialectName.ANTHROPIC and thinking and thinking.budget and unsigned_round(messages):
        thinking = None
    return msgspec.structs.replace(request, messages=messages, thinking=thinking)


def _own_thoughts(message: Message, dialect: DialectName) -> Message:
    parts = tuple(
        part for part in message.parts if not isinstance(part, Thought) or part.origin in (None, dialect)
    )
    return msgspec.structs.replace(message, parts=parts)
