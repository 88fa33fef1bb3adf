"""A whole answer, read: a chat completion, embeddings, or anything else of OpenAI's that states usage."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.openai_usage import openai_usage
from gateway_core.formats.stated_cost import stated_cost
from gateway_core.formats.usage_numbers import Stated, believed, word
from gateway_core.model.call import Operation, Reading
from gateway_core.model.usage import ZERO, Usage


class _Answer(msgspec.Struct):
    model: Any = None
    usage: Any = None
    service_tier: Any = None
    error: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)


def read_whole(operation: Operation, body: bytes) -> Reading:
    """What the answer says. Never raises."""
    if operation is Operation.MODELS:
        return Reading(usage=ZERO)
    try:
        answer = _ANSWER.decode(body)
    except (ValueError, RecursionError):
        return Reading(finished=False)

    def read(stated: Stated) -> Usage | None:
        return openai_usage(
            stated, output=operation is not Operation.EMBED, service_tier=word(answer.service_tier)
        )

    usage, impossible = believed(read, answer.usage)
    nano, odd = stated_cost(answer.usage)
    return Reading(
        usage,
        word(answer.model),
        finished=answer.error is None,
        impossible=impossible or odd,
        cost_nano=nano,
    )
