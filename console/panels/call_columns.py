"""The columns of the list of calls, each with how important it is when the screen is narrow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.panels.words import mark, mode_ink, short_model, who, why_refused
from console.present import (
    ESTIMATED,
    NOTHING,
    clock,
    instant,
    is_hit,
    milliseconds,
    per_call,
    percent,
    streamed_ms,
    tokens,
)
from console.shapes import Call
from console.widgets.grid import Column
from console.widgets.ink import Span

MODEL_WIDTH = 20
_MODES = {"vibing": "vibe", "building": "build"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A call and the moment at which it is looked at."""

    call: Call
    now: datetime

    @property
    def live(self) -> bool:
        return self.call.status == "open"


def _mark(row: Shown) -> Span:
    return mark(row.call)


def _time(row: Shown) -> Span:
    return clock(row.call.finished_at or row.call.started_at, row.now.tzinfo), "faint"


def _tag(key: str, ink: str) -> Column[Shown]:
    width, priority = {"project": (10, 10), "client": (11, 12)}[key]
    return Column(key, width, priority, lambda row: (row.call.tags.get(key, NOTHING), ink))


def _mode(row: Shown) -> Span:
    mode = row.call.tags.get("mode")
    return _MODES.get(mode or "", mode or NOTHING), mode_ink(mode)


def _model(row: Shown) -> Span:
    call = row.call
    asked, model = short_model(call.asked_model), short_model(call.model)
    if call.outcome == "refused":
        # The mark and the colour say it too, and a name that is cut says less.
        return (f"{asked}  refused" if len(asked) + 9 <= MODEL_WIDTH else asked), "blocked"
    if is_hit(call.cache):
        return f"{model}  cached", "saved"
    if asked and asked != model and call.route:
        return f"{asked} → {model}", "routed"
    return model, "text"


def _input(row: Shown) -> Span:
    return (tokens(row.call.total_input), "text") if row.call.total_input else (NOTHING, "faint")


def _cached(row: Shown) -> Span:
    call = row.call
    if is_hit(call.cache):
        return "hit", "saved"
    if not call.cached_input_tokens:
        return NOTHING, "faint"
    return percent(call.cached_input_tokens / call.total_input), "saved"


def _output(row: Shown) -> Span:
    return (tokens(row.call.output_tokens), "text") if row.call.output_tokens else (NOTHING, "faint")


def _pace(row: Shown) -> Span:
    """Tokens a second since the first byte; of a running call, until now."""
    call = row.call
    duration = call.duration_ms
    if row.live:
        duration = (row.now - instant(call.started_at)).total_seconds() * 1_000
    streamed = streamed_ms(duration, call.first_byte_ms if call.stream else None)
    if not call.output_tokens or not streamed or is_hit(call.cache):
        return NOTHING, "faint"
    pace = round(call.output_tokens / streamed * 1_000)
    return tokens(pace, narrow=True), "live" if row.live else "muted"


def _first_byte(row: Shown) -> Span:
    return milliseconds(row.call.first_byte_ms, narrow=True), "muted"


def _cost(row: Shown) -> Span:
    call = row.call
    if call.certainty == "unpriced":
        return "unpriced", "warn"
    if row.live:
        running = f"{ESTIMATED}{per_call(call.cost_usd)}"
        return (running, "live") if call.cost_usd else (f"≤{call.held_usd:.4f}", "held")
    if call.outcome == "refused" or (call.outcome == "failed" and not call.cost_usd):
        return NOTHING, "faint"
    if is_hit(call.cache):
        return "0.0000", "saved"
    sign = ESTIMATED if call.certainty == "estimated" else ""
    return f"{sign}{per_call(call.cost_usd)}", "spend"


def _told(text: str | None, ink: str = "faint") -> Span:
    return (text, ink) if text else (NOTHING, "faint")


def _saved(row: Shown) -> Span:
    return (per_call(row.call.saved_usd), "saved") if row.call.saved_usd else (NOTHING, "faint")


COLUMNS: tuple[Column[Shown], ...] = (
    Column("", 1, 0, _mark, gap=1),
    Column("time", 8, 3, _time, gap=1),
    Column("user", 9, 4, lambda row: (who(row.call), "text")),
    _tag("project", "muted"),
    Column("mode", 5, 11, _mode),
    Column("asked → served", MODEL_WIDTH, 1, _model, most=35),
    Column("in", 7, 8, _input, ">"),
    Column("cache", 5, 9, _cached, ">"),
    Column("out", 6, 5, _output, ">"),
    Column("tok/s", 5, 7, _pace, ">"),
    Column("ttft", 6, 6, _first_byte, ">"),
    Column("cost", 8, 2, _cost, ">"),
    _tag("client", "faint"),
    Column("provider", 10, 13, lambda row: (row.call.provider, "faint")),
    Column(
        "why",
        22,
        14,
        lambda row: (why_refused(row.call.error or row.call.route_reason or ""), "faint"),
        most=90,
    ),
)
"""Those that are shown where nobody has chosen."""
MORE: tuple[Column[Shown], ...] = (
    Column("status", 6, 15, lambda row: _told(str(row.call.http_status or ""), "muted"), ">"),
    Column("saved", 8, 16, _saved, ">"),
    Column("token", 10, 17, lambda row: _told(row.call.token, "muted"), most=20),
    Column("session", 10, 18, lambda row: _told(row.call.session), most=36),
    Column("id", 12, 19, lambda row: (row.call.id, "faint"), most=32),
)
"""Those that can be chosen besides."""
ALL = {column.title: column for column in (*COLUMNS, *MORE)}


def chosen(titles: Iterable[str]) -> tuple[Column[Shown], ...]:
    """The columns of these titles in their order; the usual ones where none of them is known."""
    return tuple(ALL[title] for title in dict.fromkeys(titles) if title in ALL) or COLUMNS


def as_text(row: Shown, columns: Iterable[Column[Shown]]) -> str:
    """The row's cells with tabs between them, as a spreadsheet takes them."""
    return "\t".join(column.cell(row)[0].strip() for column in columns)
