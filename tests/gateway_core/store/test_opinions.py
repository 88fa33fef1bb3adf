"""Second opinions and outcomes in the ledger's file: counted, and learned from by whose word it is."""

from __future__ import annotations

import pytest
from anyio import to_thread

from gateway_core.store.ledger import Ledger
from gateway_core.store.opinions import Counted, OpinionStore, Taken
from gateway_core.store.outcomes import OutcomeStore

pytestmark = pytest.mark.anyio


def taken(call_id: str, gain: float | None, opinion: str = "one") -> Taken:
    return Taken(call_id, opinion, "x/small", "x/large", f"{call_id}-again", None, gain, "same words")


async def test_they_are_counted_by_name(ledger: Ledger) -> None:
    store = OpinionStore(ledger)
    for number, gain in enumerate([0.0, 0.0, 1.0, -1.0, None]):
        store.keep(taken(f"c{number}", gain))
    store.keep(taken("other", 1.0, "two"))
    await ledger.flush()
    found = store.counted(0)
    last = found["one"].last_at
    assert last is not None and found["one"] == Counted(5, 2, 1, 1, last)
    assert found["two"].taken == 1
    assert store.about("c4") == taken("c4", None) and store.about("nobody") is None


async def test_what_its_person_did_says_more_than_a_judge(ledger: Ledger) -> None:
    store = OutcomeStore(ledger)
    store.judge("c1", "x/small", 0.2, {"a": 1.0}, 1.0, "judge")
    store.keep("c2", "x/small", 0.3, {"a": 1.0})
    store.mark("c2", 0.7, "retry")
    store.judge("c2", "x/small", 0.3, {"a": 1.0}, 0.0, "check")
    store.judge("c3", "x/large", 0.4, {"a": 1.0}, -1.0, "judge")
    store.mark("c3", 1.0, "override")
    await ledger.flush()
    assert [each.bad for each in store.all()] == [1.0, 0.7, 1.0]


async def test_what_was_said_is_told_apart_from_silence(ledger: Ledger) -> None:
    outcomes, opinions = OutcomeStore(ledger), OpinionStore(ledger)
    for name in ("up", "again", "judged", "silent"):
        outcomes.keep(name, "x/small", 0.5, {"a": 1.0})
    outcomes.judge("judged", "x/small", 0.5, {"a": 1.0}, 1.0, "judge")
    outcomes.mark("again", 0.7, "retry")
    await ledger.flush()
    await to_thread.run_sync(lambda: outcomes.thumb("up", up=True))
    for call_id, gain in (("up", 1.0), ("silent", None)):
        opinions.keep(taken(call_id, gain))
    await ledger.flush()
    assert outcomes.said(0) == {"up": 0.0, "again": 0.7}
    assert opinions.known(0) == [taken("up", 1.0)]
    later = 2**60
    assert (outcomes.said(later), opinions.known(later)) == ({}, [])


async def test_silence_after_a_strong_model_says_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = OutcomeStore(ledger)
    monkeypatch.setattr("gateway_core.store.outcomes.SETTLED_AFTER", -1_000_000)
    for name in ("small", "large"):
        store.keep(f"silent {name}", f"x/{name}", 0.5, {name: 1.0})
        store.judge(f"judged {name}", f"x/{name}", 0.5, {name: 1.0}, 1.0, "judge")
    await ledger.flush()
    assert len(store.all()) == 4
    assert [dict(each.features) for each in store.all({"x/large"}) if not each.bad] == [{"small": 1.0}]
