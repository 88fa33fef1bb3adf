"""What a change would have done to past calls, in words. Pure."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from console import present
from console.aligned import aligned

if TYPE_CHECKING:
    from console.shapes.decisions import BudgetTest, Outcomes, Reason, RoutesTest, Share

MOST = 12
"""Lines of a list."""


def routes_words(found: RoutesTest) -> list[str]:
    """A trial of routes: money, calls, where they go, what would not fit, and what is not known."""
    rows = [
        ("cost", present.usd(found.now_usd), present.usd(found.draft_usd), _change(found.change_usd)),
        ("rerouted", *_counts(found.rerouted_now, found.rerouted)),
        ("blocked", *_counts(found.blocked_now, found.blocked)),
    ]
    calls = present.counted(found.calls, "call")
    lines = [
        f"{found.replayed:,} of {calls} since {_day(found.since)} replayed, none sent",
        "",
        *aligned(("", "now", "with edit", "change"), rows, right=3),
        "",
        moved_words(found.changed),
        *_moves(found),
        *_routes(found),
        *_risks(found),
        *_outcomes(found),
    ]
    return [*lines, "", *(f"note: {present.plain(note)}" for note in found.notes)]


def _moves(found: RoutesTest) -> list[str]:
    rows = [
        (
            f"{each.calls:,}",
            f"{present.plain(each.from_target)} → {present.plain(each.to_target)}",
            present.usd(each.now_usd),
            present.usd(each.draft_usd),
        )
        for each in found.moves[:MOST]
    ]
    lines = [f"  {line}" for line in aligned(("calls", "from → to", "now", "with edit"), rows, right=2)]
    groups = [
        (
            present.plain(f"{each.project or '(no project)'} / {each.mode or '(no mode)'}"),
            present.usd(each.now_usd),
            present.usd(each.draft_usd),
        )
        for each in found.groups[:MOST]
    ]
    if not groups:
        return []
    table = aligned(("where the money moves", "now", "with edit"), groups, right=2)
    return [*lines, "", *(f"  {line}" for line in table)]


def _routes(found: RoutesTest) -> list[str]:
    rows = [
        (
            present.plain(each.name),
            f"{each.now:,}",
            f"{each.draft:,}",
            f"{each.shadow:,}" if each.shadow else "",
        )
        for each in found.routes
    ]
    return ["", *aligned(("rule", "now", "with edit", "in shadow"), rows, right=3)] if rows else []


def _risks(found: RoutesTest) -> list[str]:
    """What would go wrong, or cost otherwise than it seems."""
    lines = []
    if found.conversations:
        words = f"{present.counted(found.conversations, 'conversation')} would go elsewhere"
        if found.losing_cache:
            lost = present.usd_exact(found.cache_lost_usd)
            leave = "leaves" if found.losing_cache == 1 else "leave"
            words += (
                f"; {found.losing_cache:,} of them {leave} a warm prompt cache behind, which costs {lost}"
            )
        lines.append(words)
    if found.too_large:
        some = ", ".join(
            f"{each.id} {each.tokens:,} tokens for {each.target} ({each.window:,})"
            for each in found.too_large_calls[:3]
        )
        calls = present.counted(found.too_large, "call is", "calls are")
        lines.append(f"{calls} too long for their new model: {some}")
    lines += [blocked_words(each) for each in found.blocked_why]
    if found.unpriced:
        lines.append(unpriced_words(found.unpriced))
    return ["", *lines] if lines else []


def moved_words(calls: int) -> str:
    """How many calls a draft would lead elsewhere."""
    return f"{present.counted(calls, 'call')} would go elsewhere" if calls else "no call would go elsewhere"


def blocked_words(why: Reason) -> str:
    """How many calls a draft would refuse, and why."""
    return f"{present.counted(why.calls, 'call')} blocked: {present.plain(why.why)}"


def unpriced_words(calls: int) -> str:
    """What a dry run does not know of so many calls."""
    go = present.counted(calls, "changed call goes", "changed calls go")
    return f"{go} to a model without a price; counted as now"


def _outcomes(found: RoutesTest) -> list[str]:
    lines = outcome_words(found.outcomes)
    return ["", *lines] if lines else []


def outcome_words(found: Outcomes) -> list[str]:
    """What is known of the changed calls' answers, with intervals."""
    lines = []
    if found.badly is not None:
        lines.append(
            f"{present.counted(found.judged, 'call was', 'calls were')} judged by their person: "
            f"{_within(found.badly)} taken badly as they went"
        )
    if found.better is not None and found.worse is not None:
        lines.append(
            f"{present.counted(found.compared, 'call was', 'calls were')} answered by their new model too: "
            f"{_within(found.worse)} worse, {_within(found.better)} better"
        )
    return lines


