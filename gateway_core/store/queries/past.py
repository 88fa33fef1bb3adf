"""Ended calls with their decisions, page by page, oldest first: what rules are tried on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway_core.model.call import Target
from gateway_core.model.decision import Decision
from gateway_core.model.past import PastCall
from gateway_core.model.rows import CacheUse, Certainty, Outcome
from gateway_core.model.usage import Usage
from gateway_core.store.booked import SERIES, TOKENS
from gateway_core.store.corrections import LAST
from gateway_core.store.decisions import DECISION_COLUMNS, Kinds
from gateway_core.store.instants import Micros, micros
from gateway_core.store.jsontext import decode, tags_of
from gateway_core.store.queries.rows import TAGS_NOW
from gateway_core.store.queries.where import Where, where
from gateway_core.store.reads import Source

_PAGE = 500
_FOREVER: Micros = 2**62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OUTCOMES = {str(each): each for each in Outcome}
_TOKENS = ", ".join(f"calls.{name}" for name in TOKENS)
_TRIES = (
    "iif(calls.attempts > 1, (SELECT coalesce(sum(cost_nano), 0) FROM attempts WHERE call_n = calls.n), 0)"
)
_DECISION = ", ".join(DECISION_COLUMNS)
_WITH_DECISION = "LEFT JOIN decisions ON decisions.call_n = calls.n"
_SELECT = (
    f"SELECT calls.started_at, calls.n, calls.id, calls.finished_at, {SERIES}, calls.asked_model, "
    f"calls.format, calls.stream, calls.outcome, calls.cache, {_TOKENS}, calls.usage_detail, "
    f"coalesce(word.cost_nano, calls.cost_nano) + {_TRIES}, coalesce(word.certainty, calls.certainty), "
    "calls.held_nano, calls.session, calls.route_reason, {decision} "
    f"FROM calls {{joined}} LEFT JOIN corrections AS word ON word.n = {LAST} "
    "WHERE (calls.started_at, calls.n) >= (?, ?) AND calls.started_at < ? AND calls.outcome IS NOT NULL"
)
_DECIDED = _SELECT.format(decision=_DECISION, joined=_WITH_DECISION)
_UNDECIDED = _SELECT.format(decision="NULL", joined="")
_SERIES = f"SELECT token, provider, model, {TAGS_NOW} FROM series WHERE id = ?"
_Who = tuple[str, Target, dict[str, str]]


def decision(connection: sqlite3.Connection, call_id: str) -> Decision | None:
    """What was decided on a call; None where nothing is on record."""
    row = connection.execute(
        f"SELECT token, asked_model, route_reason, {_DECISION} FROM calls "
        f"JOIN series ON series.id = series_id {_WITH_DECISION} WHERE calls.id = ?",
        (call_id,),
    ).fetchone()
    if row is None or row[3] is None:
        return None
    return Kinds().decision(connection, row[3:], token=row[0], asked=row[1], reason=row[2])


def past(
    reads: Source, since: str, until: str | None, wanted: Mapping[str, str], *, decided: bool = True
) -> Iterator[list[PastCall]]:
    """Pages of the ended calls that started in the range, oldest first. decided: with their decisions.

    May be advanced from different threads, by one at a time.
    """
    place = (micros(since), 0)
    end = micros(until) if until else _FOREVER
    reading = _Reading(where(wanted), _DECIDED if decided else _UNDECIDED)
    while True:
        with reads.connection() as connection:
            page = reading.page(connection, place, end)
            calls = [reading.call(connection, row) for row in page]
        if not calls:
            return
        yield calls
        place = (page[-1][0], page[-1][1] + 1)


class _Reading:
    """One reading of the past: what many calls share is read once."""

    def __init__(self, chosen: Where, select: str) -> None:
        self._where, self._select = chosen, select
        self._who: dict[int, _Who] = {}
        self._kinds = Kinds()

    def page(
        self, connection: sqlite3.Connection, place: tuple[Micros, int], end: Micros
    ) -> list[tuple[Any, ...]]:
        chosen = self._where
        return connection.execute(
            f"{chosen.prelude}{self._select}{chosen.on(SERIES)} ORDER BY calls.started_at, calls.n LIMIT ?",
            (*chosen.series_values, *place, end, *chosen.facts_values, _PAGE),
        ).fetchall()

    def call(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> PastCall:
        at, _, call_id, ended, series, asked, format, stream, outcome, cache, *rest = row
        counts, rest = rest[: len(TOKENS)], rest[len(TOKENS) :]
        detail, cost, certainty, held, session, reason, *columns = rest
        token, served, tags = self._of_series(connection, series)
        return PastCall(
            id=call_id,
            at=_instant(at),
            ended=_instant(ended),
            token=token,
            tags=tags,
            asked=asked,
            format=format,
            stream=bool(stream),
            served=served,
            outcome=_OUTCOMES[outcome],
            cached=cache == CacheUse.HIT,
            usage=decode(detail, Usage) if detail else Usage(*counts),
            cost=cost,
            priced=certainty != Certainty.UNPRICED,
            held=held,
            session=session,
            decision=None
            if columns[0] is None
            else self._kinds.decision(connection, columns, token=token, asked=asked, reason=reason),
        )

    def _of_series(self, connection: sqlite3.Connection, number: int) -> _Who:
        found = self._who.get(number)
        if found is None:
            token, provider, model, tags = connection.execute(_SERIES, (number,)).fetchone()
            found = self._who[number] = token, Target(provider, model), tags_of(tags)
        return found


def _instant(at: Micros) -> datetime:
    return _EPOCH + timedelta(microseconds=at)
