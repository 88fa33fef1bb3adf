"""What a column of the list of calls sorts by, and the word of the filter that its cell stands for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.filter.words import quoted
from console.panels.words import who
from console.shapes import Call

Key = Callable[[Call], Any]

_KEYS: Mapping[str, Key] = {
    "": lambda call: (call.status != "open", call.outcome or ""),
    "time": lambda call: call.finished_at or call.started_at,
    "user": who,
    "project": lambda call: call.tags.get("project", ""),
    "mode": lambda call: call.tags.get("mode", ""),
    "asked → served": lambda call: call.model,
    "in": lambda call: call.total_input,
    "cache": lambda call: call.cached_input_tokens / call.total_input if call.total_input else 0.0,
    "out": lambda call: call.output_tokens,
    "tok/s": lambda call: call.output_tokens / call.duration_ms if call.duration_ms else 0.0,
    "ttft": lambda call: call.first_byte_ms or 0.0,
    "cost": lambda call: call.cost_usd,
    "client": lambda call: call.tags.get("client", ""),
    "provider": lambda call: call.provider,
    "status": lambda call: call.http_status or 0,
    "saved": lambda call: call.saved_usd,
    "token": lambda call: call.token,
    "session": lambda call: call.session or "",
    "id": lambda call: call.id,
    "why": lambda call: call.error or call.route_reason or "",
}
_GREATEST_FIRST = frozenset({"time", "in", "cache", "out", "tok/s", "ttft", "cost", "saved"})
_FIELDS = frozenset({"provider", "token", "status", "session", "id"})
_TAGS = frozenset({"project", "mode", "client"})


@dataclass(frozen=True, slots=True)
class Order:
    """Rows by a column's key. Calls under way are sorted as they stand."""

    column: str
    reverse: bool

    @classmethod
    def by(cls, column: str) -> Order:
        """As people look for it: amounts the greatest first, names from a to z."""
        return cls(column, column in _GREATEST_FIRST)

    @property
    def arrow(self) -> str:
        return "▼" if self.reverse else "▲"

    def turned(self) -> Order:
        return Order(self.column, not self.reverse)

    def sorted(self, calls: Sequence[Call]) -> list[Call]:
        return sorted(calls, key=_KEYS[self.column], reverse=self.reverse)


def filter_word(call: Call, column: str) -> str | None:
    """The filter's word for what a cell says: 'user:ana'; None where a cell is no such value."""
    if column in _TAGS:
        return f"{column}:{quoted(call.tags.get(column, ''))}"
    if column == "user":
        return f"user:{quoted(call.tags['user'])}" if "user" in call.tags else f"token:{call.token}"
    if column == "asked → served":
        return f"model:{call.model or call.asked_model}"
    if column in _FIELDS:
        return f"{column}:{_KEYS[column](call) or ''}"
    if column == "":
        return "is:live" if call.status == "open" else f"outcome:{call.outcome}"
    return None