def _within(found: Share) -> str:
    """'3 (10%, 95 %: 3% to 26%)'."""
    low, high = (present.percent(each) for each in (found.low, found.high))
    return f"{found.count:,} ({present.percent(found.share)}, 95 %: {low} to {high})"


def budget_words(found: BudgetTest) -> list[str]:
    """A trial of a budget."""
    touched = found.blocked + found.asked + found.slowed + found.downgraded
    rows = [
        (name, f"{count:,}", present.percent(count / found.calls) if found.calls else present.NOTHING)
        for name, count in (
            ("blocked", found.blocked),
            ("asked about", found.asked),
            ("slowed", found.slowed),
            ("downgraded", found.downgraded),
        )
        if count or name == "blocked"
    ]
    calls, are = present.counted(found.calls, "call"), "is" if found.matched == 1 else "are"
    under = f"{found.matched:,} of {calls} since {_day(found.since)} {are} under it"
    lines = [
        f"{under}, for {present.usd(found.cost_usd)}",
        "",
        *aligned(("this limit would have", "calls", "of all"), rows, right=2),
        f"saved {present.usd(found.saved_usd)}",
    ]
    if found.first is not None:
        who = f"user {found.first.user}" if found.first.user else f"token {found.first.token}"
        when = present.instant(found.first.at).astimezone()
        lines.append(
            f"hit first on {present.day(when)} {when:%H:%M}, {present.plain(who)} (call {found.first.id})"
        )
    if not touched:
        lines.append("no call would have been touched")
    if found.unbounded:
        lines.append(f"{found.unbounded:,} of the blocked: their model has no price, so nothing bounds them")
    if found.unpriced:
        stay = present.counted(found.unpriced, "call stays where it is", "calls stay where they are")
        lines.append(f"{stay}: the cheaper model has no price")
    return [*lines, "", *(f"note: {present.plain(note)}" for note in found.notes)]


def back_test_words(found: BudgetTest, zone: tzinfo | None = None) -> str:
    """A trial of a budget over 30 days in one sentence: 'blocked 14 of 3,112 (0.4%), saved $6.12'."""
    if not found.matched:
        return "last 30 days: no call was under this rule"
    did = [
        f"{name} {count:,} of {found.matched:,} ({_share(count, found.matched)})"
        for name, count in (
            ("blocked", found.blocked),
            ("asked about", found.asked),
            ("slowed", found.slowed),
            ("downgraded", found.downgraded),
        )
        if count
    ]
    if not did:
        return f"last 30 days this rule would have touched none of {present.counted(found.matched, 'call')}"
    told = f"last 30 days this rule would have {', '.join(did)}, saved {present.usd(found.saved_usd)}"
    if found.first is None:
        return told
    when = present.instant(found.first.at).astimezone(zone)
    who = found.first.user or found.first.token
    return f"{told}; hit first on {present.day(when)} {when:%H:%M} by {present.plain(who)}"


def _share(count: int, of: int) -> str:
    """With a decimal below one in ten: '0.4%', '12%'."""
    share = count / of
    return f"{share:.1%}" if 0.0005 <= share < 0.1 else present.percent(share)


def _counts(now: int, draft: int) -> tuple[str, str, str]:
    return f"{now:,}", f"{draft:,}", f"{draft - now:+,}" if draft != now else "0"


def _change(amount: Decimal) -> str:
    return f"+{present.usd(amount)}" if amount > 0 else present.usd(amount)


def _day(at: str) -> str:
    return present.day(present.instant(at).astimezone())
