"""The ledger as somebody else reads it: what is committed, by plain SQL, without the engine's own sums."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway_core.model.policy import Budget
from gateway_core.rules.matching import Facts, matches
from gateway_core.store.instants import from_datetime

_TOKENS = "input_tokens + cached_input_tokens + cache_write_tokens + cache_write_1h_tokens + output_tokens"
_NAMES = "token, provider, model, tags FROM {0} JOIN series ON series.id = {0}.series_id "
_TAGS = "JOIN tag_sets ON tag_sets.id = series.tag_set_id"
_CALLS = (
    f"SELECT n, calls.id, started_at, outcome, cost_nano, held_nano, {_TOKENS}, excess_nano, certainty, "
    + _NAMES.format("calls")
    + _TAGS
)
_TRIES = f"SELECT call_n, cost_nano, {_TOKENS}, " + _NAMES.format("attempts") + _TAGS


@dataclass(frozen=True)
class Try:
    """An earlier attempt of a call."""

    cost: int
    tokens: int
    facts: Facts


@dataclass(frozen=True)
class Row:
    """A row of calls. Amounts are nano-dollars, instants microseconds since 1970; tokens of an open row are
    those that it holds."""

    id: str
    started_at: int
    outcome: str | None
    cost: int
    held: int
    tokens: int
    excess: int
    certainty: str | None
    facts: Facts
    tries: list[Try] = field(default_factory=list)


def read(connection: sqlite3.Connection) -> dict[str, Row]:
    """Every call by its id."""
    rows: dict[int, Row] = {}
    for n, *found in connection.execute(_CALLS).fetchall():
        call_id, at, outcome, cost, held, tokens, excess, certainty, *names = found
        rows[n] = Row(call_id, at, outcome, cost, held, tokens, excess, certainty, _facts(*names))
    for n, cost, tokens, *names in connection.execute(_TRIES).fetchall():
        rows[n].tries.append(Try(cost, tokens, _facts(*names)))
    return {row.id: row for row in rows.values()}


def _facts(token: str, provider: str, model: str, tags: str) -> Facts:
    return Facts(json.loads(tags), token, model, provider)


def spent(rows: Iterable[Row], budget: Budget, start: datetime, *, held: bool) -> int:
    """What a budget's window has used; held: and what running calls may still use."""
    since, money, total = from_datetime(start), budget.limit_nano is not None, 0
    for row in rows:
        if row.started_at < since:
            continue
        if matches(budget.match, row.facts):
            if row.outcome is not None:
                total += row.cost if money else row.tokens
            elif held:
                total += row.held if money else row.tokens
        total += sum(
            each.cost if money else each.tokens for each in row.tries if matches(budget.match, each.facts)
        )
    return total


def open_ids(rows: Mapping[str, Row]) -> set[str]:
    return {row.id for row in rows.values() if row.outcome is None}
