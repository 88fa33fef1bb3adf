"""Errors of Anthropic's, read into the neutral form and written out of it."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.anthropic.refusals import error_body
from gateway_core.formats.neutral.failure import Failure, plain_failure

_LONG = "prompt is too long"
"""What agents look for before they shorten a conversation."""
_CODES = {
    "rate_limit_error": "rate_limit_exceeded",
    "overloaded_error": "overloaded",
    "not_found_error": "model_not_found",
    "authentication_error": "invalid_api_key",
    "permission_error": "permission_denied",
    "billing_error": "insufficient_quota",
    "request_too_large": "too_large",
    "invalid_request_error": "invalid_request",
}
_STATUSES = {"overloaded_error": 529, "rate_limit_error": 429, "invalid_request_error": 400}
"""Of errors inside a stream, which have no status of their own."""


def read_failure(status: int, body: bytes) -> Failure:
    """The error. Never raises."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return plain_failure(status, body)
    error = found.get("error") if isinstance(found, dict) else None
    return failure_of(status, error) if isinstance(error, dict) else plain_failure(status, body)


def failure_of(status: int, error: Any) -> Failure:
    """What stands under `error`; a status of 502 gives way to what the type says."""
    fields = error if isinstance(error, dict) else {}
    kind = str(fields.get("type") or "")
    message = str(fields.get("message") or f"the provider answered with status {status}")
    return Failure(_STATUSES.get(kind, status) if status == 502 else status, message, _CODES.get(kind, kind))


def write_failure(failure: Failure, request_id: str) -> bytes:
    """The body."""
    refusal = failure.refusal()
    if failure.too_long and _LONG not in refusal.message.lower():
        refusal.message = f"{_LONG}: {refusal.message}"
    return error_body(refusal, request_id)
