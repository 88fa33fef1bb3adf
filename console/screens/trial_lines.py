"""The dry run of a draft of rules as lines: money first, then calls, then what would go wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from decimal import Decimal

from console.panels.words import short_model
from console.present import day, instant, plain, usd, usd_exact
from console.shapes.decisions import Group, Move, RoutesTest
from console.trial_words import outcome_words
from console.widgets.bars import bar
from console.widgets.ink import EMPTY, Line, fit

MOST = 6
_NAME, _FIGURE, _BAR = 13, 11, 10


def dry_run_lines(found: RoutesTest, zone: tzinfo | None) -> list[Line]:
    """What the draft would have done to past calls."""
    since = day(instant(found.since).astimezone(zone))
    return [
        [(f"{found.replayed:,} of {found.calls:,} calls since {since} replayed, none sent", "muted")],
        EMPTY,
        *_table(found),
        *_moves(found.moves[:MOST]),
        *_groups(found.groups[:MOST]),
        *_risks(found),
        *_outcomes(found),
        EMPTY,
        *([(plain(note), "faint")] for note in found.notes),
    ]


def progress_lines(share: float) -> list[Line]:
    """While the dry run goes on."""
    return [[("replaying past calls  ", "muted"), *bar(24, [(share, "routed")]), (f" {share:.0%}", "text")]]


def _table(found: RoutesTest) -> Iterator[Line]:
    heading = fit("", _NAME) + "".join(fit(word, _FIGURE, ">") for word in ("now", "with edit", "change"))
    yield [(heading, "bold brand")]
    change = found.change_usd
    ink = "bold saved" if change < 0 else "bold warn" if change else "muted"
    yield _row("cost", usd(found.now_usd), usd(found.draft_usd), _signed(change), ink)
    yield _counted("rerouted", found.rerouted_now, found.rerouted, "routed")
    yield _counted("blocked", found.blocked_now, found.blocked, "bold alert")
    yield _counted("too large", 0, found.too_large, "bold alert")
    yield _counted("leave cache", 0, found.losing_cache, "bold warn")
    told = f"{found.changed:,} calls would go elsewhere" if found.changed else "no call would go elsewhere"
    yield [(told, "text" if found.changed else "muted")]


def _counted(name: str, now: int, draft: int, worse: str) -> Line:
    change = draft - now
    sign = f"{change:+,} !" if change > 0 and "routed" not in worse else f"{change:+,}" if change else "0"
    ink = worse if change > 0 else "text" if change else "muted"
    return _row(name, f"{now:,}", f"{draft:,}", sign, ink)


def _row(name: str, now: str, draft: str, change: str, ink: str) -> Line:
    return [
        (fit(name, _NAME), "text"),
        (fit(now, _FIGURE, ">"), "muted"),
        (fit(draft, _FIGURE, ">"), "text"),
        (fit(change, _FIGURE, ">"), ink),
    ]


def _moves(moves: tuple[Move, ...]) -> Iterator[Line]:
    if not moves:
        return
    yield EMPTY
    yield [(fit("calls", 6, ">") + fit("now", 9, ">") + fit("edit", 9, ">") + "  from → to", "bold brand")]
    for each in moves:
        yield [
            (fit(f"{each.calls:,}", 6, ">"), "text"),
            (fit(usd(each.now_usd), 9, ">"), "muted"),
            (fit(usd(each.draft_usd), 9, ">"), "spend"),
            (f"  {_model(each.from_target)} → {_model(each.to_target)}", "routed"),
        ]


def _groups(groups: tuple[Group, ...]) -> Iterator[Line]:
    if not groups:
        return
    most = max(max(each.now_usd, each.draft_usd) for each in groups) or Decimal(1)
    yield EMPTY
    yield [("where the money moves", "bold brand")]
    for each in groups:
        less, more = sorted((each.now_usd, each.draft_usd))
        rest = "saved" if each.draft_usd < each.now_usd else "warn"
        name = plain(f"{each.project or '(no project)'} / {each.mode or '(no mode)'}")
        yield [
            (fit(name, 17), "text"),
            (fit(usd(each.now_usd), 9, ">"), "muted"),
            (" → ", "faint"),
            (fit(usd(each.draft_usd), 9) + " ", "spend"),
            *bar(_BAR, [(float(less / most), "spend"), (float((more - less) / most), rest)]),
        ]


def _risks(found: RoutesTest) -> Iterator[Line]:
    lines: list[Line] = []
    if found.losing_cache:
        told = f"{found.losing_cache:,} of {found.conversations:,} conversations lose a warm prompt cache"
        lines.append([("! ", "warn"), (f"{told}, which costs {usd_exact(found.cache_lost_usd)}", "text")])
    for each in found.too_large_calls[:3]:
        told = f"{each.id} has {each.tokens:,} tokens, too many for {_model(each.target)} ({each.window:,})"
        lines.append([("! ", "alert"), (told, "text")])
    for why in found.blocked_why[:3]:
        lines.append([("! ", "alert"), (f"{why.calls:,} calls blocked: {plain(why.why)}", "text")])
    if found.unpriced:
        told = f"{found.unpriced:,} changed calls go to a model without a price; they count as now"
        lines.append([("! ", "warn"), (told, "text")])
    yield from ((), *lines) if lines else ()


def _outcomes(found: RoutesTest) -> Iterator[Line]:
    words = outcome_words(found.outcomes)
    if words:
        yield EMPTY
        yield [("how their answers did", "bold brand")]
    yield from ([(each, "text")] for each in words)


def _model(target: str) -> str:
    return short_model(plain(target.partition("/")[2] or target))


def _signed(amount: Decimal) -> str:
    return f"+{usd(amount)}" if amount > 0 else usd(amount)
