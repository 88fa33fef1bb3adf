"""Budgets as TOML, read and written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway_core.model.errors import ConfigError
from gateway_core.model.money import usd_string
from gateway_core.model.policy import DEFAULT_ALERTS, AtLimit, Budget, Unbounded
from gateway_core.rules.windows import check_window
from gateway_core.settings.fields import dollars_of, match_of, name_of
from gateway_core.settings.table import Table

LONGEST_QUESTION = 540
"""Seconds: clients give up after ten minutes."""


def read_budget(table: Table) -> Budget:
    """One [[budgets]] entry."""
    limit_usd, limit_tokens = table.maybe("limit_usd", str), table.maybe("limit_tokens", int)
    budget = Budget(
        name=name_of(table),
        match=match_of(table, "match"),
        limit_nano=dollars_of(table, "limit_usd", limit_usd),
        limit_tokens=limit_tokens,
        window=table.get("window", str, "month"),
        at_limit=AtLimit(table.choice("at_limit", tuple(AtLimit), AtLimit.BLOCK)),
        alerts=_marks(table),
        unbounded=Unbounded(table.choice("unbounded", tuple(Unbounded), Unbounded.REFUSE)),
        downgrade_to=table.maybe("downgrade_to", str),
        expensive_above=_price(table, "expensive_above"),
        raised_to=_raised_to(table, money=limit_usd is not None),
        raised_until=_instant(table, "raised_until"),
        ask_seconds=table.get("ask_seconds", int, 60),
    )
    table.done()
    _check(table, budget)
    return budget


def _check(table: Table, budget: Budget) -> None:
    """What single values cannot tell."""
    if (budget.limit_nano is None) == (budget.limit_tokens is None):
        table.wrong("name", f"budget {budget.name!r} needs limit_usd or limit_tokens, one of them")
    if budget.limit_tokens is not None and budget.limit_tokens < 0:
        table.wrong("limit_tokens", "limit_tokens must not be negative")
    if (budget.raised_to is None) != (budget.raised_until is None):
        table.wrong("raised_until", "a temporary limit needs both: raised_to_usd (or _tokens), raised_until")
    if not 1 <= budget.ask_seconds <= LONGEST_QUESTION:
        table.wrong("ask_seconds", f"ask_seconds must be 1 to {LONGEST_QUESTION}")
    try:
        check_window(budget.window)
    except ConfigError as error:
        table.wrong("window", error.message)


def _marks(table: Table) -> tuple[int, ...]:
    marks = table.get("alerts", list, list(DEFAULT_ALERTS))
    if not all(isinstance(mark, int) and 0 < mark <= 1000 for mark in marks):
        table.wrong("alerts", f"alerts must be percentages such as [50, 80, 95, 100], not {marks!r}")
    return tuple(sorted(set(marks)))


def _price(table: Table, key: str) -> Decimal | None:
    text = table.maybe(key, str)
    if text is None:
        return None
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        table.wrong(key, f"{key} must be dollars per million output tokens, such as '5.00', not {text!r}")
    return price


def _raised_to(table: Table, *, money: bool) -> int | None:
    dollars = dollars_of(table, "raised_to_usd", table.maybe("raised_to_usd", str))
    tokens = table.maybe("raised_to_tokens", int)
    wrong, unit = ("raised_to_tokens", "dollars") if money else ("raised_to_usd", "tokens")
    if (tokens if money else dollars) is not None:
        table.wrong(wrong, f"{wrong}: this budget counts {unit}")
    return dollars if money else tokens


def _instant(table: Table, key: str) -> str | None:
    text = table.maybe(key, str)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        table.wrong(key, f"{key} must be an instant such as '2026-11-30T18:00:00Z', not {text!r}")
    if at.tzinfo is None:
        table.wrong(key, f"{key} = {text!r} names no time zone; end it with Z or +01:00")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def budget_fields(budget: Budget) -> dict[str, Any]:
    """A budget in the words of the configuration file; what stands at its default is left out."""
    money = budget.limit_nano is not None
    raised = budget.raised_to
    fields = {
        "name": budget.name,
        "match": dict(budget.match),
        "limit_usd": None if budget.limit_nano is None else usd_string(budget.limit_nano),
        "limit_tokens": budget.limit_tokens,
        "window": budget.window,
        "at_limit": str(budget.at_limit),
        "alerts": list(budget.alerts),
        "unbounded": None if budget.unbounded is Unbounded.REFUSE else str(budget.unbounded),
        "downgrade_to": budget.downgrade_to,
        "expensive_above": None if budget.expensive_above is None else str(budget.expensive_above),
        "raised_to_usd": usd_string(raised) if money and raised is not None else None,
        "raised_to_tokens": None if money else raised,
        "raised_until": budget.raised_until,
        "ask_seconds": None if budget.ask_seconds == 60 else budget.ask_seconds,
    }
    return {key: value for key, value in fields.items() if value is not None}
