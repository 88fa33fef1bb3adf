"""The same request gives the same bytes: directly, again, and whatever a gateway adds to it."""

from __future__ import annotations

import pytest

from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, WIRES, Wire, events_of


@pytest.fixture(params=WIRES, ids=lambda wire: wire.name)
def wire(request: pytest.FixtureRequest) -> Wire:
    found: Wire = request.param
    return found


@pytest.mark.parametrize("stream", [False, True])
def test_the_same_request_gives_the_same_bytes(
    simulated: SimulatedProvider, wire: Wire, stream: bool
) -> None:
    body = wire.ask("The same again? " * 400, stream=stream)
    answers = [
        simulated.http.post(wire.at(stream), json=body, headers=wire.credential(key))
        for key in ("sk-one", "sk-one", "sk-two")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1


def test_another_prompt_gives_another_answer(simulated: SimulatedProvider, wire: Wire) -> None:
    def said(text: str) -> bytes:
        sent = wire.credential("sk-one")
        return simulated.http.post(wire.path, json=wire.ask(text), headers=sent).content

    assert said("One thing.") != said("Another thing.")


def test_what_a_gateway_adds_changes_nothing_else(simulated: SimulatedProvider) -> None:
    """A cap that does not cut and the wish for usage leave identity, words and pieces alone."""
    bare = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Added."}], "stream": True}
    added = {**bare, "max_completion_tokens": 9_000, "stream_options": {"include_usage": True}}
    sent = CHAT.credential("sk-one")
    plain, fuller = (
        events_of(simulated.http.post(CHAT.path, json=body, headers=sent).content) for body in (bare, added)
    )
    assert fuller.pop()["usage"]["completion_tokens"] > 0
    assert [{**event, "usage": None} for event in plain] == fuller
