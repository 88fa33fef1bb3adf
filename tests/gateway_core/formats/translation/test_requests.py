"""Any call comes out of the neutral form as it was; through another format comes what that one can say."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gateway_core.formats.bridge import TRANSLATORS
from gateway_core.formats.neutral.notes import Notes
from gateway_core.formats.neutral.request import Message, Request, Text, ToolCall, ToolResult
from gateway_core.formats.neutral.riding import MARK, released
from gateway_core.formats.translator import Goal
from gateway_core.model.call import DialectName
from tests.gateway_core.formats.translation.calls import CALLS, GEMINI, MODELS, Body, ask_of

IN_WORDS = "Answer with one JSON object and nothing else."
"""What Anthropic has no field for."""
NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
PAIRS = [(here, there) for here in CALLS for there in CALLS if here is not there]


def read(dialect: DialectName, body: Body) -> Request:
    return TRANSLATORS[dialect].read_request(msgspec.json.encode(body), ask_of(dialect, body))


def written(dialect: DialectName, request: Request) -> tuple[Body, Notes]:
    notes = Notes()
    body = TRANSLATORS[dialect].write_request(request, Goal(MODELS[dialect]), notes)
    return msgspec.json.decode(body), notes


@pytest.mark.parametrize("dialect", CALLS)
@settings(max_examples=30, phases=NO_SHRINK)
@given(data=st.data())
def test_a_call_comes_back_as_it_was(dialect: DialectName, data: Any) -> None:
    body = data.draw(CALLS[dialect])
    again, notes = written(dialect, read(dialect, body))
    if dialect is GEMINI:
        again.pop("model", None)
    assert again == body
    assert not notes.dropped


def words_of(request: Request) -> list[str]:
    """All that was said, in order: what every format can say, whatever it makes one text of."""
    said = [part.text for message in request.messages for part in message.parts if isinstance(part, Text)]
    return "\n".join(said).replace(IN_WORDS, "").split()


def calls_of(request: Request) -> list[tuple[str, str, Any]]:
    parts = [part for message in request.messages for part in message.parts if isinstance(part, ToolCall)]
    return [(part.id, part.name, msgspec.json.decode(part.arguments)) for part in parts]


def results_of(request: Request) -> list[tuple[str, list[str]]]:
    parts = [part for message in request.messages for part in message.parts if isinstance(part, ToolResult)]
    return [(part.call_id, [each.text for each in part.parts if isinstance(each, Text)]) for part in parts]


@pytest.mark.parametrize(("here", "there"), PAIRS)
@settings(max_examples=8, phases=NO_SHRINK)
@given(data=st.data())
def test_what_the_other_format_can_say_survives_it(here: DialectName, there: DialectName, data: Any) -> None:
    body = data.draw(CALLS[here])
    asked = read(here, body)
    across, notes = written(there, asked)
    back = read(there, across)
    assert words_of(back) == words_of(asked)
    assert calls_of(back) == calls_of(asked)
    assert results_of(back) == results_of(asked)
    assert [tool.name for tool in back.functions] == [tool.name for tool in asked.functions]
    assert (back.cap or asked.cap) == asked.cap or asked.cap is None
    for key in ("xnew", "ynew"):
        assert (key in body) == (key in notes.dropped), "what is not carried over is named"
    for name in ("temperature", "top_p", "top_k", "seed"):
        kept = getattr(back, name) == getattr(asked, name)
        assert kept or any(name in each for each in notes.dropped)


@pytest.mark.parametrize("there", CALLS)
@given(load=st.text(max_size=40))
def test_an_id_that_somebody_changed_is_an_id(there: DialectName, load: str) -> None:
    call = ToolCall(f"call_1{MARK}{load}", "f", "{}")
    request = Request(there, "m", (Message("assistant", (call,)),))
    assert calls_of(released(request)) == [("call_1", "f", {})]
