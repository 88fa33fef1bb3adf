"""Rows of `calls` as dictionaries: the columns of the export, and what the admin plane adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.model.rows import Status
from gateway_core.store.instants import text
from gateway_core.store.jsontext import tags_of


def _instant(value: int | None) -> str | None:
    return None if value is None else text(value)


def _status(outcome: str | None) -> str:
    return str(Status.OPEN if outcome is None else Status.SETTLED)


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
    "input_tokens": ("calls.input_tokens", None),
    "cached_input_tokens": ("calls.cached_input_tokens", None),
    "cache_write_tokens": ("calls.cache_write_tokens", None),
    "cache_write_1h_tokens": ("calls.cache_write_1h_tokens", None),
    "output_tokens": ("calls.output_tokens", None),
    "reasoning_tokens": ("calls.reasoning_tokens", None),
    "cost_usd": ("calls.cost_nano", usd_string),
    "certainty": ("calls.certainty", None),
    "saved_usd": ("calls.saved_nano", usd_string),
    "cache": ("calls.cache", None),
    "route": ("calls.route", None),
    "route_reason": ("calls.route_reason", None),
    "attempts": ("calls.attempts", None),
    "first_byte_ms": ("calls.first_byte_ms", None),
    "duration_ms": ("calls.duration_ms", None),
    "overhead_ms": ("calls.overhead_ms", None),
    "session": ("calls.session", None),
    "tags": ("tag_sets.tags", tags_of),
    "price_id": ("calls.price_id", None),
    "provider_request_id": ("calls.provider_request_id", None),
    "error": ("calls.error", None),
}
"""Each column of the export: its SQL, and what becomes of the value."""
_CALL = {
    **_EXPORT,
    "held_usd": ("iif(calls.outcome IS NULL, calls.held_nano, 0)", usd_string),
    "http_status": ("nullif(calls.http_status, 0)", None),
    "provider_cache_saved_usd": ("calls.provider_cache_saved_nano", usd_string),
}

EXPORT_COLUMNS = tuple(_EXPORT)
"""The ledger's columns as users know them, in their order."""
_FROM = "FROM calls JOIN series ON series.id = series_id JOIN tag_sets ON tag_sets.id = tag_set_id"
EXPORT_SELECT = f"SELECT {', '.join(sql for sql, _ in _EXPORT.values())} {_FROM}"
CALL_SELECT = f"SELECT {', '.join(sql for sql, _ in _CALL.values())} {_FROM}"


def export_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of EXPORT_SELECT."""
    return _named(_EXPORT, values)


def call_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """A row of CALL_SELECT: a call as the admin plane shows it."""
    return _named(_CALL, values)


def _named(
    columns: dict[str, tuple[str, Callable[[Any], Any] | None]], values: tuple[Any, ...]
) -> dict[str, Any]:
    return {
        name: value if change is None else change(value)
        for (name, (_, change)), value in zip(columns.items(), values, strict=True)
    }
