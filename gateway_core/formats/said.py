"""The words of a whole answer in its client's format, for checks that read it as a person would."""

from __future__ import annotations

import msgspec

from gateway_core.formats.bridge import TRANSLATORS
from gateway_core.formats.neutral.answer import Answer
from gateway_core.formats.neutral.gathering import Gathering
from gateway_core.formats.neutral.request import Text, ToolCall
from gateway_core.formats.sse import payloads
from gateway_core.formats.translator import Reply
from gateway_core.model.call import Ask

_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])


def said(body: bytes, ask: Ask, *, stream: bool) -> str | None:
    """What the answer says, thinking left out; None where it calls tools, or cannot be read: then nobody
    can say anything of it."""
    try:
        answer = (
            _gathered(body, ask) if stream else TRANSLATORS[ask.dialect].read_answer(body, Reply(ask, ""))
        )
    except (ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return None
    parts = answer.candidates[0].parts if answer.candidates else ()
    if any(isinstance(part, ToolCall) for part in parts):
        return None
    return "".join(part.text for part in parts if isinstance(part, Text))


def _gathered(body: bytes, ask: Ask) -> Answer:
    """The answer that the events of a stream add up to, or the elements of one that is a JSON array."""
    reader, gathering = TRANSLATORS[ask.dialect].stream_reader(Reply(ask, "")), Gathering()
    array = body.lstrip().startswith(b"[")
    found = [bytes(each) for each in _ELEMENTS.decode(body)] if array else payloads(body)
    for payload in found:
        for event in reader.read(payload):
            gathering.take(event)
    return gathering.answer
