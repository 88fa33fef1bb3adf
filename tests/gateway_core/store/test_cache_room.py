"""How much is kept, and what goes first; what is pinned; how uses are noted."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from anyio import to_thread

from gateway_core.store.cache import CacheStore, Origin
from gateway_core.store.instants import micros
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.queries.cache_entries import Wanted
from tests.gateway_core.store.making import at
from tests.gateway_core.store.test_cache import ANSWER

pytestmark = pytest.mark.anyio
LONG = 1_000_000


def put(store: CacheStore, name: str, second: float, *, size: int = 1_000, ttl: int = LONG) -> None:
    store.put(name.encode(), replace(ANSWER, body=os.urandom(size), chunks=()), ttl, at(second))


def kept(store: CacheStore, names: str) -> str:
    return "".join(name for name in names if store.get(name.encode(), at(1_000)) is not None)


async def test_what_was_not_used_for_longest_goes_first(ledger: Ledger) -> None:
    store = CacheStore(ledger, most_bytes=4_500)
    for second, name in enumerate("abcd"):
        put(store, name, second)
    store.used(b"a", 5, at(10))
    store.used(b"b", 5, at(11))
    put(store, "e", 12)
    await ledger.flush()
    # Five of a thousand bytes and a little: one more than there is room for, and some slack.
    assert kept(store, "abcde") == "abe"


async def test_what_is_pinned_stays_until_it_expires(ledger: Ledger) -> None:
    store = CacheStore(ledger, most_bytes=2_500)
    put(store, "a", 0, ttl=500)
    await ledger.flush()
    assert store.pin(b"a", True)
    assert not store.pin(b"none", True)
    for second, name in enumerate("bcdef", 1):
        put(store, name, second)
    await ledger.flush()
    assert "a" in "".join(name for name in "abcdef" if store.get(name.encode(), at(400)) is not None)
    assert store.get(b"f", at(400)) is not None
    assert store.get(b"a", at(500)) is None, "a pin does not make it live longer"
    assert store.sweep(at(500)) >= 1


async def test_what_is_unpinned_goes_again(ledger: Ledger) -> None:
    store = CacheStore(ledger, most_bytes=2_500)
    put(store, "a", 0)
    await ledger.flush()
    store.pin(b"a", True)
    store.pin(b"a", False)
    for second, name in enumerate("bcd", 1):
        put(store, name, second)
    await ledger.flush()
    assert "a" not in kept(store, "abcd")


async def test_the_same_again_takes_no_more_room(ledger: Ledger) -> None:
    store = CacheStore(ledger, most_bytes=2_500)
    put(store, "a", 0)
    for second in range(1, 30):
        put(store, "b", second)
    await ledger.flush()
    assert kept(store, "ab") == "ab"


async def test_an_answer_is_never_older_than_its_rule_allows(store: CacheStore, ledger: Ledger) -> None:
    store.put(b"key", ANSWER, 3_600, at())
    for _ in range(2):
        assert store.get(b"key", at(599), 600) is not None
        assert store.get(b"key", at(600), 600) is None
        assert store.get(b"key", at(3_600), 7_200) is None, "nor than it was kept for"
        assert store.get(b"key", at(-1)) is None, "nor from the future"
        await ledger.flush()


async def test_uses_are_noted_together(store: CacheStore, ledger: Ledger, queries: Queries) -> None:
    origin = Origin("call", "openai", True, "ann", "token a", {"project": "web"}, "hash")
    store.put(b"key", ANSWER, LONG, at(), origin)
    written = ledger.writer.written
    await ledger.flush()
    for second in (5, 9, 7):
        store.used(b"key", 100, at(second))
    assert ledger.writer.written <= written + 2
    store.note()
    await ledger.flush()
    (entry,) = queries.cache_entries(Wanted({}), at(20))["entries"]
    assert (entry["hits"], entry["saved_usd"], entry["used_at"]) == (3, "0.0000003", at(9))
    assert (entry["token"], entry["project"], entry["stream"], entry["kind"]) == ("ann", "web", True, "exact")


async def test_entries_by_filter_and_order(store: CacheStore, ledger: Ledger, queries: Queries) -> None:
    for number, (model, project) in enumerate((("gpt-5", "web"), ("gpt-5-mini", "web"), ("claude", "app"))):
        origin = Origin(f"c{number}", token="ann" if number else "bob", tags={"project": project})
        store.put(b"%d" % number, replace(ANSWER, model=model, cost_nano=number), 100 + number, at(), origin)
    await ledger.flush()

    def models(where: dict[str, str], sort: str = "created", **page: object) -> list[str]:
        found = queries.cache_entries(Wanted(where), at(1), sort=sort, **page)
        return [each["model"] for each in found["entries"]]

    assert models({}, "expires") == ["claude", "gpt-5-mini", "gpt-5"]
    assert models({}, "cost", descending=False) == ["gpt-5", "gpt-5-mini", "claude"]
    assert models({"project": "web"}, "cost") == ["gpt-5-mini", "gpt-5"]
    assert models({"model": "gpt*", "token": "ann"}) == ["gpt-5-mini"]
    assert models({"model": "openai/gpt-5"}) == ["gpt-5"]
    assert models({"call": "c2"}) == ["claude"]
    assert models({}, "expires", limit=1, offset=1) == ["gpt-5-mini"]
    assert queries.cache_entries(Wanted({}), at(101))["total"] == 1
    assert sorted(queries.cache_keys(Wanted({"project": "web"}), at(1))) == [b"0", b"1"]
    assert store.discard([b"0", b"none"]) == 1
    assert queries.cache_room(at(1))["entries"] == 2


@pytest.fixture
def store(ledger: Ledger) -> CacheStore:
    return CacheStore(ledger)


async def test_what_is_brought_back_takes_its_room_again(ledger: Ledger) -> None:
    store = CacheStore(ledger, most_bytes=4_500)
    for second, name in enumerate("abc"):
        put(store, name, second)
    await ledger.flush()
    assert await to_thread.run_sync(store.put_aside, b"a", at(3))
    for second, name in enumerate("de", 4):
        put(store, name, second)
    await ledger.flush()
    found = store.aside.find(b"a".hex(), micros(at(6)))
    assert found is not None
    assert await to_thread.run_sync(store.bring_back, *found)
    put(store, "f", 7, size=50)
    await ledger.flush()
    # A little under nine tenths of the room: what was used last.
    assert kept(store, "abcdef") == "cdef"
