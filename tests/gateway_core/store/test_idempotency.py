"""Idempotency keys: one call for each, its answer replayed, and free again where there was none."""

from __future__ import annotations

import asyncio
import hashlib

import anyio.to_thread
import pytest

from gateway_core.model.errors import Refusal
from gateway_core.store import idempotency
from gateway_core.store.files import connect
from gateway_core.store.idempotency import Fresh, IdempotencyStore, Other, Replay, Running
from gateway_core.store.ledger import Ledger
from tests.gateway_core.store.making import at

pytestmark = pytest.mark.anyio

BODY = hashlib.sha256(b"the body").digest()
HEADERS = [("content-type", "text/event-stream"), ("x-request-id", "r1")]
DAY = 86_400


@pytest.fixture
async def keys(ledger: Ledger) -> IdempotencyStore:
    return await anyio.to_thread.run_sync(IdempotencyStore, ledger)


async def test_the_first_call_is_fresh_and_the_next_one_has_to_wait(keys: IdempotencyStore) -> None:
    assert await keys.begin("default", "k", BODY, "a", at()) == Fresh()
    assert await keys.begin("default", "k", BODY, "b", at()) == Running("a")
    assert await keys.begin("default", "k", b"other", "b", at()) == Other("a")


async def test_a_key_belongs_to_one_client_token(keys: IdempotencyStore) -> None:
    assert await keys.begin("default", "k", BODY, "a", at()) == Fresh()
    assert await keys.begin("ci", "k", BODY, "b", at()) == Fresh()
    assert await keys.begin("default", "k2", BODY, "c", at()) == Fresh()


@pytest.mark.parametrize("pieces", [[b"data: 1\n\n", b"data: [DONE]\n\n"], [b"{}"], [], [b"", b"x"]])
async def test_the_answer_comes_again_as_it_came(keys: IdempotencyStore, pieces: list[bytes]) -> None:
    await keys.begin("default", "k", BODY, "a", at())
    keys.keep("default", "k", "a", status=200, headers=HEADERS, pieces=pieces)
    found = await keys.begin("default", "k", BODY, "b", at(60))
    assert isinstance(found, Replay)
    assert (found.call_id, found.status, list(found.headers)) == ("a", 200, HEADERS)
    assert list(found.pieces()) == (pieces or [b""])
    assert await keys.begin("default", "k", b"other", "b", at(60)) == Other("a")


async def test_a_dropped_key_is_free_and_a_kept_one_is_not(keys: IdempotencyStore) -> None:
    await keys.begin("default", "k", BODY, "a", at())
    keys.drop("default", "k", "somebody else")
    assert await keys.begin("default", "k", BODY, "b", at()) == Running("a")
    keys.drop("default", "k", "a")
    assert await keys.begin("default", "k", BODY, "b", at()) == Fresh()
    keys.keep("default", "k", "b", status=200, headers=(), pieces=[b"x"])
    keys.drop("default", "k", "b")
    assert isinstance(await keys.begin("default", "k", BODY, "c", at()), Replay)


async def test_only_the_call_that_has_the_key_keeps_an_answer(keys: IdempotencyStore) -> None:
    await keys.begin("default", "k", BODY, "a", at())
    keys.keep("default", "k", "b", status=500, headers=(), pieces=[b"x"])
    assert await keys.begin("default", "k", BODY, "c", at()) == Running("a")


async def test_after_a_day_the_key_is_new(keys: IdempotencyStore, ledger: Ledger) -> None:
    await keys.begin("default", "k", BODY, "a", at())
    keys.keep("default", "k", "a", status=200, headers=(), pieces=[b"x"])
    assert isinstance(await keys.begin("default", "k", BODY, "b", at(DAY - 1)), Replay)
    assert await keys.begin("default", "k", b"other", "b", at(DAY)) == Fresh()
    assert await keys.begin("default", "k", b"other", "c", at(DAY)) == Running("b")
    assert await anyio.to_thread.run_sync(keys.sweep, at(DAY)) == 0
    assert await anyio.to_thread.run_sync(keys.sweep, at(2 * DAY)) == 1


async def test_an_answer_that_is_too_large_frees_the_key(
    keys: IdempotencyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "MOST_BYTES", 10)
    await keys.begin("default", "k", BODY, "a", at())
    keys.keep("default", "k", "a", status=200, headers=(), pieces=[b"123456", b"78901"])
    assert await keys.begin("default", "k", BODY, "b", at()) == Fresh()


async def test_marks_of_an_ended_process_are_dropped_and_answers_stay(ledger: Ledger) -> None:
    keys = await anyio.to_thread.run_sync(IdempotencyStore, ledger)
    await keys.begin("default", "running", BODY, "a", at())
    await keys.begin("default", "kept", BODY, "b", at())
    keys.keep("default", "kept", "b", status=200, headers=(), pieces=[b"x"])
    ledger.close()
    again = Ledger(ledger.path)
    again.start()
    keys = await anyio.to_thread.run_sync(IdempotencyStore, again)
    assert await keys.begin("default", "running", BODY, "c", at()) == Fresh()
    assert isinstance(await keys.begin("default", "kept", BODY, "c", at()), Replay)
    again.close()


async def test_of_many_at_once_one_is_fresh(keys: IdempotencyStore) -> None:
    found = await asyncio.gather(*(keys.begin("default", "k", BODY, str(n), at()) for n in range(50)))
    assert found.count(Fresh()) == 1
    assert sum(isinstance(each, Running) for each in found) == 49


async def test_while_the_ledger_cannot_be_written_the_call_is_refused_and_the_key_stays_free(
    keys: IdempotencyStore, ledger: Ledger
) -> None:
    lock = connect(ledger.path)
    lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(Refusal) as raised:
        await keys.begin("default", "k", BODY, "a", at())
    assert raised.value.status == 503
    lock.execute("ROLLBACK")
    lock.close()
    assert await keys.begin("default", "k", BODY, "b", at()) == Fresh()
