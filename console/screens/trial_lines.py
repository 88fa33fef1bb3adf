"""The dry run of a draft of rules as lines: money first, then calls, then what would go wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from decimal import Decimal
from itertools import zip_longest

from console.panels.words import short_model
from console.present import counted, day, instant, plain, usd, usd_exact
from console.shapes.decisions import Group, Move, RoutesTest
from console.trial_words import blocked_words, moved_words, outcome_words, unpriced_words
from console.widgets.bars import bar
from console.widgets.ink import EMPTY, Line, fit, length

MOST = 6
_GAP = 3
_NAME, _BAR = 11, 10
_ROOM = 6
"""Blank cells between sums and moves where they stand side by side."""


def dry_run_lines(found: RoutesTest, zone: tzinfo | None, width: int) -> list[Line]:
    """What the draft would have done to past calls. Where there is room, calls and money that move stand
    beside the sums."""
    since = day(instant(found.since).astimezone(zone))
    sums, moves = list(_table(found)), [*_moves(found.moves[:MOST]), *_groups(found.groups[:MOST])]
    there = max(map(length, sums)) + _ROOM
    narrow = there + max(map(length, moves), default=0) > width
    return [
        [(f"{found.replayed:,} of {counted(found.calls, 'call')} since {since}, none sent", "muted")],
        EMPTY,
        *([*sums, *moves] if narrow else _beside(sums, moves[1:], there)),
        *_risks(found),
        *_outcomes(found),
        EMPTY,
        *([(plain(note), "faint")] for note in found.notes),
    ]


def progress_lines(share: float) -> list[Line]:
    """While the dry run goes on."""
    return [[("replaying past calls  ", "muted"), *bar(24, [(share, "routed")]), (f" {share:.0%}", "text")]]


def _beside(left: list[Line], right: list[Line], there: int) -> Iterator[Line]:
    """Both in the same rows, the right one from the cell `there` on."""
    for one, other in zip_longest(left, right, fillvalue=EMPTY):
        yield [*one, (" " * (there - length(one)), ""), *other]


def _table(found: RoutesTest) -> Iterator[Line]:
    change = found.change_usd
    ink = "bold saved" if change < 0 else "bold warn" if change else "muted"
    rows = [
        (("cost", usd(found.now_usd), usd(found.draft_usd), _signed(change)), ink),
        _figures("rerouted", found.rerouted_now, found.rerouted, "routed"),
        _figures("blocked", found.blocked_now, found.blocked, "bold alert"),
        _figures("too large", 0, found.too_large, "bold alert"),
        _figures("leave cache", 0, found.losing_cache, "bold warn"),
    ]
    heading = ("", "now", "with edit", "change")
    widths = _widths([heading, *(words for words, _ in rows)])
    yield [("".join(map(_right, heading, widths)), "bold brand")]
    for words, changed in rows:
        yield _row(words, widths, changed)
    yield [(moved_words(found.changed), "text" if found.changed else "muted")]


def _figures(name: str, now: int, draft: int, worse: str) -> tuple[tuple[str, str, str, str], str]:
    """Its words, and the ink of the change."""
    change = draft - now
    sign = f"{change:+,} !" if change > 0 and "routed" not in worse else f"{change:+,}" if change else "0"
    return (name, f"{now:,}", f"{draft:,}", sign), worse if change > 0 else "text" if change else "muted"


def _row(words: tuple[str, str, str, str], widths: list[int], ink: str) -> Line:
    name, now, draft, change = words
    return [
        (fit(name, widths[0]), "text"),
        (_right(now, widths[1]), "muted"),
        (_right(draft, widths[2]), "text"),
        (_right(change, widths[3]), ink),
    ]


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """As wide as its widest word needs, with three cells before each but the first: no number is cut."""
    first, *others = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [max(first, _NAME), *(width + _GAP for width in others)]


def _right(word: str, width: int) -> str:
    return word.rjust(width)


def _moves(moves: tuple[Move, ...]) -> Iterator[Line]:
    if not moves:
        return
    heading = ("calls", "now", "edit")
    rows = [(f"{each.calls:,}", usd(each.now_usd), usd(each.draft_usd)) for each in moves]
    widths = [max(map(len, column)) + 2 for column in zip(heading, *rows, strict=True)]
    yield EMPTY
    yield [("".join(map(_right, heading, widths)) + "  from → to", "bold brand")]
    for each, words in zip(moves, rows, strict=True):
        calls, now, edit = map(_right, words, widths)
        path = f"  {_model(each.from_target)} → {_model(each.to_target)}"
        yield [(calls, "text"), (now, "muted"), (edit, "spend"), (path, "routed")]


def _groups(groups: tuple[Group, ...]) -> Iterator[Line]:
    if not groups:
        return
    most = max(max(each.now_usd, each.draft_usd) for each in groups) or Decimal(1)
    now, draft = (max(len(usd(amount)) for amount in column) for column in _amounts(groups))
    yield EMPTY
    yield [("where the money moves", "bold brand")]
    for each in groups:
        less, more = sorted((each.now_usd, each.draft_usd))
        rest = "saved" if each.draft_usd < each.now_usd else "warn"
        name = plain(f"{each.project or '(no project)'} / {each.mode or '(no mode)'}")
        yield [
            (fit(name, 17), "text"),
            (_right(usd(each.now_usd), now + 2), "muted"),
            (" → ", "faint"),
            (usd(each.draft_usd).ljust(draft + 2), "spend"),
            *bar(_BAR, [(float(less / most), "spend"), (float((more - less) / most), rest)]),
        ]


def _amounts(groups: tuple[Group, ...]) -> tuple[list[Decimal], list[Decimal]]:
    return [each.now_usd for each in groups], [each.draft_usd for each in groups]


def _risks(found: RoutesTest) -> Iterator[Line]:
    lines: list[Line] = []
    if found.losing_cache:
        loses = "loses" if found.losing_cache == 1 else "lose"
        conversations = counted(found.conversations, "conversation")
        told = f"{found.losing_cache:,} of {conversations} {loses} a warm prompt cache"
        lines.append([("! ", "warn"), (f"{told}, which costs {usd_exact(found.cache_lost_usd)}", "text")])
    for each in found.too_large_calls[:3]:
        told = f"{each.id} has {each.tokens:,} tokens, too many for {_model(each.target)} ({each.window:,})"
        lines.append([("! ", "alert"), (told, "text")])
    for why in found.blocked_why[:3]:
        lines.append([("! ", "alert"), (blocked_words(why), "text")])
    if found.unpriced:
        lines.append([("! ", "warn"), (unpriced_words(found.unpriced), "text")])
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
