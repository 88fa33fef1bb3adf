"""What a filter can ask of a call: its fields, amounts and states. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt

from console.present import is_hit
from console.shapes import Call

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}
SIZES: Mapping[str | None, float] = {None: 1.0, "k": 1e3, "M": 1e6, "ms": 1e-3, "s": 1.0}
AMOUNTS: Mapping[str, Callable[[Call], float | None]] = {
    "cost": lambda call: float(call.cost_usd),
    "in": lambda call: float(call.total_input),
    "out": lambda call: float(call.output_tokens),
    "ttft": lambda call: None if call.first_byte_ms is None else call.first_byte_ms / 1_000,
    "status": lambda call: None if call.http_status is None else float(call.http_status),
}
_REPEATED = ("runaway_stopped:", "idempotency-key of call")
"""Of calls that the guard stopped as a loop, or that got an earlier call's answer again."""
STATES: Mapping[str, Callable[[Call], bool]] = {
    "live": lambda call: call.status == "open",
    "cached": lambda call: is_hit(call.cache),
    "routed": lambda call: bool(call.route) and call.model != call.asked_model,
    "blocked": lambda call: call.outcome == "refused",
    "throttled": lambda call: call.outcome == "refused" and (call.error or "").startswith("throttled:"),
    "repeated": lambda call: (call.error or "").startswith(_REPEATED),
    "error": lambda call: call.outcome == "failed",
    "estimated": lambda call: call.certainty == "estimated",
}
FIELDS: Mapping[str, Callable[[Call], str]] = {
    "model": lambda call: call.model,
    "served": lambda call: call.model,
    "asked": lambda call: call.asked_model,
    "provider": lambda call: call.provider,
    "key": lambda call: call.token,
    "token": lambda call: call.token,
    "status": lambda call: str(call.http_status or ""),
    "outcome": lambda call: call.outcome or "open",
    "cache": lambda call: call.cache or "",
    "route": lambda call: call.route or "",
    "format": lambda call: call.format,
    "path": lambda call: call.path,
    "id": lambda call: call.id,
    "session": lambda call: call.session or "",
}
TAG = "tag."


def field_of(key: str) -> Callable[[Call], str]:
    """A field by its name; any other name, and one behind 'tag.', is a tag's."""
    tag = key.removeprefix(TAG)
    return FIELDS.get(key, lambda call: call.tags.get(tag, ""))


def matches(value: str, wanted: str) -> bool:
    """Both in small letters; '*' stands for anything, nothing for a field that is empty."""
    return fnmatchcase(value, wanted) if "*" in wanted else value == wanted if wanted else not value


def everywhere(call: Call, *, told: bool = False) -> Iterator[str]:
    """The texts in which a bare word is looked for; told: also what went wrong, and why it went there."""
    yield from (call.model, call.asked_model, call.path, call.id, call.token, *call.tags.values())
    if told:
        yield from filter(None, (call.error, call.route_reason, call.route))
