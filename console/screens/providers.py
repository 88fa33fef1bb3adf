"""Providers and their models: latency, errors, circuits, prices with their age, and what has no price."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.panels.words import short_model
from console.present import NOTHING, counted, milliseconds, percent, plain, span
from console.screens.page import Page
from console.screens.rows import Rows
from console.screens.sheet import Prose
from console.shapes.providers import Circuit, ProviderVitals, TargetVitals
from console.snapshot import Snapshot
from console.widgets.grid import Column, Layout, needed
from console.widgets.ink import EMPTY, Line, Span

SLOW = 2.5
"""A first byte now, as a multiple of the usual one, from which a model is called slow."""
BAD = 0.05
OLD_PRICES = 60
"""Days after which the table of prices is called old, as by the doctor."""
EMPTY_WORDS: tuple[Line, ...] = (
    [("   no model was called in that time", "muted")],
    (),
    [("   1 2 3 4", "bold key"), (" look further back", "faint")],
)


def error_share(one: TargetVitals) -> float:
    """Of the calls of the whole time; of the last ones where there were none."""
    return one.past_failed / one.past_calls if one.past_calls else one.error_rate


def state(one: TargetVitals, circuits: tuple[Circuit, ...]) -> Span:
    """The glyph and the word of how a model does, worst first."""
    if any(each.provider == one.provider for each in circuits):
        return "✗ rests", "alert"
    if one.error_rate >= BAD:
        return "‼ errors", "alert"
    usual, now = one.past_first_byte_p50_ms, one.first_byte_ms
    if usual and now and now > SLOW * usual:
        return "◐ slow", "warn"
    return ("● busy", "live") if one.running else ("● ok", "live")


def _errors(one: TargetVitals) -> Span:
    share = error_share(one)
    return (percent(share), "alert" if share >= BAD else "muted") if one.past_calls else (NOTHING, "faint")


def _price(usd: str | None) -> Span:
    return ("unpriced", "warn") if usd is None else (usd, "spend")


def _first_byte(after_ms: float | None, ink: str = "muted") -> Span:
    return milliseconds(after_ms, narrow=True), ink


def _pace(one: TargetVitals) -> Span:
    return (NOTHING, "faint") if one.tokens_per_second is None else (f"{one.tokens_per_second:.0f}", "muted")


class Providers(Page):
    """Asks every two seconds while it is looked at."""

    PLACES: ClassVar[tuple[str, ...]] = ("providers", "list")
    AGAIN = 2.0
    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.providers")
    BINDINGS = keymap.bindings("providers")
    AUTO_FOCUS = "#provider-list"

    def body(self) -> Iterator[Widget]:
        self._since = "24h"
        self._circuits: tuple[Circuit, ...] = ()
        self._targets: dict[str, TargetVitals] = {}
        self._needs: tuple[int, ...] = ()
        self.list = Rows(self._row, heading=self._heading, empty=EMPTY_WORDS, id="provider-list")
        self.below = Prose("prices and circuits")
        yield Vertical(self.list, self.below, id="providers-page")

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        self.list.border_title = Content(f"providers · last {self._since}")

    def action_since(self, since: str) -> None:
        self._since = since
        self._fetch()

    @work(exclusive=True, group="vitals")
    async def _fetch(self) -> None:
        found = await self.ask(self.desk.client.provider_vitals(self._since))
        if found is None:
            return
        self._circuits = found.circuits
        self._targets = {f"{one.provider}/{one.model}": one for one in found.targets}
        self._needs = needed(self._columns(), found.targets)
        self.list.put(tuple(self._targets))
        self.list.redraw()
        self.below.put(below(found))

    def _row(self, name: str, width: int) -> Line:
        return Layout.of(self._columns(), width, self._needs).line(self._targets[name])

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *Layout.of(self._columns(), width - 1, self._needs).heading()]

    def _columns(self) -> tuple[Column[TargetVitals], ...]:
        return (
            Column("state", 8, 2, lambda one: state(one, self._circuits), gap=0),
            *PROVIDER_COLUMNS,
        )


PROVIDER_COLUMNS: tuple[Column[TargetVitals], ...] = (
    Column("provider", 10, 3, lambda one: (one.provider, "muted")),
    Column("model", 16, 1, lambda one: (short_model(plain(one.model)), "text"), most=30),
    Column("calls", 6, 4, lambda one: (f"{one.past_calls:,}", "text"), ">"),
    Column("errors", 6, 4, _errors, ">"),
    Column("p50", 7, 5, lambda one: _first_byte(one.past_first_byte_p50_ms, "text"), ">", gap=1),
    Column("p95", 7, 6, lambda one: _first_byte(one.past_first_byte_p95_ms), ">", gap=1),
    Column("now", 7, 8, lambda one: _first_byte(one.first_byte_ms), ">"),
    Column("tok/s", 5, 7, _pace, ">"),
    Column("$/M in", 8, 9, lambda one: _price(one.input_usd), ">"),
    Column("$/M out", 8, 9, lambda one: _price(one.output_usd), ">"),
    Column("price from", 14, 10, lambda one: (one.price_source or NOTHING, "faint"), most=30),
)


def below(found: ProviderVitals) -> list[Line]:
    """How old the prices are, what has none, and which providers rest."""
    age = found.prices_age_days
    old = age is not None and age > OLD_PRICES
    ago = "" if age is None else f", {counted(age, 'day')} ago"
    lines: list[Line] = [
        [
            ("prices  ", "muted"),
            (f"table last checked {found.prices_dated}{ago}", "warn" if old else "text"),
            ("  ‼ old; update llmconsole for a newer one" if old else "", "warn"),
        ]
    ]
    unpriced = [one for one in found.targets if one.price_id is None]
    for one in unpriced:
        lines.append(
            [
                ("! ", "warn"),
                (f"{one.provider}/{plain(one.model)}", "text"),
                (f" has no price: {counted(one.past_calls, 'call')} unpriced", "warn"),
            ]
        )
    if unpriced:
        lines.append([("  set one with: llmconsole prices set PROVIDER/MODEL --input N --output N", "faint")])
    lines.append(EMPTY)
    if not found.circuits:
        lines.append([("circuits  ", "muted"), ("all closed: every provider is asked", "text")])
    for each in found.circuits:
        wait = span(max(0, round(each.next_try_seconds)))
        told = f"{each.provider} rests after {each.faults} faults in a row, next try in {wait}: "
        lines.append([("✗ ", "alert"), (told, "alert"), (plain(each.why), "text")])
    return lines
