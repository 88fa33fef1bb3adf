"""The two lines on top: spent, where it lands, saved, and the most important sentence right now."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from console.keymap import glyph
from console.panels.words import mode_ink, panic_words
from console.present import clock, counted, day, percent, span, usd, usd_limit, usd_pace
from console.shapes import Panic, Status, Summary
from console.snapshot import Snapshot
from console.widgets.canvas import Canvas
from console.widgets.ink import EMPTY, Line, Span, cut, fitting, grounded, joined, length

GONE_AFTER = 1.0
"""Seconds of silence that are not worth a banner: the event stream reconnects by itself."""
_GAP: Span = ("   ", "")
_NARROW_GAP: Span = ("  ", "")
_TRAVEL = ("dash.back", "dash.forth", "dash.far_back", "dash.far_forth")
_LEVELS = {"error": "alert", "warning": "warn"}


@dataclass(frozen=True, slots=True)
class _Model:
    status: Status | None
    summary: Summary | None
    live: int
    gone: int | None
    problem: str | None
    frozen_at: datetime | None
    frozen_for: int
    waiting: int
    today: datetime
    alerts: tuple[str, ...]
    questions: int
    panics: tuple[Panic, ...]


class Header(Canvas):
    """Shows a snapshot in two lines; what does not fit is left out by importance."""

    def __init__(self, *, demo: bool) -> None:
        super().__init__()
        self._demo = demo
        self._model: _Model | None = None

    def show(self, snap: Snapshot) -> None:
        model = _view(snap)
        if model != self._model:
            self._model = model
            self.redraw()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        model = self._model
        if model is None:
            return [_filled([("llmconsole", "bold brand")], width)]
        first = _first(model, self._demo, width)
        if model.gone is not None:
            return [_filled(first, width), _filled(_gone(model.gone, width), width, "alert")]
        if model.panics:
            return [_filled(first, width), _filled(_braked(model, width), width, "alert")]
        if model.frozen_at is not None:
            return [_filled(first, width), _filled(_frozen(model, width), width, "warn")]
        return [_filled(first, width), _filled(_vital(model, self._demo, width), width)]


def _view(snap: Snapshot) -> _Model:
    gone = (snap.now - snap.gone_since).total_seconds() if snap.gone_since else 0.0
    return _Model(
        status=snap.status,
        summary=snap.summary,
        live=len(snap.in_flight),
        gone=int(gone) if gone > GONE_AFTER else None,
        problem=snap.problem,
        frozen_at=snap.frozen_at,
        frozen_for=int((snap.now - snap.frozen_at).total_seconds()) if snap.frozen_at else 0,
        waiting=snap.waiting,
        today=snap.now.replace(hour=0, minute=0, second=0, microsecond=0),
        alerts=snap.alerts,
        questions=len(snap.questions),
        panics=snap.panics,
    )


def _first(model: _Model, demo: bool, width: int) -> Line:
    """The first line: with all its parts where they fit in some way, else the most important ones."""
    room = width - 2
    for gap in (_GAP, _NARROW_GAP):
        parts = _money(model, demo, width, dated=True)
        if length(joined(parts, gap)) <= room:
            return joined(parts, gap)
    return fitting(_money(model, demo, width, dated=False), room, _NARROW_GAP)


def _money(model: _Model, demo: bool, width: int, *, dated: bool) -> list[Line]:
    """The parts of the first line, the most important first: where we are, then the money."""
    parts: list[Line] = [_where(model, demo)]
    if (summary := model.summary) is None:
        return parts
    today = _amount("today", usd(summary.today_usd))
    pace = _amount("now", usd_pace(summary.now_usd_per_min))
    rest = [_month(summary, width), _lands(summary, model.today if dated else None), _saved(summary)]
    return [*parts, pace, today, *rest] if width >= 100 else [*parts, today, *rest]


def _where(model: _Model, demo: bool) -> Line:
    dot = ("●", "live") if model.gone is None else ("○", "alert")
    line: list[Span] = [("llmconsole", "bold brand"), (" ", ""), dot]
    if model.status is not None:
        line.append((f" :{urlsplit(model.status.url).port or ''}", "muted"))
    if _simulated(model, demo):
        line += [(" ", ""), (" DEMO ", "bold ground on warn")]
    return line


def _simulated(model: _Model, demo: bool) -> bool:
    return demo or (model.status is not None and model.status.simulated)


def _amount(name: str, text: str, ink: str = "bold spend") -> Line:
    return [(f"{name} ", "muted"), (text, ink)]


def _to(line: Line, action: str) -> Line:
    """The line as words that a click on does something."""
    return [(text, f"{ink} click={action}" if text else ink) for text, ink in line]


def _month(summary: Summary, width: int) -> Line:
    of = " of " if width >= 100 else "/"
    limit = f"{of}{usd_limit(summary.month_limit_usd).lstrip('$')}" if summary.month_limit_usd else ""
    return _to([*_amount("month", usd(summary.month_usd)), (limit, "muted")], "app.page('budgets')")


def _lands(summary: Summary, today: datetime | None) -> Line:
    """Where the month ends at this pace; with the date where a day of that month is given."""
    if summary.lands_usd is None:
        return EMPTY
    over = summary.month_limit_usd is not None and summary.lands_usd > summary.month_limit_usd
    dollars = f"${summary.lands_usd:,.0f}" if summary.lands_usd >= 10 else usd(summary.lands_usd)
    line: Line = [
        *_amount("lands", dollars, "bold alert" if over else "bold spend"),
        (" ▲" if over else "", "alert"),
        (f" {day(today.replace(day=monthrange(today.year, today.month)[1]))}" if today else "", "muted"),
    ]
    return _to(line, "app.page('budgets')")


def _saved(summary: Summary) -> Line:
    return [
        *_amount("saved", usd(summary.saved_today_usd), "bold saved"),
        (f" {percent(summary.saved_share)}", "muted"),
    ]


def _vital(model: _Model, demo: bool, width: int) -> Line:
    """Mode first, then what needs attention, then the vital signs."""
    if model.problem:
        return [("✗ ", "bold alert"), (model.problem, "alert")]
    mode = model.status.mode if model.status else None
    parts = [_to([("mode ", "muted"), (mode or "–", f"bold {mode_ink(mode)}")], "app.next_mode")]
    summary = model.summary
    if summary is None:
        return joined(parts)
    if model.questions:
        parts.append(_asked(model.questions))
    if model.alerts:
        parts.append(_alerts(model.alerts, width))
    elif summary.attention is not None:
        ink = _LEVELS.get(summary.attention.level, "text")
        parts.append([("⚠ ", f"bold {ink}"), (summary.attention.text, ink)])
    if width < 100:
        parts.append([(usd_pace(summary.now_usd_per_min), "text")])
    live: Line = [(f"{model.live} live", "live" if model.live else "muted")]
    parts.append(_to(live, "app.narrow('is:live')"))
    if _simulated(model, demo):
        parts.append([("simulated money", "warn")])
    parts += [[(text, "muted")] for text in _signs(summary)]
    return fitting(parts, width - 2, (" · ", "faint"))


def _asked(questions: int) -> Line:
    told = "a call waits for you" if questions == 1 else f"{questions} calls wait for you"
    return [(glyph("app.questions"), "bold key click=app.questions"), (f" {told}", "bold warn")]


def _alerts(alerts: tuple[str, ...], width: int) -> Line:
    """They stay until somebody says that they are seen; the latest one is never left out."""
    told = 1
    while told < len(alerts) and len(", ".join(alerts[: told + 1])) < width - 50:
        told += 1
    more = f", +{len(alerts) - told} more" if len(alerts) > told else ""
    return [
        ("⚠ ", "bold alert"),
        (cut(", ".join(alerts[:told]), max(12, width - 50)) + more, "alert"),
        (f"  {glyph('app.seen')}", "bold key click=app.acknowledge"),
        (" seen", "muted"),
    ]


def _signs(summary: Summary) -> list[str]:
    signs = [
        f"{counted(summary.calls_today, 'call')} today",
        f"cache {percent(summary.cache_hit_rate_today)}",
    ]
    if summary.first_byte_p50_ms is not None:
        signs.append(f"ttft p50 {summary.first_byte_p50_ms:.0f}ms")
    if summary.unpriced_today:
        signs.append(f"{summary.unpriced_today} unpriced")
    if summary.estimated_today_usd:
        signs.append(f"~{usd(summary.estimated_today_usd)} estimated")
    return signs


def _gone(seconds: int, width: int) -> Line:
    parts: list[Line] = [
        [(f"✗ the gateway has not answered for {span(seconds)}", "bold ground")],
        [(glyph("app.start"), "bold ground click=app.start_gateway"), (" starts it again", "ground")],
        [("what you see is from before", "ground")],
    ]
    return fitting(parts, width - 2, (" · ", "ground"))


def _braked(model: _Model, width: int) -> Line:
    told = "; ".join(panic_words(each) for each in model.panics)
    thrown = model.panics[0]
    since = clock(thrown.since, model.today.tzinfo)[:5]
    parts: list[Line] = [
        [("PANIC ", "bold ground"), (told, "bold ground")],
        [(glyph("app.panic"), "bold ground click=app.panic"), (" lifts it", "ground")],
        [(f"since {since}, by {thrown.who}", "ground")],
    ]
    return fitting(parts, width - 2, (" · ", "ground"))


def _frozen(model: _Model, width: int) -> Line:
    at = model.frozen_at.isoformat() if model.frozen_at else ""
    zone = model.frozen_at.tzinfo if model.frozen_at else None
    parts: list[Line] = [
        [(f"❚❚ FROZEN {clock(at, zone)}", "bold ground"), (f" ({span(model.frozen_for)} ago)", "ground")],
        [(f"{model.waiting:,} new {'call' if model.waiting == 1 else 'calls'} waiting", "ground")],
        [(" ".join(map(glyph, _TRAVEL)), "bold ground"), (" travel", "ground")],
        [(glyph("dash.freeze"), "bold ground click=screen.freeze"), (" resumes", "ground")],
    ]
    return fitting(parts, width - 2, (" · ", "ground"))


def _filled(line: Line, width: int, ground: str = "raised") -> Line:
    return grounded([(" ", "text"), *_named(line), (" " * width, "text")], ground)


def _named(line: Line) -> list[Any]:
    return [(text, ink or "text") for text, ink in line]
