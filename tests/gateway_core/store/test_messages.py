"""Messages in the file: they go when their time is over, and no bytes of them are left behind."""

from __future__ import annotations

import anyio.to_thread
import pytest

from gateway_core.clock import instant_text
from gateway_core.store.files import connect
from gateway_core.store.ledger import Ledger
from gateway_core.store.messages import Messages, MessageStore
from tests.gateway_core.store.making import NOON

SAID = Messages("openai", False, "application/json", b"asked", b"answered", False)
LONG_AGO = instant_text(NOON.replace(year=2020))
pytestmark = pytest.mark.anyio


async def test_they_go_when_their_time_is_over(ledger: Ledger) -> None:
    store = MessageStore(ledger)
    store.keep("old", SAID, LONG_AGO, 90)
    store.keep("new", SAID, instant_text(NOON.replace(year=2999)), 1)
    await ledger.flush()
    assert store.of("old") is None
    found = store.of("new")
    assert found is not None and (found.request, found.answer) == (b"asked", b"answered")
    assert store.kept()[0] == 1
    assert await anyio.to_thread.run_sync(store.sweep) == 1
    assert await anyio.to_thread.run_sync(store.forget) == 1


async def test_what_is_deleted_is_overwritten(ledger: Ledger) -> None:
    store = MessageStore(ledger)
    peculiar = b"\x00".join(bytes([n, 255 - n]) for n in range(250))
    store.keep(
        "a", Messages("openai", False, "", peculiar, b"", False), instant_text(NOON.replace(year=2999)), 1
    )
    await ledger.flush()
    await anyio.to_thread.run_sync(store.forget)
    connection = connect(ledger.path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert peculiar[100:200] not in ledger.path.read_bytes()
