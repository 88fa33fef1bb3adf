"""What is told to somebody who was away, and what the terminal's title says."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from console.attention import carried, left, missed, title_of
from console.snapshot import Snapshot
from tests.screens.story import Story
from tests.screens.story_clock import clock
from tests.screens.story_limits import THROWN
from tests.support.processes import clean_environment, wait_for
from tests.support.real import need
from tests.support.terminal import Terminal

pytestmark = pytest.mark.anyio


async def before() -> Snapshot:
    return Snapshot(now=clock(), summary=await Story().summary(), in_flight=Story()._flying)


async def later(minutes: float, *, usd: str = "1.20", calls: int = 34) -> Snapshot:
    was = await before()
    assert was.summary is not None
    summary = replace(
        was.summary,
        today_usd=was.summary.today_usd + Decimal(usd),
        calls_today=was.summary.calls_today + calls,
    )
    return replace(was, now=was.now + timedelta(minutes=minutes), summary=summary)


async def test_what_happened_meanwhile() -> None:
    gone = left(await before())
    assert missed(gone, await later(12), 1) == "12m: $1.20, 34 calls, 1 alert"
    assert missed(gone, await later(12, calls=1), 0) == "12m: $1.20, 1 call"
    assert missed(gone, await later(12, usd="0", calls=0), 2) == "12m: $0.00, 0 calls, 2 alerts"


async def test_after_a_night_it_is_told_what_happened_since_midnight() -> None:
    morning = await later(60 * 18)
    assert morning.summary is not None
    busy = replace(morning.summary, today_usd=Decimal("0.40"), calls_today=7)
    assert (
        missed(left(await before()), replace(morning, summary=busy), 2)
        == "18h; since midnight: $0.40, 7 calls, 2 alerts"
    )
    quiet = replace(morning.summary, today_usd=Decimal(0), calls_today=0)
    assert missed(left(await before()), replace(morning, summary=quiet), 0) is None


async def test_nothing_is_told_of_a_short_look_away_or_a_quiet_time() -> None:
    gone = left(await before())
    assert missed(gone, await later(0.5), 0) is None
    assert missed(gone, await later(12, usd="0", calls=0), 0) is None
    assert missed(None, await later(12), 0) is None


async def test_the_title() -> None:
    assert title_of(await before()) == "llmconsole · $12.79 today · 3 live"
    assert title_of(replace(await before(), panics=(THROWN,))).startswith("PANIC · ")
    assert title_of(Snapshot(now=clock())) == "llmconsole"


@pytest.mark.parametrize("passes", ["on", "off"])
def test_a_notification_goes_through_a_real_tmux_that_lets_it(passes: str, tmp_path: Path) -> None:
    (tmux,) = need("tmux")
    sent = carried("\x1b]9;web at 80 %\x07", {"TMUX": "x"})
    (tmp_path / "sent").write_text(sent, encoding="utf-8")
    (tmp_path / "tmux.conf").write_text(f"set -g allow-passthrough {passes}\n", encoding="utf-8")
    done = tmp_path / "done"
    says = f"sleep 1; cat {tmp_path / 'sent'}; touch {done}; exec sleep 60"
    server = [tmux, "-S", str(tmp_path / "socket"), "-f", str(tmp_path / "tmux.conf")]
    around = Terminal([*server, "new", says], {**clean_environment(tmp_path), "TERM": "xterm"})
    heard = b"\x1b]9;web at 80 %\x07"
    try:
        wait_for(done.exists, what="the notification is sent", seconds=30)
        if passes == "on":
            wait_for(lambda: heard in around.output, what="the notification", seconds=20)
        else:
            time.sleep(1)
            assert heard not in around.output
    finally:
        subprocess.run([*server, "kill-server"], check=False)
        around.close()


def test_without_tmux_it_goes_as_it_is() -> None:
    assert carried("\x1b]9;web\x07", {}) == "\x1b]9;web\x07"
