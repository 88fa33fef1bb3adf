"""Decisions beside their calls: what was decided is read back as it was, and goes when its row goes."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.clock import instant_text
from gateway_core.model.decision import Decision, Shape
from gateway_core.model.rows import Outcome
from gateway_core.store import retention
from gateway_core.store.decisions import Kinds, _parted
from gateway_core.store.jsontext import encode
from gateway_core.store.ledger import Ledger
from gateway_core.store.queries import Queries
from gateway_core.store.retention import compact
from tests.gateway_core.store.making import NOON, at, ending, opening

pytestmark = pytest.mark.anyio

WORDS = st.text(max_size=12)
SHARES = st.floats(0, 1)
SHAPES = st.builds(
    Shape,
    asked=st.just("gpt-5"),
    target=WORDS,
    context=st.integers(0, 10**6),
    messages=st.integers(0, 500),
    tools=st.booleans(),
    images=st.booleans(),
    operation=WORDS,
    off=st.booleans(),
    conversation=st.none() | WORDS.filter(bool) | WORDS.filter(bool).map(lambda word: f"me/gpt-5/{word}"),
    score=st.none() | SHARES,
    parts=st.dictionaries(WORDS, SHARES, max_size=4),
    judge=WORDS,
)
DECISIONS = st.builds(
    Decision,
    shape=SHAPES,
    targets=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    route=st.none() | WORDS,
    reason=WORDS,
    complexity=st.none() | WORDS,
    passed_over=st.dictionaries(
        WORDS, WORDS.filter(bool) | st.integers().map(lambda seen: f"context is {seen}, not >5k"), max_size=4
    ),
    shadow=st.dictionaries(WORDS, WORDS, max_size=2),
    kept=st.none() | WORDS | st.integers().map(lambda warm: f"moves; {warm} cached tokens are read"),
    thresholds=st.none() | st.tuples(SHARES, SHARES),
    margin=SHARES,
    overruled=st.lists(WORDS, max_size=2).map(tuple),
    tried=st.lists(WORDS, max_size=2).map(tuple),
)
SIMPLE = Decision(Shape("gpt-5", "openai/gpt-5", 1200, 3), ("openai/gpt-5",), None, "asked: no route matches")


@given(DECISIONS)
def test_a_decision_is_read_back_as_it_was(decision: Decision) -> None:
    kind, own = _parted(decision, "me/gpt-5/")
    shape = decision.shape
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE decision_kinds (id INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("INSERT INTO decision_kinds VALUES (7, ?)", (encode(kind),))
    columns = (7, shape.context, shape.messages, shape.score, encode(own) if own else None)
    kinds = Kinds()
    for _ in range(2):
        found = kinds.decision(connection, columns, token="me", asked="gpt-5", reason=decision.reason)
        assert found == decision


async def test_it_stands_beside_the_row(ledger: Ledger) -> None:
    await ledger.open_row(opening("one"))
    ledger.finish(ending("one", route_reason=SIMPLE.reason, decision=SIMPLE))
    ledger.finish(ending("two"))
    await ledger.flush()
    queries = Queries(ledger.path)
    assert queries.decision("one") == SIMPLE
    assert queries.decision("two") is None
    assert queries.decision("three") is None
    assert all(check.ok for check in queries.ledger_checks())
    ((first, second),) = queries.past(at())
    assert (first.id, first.decision, first.cost) == ("one", SIMPLE, 20_000_000)
    assert (second.id, second.decision, second.outcome) == ("two", None, Outcome.OK)


async def test_many_alike_are_kept_once(ledger: Ledger) -> None:
    for number in range(50):
        shape = Shape("gpt-5", "openai/gpt-5", number, number)
        decision = Decision(
            shape, SIMPLE.targets, None, "", passed_over={"big": f"context is {number}, not >5k"}
        )
        ledger.finish(ending(f"call {number}", decision=decision))
    await ledger.flush()
    with ledger.reads.connection() as connection:
        assert connection.execute("SELECT count(*) FROM decision_kinds").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM decisions").fetchone() == (50,)


async def test_the_first_ending_is_what_was_decided(ledger: Ledger) -> None:
    other = Decision(SIMPLE.shape, ("openai/gpt-5-nano",), "late", "")
    ledger.finish(ending("one", decision=SIMPLE, route_reason=SIMPLE.reason))
    ledger.finish(ending("one", decision=other))
    await ledger.flush()
    assert Queries(ledger.path).decision("one") == SIMPLE


async def test_it_goes_with_its_row(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAUSE", 0)
    ledger.finish(ending("one", decision=SIMPLE))
    await ledger.flush()
    assert compact(ledger, instant_text(NOON.replace(day=25))) == 1
    with ledger.reads.connection() as connection:
        assert connection.execute("SELECT count(*) FROM decisions").fetchone() == (0,)
