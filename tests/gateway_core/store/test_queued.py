"""An errand is either done or given up, never both, whoever is first."""

from __future__ import annotations

from gateway_core.store.queued import Errand


def test_what_nobody_waits_for_is_not_taken_up() -> None:
    errand = Errand(lambda _: None)
    assert errand.give_up()
    assert not errand.take_up()


def test_what_is_being_done_cannot_be_given_up() -> None:
    errand = Errand(lambda _: None)
    assert errand.take_up()
    assert not errand.give_up()


def test_what_is_put_back_can_be_given_up_or_taken_up_again() -> None:
    errand = Errand(lambda _: None)
    errand.take_up()
    errand.put_back()
    assert errand.take_up()
    errand.put_back()
    assert errand.give_up()
