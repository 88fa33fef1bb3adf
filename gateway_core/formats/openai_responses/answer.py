"""A response object, read: whole, or inside the events that carry it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from gateway_core.formats.openai_usage import openai_usage
from gateway_core.formats.stated_cost import stated_cost
from gateway_core.formats.usage_numbers import Stated, believed, inner, part, word
from gateway_core.model.call import Operation, Reading
from gateway_core.model.usage import ZERO, Usage

_BILLED_ITEMS = {
    "web_search_call": "web_search",
    "file_search_call": "file_search",
    "code_interpreter_call": "code_interpreter",
    "image_generation_call": "image_generation",
}
_BILLED_SEARCH = (None, "search")
"""Opening a found page and looking through it are not billed."""


class _Action(msgspec.Struct):
    type: Any = None


class _Item(msgspec.Struct):
    type: Any = None
    action: _Action | None = None


class ResponseObject(msgspec.Struct):
    """What concerns the books in a response object."""

    model: Any = None
    usage: Any = None
    service_tier: Any = None
    error: Any = None
    status: Any = None
    output: list[_Item] | None = None
    tool_usage: Any = None


_RESPONSE = msgspec.json.Decoder(ResponseObject)


def read_whole(operation: Operation, body: bytes) -> Reading:
    """What the answer says. Never raises."""
    if operation in (Operation.MODELS, Operation.COUNT):
        return Reading(usage=ZERO)
    try:
        response = _RESPONSE.decode(body)
    except (ValueError, RecursionError):
        return Reading(finished=False)
    running = response.status in ("queued", "in_progress")
    refused = response.status is None and response.error is not None
    return reading_of(response, finished=not running and not refused)


def reading_of(response: ResponseObject, *, finished: bool) -> Reading:
    """What a response object says about its own cost."""

    def read(stated: Stated) -> Usage | None:
        tools = _tools(response)
        return openai_usage(stated, service_tier=word(response.service_tier), tools=tools)

    usage, impossible = believed(read, response.usage)
    nano, odd = stated_cost(response.usage)
    return Reading(
        usage, word(response.model), finished=finished, impossible=impossible or odd, cost_nano=nano
    )


def _tools(response: ResponseObject) -> dict[str, int]:
    """Billed uses of server tools: counted in the output, unless the answer states the count itself."""
    names = [
        _BILLED_ITEMS[item.type]
        for item in response.output or ()
        if isinstance(item.type, str) and item.type in _BILLED_ITEMS and _billed(item)
    ]
    counts = dict(Counter(names))
    if isinstance(response.tool_usage, dict):
        stated = inner(response.tool_usage, "web_search")
        if stated:
            counts["web_search"] = part(stated, "num_requests")
    return {name: uses for name, uses in counts.items() if uses}


def _billed(item: _Item) -> bool:
    return item.type != "web_search_call" or item.action is None or item.action.type in _BILLED_SEARCH
