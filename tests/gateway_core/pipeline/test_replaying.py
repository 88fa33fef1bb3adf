"""Kept answers given again: event for event, never too old, never to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.policy import ClientToken
from gateway_core.model.usage import Usage
from gateway_core.pipeline.replaying import pauses
from gateway_core.rules.caching import exact_key, scope_of
from gateway_core.store.cache import CachedAnswer, CacheStore
from gateway_core.store.ledger import Ledger
from tests.gateway_core.store.making import at

ANSWER = CachedAnswer(
    200, (("content-type", "text/event-stream"),), b"", (), Usage(output=40), 7, "m", "p", None
)
NAMES = ("ann", "bob", "ci", "dev")
EVENTS = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    with TemporaryDirectory() as folder:
        made = Ledger(Path(folder) / "ledger.db")
        made.start()
        yield made
        made.close()


def streamed(events: list[bytes], gaps: list[int]) -> CachedAnswer:
    lengths = tuple(map(len, events))
    return replace(ANSWER, body=b"".join(events), chunks=lengths, gaps=tuple(gaps))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.data())
def test_a_stream_is_the_same_event_for_event(
    ledger: Ledger, events: list[bytes], data: st.DataObject
) -> None:
    gaps = data.draw(st.lists(st.integers(0, 5_000), min_size=len(events), max_size=len(events)))
    store, answer = CacheStore(ledger), streamed(events, gaps)
    store.put(b"key", answer, 60, at())
    for committed in (False, True):
        if committed:
            ledger.writer.call(lambda _: None)
        found = store.get(b"key", at(1))
        assert found == answer
        assert list(found.pieces()) == events


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**7), st.integers(1, 10**7), st.floats(0, 2 * 10**7, allow_nan=False))
def test_an_answer_is_never_older_than_its_ttl(ledger: Ledger, kept: int, rule: int, age: float) -> None:
    store = CacheStore(ledger)
    store.put(b"old", ANSWER, kept, at())
    allowed = age < min(kept, rule)
    found = store.get(b"old", at(age), rule)
    assert (found is not None) == allowed or abs(age - min(kept, rule)) < 0.001
    ledger.writer.call(lambda _: None)
    assert (store.get(b"old", at(age), rule) is None) == (found is None)


GROUPS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, unique=True), max_size=2).filter(
    lambda groups: len({name for group in groups for name in group}) == sum(map(len, groups))
)


@given(GROUPS, st.sampled_from(NAMES), st.sampled_from(NAMES), st.binary(max_size=4), st.binary(max_size=4))
def test_nobody_finds_what_is_anothers(
    share: list[list[str]], one: str, other: str, digest: bytes, another: bytes
) -> None:
    mine, theirs = ClientToken(one, digest, {}, ""), ClientToken(other, another, {}, "")
    same = digest == another and not any(one in group or other in group for group in share)
    grouped = any(one in group and other in group for group in share)
    keys = [_key(scope_of(token, share)) for token in (mine, theirs)]
    assert (keys[0] == keys[1]) == (same or grouped)


def _key(scope: str) -> bytes:
    ask = Ask(DialectName.OPENAI_CHAT, Operation.GENERATE, "m")
    return exact_key(ask=ask, target=Target("p", "m"), path="", query="", body=b"{}", headers={}, scope=scope)


def test_paces() -> None:
    answer = streamed([b"a" * 30, b"b" * 10], [500, 120_000])
    assert pauses(answer, "instant") == []
    assert pauses(answer, "recorded") == [0.5, 60.0], "a pause has its bound"
    assert pauses(answer, "40") == [0.75, 0.25], "forty tokens, by their bytes, at forty a second"
    assert pauses(replace(answer, chunks=()), "40") == []
