"""The calls that are running, and calls as watchers see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gateway_core.model.decision import Decision
from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.rows import FinalRow, OpenRow, Status
from gateway_core.model.tags import Tags


@dataclass(slots=True)
class LiveCall:
    """A call between its open row and its end; the counts are estimates that grow."""

    row: OpenRow
    tags: Tags
    """As they are called, not as the row keeps them."""
    end: Callable[[Refusal], None]
    """Ends the call where it stands; its client is told why."""
    decision: Decision | None = None
    """Why it goes where it goes; None where nothing was decided."""
    aside: bool = False
    """No client waits for it."""
    output_tokens: int = 0
    cost_nano: Nano = 0
    first_byte_ms: float | None = None
    told_at: float = 0.0
    """Monotonic seconds of the last progress event."""

    def view(self) -> dict[str, Any]:
        """The call in the columns of the export, as far as they are known."""
        return {
            **opened_view(self.row, self.tags),
            "output_tokens": self.output_tokens,
            "cost_usd": usd_string(self.cost_nano),
            "first_byte_ms": self.first_byte_ms,
        }


def opened_view(row: OpenRow, tags: Tags) -> dict[str, Any]:
    """A call that has brought nothing yet, in the columns of the export."""
    return {
        **_shared(row, tags),
        "status": str(Status.OPEN),
        "finished_at": None,
        "outcome": None,
        "output_tokens": 0,
        "cost_usd": usd_string(0),
        "certainty": "estimated",
        "held_usd": usd_string(row.held_nano),
        "first_byte_ms": None,
    }


def settled_view(row: FinalRow, tags: Tags) -> dict[str, Any]:
    """An ended call in the columns of the export. tags: as they are called."""
    usage = row.usage
    return {
        **_shared(row, tags),
        "status": str(Status.SETTLED),
        "finished_at": row.finished_at,
        "outcome": str(row.outcome),
        "input_tokens": usage.input,
        "cached_input_tokens": usage.cached_input,
        "cache_write_tokens": usage.cache_write,
        "cache_write_1h_tokens": usage.cache_write_1h,
        "output_tokens": usage.output,
        "reasoning_tokens": usage.reasoning,
        "cost_usd": usd_string(row.whole_nano),
        "certainty": str(row.whole_certainty),
        "saved_usd": usd_string(row.saved_nano),
        "cache": str(row.cache),
        "attempts": row.attempts,
        "first_byte_ms": row.first_byte_ms,
        "duration_ms": row.duration_ms,
        "overhead_ms": row.overhead_ms,
        "provider_request_id": row.provider_request_id,
        "error": row.error,
        "held_usd": "0.00",
        "http_status": row.http_status,
        "provider_cache_saved_usd": usd_string(row.provider_cache_saved_nano),
    }


def _shared(row: OpenRow | FinalRow, tags: Tags) -> dict[str, Any]:
    return {
        "id": row.id,
        "started_at": row.started_at,
        "format": row.format,
        "path": row.path,
        "asked_model": row.asked_model,
        "model": row.model,
        "provider": row.provider,
        "token": row.token,
        "stream": row.stream,
        "session": row.session,
        "tags": dict(tags),
        "route": row.route,
        "route_reason": row.route_reason,
        "price_id": row.price_id,
        "input_tokens": 0,
        "cached_input_tokens": 0,
        "cache_write_tokens": 0,
        "cache_write_1h_tokens": 0,
        "reasoning_tokens": 0,
        "saved_usd": "0.00",
        "cache": None,
        "attempts": 0,
        "duration_ms": 0.0,
        "overhead_ms": 0.0,
        "provider_request_id": None,
        "error": None,
        "http_status": None,
        "provider_cache_saved_usd": "0.00",
    }
