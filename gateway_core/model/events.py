"""Events: what watchers see. Facts that have happened; nothing waits for a watcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """The name of a server-sent event on /admin/v1/events; its data is described beside it."""

    CALL_OPENED = "call.opened"
    """A call as in GET /admin/v1/calls, status 'open'."""
    CALL_PROGRESS = "call.progress"
    """{id, output_tokens, cost_usd, first_byte_ms}: a running stream, up to four times a second."""
    CALL_SETTLED = "call.settled"
    """A call as in GET /admin/v1/calls, status 'settled'."""
    BUDGET_ALERT = "budget.alert"
    """{budget, mark, unit: 'usd'|'tokens', spent_usd, limit_usd (or …_tokens), window_start, resets_at,
    text}; every event of an alert brings its sentence as `text`"""
    BUDGET_LANDING = "budget.landing"
    """{budget, breaks_at, lands_usd, unit, spent_…, limit_…, window_start, resets_at, text}: where the pace
    leads, once a window"""
    BUDGET_EXCESS = "budget.excess"
    """{id, budgets, excess_usd, cost_usd, text}: a provider billed beyond the cap that a hard budget rests
    on."""
    BUDGET_QUESTION = "budget.question"
    """A question as in GET /admin/v1/questions: a call waits for a person's word."""
    BUDGET_ANSWER = "budget.answer"
    """{id, answer}: the question is no longer open."""
    RUNAWAY = "runaway"
    """{rule, calls, usd_per_hour, action: 'alert'|'stop', until, text}: a program seems to have run away."""
    TROUBLE = "trouble"
    """{what: 'ledger'|'provider'|'report', text, …}: calls cannot be served, or the weekly report cannot be
    written; or it works again."""
    ALERT_TEST = "alert.test"
    """{text}: somebody tries whether alerts arrive."""
    POLICY_CHANGED = "policy.changed"
    """{what: 'budgets'|'throttles'|'routes'|'cache'|'prices'|'mode'|'keys'|'tokens'}"""
    GATEWAY = "gateway"
    """{state: 'ready'|'draining'}"""
    LOG = "log"
    """{level, message}"""


@dataclass(frozen=True, slots=True)
class Event:
    """`id` grows by one with each event since the gateway started; `at` is RFC 3339 UTC."""

    id: int
    at: str
    kind: EventKind
    data: Mapping[str, Any]
