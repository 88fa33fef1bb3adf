"""The demo's story, played in half a minute without a screen: each of its acts can be seen afterwards."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gateway_core.simulated.acts import ROUND, STORY
from gateway_core.simulated.habits.helping import LATENESS, MODEL
from tests.support.processes import clean_environment

SPEED = 16
SECONDS = 30
ROWS = """
    SELECT calls.*, provider, model, tag_sets.tags AS tags FROM calls
    JOIN series ON series.id = series_id JOIN tag_sets ON tag_sets.id = tag_set_id ORDER BY calls.n
"""
Row = dict[str, Any]


class Played:
    """What the ledger of a demo holds that has played its story once."""

    def __init__(self, data: Path) -> None:
        self.rows = _read(data, ROWS)
        self.alerts = _read(data, "SELECT kind, text, data FROM alerts ORDER BY n")

    def of(self, **tags: str) -> list[Row]:
        return [row for row in self.rows if tags.items() <= json.loads(row["tags"]).items()]


def _read(data: Path, question: str) -> list[Row]:
    with closing(sqlite3.connect(data / "ledger.db")) as ledger:
        ledger.row_factory = sqlite3.Row
        return [dict(row) for row in ledger.execute(question)]


def play(home: Path) -> Played:
    words = ["--headless", "--seconds", str(SECONDS), "--speed", str(SPEED), "--keep", str(home / "kept")]
    subprocess.run(
        [sys.executable, "-m", "console", "demo", *words],
        env=clean_environment(home),
        cwd=home,
        capture_output=True,
        timeout=150,
        check=True,
    )
    return Played(home / "kept" / "data")


def test_the_story_is_over_by_then_and_leaves_ordinary_minutes() -> None:
    end = max(act.at + act.lasts for act in STORY)
    assert end < SECONDS * SPEED < ROUND
    assert sum(act.lasts for act in STORY) < ROUND / 2


def an_ordinary_day(played: Played) -> None:
    """People and programs, on several providers, most of them served and paid for."""
    served = [row for row in played.rows if row["outcome"] == "ok"]
    assert {row["provider"] for row in served} >= {"anthropic", "openai", "gemini", "mistral"}
    assert {row["outcome"] for row in played.rows} >= {"ok", "cache_hit", "refused"}
    assert sum(row["cost_nano"] for row in served) > 0


def a_burst_of_vibing(played: Played) -> None:
    burst = played.of(project="hackathon", mode="vibing")
    assert len({json.loads(row["tags"])["user"] for row in burst}) >= 3
    assert len(burst) >= 8
    longest = max(act.lasts for act in STORY) / SPEED
    took = (burst[-1]["started_at"] - burst[0]["started_at"]) / 1e6
    assert took < longest + 5, "it comes, and it goes"


def a_budget_passes_80_and_100_percent(played: Played) -> None:
    told = [json.loads(alert["data"]) for alert in played.alerts if alert["kind"] == "budget.alert"]
    marks = [one["mark"] for one in told if one["budget"] == "project hackathon"]
    assert marks == sorted(marks)
    assert {80, 100} <= set(marks)


def a_loop_is_stopped_by_the_guard(played: Played) -> None:
    cases = [json.loads(alert["data"]) for alert in played.alerts if alert["kind"] == "runaway"]
    assert ("repeat", "stop") in {(case["rule"], case["action"]) for case in cases}
    stopped = [row for row in played.of(user="bo") if (row["error"] or "").startswith("runaway_stopped")]
    assert stopped
    assert not any(row["cost_nano"] for row in stopped)


def a_slow_provider_and_its_fail_over(played: Played) -> None:
    calls = played.of(app="help-bot")
    late = LATENESS / SPEED * 1000
    on_time = [row for row in calls if row["provider"] == "mistral" and (row["first_byte_ms"] or late) < late]
    too_late = [row for row in calls if row["provider"] == "mistral" and (row["first_byte_ms"] or 0) >= late]
    assert on_time and too_late
    taken_over = [row for row in calls if row["provider"] == "openai" and row["outcome"] == "ok"]
    assert taken_over
    assert {row["asked_model"] for row in taken_over} == {MODEL}


def a_broken_cache(played: Played) -> None:
    """In one of ana's conversations every prompt is written to the provider's cache, and none is read."""
    talks: dict[str, list[Row]] = {}
    for row in played.of(user="ana", app="claude-code"):
        if row["outcome"] == "ok":
            talks.setdefault(row["session"], []).append(row)
    longer = [talk for talk in talks.values() if len(talk) >= 3]
    broken = [talk for talk in longer if not any(row["cached_input_tokens"] for row in talk)]
    assert broken and len(broken) < len(longer)
    assert all(row["cache_write_tokens"] > 10_000 for talk in broken for row in talk)


ACTS = (
    an_ordinary_day,
    a_burst_of_vibing,
    a_budget_passes_80_and_100_percent,
    a_loop_is_stopped_by_the_guard,
    a_slow_provider_and_its_fail_over,
    a_broken_cache,
)


@pytest.mark.timeout(240)
def test_every_act_of_the_story_can_be_seen(tmp_path: Path) -> None:
    played = play(tmp_path)
    for act in ACTS:
        act(played)
