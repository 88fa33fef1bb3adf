"""Small facts: replaced by later ones, and written over what was seen."""

from __future__ import annotations

import pytest

from gateway_core.model.errors import Refusal
from gateway_core.store.facts import FactStore
from gateway_core.store.ledger import Ledger


@pytest.fixture
def store(ledger: Ledger) -> FactStore:
    return FactStore(ledger)


def test_small_facts_are_replaced(store: FactStore) -> None:
    assert store.get("mode") is None
    store.put("mode", "vibing")
    store.put("mode", "building")
    assert store.get("mode") == "building"


def test_a_small_fact_is_kept_over_what_was_seen(store: FactStore) -> None:
    seen: list[str | None] = []
    store.put("mode", "vibing", seen.append)
    store.put("mode", "building", seen.append)
    assert seen == [None, "vibing"]

    def refuse(_: str | None) -> None:
        raise Refusal(412, "changed_meanwhile", "no")

    with pytest.raises(Refusal):
        store.put("mode", "resting", refuse)
    assert store.get("mode") == "building"
