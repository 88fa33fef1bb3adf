"""Takes out of a stream what comes only because the gateway asked for usage.

With `include_usage` every chunk carries `"usage":null`, and a last one has no choices but the counts. Some
clients fail on a chunk without choices, so one who did not ask must not see it.
"""

from __future__ import annotations

import re

import msgspec

from gateway_core.formats.json_object import JsonObject, read_object
from gateway_core.formats.splice import without
from gateway_core.formats.sse import events, last_end
from gateway_core.model.errors import Refusal

_KEY = b'"usage"'
# The end of an event is the end of its JSON: what stands there stands on the top level.
_LAST_NULL = b',"usage":null}\n\n'
# What follows holds no further bracket, so the null stands on the top level of its chunk.
_USUAL_NULL = re.compile(rb',"usage":null(?=(?:,"\w+":(?:"[^"\\]*"|null|[0-9]+))*\}(?:\r?\n|\Z))')
_DATA_LINE = re.compile(rb"^data:[ ]?(\{.*\})[ \t]*\r?$", re.MULTILINE)


class _Chunk(msgspec.Struct):
    choices: list[msgspec.Raw] | None = None
    usage: dict[str, msgspec.Raw] | None = None


_CHUNK = msgspec.json.Decoder(_Chunk)


def without_usage(block: bytes) -> bytes:
    """Whole events without usage chunks and without `"usage":null`; the very block where it has neither."""
    if (marks := block.count(_KEY)) == 0:
        return block
    if marks == 1 and block.endswith(_LAST_NULL):
        return block[: -len(_LAST_NULL)] + b"}\n\n"
    cleaned = block.replace(_LAST_NULL, b"}\n\n")
    if (first := cleaned.find(_KEY)) < 0:
        return cleaned
    # The chunk with the counts, content that speaks of usage, or a null elsewhere: what comes before is done.
    start = last_end(cleaned[:first])
    done, rest = cleaned[:start], _USUAL_NULL.sub(b"", cleaned[start:])
    if _KEY not in rest:
        return done + rest
    return done + b"".join(_event_without_usage(event) for event in events(rest))


def _event_without_usage(event: bytes) -> bytes:
    line = _DATA_LINE.search(event) if _KEY in event else None
    if line is None:
        return event
    try:
        chunk, found = _CHUNK.decode(line[1]), read_object(line[1], "a chunk")
    except (ValueError, RecursionError, Refusal):
        return event
    if chunk.usage is None:
        return event[: line.start(1)] + _without_null(found) + event[line.end(1) :]
    return event if chunk.choices else b""


def _without_null(found: JsonObject) -> bytes:
    return without(found, "usage") if "usage" in found.values else found.text
