"""The wall clock jumps: windows open only forwards, durations do not notice, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.wall_clock import WallClock
from tests.support.wires import CHAT

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORK = "Work. [[sim input=100 output=100 reasoning=0 ttft=0]]"
COST = Decimal("0.011")
"""100 × $10 + 100 × $100, a million tokens each."""


WINDOWS = ("hour", "day", "week", "month", "rolling:6h")


def policy(*windows: str) -> str:
    """A budget for each window, over the calls that name it; one call fits into it, not two."""
    prices = f'[prices."openai/{CHAT.model}"]\ninput = "10"\noutput = "100"\n'
    return prices + "".join(
        f'[[budgets]]\nname = "{each}"\nmatch = {{ window = "{each}" }}\nlimit_usd = "0.0125"\n'
        f'window = "{each}"\n'
        for each in windows
    )


class Story:
    """A gateway, its clock, and calls one after the other."""

    def __init__(self, gateways: Gateways, folder: Path, *windows: str) -> None:
        self.gateways = gateways
        self.windows = windows
        self.clock = WallClock(folder, NOON)
        self.gateway = gateways.start(policy(*windows), environment=self.clock.environment)

    def at(self, instant: datetime) -> set[int]:
        """The statuses of a call for each window at that instant."""
        self.clock.set(instant)
        before = len(self.gateway.export())
        statuses = {self.call(each) for each in self.windows}
        self.gateway.rows(before + len(self.windows))
        return statuses

    def call(self, window: str) -> int:
        headers = {**CHAT.credential(self.gateway.token), "x-llmconsole-tags": f"window={window}"}
        body = CHAT.ask(WORK, cap=100)
        return self.gateway.http.post(CHAT.path, json=body, headers=headers).status_code

    def budgets(self) -> list[Any]:
        found: list[Any] = self.gateway.admin("GET", "budgets")["budgets"]
        return found

    def spent(self) -> set[Decimal]:
        return {Decimal(each["spent_usd"]) for each in self.budgets()}

    def start_again(self) -> None:
        assert self.gateway.stop() == 0
        self.gateway = self.gateways.again(
            self.gateway.data, self.gateway.config, environment=self.clock.environment
        )


def test_a_jump_backwards_opens_no_window(gateways: Gateways, tmp_path: Path) -> None:
    story = Story(gateways, tmp_path, *WINDOWS)
    assert story.at(NOON) == {200}
    began = [each["window_start"] for each in story.budgets()]
    for back in (HOUR, DAY, 40 * DAY, 400 * DAY):
        assert story.at(NOON - back) == {402}
        assert [each["window_start"] for each in story.budgets()] == began
    assert story.at(NOON) == {402}
    assert story.spent() == {COST}


def test_a_jump_forwards_closes_the_windows_that_it_passes(gateways: Gateways, tmp_path: Path) -> None:
    story = Story(gateways, tmp_path, *WINDOWS)
    assert story.at(NOON) == {200}
    assert story.at(NOON + timedelta(minutes=30)) == {402}
    assert story.at(NOON + 40 * DAY) == {200}
    assert story.spent() == {COST}
    assert story.at(NOON + 40 * DAY) == {402}
    # And back: what the later window has seen is still spent.
    assert story.at(NOON) == {402}


def test_a_window_that_never_ends_never_does(gateways: Gateways, tmp_path: Path) -> None:
    story = Story(gateways, tmp_path, "total")
    assert story.at(NOON) == {200}
    for instant in (NOON - 40 * DAY, NOON + 4000 * DAY):
        assert story.at(instant) == {402}


def test_a_start_after_a_jump_counts_what_its_window_holds(gateways: Gateways, tmp_path: Path) -> None:
    story = Story(gateways, tmp_path, "day")
    assert story.at(NOON) == {200}
    story.clock.set(NOON + HOUR)
    story.start_again()
    assert story.at(NOON + HOUR) == {402}
    story.clock.set(NOON + DAY)
    story.start_again()
    assert story.at(NOON + DAY) == {200}
    story.clock.set(NOON - DAY)
    story.start_again()
    assert story.spent() == {COST * 2}, "rows of the days to come are not forgotten"


@pytest.mark.parametrize("jump", [-DAY, DAY], ids=["backwards", "forwards"])
def test_a_stream_over_a_jump_keeps_its_length_and_its_row(
    gateways: Gateways, tmp_path: Path, jump: timedelta
) -> None:
    story = Story(gateways, tmp_path, "total")
    gateway = story.gateway
    body = CHAT.ask("Run. [[sim output=20 chunks=20 gap=0.02 ttft=0]]", cap=100, stream=True)
    with gateway.http.stream("POST", CHAT.path, json=body, headers=CHAT.credential(gateway.token)) as stream:
        pieces = stream.iter_raw()
        next(pieces)
        story.clock.set(NOON + jump)
        assert b"[DONE]" in b"".join(pieces)
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["certainty"]) == ("ok", "computed")
    assert 300 < row["duration_ms"] < 10_000
    assert 0 <= row["overhead_ms"] < 5_000
    assert row["started_at"] <= row["finished_at"]
    assert well(gateway)


def well(gateway: RunningGateway) -> bool:
    """The ledger proves itself, whatever the age of the prices may be by now."""
    bad: list[Row] = [check for check in gateway.doctor() if check["name"] != "prices"]
    assert not bad
    return True
