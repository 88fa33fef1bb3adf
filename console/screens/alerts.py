"""What was told, where it went, and what the runaway guard holds back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.alert_shapes import Alert, Alerts, Delivery, Guard
from console.messages import Moved
from console.present import age, counted, instant, plain, usd
from console.screens.page import Page
from console.screens.rows import Rows
from console.screens.sheet import Prose
from console.snapshot import Snapshot
from console.widgets.ink import EMPTY, Line, fit

SHOWN = 200
EMPTY_WORDS: tuple[Line, ...] = ([("   nothing was worth an alert yet", "muted")],)
_STATES = {"delivered": ("✓", "saved"), "waiting": ("…", "muted"), "failed": ("✗", "alert")}


class AlertsPage(Page):
    """The alerts, the deliveries of the one under the cursor, and the guard's stops."""

    PLACES: ClassVar[tuple[str, ...]] = ("alerts", "list")
    AGAIN = 2.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.alerts")
    BINDINGS = keymap.bindings("alerts")
    AUTO_FOCUS = "#alert-list"

    def body(self) -> Iterator[Widget]:
        self._alerts: dict[str, Alert] = {}
        self._channels: tuple[str, ...] = ()
        self._guard: Guard | None = None
        self._now = self.desk.feed.tick().now
        self.list = Rows(self._row, empty=EMPTY_WORDS, id="alert-list")
        self.list.border_title = Content("alerts")
        self.ways, self.guard = Prose("this alert"), Prose("runaway guard", hang=22)
        yield Vertical(self.list, self.ways, self.guard, id="alerts-page")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self._now = snap.now
        self.list.redraw()

    @work
    async def action_test(self) -> None:
        """A test through every channel, as `llmconsole alerts test` sends it."""
        if (sent := await self.ask(self.desk.client.test_alerts())) is not None:
            failed = [each.channel for each in sent.deliveries if each.state != "delivered"]
            told = f"failed: {', '.join(failed)}" if failed else "a test went through every channel"
            self.notify(told, severity="error" if failed else "information", markup=False)
            self._fetch()

    @work
    async def action_lift(self) -> None:
        """Lets calls through again that the guard has stopped."""
        if (lifted := await self.ask(self.desk.client.lift_guard())) is not None:
            self.notify(f"{lifted} lifted" if lifted else "the guard holds nothing back")
            self._fetch()

    @on(Moved)
    def _moved(self) -> None:
        alert = self._alerts.get(self.list.current or "")
        self.ways.put(delivery_lines(alert, self._channels))

    @work(exclusive=True, group="alerts")
    async def _fetch(self) -> None:
        found, guard = await self.ask(self._both()) or (None, None)
        if found is None or guard is None:
            return
        self._alerts = {each.id: each for each in found.alerts}
        self._channels = found.channels
        self.list.put(tuple(self._alerts))
        self.list.redraw()
        self._moved()
        self.guard.put(guard_lines(guard, self._now))

    async def _both(self) -> tuple[Alerts, Guard]:
        return await self.desk.client.alerts(SHOWN), await self.desk.client.guard()

    def _row(self, id: str, width: int) -> Line:
        alert = self._alerts[id]
        mark, ink = _worst(alert.deliveries)
        return [
            (f"{mark} ", ink),
            (fit(age(alert.at, self._now), 10), "muted"),
            (fit(plain(alert.text), max(10, width - 12)), "text"),
        ]


def delivery_lines(alert: Alert | None, channels: tuple[str, ...]) -> list[Line]:
    """What an alert says, and how far it has come by each channel."""
    said: list[Line] = [[(plain(alert.text), "text")]] if alert is not None else []
    if not channels:
        nowhere = "no channel leaves this gateway; set webhook or notify under [alerts] in config.toml"
        return [*said, [(nowhere, "muted")]]
    if alert is None:
        return [[("channels: ", "muted"), (", ".join(channels), "text")]]
    if not alert.deliveries:
        return [*said, [("only to this console and the event stream", "muted")]]
    return [*said, *(_delivery(each) for each in alert.deliveries)]


def _delivery(each: Delivery) -> Line:
    mark, ink = _STATES.get(each.state, ("?", "warn"))
    tries = counted(each.attempts, "try", "tries")
    error = f" · {plain(each.error)}" if each.error else ""
    return [(f"{mark} ", ink), (fit(each.channel, 24), "text"), (f"{each.state}, {tries}{error}", "muted")]


def guard_lines(guard: Guard, now: datetime) -> list[Line]:
    """The guard's rules, and what it holds back with its price."""
    if not guard.on:
        return [[("off; [guard] in config.toml turns it on", "muted")]]
    lines: list[Line] = [
        [(fit(rule.rule, 14), "text"), (fit(rule.action, 8), "key"), (rule.words, "muted")]
        for rule in guard.rules
    ]
    for stop in guard.stops:
        left = round((instant(stop.until) - now).total_seconds() / 60)
        price = f"{usd(stop.usd_per_hour)}/h, {stop.refused:,} refused, {left} min left"
        lines += [EMPTY] if stop is guard.stops[0] else []
        lines.append([("✗ ", "alert"), (plain(stop.what), "text"), (f" · {price}", "alert")])
    return lines


def _worst(deliveries: tuple[Delivery, ...]) -> tuple[str, str]:
    for state in ("failed", "waiting"):
        if any(each.state == state for each in deliveries):
            return _STATES[state]
    return ("✓", "saved") if deliveries else (" ", "muted")
