"""Budgets and throttles, where they stand, and the calls that wait for a word on one."""

from __future__ import annotations

from gateway_core.http.admin.answers.base import Answer, Revision


class BudgetAnswer(Answer):
    """A limit and where it stands."""

    name: str
    match: dict[str, str]
    limit_usd: str | None
    limit_tokens: int | None
    window: str
    at_limit: str
    alerts: list[int]
    unbounded: str
    """refuse | allow: calls whose cost nothing bounds."""
    downgrade_to: str | None
    expensive_above: str | None
    raised_to_usd: str | None
    raised_to_tokens: int | None
    """A temporary limit, in force until `raised_until`."""
    raised_until: str | None
    ask_seconds: int
    limit_now_usd: str | None
    limit_now_tokens: int | None
    """The limit in force, a temporary one included."""
    spent_usd: str
    held_usd: str
    spent_tokens: int
    held_tokens: int
    share: float
    """Spent of the limit, nothing held counted; may be above 1."""
    state: str
    """ok | warn | over"""
    window_start: str
    resets_at: str | None
    lands_usd: str | None
    """What will have been spent at the window's end, at the present pace."""
    breaks_at: str | None
    """When the limit is reached at the present pace, if within the window."""
    revision: Revision


class BudgetsAnswer(Answer):
    budgets: list[BudgetAnswer]


class QuestionAnswer(Answer):
    """A call that waits for a person's word."""

    id: str
    asked_at: str
    until: str
    budget: str
    spent: str
    limit: str
    """In the budget's unit, in words."""
    model: str
    tags: dict[str, str]
    token: str
    may_cost_usd: str


class QuestionsAnswer(Answer):
    questions: list[QuestionAnswer]


class ThrottleAnswer(Answer):
    name: str
    match: dict[str, str]
    tokens_per_minute: int | None
    requests_per_minute: int | None
    usd_per_hour: str | None
    concurrent: int | None
    used_tokens_last_minute: int
    revision: Revision


class ThrottlesAnswer(Answer):
    throttles: list[ThrottleAnswer]
