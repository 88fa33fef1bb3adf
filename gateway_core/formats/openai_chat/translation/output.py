"""A structured answer as OpenAI's formats ask for it: what they have no field for is asked for in words."""

from __future__ import annotations

import msgspec

from gateway_core.formats.neutral.instructions import JSON_ONLY, with_words
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Request
from gateway_core.formats.neutral.values import json_text, text_of
from gateway_core.model.call import DialectName

_OPENAIS = (DialectName.OPENAI_CHAT, DialectName.OPENAI_RESPONSES)


def worded_output(request: Request, notes: Notes) -> Request:
    """The request with words beside what OpenAI refuses without them, or at all.

    JSON of any kind may only be asked for where the messages speak of JSON; a schema has to be an object's
    (platform.openai.com, structured outputs).
    """
    output = request.output
    if output is None or request.dialect in _OPENAIS:
        return request
    if output.schema is None:
        return request if _speaks_of_json(request) else with_words(request, JSON_ONLY)
    if output.schema.get("type") == "object":
        return request
    if "properties" in output.schema:
        whole = msgspec.structs.replace(output, schema={"type": "object", **output.schema})
        return msgspec.structs.replace(request, output=whole)
    notes.drop("schema of an answer that is no object (asked for in words)")
    told = f"Answer with JSON that fits this schema, and nothing else: {json_text(output.schema)}"
    return msgspec.structs.replace(with_words(request, told), output=None)


def _speaks_of_json(request: Request) -> bool:
    return any("json" in text_of(message.parts).lower() for message in request.messages)
