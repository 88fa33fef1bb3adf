"""An embedding of a text, asked for as a call of its own: held for, booked and tagged `purpose=embedding`."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace

import msgspec

from gateway_core.model.call import Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import PURPOSE_TAG, Purpose
from gateway_core.pipeline.aside import Payer, Serve, Waiting, posted
from gateway_core.pipeline.exchange import Inbound
from gateway_core.pipeline.parts import Parts

OWN_TAGS = {PURPOSE_TAG: str(Purpose.EMBEDDING)}


class _Item(msgspec.Struct):
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Item]


async def embedded(
    parts: Parts, serve: Serve, model: str, text: str, asking: Inbound, tags: dict[str, str]
) -> array[float] | None:
    """The unit vector of a text, on the account of the call that asks; None where there is none to be had.

    The same text is not paid for again while the exact cache keeps its answer.
    """
    waiting = Waiting()
    await serve(parts, _request(parts, model, text, asking, tags), waiting)
    if waiting.status != 200:
        return None
    try:
        return unit(msgspec.json.decode(waiting.plain(), type=_Answer).data[0].embedding)
    except (Refusal, msgspec.MsgspecError, IndexError, OverflowError):
        return None


def unit(values: list[float]) -> array[float] | None:
    """The vector at length one; None for one that has no direction."""
    norm = math.sqrt(sum(value * value for value in values))
    return array("f", (value / norm for value in values)) if norm and math.isfinite(norm) else None


def _request(parts: Parts, model: str, text: str, asking: Inbound, tags: dict[str, str]) -> Inbound:
    payer = Payer(asking.token, tags)
    body = msgspec.json.encode({"model": model, "input": text, "encoding_format": "float"})
    request = posted(parts.clock, payer, Operation.EMBED, "/embeddings", body, cache="on")
    return replace(request, own_tags=OWN_TAGS)
