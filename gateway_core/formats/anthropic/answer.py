"""A whole message, read."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.anthropic.usage import anthropic_usage
from gateway_core.formats.usage_numbers import believed, word
from gateway_core.model.call import Operation, Reading
from gateway_core.model.usage import ZERO


class _Message(msgspec.Struct):
    type: Any = None
    model: Any = None
    usage: Any = None


_MESSAGE = msgspec.json.Decoder(_Message)


def read_whole(operation: Operation, body: bytes) -> Reading:
    """What the answer says. Never raises."""
    if operation in (Operation.COUNT, Operation.MODELS):
        return Reading(usage=ZERO)
    try:
        message = _MESSAGE.decode(body)
    except (ValueError, RecursionError):
        return Reading(finished=False)
    usage, impossible = believed(anthropic_usage, message.usage)
    return Reading(usage, word(message.model), finished=message.type != "error", impossible=impossible)
