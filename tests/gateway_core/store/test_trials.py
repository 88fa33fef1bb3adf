"""Trials of the semantic cache: kept by rule, over a restart, and what a person's discarding says."""

from __future__ import annotations

import pytest

from gateway_core.rules.proving import How, Trial
from gateway_core.store.ledger import Ledger
from gateway_core.store.trials import Told, TrialStore
from tests.gateway_core.store.making import at

pytestmark = pytest.mark.anyio


async def test_they_are_kept_by_rule(ledger: Ledger) -> None:
    store = TrialStore(ledger)
    store.add(Told("one", How.SHADOW, "c1", b"k", 0.95), at(1))
    store.add(Told("one", How.SAMPLE, "c2", b"k", 0.97, wrong=True), at(2))
    store.add(Told("two", How.SHADOW, "c3", b"k", 0.99), at(3))
    store.add(Told("one", How.SERVED, "c4", b"k", 0.96), at(4))
    expected = [Trial(0.95, False), Trial(0.97, True)]
    assert list(store.of("one")) == expected
    await ledger.flush()
    again = TrialStore(ledger)
    assert list(again.of("one")) == expected
    assert list(again.of("two")) == [Trial(0.99, False)]
    assert (again.served("one"), again.served("two")) == (1, 0)


async def test_a_discarded_answer_counts_where_it_was_given(ledger: Ledger) -> None:
    store = TrialStore(ledger)
    store.of("one")
    store.add(Told("one", How.SERVED, "c1", b"given", 0.93), at(1))
    assert store.discarded(b"never given", at(2)) == 0
    assert store.discarded(b"given", at(3)) == 1
    assert list(store.of("one")) == list(TrialStore(ledger).of("one")) == [Trial(0.93, True)]
