"""Where a call's time went: the phases add up to the whole, ended or under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from console.screens.phases import phases, timeline, told
from console.shapes import Call
from tests.screens.story import Story

ENDED: Call = replace(
    next(call for call in Story()._calls if call.outcome == "ok"),
    started_at="2026-11-26T14:00:00Z",
    first_byte_ms=500.0,
    duration_ms=2_000.0,
    overhead_ms=2.0,
    output_tokens=300,
    cache="miss",
)
RUNNING = replace(ENDED, status="open", outcome=None, finished_at=None, duration_ms=None)
NOW = datetime.fromisoformat("2026-11-26T14:00:03Z")


def test_an_ended_call() -> None:
    found = phases(ENDED, NOW)
    assert (found.gateway, found.waiting, found.stream, found.whole) == (2.0, 498.0, 1_500.0, 2_000.0)
    words = "  ".join("".join(text for text, _ in part) for part in told(found, ENDED))
    assert "gateway 2ms" in words and "to first byte 498ms" in words
    assert "stream 1500ms · 200 tok/s" in words and "whole 2000ms" in words


def test_a_running_call_before_and_after_its_first_byte() -> None:
    waits = phases(replace(RUNNING, first_byte_ms=None), NOW)
    assert (waits.gateway, waits.waiting, waits.stream) == (None, 3_000.0, None)
    streams = phases(RUNNING, NOW)
    assert (streams.waiting, streams.stream) == (500.0, 2_500.0)
    assert any("stream 2500ms …" in "".join(text for text, _ in part) for part in told(streams, RUNNING))


@pytest.mark.parametrize(
    "changes",
    [
        {"first_byte_ms": None, "duration_ms": 5.0, "overhead_ms": 5.0},
        {"first_byte_ms": None, "duration_ms": 900.0},
        {"cache": "hit", "first_byte_ms": 4.0, "duration_ms": 5.0, "overhead_ms": 5.0},
        {"first_byte_ms": 1_990.0, "overhead_ms": 30.0},
        {"duration_ms": 0.0, "first_byte_ms": None, "overhead_ms": None},
    ],
)  # fmt: skip
def test_the_phases_add_up(changes: dict[str, object]) -> None:
    call = replace(ENDED, **changes)  # type: ignore[arg-type]
    found = phases(call, NOW)
    assert found.whole == pytest.approx(call.duration_ms)
    assert all(each is None or each >= 0 for each in (found.gateway, found.waiting, found.stream))
    assert sum(len(text) for text, _ in timeline(found, 40)) == 40
