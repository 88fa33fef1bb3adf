"""Ended calls as they can be priced anew: usage, what each was booked at, and what it counts as now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gateway_core.model.money import Nano
from gateway_core.model.rows import Certainty, Outcome
from gateway_core.model.usage import Usage
from gateway_core.store.booked import HIT, TOKENS
from gateway_core.store.corrections import LAST
from gateway_core.store.instants import Micros, micros
from gateway_core.store.jsontext import decode
from gateway_core.store.reads import Source

_PAGE = 1000
_FOREVER: Micros = 2**62
_SELECT = (
    f"SELECT calls.started_at, calls.n, calls.id, provider, model, calls.usage_detail, "
    f"{', '.join(f'calls.{name}' for name in TOKENS)}, calls.cost_nano, calls.certainty, calls.price_id, "
    "calls.outcome, calls.error IS NOT NULL, coalesce(word.cost_nano, calls.cost_nano), "
    "coalesce(word.certainty, calls.certainty), iif(word.n IS NULL, calls.price_id, word.price_id), word.who "
    f"FROM calls JOIN series ON series.id = series_id LEFT JOIN corrections AS word ON word.n = {LAST} "
    "WHERE (calls.started_at, calls.n) >= (?, ?) AND calls.started_at < ? "
    f"AND calls.outcome NOT IN ('{Outcome.REFUSED}', '{Outcome.CACHE_HIT}') "
    f"AND NOT calls.{HIT} AND model <> '' "
    "AND (? IS NULL OR provider = ?) AND (? IS NULL OR model = ?) "
    "ORDER BY calls.started_at, calls.n LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Used:
    """One call. `now_*`: what its own row counts as, with the last correction; `who`: whose that is."""

    id: str
    started_at: Micros
    provider: str
    model: str
    usage: Usage
    cost_nano: Nano
    certainty: Certainty
    price_id: str | None
    outcome: Outcome
    doubtful: bool
    now_nano: Nano
    now_certainty: Certainty
    now_price_id: str | None
    who: str | None


def used(
    reads: Source, since: str | None, until: str | None, provider: str | None, model: str | None
) -> Iterator[list[Used]]:
    """Pages of the calls that reached a provider and started in the range, oldest first."""
    place = (micros(since) if since else 0, 0)
    end = micros(until) if until else _FOREVER
    while True:
        with reads.connection() as connection:
            values = (*place, end, provider, provider, model, model, _PAGE)
            page = connection.execute(_SELECT, values).fetchall()
        if not page:
            return
        yield [_used(row) for row in page]
        place = (page[-1][0], page[-1][1] + 1)


def models_seen(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Providers and their models that were ever called."""
    rows = connection.execute("SELECT DISTINCT provider, model FROM series WHERE model <> ''")
    return {(provider, model) for provider, model in rows}


def _used(row: tuple[Any, ...]) -> Used:
    started_at, _, call_id, provider, model, detail, *rest = row
    counts, rest = rest[: len(TOKENS)], rest[len(TOKENS) :]
    nano, certainty, price_id, outcome, doubtful, now_nano, now_certainty, now_price_id, who = rest
    return Used(
        id=call_id,
        started_at=started_at,
        provider=provider,
        model=model,
        usage=decode(detail, Usage) if detail else Usage(*counts),
        cost_nano=nano,
        certainty=Certainty(certainty),
        price_id=price_id,
        outcome=Outcome(outcome),
        doubtful=bool(doubtful),
        now_nano=now_nano,
        now_certainty=Certainty(now_certainty),
        now_price_id=now_price_id,
        who=who,
    )
