"""Circuits and pauses in virtual time."""

from __future__ import annotations

from gateway_core.state.circuits import OPENS_AFTER, PROBE_EVERY, PROBE_STANDS, Circuits

A, B = ("openai", "1"), ("openai", "2")


def opened(at: float = 0.0) -> Circuits:
    circuits = Circuits()
    told = [circuits.fault(A, "m", at, at, "503") for _ in range(OPENS_AFTER)]
    assert told == [False] * (OPENS_AFTER - 1) + [True]
    return circuits


def test_it_opens_for_one_key_after_faults_in_a_row() -> None:
    circuits = opened()
    assert circuits.open_seconds(A, 0.0, "m") == PROBE_EVERY
    assert circuits.open_seconds(B, 0.0, "m") is None
    assert circuits.why(A) == "503" and list(circuits.opened()) == [A]


def test_an_answer_in_between_begins_anew() -> None:
    circuits = Circuits()
    for _ in range(OPENS_AFTER):
        circuits.fault(A, "m", 1.0, 1.0, "503")
        assert circuits.alive(A, 1.0) is False
    assert circuits.open_seconds(A, 1.0) is None


def test_old_faults_are_forgotten() -> None:
    circuits = Circuits()
    for minute in range(OPENS_AFTER * 2):
        assert not circuits.fault(A, "m", minute * 61.0, minute * 61.0, "503")


def test_one_probe_at_a_time_and_the_first_answer_closes() -> None:
    circuits = opened()
    now = PROBE_EVERY
    assert circuits.open_seconds(A, now, "m") == 0.0
    circuits.sent(A, now)
    assert circuits.open_seconds(A, now, "m") == PROBE_STANDS
    assert not circuits.fault(A, "m", now, now + 0.1, "503"), "it was open already"
    assert circuits.open_seconds(A, now + 0.1, "m") == PROBE_EVERY
    assert circuits.alive(A, now + 2) is True
    assert circuits.open_seconds(A, now + 2, "m") is None


def test_a_probe_that_stays_away_does_not_stand_in_the_way() -> None:
    circuits = opened()
    circuits.sent(A, 1.0)
    assert circuits.open_seconds(A, 1.0 + PROBE_STANDS, "m") == 0.0


def test_a_model_that_did_not_fail_may_go() -> None:
    assert opened().open_seconds(A, 0.0, "other") == 0.0


def test_what_was_sent_before_the_provider_came_back_says_nothing() -> None:
    circuits = opened()
    circuits.alive(A, 5.0)
    assert not any(circuits.fault(A, "m", 4.0, 6.0, "timeout") for _ in range(OPENS_AFTER * 2))


def test_a_pause_is_of_one_model_and_ends() -> None:
    circuits = Circuits()
    circuits.pause(A, "m", 2.0, 10.0)
    assert circuits.paused_seconds(A, "m", 11.0) == 1.0
    assert circuits.paused_seconds(A, "other", 11.0) == circuits.paused_seconds(B, "m", 11.0) == 0.0
    assert circuits.paused_seconds(A, "m", 12.0) == 0.0
