"""What a kept or just served answer says, whatever its format: its words, and whether it was declined."""

from __future__ import annotations

import msgspec

from gateway_core.formats.bridge import TRANSLATORS
from gateway_core.formats.neutral.answer import Answer, Finish
from gateway_core.formats.neutral.gathering import Gathering
from gateway_core.formats.neutral.request import Text
from gateway_core.formats.sse import payloads
from gateway_core.formats.translator import Reply
from gateway_core.model.call import Ask

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def read_said(ask: Ask, body: bytes, content_type: str) -> Answer | None:
    """The answer, from a body without compression; None for one that is none."""
    translator, reply = TRANSLATORS[ask.dialect], Reply(ask, "")
    try:
        if not ask.stream:
            return translator.read_answer(body, reply)
        is_events = content_type.startswith("text/event-stream")
        reader, gathering = translator.stream_reader(reply), Gathering()
        for payload in payloads(body) if is_events else map(bytes, _ITEMS.decode(body)):
            for event in reader.read(payload):
                gathering.take(event)
        return gathering.answer if reader.failure is None else None
    except (ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return None


def declined(answer: Answer) -> bool:
    """Whether the model said nothing, or would not say it, or was filtered. One that reached the cap of its
    own request said what was asked for: the same request would end there again."""
    return not answer.candidates or any(
        one.finish is Finish.FILTERED or any(isinstance(part, Text) and part.refusal for part in one.parts)
        for one in answer.candidates
    )


def words_of(answer: Answer) -> str:
    """The text of the first candidate, without its thinking."""
    parts = answer.candidates[0].parts if answer.candidates else ()
    return "\n".join(part.text for part in parts if isinstance(part, Text))
