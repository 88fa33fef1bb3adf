"""Ledger rows as tuples for SQLite: columns of `calls` and `attempts`, and the statements that write them."""

from __future__ import annotations

from gateway_core.model.rows import Attempt, FinalRow, OpenRow
from gateway_core.model.usage import Usage
from gateway_core.store.booked import TOKENS
from gateway_core.store.instants import micros
from gateway_core.store.jsontext import encode

Values = tuple[object, ...]

OPEN_COLUMNS = (
    "id",
    "started_at",
    "series_id",
    "format",
    "path",
    "asked_model",
    "stream",
    "held_nano",
    "input_tokens",
    "output_tokens",
    "session",
    "route",
    "route_reason",
    "price_id",
)
"""Tokens of an open row are those that it holds."""
FINAL_COLUMNS = (
    "id",
    "started_at",
    "finished_at",
    "outcome",
    "series_id",
    "format",
    "path",
    "asked_model",
    "stream",
    *TOKENS,
    "usage_detail",
    "cost_nano",
    "certainty",
    "saved_nano",
    "provider_cache_saved_nano",
    "cache",
    "route",
    "route_reason",
    "attempts",
    "first_byte_ms",
    "duration_ms",
    "overhead_ms",
    "session",
    "price_id",
    "provider_request_id",
    "error",
    "http_status",
    "excess_nano",
)
ATTEMPT_COLUMNS = (
    "number",
    "called_at",
    "series_id",
    "started_at",
    "finished_at",
    "http_status",
    "error",
    "held_nano",
    *TOKENS,
    "usage_detail",
    "cost_nano",
    "certainty",
    "price_id",
    "provider_request_id",
)
"""Without the number of the call, which stands before them, and that of the seal, which follows."""
_NOT_YET = (
    *(name for name in TOKENS if name not in OPEN_COLUMNS),
    "cost_nano",
    "saved_nano",
    "provider_cache_saved_nano",
    "attempts",
    "duration_ms",
    "overhead_ms",
    "http_status",
)
"""Columns that an open row leaves at nought."""


def _upsert(columns: tuple[str, ...], noughts: tuple[str, ...], *, revised: tuple[str, ...]) -> str:
    """A row is written while it is open only: a final one is left as it is."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in revised)
    return (
        f"INSERT INTO calls ({', '.join(columns + noughts)}) "
        f"VALUES ({', '.join(['?'] * len(columns) + ['0'] * len(noughts))}) "
        f"ON CONFLICT (id) DO UPDATE SET {changes} WHERE outcome IS NULL"
    )


WRITE_OPEN = _upsert(
    OPEN_COLUMNS,
    _NOT_YET,
    revised=(
        "series_id",
        "held_nano",
        "input_tokens",
        "output_tokens",
        "route",
        "route_reason",
        "price_id",
    ),
)
"""Opening an open row again revises its target and its hold: a fallback, a hold that grew."""
_SEALED = (*FINAL_COLUMNS, "seal")
WRITE_FINAL = _upsert(_SEALED, ("held_nano",), revised=_SEALED[2:])
"""The columns of FINAL_COLUMNS and the number of the seal."""
WRITE_ATTEMPT = (
    f"INSERT INTO attempts (call_n, {', '.join(ATTEMPT_COLUMNS)}, seal) "
    f"VALUES ({', '.join('?' * (len(ATTEMPT_COLUMNS) + 2))})"
)


def open_values(row: OpenRow, series_id: int) -> Values:
    """The columns of OPEN_COLUMNS."""
    return (
        row.id,
        micros(row.started_at),
        series_id,
        row.format,
        row.path,
        row.asked_model,
        row.stream,
        row.held_nano,
        row.held_input_tokens,
        row.held_output_tokens,
        row.session,
        row.route,
        row.route_reason,
        row.price_id,
    )


def final_values(row: FinalRow, started_at: int, series_id: int) -> Values:
    """The columns of FINAL_COLUMNS, each as SQLite gives it back: a seal is proved from what is stored."""
    usage = row.usage
    return (
        row.id,
        started_at,
        micros(row.finished_at),
        # The name under which an enum keeps its value: the public one costs a call.
        row.outcome._value_,
        series_id,
        row.format,
        row.path,
        row.asked_model,
        int(row.stream),
        usage.input,
        usage.cached_input,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
        usage_detail(usage),
        row.cost_nano,
        row.certainty._value_,
        row.saved_nano,
        row.provider_cache_saved_nano,
        row.cache._value_,
        row.route,
        row.route_reason,
        row.attempts,
        None if row.first_byte_ms is None else row.first_byte_ms + 0.0,
        row.duration_ms + 0.0,
        row.overhead_ms + 0.0,
        row.session,
        row.price_id,
        row.provider_request_id,
        row.error,
        row.http_status,
        row.excess_nano,
    )


def attempt_values(attempt: Attempt, called_at: int, series_id: int) -> Values:
    """The columns of ATTEMPT_COLUMNS."""
    usage = attempt.usage
    return (
        attempt.number,
        called_at,
        series_id,
        micros(attempt.started_at),
        micros(attempt.finished_at),
        attempt.http_status,
        attempt.error,
        attempt.held_nano,
        usage.input,
        usage.cached_input,
        usage.cache_write,
        usage.cache_write_1h,
        usage.output,
        usage.reasoning,
        usage_detail(usage),
        attempt.cost_nano,
        attempt.certainty.value,
        attempt.price_id,
        attempt.provider_request_id,
    )


def usage_detail(usage: Usage) -> str | None:
    """The usage as JSON where it says more than the token columns hold."""
    media_in = usage.audio_input or usage.image_input or usage.video_input
    media_out = usage.audio_output or usage.image_output or usage.video_output
    more = usage.service_tier or usage.region or usage.server_tools or usage.steps or media_in or media_out
    return encode(usage) if more else None
