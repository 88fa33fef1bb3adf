"""Vectors of questions: the nearest of a context, kept over a restart, the same however they are scanned."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

import pytest

from gateway_core.rules.likeness import Marks, read_marks
from gateway_core.store import vectors
from gateway_core.store.cache import CacheStore
from gateway_core.store.ledger import Ledger
from gateway_core.store.vectors import VectorStore
from tests.gateway_core.store.making import at
from tests.gateway_core.store.test_cache import ANSWER

pytestmark = pytest.mark.anyio
HERE, ELSEWHERE = b"h" * 32, b"e" * 32
MARKS = read_marks("What is the capital of France in 2026?")


def unit(chance: random.Random, size: int = 16) -> list[float]:
    values = [chance.gauss(0, 1) for _ in range(size)]
    norm = sum(value * value for value in values) ** 0.5
    return [value / norm for value in values]


def fill(ledger: Ledger, store: VectorStore, count: int, context: bytes = HERE) -> list[list[float]]:
    cache, chance = CacheStore(ledger), random.Random(1)
    found = [unit(chance) for _ in range(count)]
    for number, vector in enumerate(found):
        cache.put(b"%d" % number, ANSWER, 1_000, at())
        store.add(b"%d" % number, context, vector, MARKS)
    return found


async def test_they_come_back_after_a_restart(ledger: Ledger) -> None:
    fill(ledger, VectorStore(ledger), 3)
    await ledger.flush()
    again = VectorStore(ledger)
    near = again.nearest(HERE, unit(random.Random(1)), 2)
    assert near[0].key == b"0"
    assert near[0].cosine == pytest.approx(1.0, abs=1e-5)
    assert near[0].marks == MARKS
    assert again.nearest(ELSEWHERE, unit(random.Random(1)), 2) == []


async def test_a_vector_without_its_answer_is_not_kept(ledger: Ledger) -> None:
    store = VectorStore(ledger)
    store.add(b"none", HERE, [1.0, 0.0], MARKS)
    await ledger.flush()
    assert VectorStore(ledger).nearest(HERE, [1.0, 0.0], 1) == []


async def test_they_go_with_their_answers(ledger: Ledger) -> None:
    store = VectorStore(ledger)
    fill(ledger, store, 3)
    await ledger.flush()
    CacheStore(ledger).discard([b"0"])
    store.forget()
    assert {near.key for near in store.nearest(HERE, unit(random.Random(1)), 5)} == {b"1", b"2"}


@pytest.mark.parametrize("way", ["python", "numpy", "usearch"])
async def test_the_nearest_are_the_same_by_every_way(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "python":
        monkeypatch.setitem(sys.modules, "numpy", None)
        monkeypatch.setitem(sys.modules, "usearch.index", None)
    else:
        pytest.importorskip(way)
    monkeypatch.setattr(vectors, "MANY", 100 if way == "usearch" else 10_000)
    store = VectorStore(ledger)
    found = fill(ledger, store, 150)
    asked = unit(random.Random(99))
    assert nearest(store, asked) == exact(found, asked)
    # What comes later is found too.
    more = unit(random.Random(100))
    store.add(b"more", HERE, more, Marks())
    assert store.nearest(HERE, more, 1)[0].key == b"more"
    assert nearest(store, asked)[:3] == exact(found, asked)[:3]


def nearest(store: VectorStore, asked: Sequence[float]) -> list[bytes]:
    return [near.key for near in store.nearest(HERE, asked, 5)]


def exact(found: list[list[float]], asked: Sequence[float]) -> list[bytes]:
    cosines = [sum(a * b for a, b in zip(vector, asked, strict=True)) for vector in found]
    return [b"%d" % at for at in sorted(range(len(found)), key=cosines.__getitem__, reverse=True)[:5]]
