"""Refusals in OpenAI's words.

Source: platform.openai.com/docs/guides/error-codes.
"""

from __future__ import annotations

from gateway_core.formats.splice import encoded
from gateway_core.model.errors import Refusal

_TYPES = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    429: "rate_limit_error",
}


def error_type(status: int) -> str:
    """OpenAI's type of error for a status."""
    return _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")


def error_object(refusal: Refusal) -> dict[str, str | None]:
    """The object that stands under `error`."""
    return {
        "message": refusal.message,
        "type": error_type(refusal.status),
        "param": "model" if refusal.code == "model_not_found" else None,
        "code": refusal.code,
    }


def error_body(refusal: Refusal) -> bytes:
    """The body of an error."""
    return encoded({"error": error_object(refusal)})


def error_event(refusal: Refusal) -> bytes:
    """The last event of a stream that fails: SDKs raise it. No [DONE] follows."""
    return b"data: " + error_body(refusal) + b"\n\n"
