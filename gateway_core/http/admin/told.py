"""What a trial found, as the admin plane answers it."""

from __future__ import annotations

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.trials import (
    BudgetTestAnswer,
    CaughtAnswer,
    GroupAnswer,
    HitAnswer,
    MoveAnswer,
    OutcomesAnswer,
    ReasonAnswer,
    RoutesTestAnswer,
    ShareAnswer,
    TooLargeAnswer,
    WindowAnswer,
)
from gateway_core.http.admin.replays import Span
from gateway_core.model.money import usd_string
from gateway_core.model.policy import Budget, Policy
from gateway_core.rules.quality import share_interval
from gateway_core.rules.replaying.heard import Heard
from gateway_core.rules.replaying.limits import Limited
from gateway_core.rules.replaying.routes import Tried

MOST = 50
"""Lines of a list."""
_HOLDS = (
    "a call counts at what it cost in the end; the gateway holds more while it runs, so near the limit a "
    "few more may wait or be refused"
)


def routes_told(found: Tried, now: Policy, draft: Policy, span: Span, seconds: float) -> RoutesTestAnswer:
    """What a change of routes would have done."""
    moves = sorted(found.moved.items(), key=lambda each: -each[1].calls)
    groups = sorted(found.by_tags.items(), key=lambda each: -abs(each[1].draft - each[1].now))
    return RoutesTestAnswer(
        since=instant_text(span.since),
        until=instant_text(span.until),
        calls=found.calls,
        replayed=found.replayed,
        booked_usd=usd_string(found.booked),
        now_usd=usd_string(found.now),
        draft_usd=usd_string(found.draft),
        change_usd=usd_string(found.draft - found.now),
        changed=found.changed,
        rerouted_now=found.rerouted_now,
        rerouted=found.rerouted,
        blocked_now=found.blocked_now,
        blocked=found.blocked,
        blocked_why=[ReasonAnswer(why=why, calls=calls) for why, calls in found.blocked_why.items()],
        blocked_ids=found.blocked_ids,
        too_large=found.too_large,
        too_large_calls=[
            TooLargeAnswer(id=each.id, tokens=each.tokens, target=each.target, window=each.window)
            for each in found.large
        ],
        conversations=len(found.conversations),
        losing_cache=len(found.losing),
        cache_lost_usd=usd_string(found.cache_lost),
        unpriced=found.unpriced,
        moves=[
            MoveAnswer(
                from_target=old,
                to_target=new,
                calls=each.calls,
                now_usd=usd_string(each.now),
                draft_usd=usd_string(each.draft),
            )
            for (old, new), each in moves[:MOST]
        ],
        groups=[
            GroupAnswer(
                project=project,
                mode=mode,
                calls=each.calls,
                now_usd=usd_string(each.now),
                draft_usd=usd_string(each.draft),
            )
            for (project, mode), each in groups[:MOST]
        ],
        routes=[
            CaughtAnswer(name=name, now=each.now, draft=each.draft, shadow=each.shadow)
            for name, each in found.caught.items()
        ],
        outcomes=_outcomes(found.heard),
        drifted=found.drifted,
        notes=_route_notes(found, (now, draft)),
        seconds=round(seconds, 3),
    )


def _outcomes(heard: Heard) -> OutcomesAnswer:
    return OutcomesAnswer(
        judged=heard.judged,
        badly=_share(heard.badly, heard.judged),
        compared=heard.compared,
        better=_share(heard.better, heard.compared),
        worse=_share(heard.worse, heard.compared),
    )


def _share(count: int, of: int) -> ShareAnswer | None:
    if not of:
        return None
    found = share_interval(count, of)
    return ShareAnswer(
        count=count, share=round(found.value, 4), low=round(found.low, 4), high=round(found.high, 4)
    )


def _route_notes(found: Tried, policies: tuple[Policy, ...]) -> list[str]:
    """What cannot be replayed, or was taken to be so."""
    notes = ["input is priced exactly; the answer is taken to be as long at the other model"]
    if left := found.calls - found.replayed:
        notes.append(
            f"{left:,} calls are left out: their paths pass through, they were refused before a route was "
            "asked, or their rows were written before decisions were kept"
        )
    if found.unscored:
        notes.append(
            f"{found.unscored:,} calls were not scored then, so no condition on complexity holds for them; "
            "always_score = true under [routing] scores every call from now on"
        )
    if found.guessed:
        notes.append(
            f"{found.guessed:,} calls follow latency or load, which is not on record: where the same route "
            "chose among the same models its order of then is kept, else the order as written"
        )
    if found.from_cache:
        notes.append(f"{found.from_cache:,} changed calls came from the cache and count as free here too")
    if found.changed and not (found.heard.judged or found.heard.compared):
        notes.append(
            "how the changed calls' answers were taken is not on record: learn = true under [routing] and "
            "[[opinions]] remember it from now on"
        )
    if found.drifted:
        notes.append(
            f"{found.drifted:,} calls would go elsewhere today than they went by the routes in force: "
            "routes, names, keys or measures have changed since, or a restart forgot a conversation"
        )
    if any("budget" in route.when for policy in policies for route in policy.routes):
        notes.append("what was used of a budget is recounted from the rows, by its limit of today")
    return notes


def limits_told(found: Limited, budget: Budget, span: Span, seconds: float) -> BudgetTestAnswer:
    """What a budget would have done."""
    touched = found.blocked + found.asked + found.slowed + found.downgraded
    money = budget.limit_nano is not None
    first = found.first
    return BudgetTestAnswer(
        since=instant_text(span.since),
        until=instant_text(span.until),
        calls=found.calls,
        matched=found.matched,
        cost_usd=usd_string(found.cost),
        refused=found.refused,
        blocked=found.blocked,
        unbounded=found.unbounded,
        asked=found.asked,
        slowed=found.slowed,
        downgraded=found.downgraded,
        unpriced=found.unpriced,
        over=found.over,
        saved_usd=usd_string(found.saved),
        share=touched / found.calls if found.calls else 0.0,
        first=None
        if first is None
        else HitAnswer(id=first.id, at=instant_text(first.at), user=first.user, token=first.token),
        windows=[
            WindowAnswer(
                start=instant_text(each.start),
                spent_usd=usd_string(each.spent) if money else None,
                spent_tokens=None if money else each.spent,
                stopped=each.stopped,
            )
            for each in found.windows[-MOST:]
        ],
        notes=_limit_notes(found),
        seconds=round(seconds, 3),
    )


def _limit_notes(found: Limited) -> list[str]:
    notes = [_HOLDS]
    if found.asked:
        notes.append("calls that would have waited for a person's word count as let through")
    if found.downgraded:
        notes.append("the answer is taken to be as long at the other model")
    if found.refused:
        calls = "1 call was" if found.refused == 1 else f"{found.refused:,} calls were"
        notes.append(f"{calls} refused as it was, and count nothing")
    return notes
