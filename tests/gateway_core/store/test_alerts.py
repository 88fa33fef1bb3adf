"""Alerts come back with their deliveries; what was told is told once in a window, and can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway_core.model.alerts import Alert, Delivery, DeliveryState, Told
from gateway_core.store import alerts
from gateway_core.store.alerts import AlertStore
from gateway_core.store.ledger import Ledger
from tests.gateway_core.store.making import at

MARK = Told("web", "counts", "mark:80", at())


@pytest.fixture
def store(ledger: Ledger) -> AlertStore:
    return AlertStore(ledger)


def alert(name: str, seconds: float = 0) -> Alert:
    return Alert(name, at(seconds), "budget.alert", f"alert {name}", {"budget": "web", "mark": 80})


def waiting(of: Alert, channel: str = "webhook", due: float = 0) -> Delivery:
    return Delivery(of, channel, due_at=at(due))


def test_an_alert_comes_back_with_its_deliveries(store: AlertStore) -> None:
    first, second = alert("a"), alert("b", 1)
    store.keep(first, [waiting(first, "webhook"), waiting(first, "json:12345678")])
    store.keep(second, []).result(5)
    assert store.recent() == [
        (second, []),
        (first, [waiting(first, "json:12345678"), waiting(first, "webhook")]),
    ]
    assert store.recent(1) == [(second, [])]


def test_what_waits_is_what_has_not_ended_the_next_one_first(store: AlertStore) -> None:
    late, soon, done, lost = (alert(name) for name in ("late", "soon", "done", "lost"))
    for each, due in ((late, 60), (soon, 5), (done, 1), (lost, 2)):
        store.keep(each, [waiting(each, due=due)])
    store.tried(replace(waiting(done), state=DeliveryState.DELIVERED, attempts=1, due_at=None))
    store.tried(replace(waiting(lost), state=DeliveryState.FAILED, attempts=9, due_at=None, error="503"))
    again = replace(waiting(late), attempts=2, due_at=at(90), error="it answered 500")
    store.tried(again).result(5)
    assert store.waiting() == [waiting(soon, due=5), again]
    states = {each.id: way.state for each, ways in store.recent() for way in ways}
    assert states == {"late": "waiting", "soon": "waiting", "done": "delivered", "lost": "failed"}


def test_what_was_told_is_kept_with_its_alert_by_budget_and_window(store: AlertStore) -> None:
    store.keep(alert("a"), [], MARK)
    store.keep(alert("b"), [], replace(MARK, what="landing:5"))
    store.keep(alert("c"), [], replace(MARK, what="mark:50", window_start=at(3600))).result(5)
    assert store.told("web", "counts", at()) == {"mark:80", "landing:5"}
    assert store.told("web", "counts", at(3600)) == {"mark:50"}
    assert store.told("web", "other calls", at()) == store.told("docs", "counts", at()) == set()


def test_what_was_told_can_be_taken_back(store: AlertStore) -> None:
    store.keep(alert("a"), [], MARK)
    store.keep(alert("b"), [], replace(MARK, what="mark:50"))
    store.untell([MARK, replace(MARK, what="mark:95")]).result(5)
    assert store.told("web", "counts", at()) == {"mark:50"}
    store.keep(alert("c"), [], MARK).result(5)
    assert store.told("web", "counts", at()) == {"mark:50", "mark:80"}


def test_the_oldest_go_with_their_deliveries(store: AlertStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "MOST_KEPT", 3)
    for number in range(5):
        each = alert(str(number))
        store.keep(each, [waiting(each)])
    store.keep(alert("last"), []).result(5)
    assert [each.id for each, _ in store.recent()] == ["last", "4", "3"]
    assert [each.alert.id for each in store.waiting()] == ["3", "4"]


def test_all_of_an_alert_is_kept_or_nothing(store: AlertStore, caplog: pytest.LogCaptureFixture) -> None:
    store.keep(alert("a"), []).result(5)
    twice = store.keep(alert("a"), [waiting(alert("a"))], MARK)
    assert twice.exception(5) is not None
    store.untell([]).result(5)
    assert "an alert could not be kept: UNIQUE constraint failed" in caplog.text
    assert store.told("web", "counts", at()) == set() and store.waiting() == []
