"""What a kept or just served answer says, whatever its format: its words, its end, the form asked for."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from gateway_core.formats.bridge import TRANSLATORS
from gateway_core.formats.neutral.answer import Answer, Finish
from gateway_core.formats.neutral.gathering import Gathering
from gateway_core.formats.neutral.request import Output, Text, ToolCall
from gateway_core.formats.sse import payloads
from gateway_core.formats.translator import Reply
from gateway_core.model.call import Ask
from gateway_core.model.errors import Refusal

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def wanted_form(ask: Ask, body: bytes) -> Output | None:
    """The form that a request wants its answer in; None where any words will do, or nobody can tell."""
    try:
        return TRANSLATORS[ask.dialect].read_output(body)
    except (Refusal, ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return None


def read_said(ask: Ask, body: bytes, content_type: str, *, failed: bool = False) -> Answer | None:
    """The answer, from a body without compression; None for one that is none. failed: also what came of a
    stream before it failed."""
    translator, reply = TRANSLATORS[ask.dialect], Reply(ask, "")
    try:
        if not ask.stream:
            return translator.read_answer(body, reply)
        is_events = content_type.startswith("text/event-stream")
        reader, gathering = translator.stream_reader(reply), Gathering()
        for payload in payloads(body) if is_events else map(bytes, _ITEMS.decode(body)):
            for event in reader.read(payload):
                gathering.take(event)
        return gathering.answer if failed or reader.failure is None else None
    except (ValueError, KeyError, TypeError, RecursionError, msgspec.MsgspecError):
        return None


def declined(answer: Answer) -> bool:
    """Whether the model said nothing, or would not say it, or was filtered."""
    return not answer.candidates or any(
        one.finish is Finish.FILTERED or one.refused for one in answer.candidates
    )


def is_cut(answer: Answer) -> bool:
    """Whether the model would have said more than a cap let it, whoever had set that."""
    return any(one.finish is Finish.LENGTH for one in answer.candidates)


def words_of(answer: Answer) -> str:
    """The text of the first candidate, without its thinking."""
    parts = answer.candidates[0].parts if answer.candidates else ()
    return "\n".join(part.text for part in parts if isinstance(part, Text))


def all_words(answer: Answer) -> str:
    """All that the candidates say: their texts, their thinking, and what they call tools with."""
    return "\n".join(
        f"[calls {part.name} with {part.arguments}]" if isinstance(part, ToolCall) else part.text
        for candidate in answer.candidates
        for part in candidate.parts
    )


def taken_answer(body: bytes, ask: Ask, *, stream: bool) -> Answer | None:
    """An answer that was taken whole, in the client's own format; None for one that cannot be read."""
    events = stream and not body.lstrip().startswith(b"[")
    return read_said(replace(ask, stream=stream), body, "text/event-stream" if events else "application/json")


def spoken(answer: Answer) -> str | None:
    """What the answer says, thinking left out; None where it calls tools: then nobody can say anything of
    it."""
    parts = answer.candidates[0].parts if answer.candidates else ()
    if any(isinstance(part, ToolCall) for part in parts):
        return None
    return "".join(part.text for part in parts if isinstance(part, Text))
