"""What reaches a person who does not look: the terminal's title, its notifications, and what was missed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from textual import events

from console.lifecycle import Lifecycle
from console.present import counted, plain, span, usd
from console.snapshot import Snapshot

AWAY = 60.0
"""Seconds after which somebody who comes back is told what happened."""
MOST = 200
"""Letters of a title or a notification."""


@dataclass(frozen=True, slots=True)
class Left:
    """How things stood when the person looked away."""

    at: datetime
    today_usd: Decimal
    calls: int


class Attentive(Lifecycle):
    """An app that speaks to the terminal around it."""

    _left: Left | None = None
    _title_told = ""
    _alerts_since = 0

    def tell_title(self, snap: Snapshot) -> None:
        """Today's spend and the calls under way, in the title of the terminal."""
        title = title_of(snap)
        if title != self._title_told:
            self._title_told = title
            self._send(f"\x1b]2;{title}\x07")

    def tell_terminal(self, text: str) -> None:
        """A notification of the terminal's own, where it has them: OSC 9, and OSC 777 for others."""
        self._alerts_since += 1
        safe = plain(self.masked(text)).replace(";", ",")[:MOST]
        self._send(carried(f"\x1b]9;{safe}\x07\x1b]777;notify;llmconsole;{safe}\x07", os.environ))

    def on_app_blur(self, _: events.AppBlur) -> None:
        snap = self.desk.feed.tick()
        self._alerts_since = 0
        self._left = left(snap)

    def on_app_focus(self, _: events.AppFocus) -> None:
        told = missed(self._left, self.desk.feed.tick(), self._alerts_since)
        self._left = None
        if told:
            self.notify(told, title="while you were away", markup=False)

    def _send(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)


def carried(sequence: str, environment: Mapping[str, str]) -> str:
    """The sequence in what tmux hands to the terminal around it, where its allow-passthrough is on; by itself
    it keeps what it does not know."""
    if not environment.get("TMUX"):
        return sequence
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def title_of(snap: Snapshot) -> str:
    """'llmconsole · $12.79 today · 3 live'."""
    today = f" · {usd(snap.summary.today_usd)} today" if snap.summary else ""
    live = f" · {len(snap.in_flight)} live" if snap.in_flight else ""
    brake = "PANIC · " if snap.panics else ""
    return f"{brake}llmconsole{today}{live}"


def left(snap: Snapshot) -> Left | None:
    if snap.summary is None:
        return None
    return Left(snap.now, snap.summary.today_usd, snap.summary.calls_today)


def missed(before: Left | None, snap: Snapshot, alerts: int) -> str | None:
    """'12m: $1.20, 34 calls, 1 alert', and what was since midnight where another day has begun; None where it
    was short or nothing happened."""
    if before is None or snap.summary is None:
        return None
    seconds = (snap.now - before.at).total_seconds()
    if seconds < AWAY:
        return None
    if before.at.date() != snap.now.date():
        when, before = "; since midnight", Left(snap.now, Decimal(0), 0)
    else:
        when = ""
    calls = snap.summary.calls_today - before.calls
    if not calls and not alerts:
        return None
    spent = usd(snap.summary.today_usd - before.today_usd)
    told = f"{span(seconds)}{when}: {spent}, {counted(calls, 'call')}"
    return told + (f", {counted(alerts, 'alert')}" if alerts else "")
