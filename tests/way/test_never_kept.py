"""What no cache may keep: errors, answers that were cut, answers that were refused."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.processes import wait_for
from tests.support.simulated import SimulatedProvider
from tests.support.wires import GEMINI, MESSAGES, WIRES, Wire
from tests.way.test_cache_coalescing import at_once
from tests.way.test_semantic_cache import CITIES, DOCS, WORDS, known, pairs, stats

ON = {"x-llmconsole-cache": "on"}


@dataclass(frozen=True)
class Bad:
    """An answer that is no answer: the knob that makes it, and the client's cap."""

    name: str
    knob: str
    cap: int = 400


BAD = (
    Bad("error", "status=500"),
    Bad("broken off", "break=after:2 chunks=9 output=60"),
    Bad("cut by its own cap", "output=400 reasoning=0", cap=24),
    Bad("refused in words", "refuse=words"),
    Bad("filtered", "refuse=filter"),
    Bad("blocked prompt", "refuse=prompt"),
)
ANSWERED = BAD[2:]
"""Those that come with status 200 and to their end."""


def ask(
    gateway: RunningGateway, wire: Wire, words: str, *, stream: bool, headers: dict[str, str], cap: int = 400
) -> httpx.Response | None:
    """The answer; None where it broke off."""
    body = wire.ask(words, cap=cap, stream=stream)
    with suppress(httpx.HTTPError):
        sent = {**wire.credential(gateway.token), **headers}
        return gateway.http.post(wire.at(stream), json=body, headers=sent)
    return None


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_the_exact_cache_keeps_none(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool, bad: Bad
) -> None:
    gateway = gateways.start()
    before = simulated.mark()
    words = f"Never kept: {wire.name}, {stream}, {bad.name}. [[sim {bad.knob}]]"
    for _ in range(2):
        ask(gateway, wire, words, stream=stream, headers=ON, cap=bad.cap)
        # An answer would be kept within one gather of the writer, 10 ms.
        time.sleep(0.1)
    assert len(simulated.seen(before)) >= 2
    assert {row["cache"] for row in gateway.rows(2)} == {"miss"}
    assert gateway.admin("GET", "cache/entries")["entries"] == []
    good = ask(gateway, wire, f"Kept: {wire.name}, {stream}.", stream=stream, headers=ON, cap=4000)
    assert good is not None and good.status_code == 200
    entries: Any = wait_for(lambda: gateway.admin("GET", "cache/entries")["entries"], what="the good one")
    assert len(entries) == 1
    assert gateway.doctor() == []


@pytest.mark.parametrize("bad", ANSWERED, ids=lambda bad: bad.name)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_none_is_kept_of_a_provider_that_speaks_another_format(
    gateways: Gateways, wire: Wire, stream: bool, bad: Bad
) -> None:
    """A translation loses no refusal and no cut."""
    other = "gpt-4.1-mini" if wire in (MESSAGES, GEMINI) else "claude-sonnet-4-5"
    gateway = gateways.start(f'[[routes]]\nname = "elsewhere"\nwhen = {{}}\nuse = ["{other}"]\n')
    for _ in range(2):
        answer = ask(gateway, wire, f"Elsewhere. [[sim {bad.knob}]]", stream=stream, headers=ON, cap=bad.cap)
        assert answer is not None and answer.status_code == 200
        assert answer.headers["x-llmconsole-model"] == other
        assert answer.headers["x-llmconsole-cache"] == "miss"
        time.sleep(0.1)
    assert gateway.admin("GET", "cache/entries")["entries"] == []


def test_the_semantic_cache_gives_none_to_a_question_alike(
    gateways: Gateways, simulated: SimulatedProvider
) -> None:
    """A rule that serves already: in every format a good answer is given again, and no other ever is."""
    gateway = gateways.start(WORDS)
    assert pairs(gateway, CITIES)["state"] == "open"
    entries = stats(gateway)["entries"]
    for wire in WIRES:
        for stream in (False, True):
            for bad in BAD:
                _ask_alike(gateway, simulated, wire, bad, stream=stream)
    assert stats(gateway)["entries"] == entries
    for wire in WIRES:
        for stream in (False, True):
            vectors = stats(gateway)["semantic"]
            topic = f"Spanish quickly {'in parts' if stream else 'at once'}"
            for at, form in enumerate(("How do I learn {}?", "How can I learn {}?")):
                answer = ask(gateway, wire, form.format(topic), stream=stream, headers=DOCS, cap=4000)
                assert answer is not None
                assert answer.headers["x-llmconsole-cache"] == ("miss", "hit")[at], (wire.name, stream)
                known(gateway, vectors + 1)


def _ask_alike(
    gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire, bad: Bad, *, stream: bool
) -> None:
    """Two questions that mean the same, and a bad answer to each: both are asked for."""
    before = simulated.mark()
    for form in ("How do I learn Italian?", "How can I learn Italian?"):
        words = f"{form} [[sim {bad.knob}]]"
        answer = ask(gateway, wire, words, stream=stream, headers=DOCS, cap=bad.cap)
        assert answer is None or answer.headers.get("x-llmconsole-cache") != "hit", (wire.name, bad)
    assert len(simulated.seen(before)) >= 2


@pytest.mark.parametrize("bad", ANSWERED, ids=lambda bad: bad.name)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_identical_calls_at_once_hear_how_their_answer_ended(
    gateways: Gateways, simulated: SimulatedProvider, wire: Wire, stream: bool, bad: Bad
) -> None:
    """They asked the same at the same time, so one refusal is the refusal of all; the next one asks anew."""
    gateway = gateways.start()
    before = simulated.mark()
    words = f"Together: {wire.name}, {stream}, {bad.name}. [[sim ttft=1.5 {bad.knob}]]"
    answers = at_once(gateway, wire, wire.ask(words, cap=bad.cap, stream=stream), stream=stream, many=3)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(simulated.seen(before)) == 1
    assert gateway.admin("GET", "cache/entries")["entries"] == []
    again = ask(gateway, wire, words, stream=stream, headers=ON, cap=bad.cap)
    assert again is not None and again.headers["x-llmconsole-cache"] == "miss"
    assert gateway.doctor() == []


def test_a_failure_is_no_answer_to_those_that_wait(gateways: Gateways, simulated: SimulatedProvider) -> None:
    """Each of them goes itself, once the one before it has failed."""
    gateway = gateways.start()
    for wire in WIRES:
        for stream in (False, True):
            before = simulated.mark()
            words = f"All fail: {wire.name}, {stream}. [[sim status=400 ttft=1]]"
            answers = at_once(gateway, wire, wire.ask(words, stream=stream), stream=stream, many=3)
            assert {answer.status_code for answer in answers} == {400}
            assert len(simulated.seen(before)) == 3
    assert gateway.doctor() == []
