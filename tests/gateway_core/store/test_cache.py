"""The exact cache gives back what it was given, until it expires or there is too much of it."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest

from gateway_core.model.usage import Usage
from gateway_core.store.cache import CachedAnswer, CacheStore
from gateway_core.store.ledger import Ledger
from tests.gateway_core.store.making import at

pytestmark = pytest.mark.anyio

ANSWER = CachedAnswer(
    status=200,
    headers=(("content-type", "text/event-stream"), ("openai-model", "gpt-5")),
    body=b"data: one\n\ndata: two\n\n",
    chunks=(11, 11),
    usage=Usage(input=3, output=2, server_tools={"web_search": 1}, steps=(Usage(input=3, output=2),)),
    cost_nano=1234,
    model="gpt-5",
    provider="openai",
    price_id="p",
)


@pytest.fixture
def store(ledger: Ledger) -> CacheStore:
    return CacheStore(ledger)


async def test_an_answer_comes_back_whole_and_in_its_pieces(ledger: Ledger, store: CacheStore) -> None:
    store.put(b"key", ANSWER, 60, at())
    await ledger.flush()
    found = store.get(b"key", at(59))
    assert found == ANSWER
    assert list(found.pieces()) == [b"data: one\n\n", b"data: two\n\n"]
    assert store.get(b"other", at()) is None


async def test_an_answer_is_found_at_once(ledger: Ledger, store: CacheStore) -> None:
    """Whoever has just been answered may ask again before the answer is committed."""
    held = threading.Event()
    ledger.writer.ask(lambda connection: held.wait(5))
    store.put(b"key", ANSWER, 60, at())
    assert store.get(b"key", at(59)) == ANSWER
    assert store.get(b"key", at(60)) is None
    newer = replace(ANSWER, cost_nano=5)
    store.put(b"key", newer, 60, at(1))
    assert store.get(b"key", at(2)) == newer
    held.set()
    await ledger.flush()
    assert store.get(b"key", at(2)) == newer
    assert not store._queued


@pytest.mark.parametrize("body", [b"", b"\x00" * 100_000, os.urandom(5000)])
async def test_any_body_will_do(ledger: Ledger, store: CacheStore, body: bytes) -> None:
    answer = replace(ANSWER, body=body, chunks=())
    store.put(b"key", answer, 60, at())
    await ledger.flush()
    found = store.get(b"key", at())
    assert found == answer
    assert b"".join(found.pieces()) == body


async def test_it_expires_at_its_instant(ledger: Ledger, store: CacheStore) -> None:
    store.put(b"key", ANSWER, 60, at())
    await ledger.flush()
    assert store.get(b"key", at(59.999999)) is not None
    assert store.get(b"key", at(60)) is None


async def test_a_new_answer_takes_the_place_of_the_old_one(ledger: Ledger, store: CacheStore) -> None:
    store.put(b"key", ANSWER, 60, at())
    store.put(b"key", replace(ANSWER, body=b"new", chunks=()), 60, at(50))
    await ledger.flush()
    found = store.get(b"key", at(100))
    assert found is not None
    assert found.body == b"new"


async def test_sweeping_drops_what_expired(ledger: Ledger, store: CacheStore) -> None:
    store.put(b"short", ANSWER, 10, at())
    store.put(b"long", ANSWER, 100, at())
    assert store.sweep(at(50)) == 1
    assert store.get(b"long", at(50)) is not None


async def test_sweeping_drops_the_oldest_above_the_size(ledger: Ledger, store: CacheStore) -> None:
    for number in range(10):
        store.put(b"%d" % number, replace(ANSWER, body=os.urandom(1000)), 1000, at(number))
    assert store.sweep(at(20), most_bytes=5500) == 5
    kept = [number for number in range(10) if store.get(b"%d" % number, at(20))]
    assert kept == [5, 6, 7, 8, 9]


async def test_clearing_drops_all(ledger: Ledger, store: CacheStore) -> None:
    for number in range(3):
        store.put(b"%d" % number, ANSWER, 1000, at())
    assert store.clear() == 3
    assert store.get(b"1", at()) is None
