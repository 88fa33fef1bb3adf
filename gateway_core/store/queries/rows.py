"""Calls as dictionaries: the columns of the export, and what the admin plane adds.

A call's cost is that of its own row, as last corrected, and of its earlier tries; its certainty is the
weakest of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.model.rows import WEAKEST, Status
from gateway_core.store.booked import SERIES, TOKENS
from gateway_core.store.corrections import LAST
from gateway_core.store.instants import text
from gateway_core.store.jsontext import tags_of

_OWN = "iif(word.n IS NULL, calls.{0}, word.{0})"
"""A column of the call's own row as last corrected."""
_COST = (
    f"{_OWN.format('cost_nano')} + (SELECT coalesce(sum(cost_nano), 0) FROM attempts WHERE call_n = calls.n)"
)


def _rank(column: str) -> str:
    cases = " ".join(f"WHEN '{each}' THEN {rank}" for rank, each in enumerate(WEAKEST))
    return f"CASE {column} {cases} END"


_CERTAINTY = (
    f"max({_rank(_OWN.format('certainty'))}, "
    f"(SELECT coalesce(max({_rank('certainty')}), 0) FROM attempts WHERE call_n = calls.n))"
)


def _certainty(rank: int | None) -> str | None:
    return None if rank is None else str(WEAKEST[rank])


def _instant(value: int | None) -> str | None:
    return None if value is None else text(value)


def _status(outcome: str | None) -> str:
    return str(Status.OPEN if outcome is None else Status.SETTLED)


TAGS_NOW = "(SELECT json_group_object(key, value) FROM tags WHERE tags.tag_set_id = series.tag_set_id)"
"""The tags of a series as they are called now, as JSON."""
_EXPORT: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "id": ("calls.id", None),
    "started_at": ("calls.started_at", _instant),
    "finished_at": ("calls.finished_at", _instant),
    "status": ("calls.outcome", _status),
    "outcome": ("calls.outcome", None),
    "format": ("calls.format", None),
    "path": ("calls.path", None),
    "asked_model": ("calls.asked_model", None),
    "model": ("series.model", None),
    "provider": ("series.provider", None),
    "token": ("series.token", None),
    "stream": ("calls.stream", bool),
    **{name: (f"iif(calls.outcome IS NULL, 0, calls.{name})", None) for name in TOKENS},
    "cost_usd": (_COST, usd_string),
    "certainty": (_CERTAINTY, _certainty),
    "saved_usd": ("calls.saved_nano", usd_string),
    "cache": ("calls.cache", None),
    "route": ("calls.route", None),
    "route_reason": ("calls.route_reason", None),
    "attempts": ("calls.attempts", None),
    "first_byte_ms": ("calls.first_byte_ms", None),
    "duration_ms": ("calls.duration_ms", None),
    "overhead_ms": ("calls.overhead_ms", None),
    "session": ("calls.session", None),
    "tags": (TAGS_NOW, tags_of),
    "price_id": (_OWN.format("price_id"), None),
    "provider_request_id": ("calls.provider_request_id", None),
    "error": ("calls.error", None),
}
"""Each column of the export: its SQL, and what becomes of the value."""
_CALL = {
    **_EXPORT,
    "held_usd": ("iif(calls.outcome IS NULL, calls.held_nano, 0)", usd_string),
    "http_status": ("nullif(calls.http_status, 0)", None),
    "provider_cache_saved_usd": ("calls.provider_cache_saved_nano", usd_string),
    "excess_usd": ("calls.excess_nano", usd_string),
}

EXPORT_COLUMNS = tuple(_EXPORT)
"""The ledger's columns as users know them, in their order."""
_FROM = (
    f"FROM calls JOIN series ON series.id = {SERIES} JOIN tag_sets ON tag_sets.id = tag_set_id "
    f"LEFT JOIN corrections AS word ON word.n = {LAST}"
)
EXPORT_SELECT = f"SELECT {', '.join(sql for sql, _ in _EXPORT.values())} {_FROM}"
CALL_SELECT = f"SELECT {', '.join(sql for sql, _ in _CALL.values())} {_FROM}"


def export_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of EXPORT_SELECT."""
    return _named(_EXPORT, values)


def call_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of CALL_SELECT: a call as the admin plane shows it."""
    return _named(_CALL, values)


_ATTEMPT: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "number": ("number", None),
    "started_at": ("started_at", text),
    "finished_at": ("finished_at", text),
    "provider": ("provider", None),
    "model": ("model", None),
    "http_status": ("http_status", None),
    "error": ("error", None),
    "held_usd": ("held_nano", usd_string),
    **{name: (name, None) for name in TOKENS},
    "cost_usd": ("cost_nano", usd_string),
    "certainty": ("certainty", None),
    "price_id": ("price_id", None),
    "provider_request_id": ("provider_request_id", None),
}
ATTEMPT_SELECT = (
    f"SELECT {', '.join(sql for sql, _ in _ATTEMPT.values())} "
    "FROM attempts JOIN series ON series.id = series_id"
)
_CORRECTION: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "at": ("at", text),
    "who": ("who", None),
    "why": ("why", None),
    "before_usd": ("before_cost_nano", usd_string),
    "before_certainty": ("before_certainty", None),
    "cost_usd": ("cost_nano", usd_string),
    "certainty": ("certainty", None),
    "price_id": ("price_id", None),
}
CORRECTION_SELECT = f"SELECT {', '.join(sql for sql, _ in _CORRECTION.values())} FROM corrections"


_RELABEL: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "at": ("at", text),
    "who": ("who", None),
    "before": ("before", None),
    "mode": ("mode", None),
}
RELABEL_SELECT = f"SELECT {', '.join(sql for sql, _ in _RELABEL.values())} FROM relabels"


def attempt_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of ATTEMPT_SELECT."""
    return _named(_ATTEMPT, values)


def correction_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of CORRECTION_SELECT."""
    return _named(_CORRECTION, values)


def relabel_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of RELABEL_SELECT."""
    return _named(_RELABEL, values)


def _named(
    columns: dict[str, tuple[str, Callable[[Any], Any] | None]], values: tuple[Any, ...]
) -> dict[str, Any]:
    return {
        name: value if change is None else change(value)
        for (name, (_, change)), value in zip(columns.items(), values, strict=True)
    }
