"""What rules would have done to past calls, and what they do with one prompt."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer
from gateway_core.http.admin.answers.decisions import RuleAnswer, ScoreAnswer, TargetAnswer


class MoveAnswer(Answer):
    """Calls that go from one target to another by the change, the most first."""

    from_target: str
    to_target: str
    """`nowhere` where no target could take them."""
    calls: int
    now_usd: str
    draft_usd: str


class GroupAnswer(Answer):
    """Changed calls of a project and a mode; '' where untagged."""

    project: str
    mode: str
    calls: int
    now_usd: str
    draft_usd: str


class CaughtAnswer(Answer):
    """Calls that a route catches."""

    name: str
    now: int
    draft: int
    shadow: int
    """That it would catch if it were not in shadow."""


class TooLargeAnswer(Answer):
    id: str
    tokens: int
    target: str
    window: int


class ReasonAnswer(Answer):
    why: str
    calls: int


class ShareAnswer(Answer):
    """So many of them, as a share with the 95 % interval that it lies in (Wilson)."""

    count: int
    share: float
    low: float
    high: float


class OutcomesAnswer(Answer):
    """What is known of the changed calls' answers; a share is None where it would be one of nothing."""

    judged: int
    """Whose person asked again, overruled the answer or gave it a thumb."""
    badly: ShareAnswer | None
    """Those of them that were taken badly where they went: they lose nothing by the change."""
    compared: int
    """That their new model has answered too, as a second opinion."""
    better: ShareAnswer | None
    worse: ShareAnswer | None
    """Those of them whose answer would have been better, or worse."""


class RoutesTestAnswer(Answer):
    """What a change of routes would have done. Dollars of `now` are those of the routes in force."""

    since: str
    until: str
    calls: int
    """That ended in the range."""
    replayed: int
    """Those of them whose decision is on record; the others are left out."""
    booked_usd: str
    now_usd: str
    draft_usd: str
    change_usd: str
    """draft - now; less than nothing is saved."""
    changed: int
    rerouted_now: int
    rerouted: int
    blocked_now: int
    blocked: int
    blocked_why: list[ReasonAnswer]
    blocked_ids: list[str]
    """Some of them."""
    too_large: int
    too_large_calls: list[TooLargeAnswer]
    """Some of them."""
    conversations: int
    """Conversations that go elsewhere."""
    losing_cache: int
    """Those of them that leave a warm prompt cache behind."""
    cache_lost_usd: str
    """What reading their prompts anew costs; it is within draft_usd."""
    unpriced: int
    """Changed calls whose new target has no price: they count at what they cost now."""
    moves: list[MoveAnswer]
    groups: list[GroupAnswer]
    """Where the money moves, the largest change first."""
    routes: list[CaughtAnswer]
    outcomes: OutcomesAnswer
    drifted: int
    """Calls that the routes in force would send elsewhere today than they went."""
    notes: list[str]
    """What cannot be replayed, or was taken to be so."""
    seconds: float


class PromptAnswer(Answer):
    """What becomes of one prompt; nothing is sent."""

    asked: str
    target: str
    """Where it goes: provider/model."""
    route: str | None
    reason: str
    rules: list[RuleAnswer]
    score: ScoreAnswer | None
    targets: list[TargetAnswer]
    input_tokens: int
    output_tokens: int
    """As long as the answers of late were on the average."""
    usd: str | None
    asked_usd: str | None
    """What the model that is asked for alone would cost."""


class HitAnswer(Answer):
    id: str
    at: str
    user: str
    token: str


class WindowAnswer(Answer):
    """A window of the budget: what it would have let through, and how many calls it would have stopped."""

    start: str
    spent_usd: str | None
    spent_tokens: int | None
    stopped: int


class BudgetTestAnswer(Answer):
    """What a budget would have done over past calls."""

    since: str
    until: str
    calls: int
    matched: int
    cost_usd: str
    """Of the calls that it is over, as they were."""
    refused: int
    """Calls that were refused as it was."""
    blocked: int
    unbounded: int
    """Those of the blocked whose cost nothing bounds."""
    asked: int
    """Calls that would have waited for a person's word; they count as let through."""
    slowed: int
    downgraded: int
    unpriced: int
    over: int
    """Calls that came when the limit was reached already."""
    saved_usd: str
    share: float
    """Of all calls, those that it would have blocked, asked about, slowed or downgraded."""
    first: HitAnswer | None
    windows: list[WindowAnswer]
    notes: list[str]
    seconds: float
