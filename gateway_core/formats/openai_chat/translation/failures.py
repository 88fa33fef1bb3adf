"""Errors of OpenAI's formats, read into the neutral form and written out of it."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway_core.formats.neutral.failure import Failure, plain_failure
from gateway_core.formats.openai_chat.refusals import error_object
from gateway_core.formats.splice import encoded


def read_failure(status: int, body: bytes) -> Failure:
    """The error. Never raises."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return plain_failure(status, body)
    error = found.get("error") if isinstance(found, dict) else None
    return failure_of(status, error) if error else plain_failure(status, body)


def failure_of(status: int, error: Any) -> Failure:
    """What stands under `error`: an object, or with some servers a text."""
    if not isinstance(error, dict):
        return Failure(status, str(error))
    code, param = error.get("code") or error.get("type"), error.get("param")
    return Failure(
        status,
        str(error.get("message") or f"the provider answered with status {status}"),
        code if isinstance(code, str) else "",
        param if isinstance(param, str) else None,
    )


def write_failure(failure: Failure, request_id: str) -> bytes:
    """The body."""
    error = error_object(failure.refusal())
    return encoded({"error": {**error, "param": failure.param or error["param"]}})
