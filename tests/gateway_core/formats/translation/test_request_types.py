"""What is sent in another format is what the provider's own SDK could send, and what the provider takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.formats.neutral.naming import Naming
from gateway_core.formats.neutral.riding import released
from gateway_core.model.call import DialectName
from gateway_core.model.errors import Refusal
from gateway_core.simulated.strict import anthropic, gemini, openai_chat, openai_responses
from tests.gateway_core.formats.translation.calls import ANTHROPIC, CALLS, CHAT, GEMINI, RESPONSES, Body
from tests.gateway_core.formats.translation.odd import ODD
from tests.gateway_core.formats.translation.test_requests import NO_SHRINK, PAIRS, read, written
from tests.gateway_core.formats.translation.test_rules import crossed
from tests.support.sdk_requests import wrongs

MODELS = {
    CHAT: ("gpt-5-mini", "gpt-5.1", "gpt-4o-mini"),
    RESPONSES: ("gpt-5-mini", "gpt-4o-mini"),
    ANTHROPIC: ("claude-sonnet-4-5", "claude-opus-4-7", "claude-sonnet-5-5"),
    GEMINI: ("gemini-3.8-flash", "gemini-2.5-pro"),
}
REFUSED = {
    "a kept file": {CHAT, RESPONSES, ANTHROPIC, GEMINI},
    "a recording": {RESPONSES, ANTHROPIC},
    "two answers": {RESPONSES, ANTHROPIC},
    "a file by its address": {CHAT},
    "a document by its address": {CHAT},
    "a video by its address": {RESPONSES, ANTHROPIC},
    "a model's picture": {CHAT, RESPONSES, ANTHROPIC},
    "code that ran": {CHAT, RESPONSES, ANTHROPIC},
    "an enum as the answer": {CHAT, RESPONSES, ANTHROPIC},
    "a conversation that Google keeps": {CHAT, RESPONSES, ANTHROPIC},
}
"""What no other format, or not these, can say, and what may not be left out either."""
NOT_OPENAIS = {"a video by its address"}
"""What only other servers take that speak chat."""


def check(there: DialectName, body: Body, model: str) -> None:
    """Raises what the simulated provider refuses with."""
    match there:
        case DialectName.OPENAI_CHAT:
            openai_chat.check(body, model)
        case DialectName.OPENAI_RESPONSES:
            openai_responses.check(body, model)
        case DialectName.ANTHROPIC:
            anthropic.check(body)
        case DialectName.GEMINI:
            gemini.check(body, model)


@pytest.mark.parametrize(("here", "there"), PAIRS)
@settings(max_examples=12, phases=NO_SHRINK)
@given(data=st.data())
def test_any_call_is_of_the_types_of_the_other_sdk(here: DialectName, there: DialectName, data: Any) -> None:
    request = released(read(here, data.draw(CALLS[here])))
    sent, _ = written(there, Naming(request).sent(request))
    assert not wrongs(there, sent)


@pytest.mark.parametrize("there", ODD)
@pytest.mark.parametrize(
    ("here", "name"),
    [pytest.param(here, name, id=f"{here}-{name}") for here, calls in ODD.items() for name in calls],
)
def test_odd_calls_are_taken_or_refused_in_plain_words(
    here: DialectName, name: str, there: DialectName
) -> None:
    if here is there:
        return
    for model in MODELS[there]:
        if there in REFUSED.get(name, ()):
            with pytest.raises(Refusal) as raised:
                crossed(here, there, model, ODD[here][name])
            assert (raised.value.status, raised.value.code) == (400, "untranslatable")
            continue
        sent, _ = crossed(here, there, model, ODD[here][name])
        check(there, sent, model)
        if name not in NOT_OPENAIS:
            assert not wrongs(there, sent), sent


def test_a_wrong_request_is_found() -> None:
    """The types are looked at all the way down, in lists that are read late too."""
    said = {"role": "user", "content": [{"type": "text", "text": "a", "new": 1}]}
    assert wrongs(CHAT, {"model": "m", "messages": [said]})
    assert wrongs(ANTHROPIC, {"model": "m", "max_tokens": 1, "messages": [said]})
    assert wrongs(RESPONSES, {"model": "m", "input": [{"type": "message", "role": "user", "content": 7}]})
    assert wrongs(GEMINI, {"contents": [{"parts": [{"text": "a", "new": 1}]}]})
    assert wrongs(CHAT, {"model": "m"}) and wrongs(CHAT, {"model": "m", "messages": [], "new": 1})
