"""The policy log, client tokens and small facts come back as they were kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from gateway_core.model.errors import Refusal
from gateway_core.model.policy import (
    AtLimit,
    Budget,
    ClientToken,
    ExactCacheRule,
    Policy,
    Price,
    Rates,
    Route,
    Throttle,
    Tier,
)
from gateway_core.store.instants import now_text
from gateway_core.store.ledger import Ledger
from gateway_core.store.policy import PolicyStore
from tests.gateway_core.store.making import at

FULL = Policy(
    budgets=(
        Budget("web", {"project": "web"}, limit_nano=25 * 10**9, at_limit=AtLimit.ALERT, alerts=(50, 100)),
        Budget("tokens", limit_tokens=2_000_000, window="rolling:6h"),
    ),
    throttles=(Throttle("ann", {"user": "ann"}, tokens_per_minute=200_000),),
    routes=(Route("cheap", {"mode": "vibing"}, ("ollama/qwen3:4b", "gpt-5-nano"), enabled=False),),
    exact_cache=ExactCacheRule({"project": "web"}, 3600, on=True),
    prices={
        "mylab/qwen3": Price(
            "user:mylab/qwen3",
            Rates(input=Decimal("0.10"), output=Decimal("0.4000")),
            tiers=(Tier(200_000, Rates(input=Decimal("0.2"))),),
            multipliers={"batch": Decimal("0.5")},
            per_call={"web_search": Decimal("0.01")},
            context_window=32_768,
        )
    },
)


@pytest.fixture
def store(ledger: Ledger) -> PolicyStore:
    return PolicyStore(ledger)


def named(name: str) -> Policy:
    return Policy(budgets=(Budget(name, limit_nano=1),))


def test_edits_at_once_lose_none_and_are_made_over_what_is_written(store: PolicyStore) -> None:
    store.save(Policy(), who="config.toml", what="policy")

    def add(number: int) -> Policy:
        more = Budget(f"b{number}", limit_nano=number + 1)
        return store.edit(lambda old: Policy(budgets=(*old.budgets, more)), who="ann", what="budgets")

    with ThreadPoolExecutor(8) as hands:
        made = list(hands.map(add, range(24)))
    assert sorted(len(each.budgets) for each in made) == list(range(1, 25))
    kept = store.load()
    assert kept is not None
    assert {each.name for each in kept.budgets} == {f"b{number}" for number in range(24)}


def test_an_edit_and_an_undo_that_are_refused_write_nothing(store: PolicyStore) -> None:
    store.save(named("a"), who="config.toml", what="policy")
    store.save(named("b"), who="ann", what="budgets")

    def refuse(_: Policy) -> Policy:
        raise Refusal(412, "changed_meanwhile", "no")

    with pytest.raises(Refusal):
        store.edit(refuse, who="bo", what="budgets")
    with pytest.raises(Refusal):
        store.undo(who="bo", check=refuse)
    assert store.load() == named("b")
    assert [each.who for each in store.history()] == ["ann", "config.toml"]


def test_a_new_folder_has_no_policy(store: PolicyStore) -> None:
    assert store.load() is None
    assert store.history() == []
    assert store.undo(who="ann") is None


def test_a_policy_comes_back_whole(store: PolicyStore) -> None:
    store.save(FULL, who="ann", what="budgets")
    assert store.load() == FULL


def test_the_policy_outlives_the_process(ledger: Ledger, path: Path) -> None:
    other = path.with_name("other.db")
    first = Ledger(other)
    first.start()
    PolicyStore(first).save(FULL, who="ann", what="budgets")
    first.close()
    second = Ledger(other)
    second.start()
    assert PolicyStore(second).load() == FULL
    second.close()


def test_each_edit_tells_who_when_what_before_and_after(store: PolicyStore) -> None:
    began = now_text()
    store.save(named("a"), who="config.toml", what="seed")
    store.save(named("b"), who="ann", what="budgets")
    second, first = store.history()
    assert (first.who, first.what, first.before, first.after) == ("config.toml", "seed", None, named("a"))
    assert (second.who, second.what, second.before, second.after) == (
        "ann",
        "budgets",
        named("a"),
        named("b"),
    )
    assert began <= first.at <= second.at <= now_text()
    assert [edit.after for edit in store.history(1)] == [named("b")]


def test_undo_goes_back_step_by_step_and_never_past_the_first(store: PolicyStore) -> None:
    for name in "abc":
        store.save(named(name), who="ann", what="budgets")
    undone = []
    while edit := store.undo(who="bo"):
        undone.append((edit.who, edit.undoes, edit.after))
        assert store.load() == edit.after
    assert undone == [("bo", 3, named("b")), ("bo", 2, named("a"))]


def test_an_edit_after_an_undo_is_undone_before_older_ones(store: PolicyStore) -> None:
    for name in "abc":
        store.save(named(name), who="ann", what="budgets")
    store.undo(who="ann")
    store.save(named("d"), who="ann", what="budgets")
    loaded = []
    while store.undo(who="ann"):
        loaded.append(store.load())
    assert loaded == [named("b"), named("a")]


def test_tokens_are_kept_revoked_and_their_names_free_again(store: PolicyStore) -> None:
    first = ClientToken("ci", b"\x00\xff", {"project": "web"}, at())
    store.add_token(first)
    with pytest.raises(Refusal) as raised:
        store.add_token(ClientToken("ci", b"other", {}, at()))
    assert raised.value.status == 409
    assert store.revoke_token("ci", at(5))
    assert not store.revoke_token("ci", at(6))
    second = ClientToken("ci", b"other", {}, at(7))
    store.add_token(second)
    assert store.tokens() == [ClientToken("ci", b"\x00\xff", {"project": "web"}, at(), at(5)), second]
