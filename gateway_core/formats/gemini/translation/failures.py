"""Errors of Google's, read into the neutral form and written out of it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gateway_core.formats.gemini.refusals import error_body
from gateway_core.formats.neutral.failure import Failure, plain_failure

_DELAY = re.compile(r"(\d+)(?:\.\d+)?s\Z")
_CODES = {
    "RESOURCE_EXHAUSTED": "rate_limit_exceeded",
    "NOT_FOUND": "model_not_found",
    "UNAUTHENTICATED": "invalid_api_key",
    "PERMISSION_DENIED": "permission_denied",
    "INVALID_ARGUMENT": "invalid_request",
    "UNAVAILABLE": "overloaded",
}


def read_failure(status: int, body: bytes) -> Failure:
    """The error; with streams Google sends a list of one. Never raises."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return plain_failure(status, body)
    first = found[0] if isinstance(found, list) and found else found
    error = first.get("error") if isinstance(first, dict) else None
    return failure_of(status, error) if isinstance(error, dict) else plain_failure(status, body)


def failure_of(status: int, error: Any) -> Failure:
    """What stands under `error`; a status of 502 gives way to the one it states."""
    fields = error if isinstance(error, dict) else {}
    code, stated = str(fields.get("status") or ""), fields.get("code")
    if status == 502 and isinstance(stated, int) and 400 <= stated < 600:
        status = stated
    message = str(fields.get("message") or f"the provider answered with status {status}")
    return Failure(status, message, _CODES.get(code, code.lower()), retry_after=_delay(fields.get("details")))


def _delay(details: Any) -> int | None:
    for each in details if isinstance(details, list) else ():
        delay = each.get("retryDelay") if isinstance(each, dict) else None
        if isinstance(delay, str) and (found := _DELAY.match(delay)):
            return int(found[1]) + ("." in delay)
    return None


def write_failure(failure: Failure, request_id: str) -> bytes:
    """The body."""
    return error_body(failure.refusal(), request_id)
