"""Refusals in Anthropic's words.

Source: platform.claude.com/docs/en/api/errors.
"""

from __future__ import annotations

from gateway_core.formats.splice import encoded
from gateway_core.model.errors import Refusal

_TYPES = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}

_DETAILED = frozenset({"thread_unsupported_request"})
"""Codes that Anthropic's SDKs look for in `details`."""


def error_body(refusal: Refusal, request_id: str) -> bytes:
    """The body of an error."""
    kind = _TYPES.get(refusal.status, "invalid_request_error" if refusal.status < 500 else "api_error")
    error: dict[str, object] = {"type": kind, "message": refusal.message}
    if refusal.code in _DETAILED:
        error["details"] = {"error_code": refusal.code}
    return encoded({"type": "error", "error": error, "request_id": request_id})


def error_event(refusal: Refusal, request_id: str) -> bytes:
    """The last event of a stream that fails; no message_stop follows."""
    return b"event: error\ndata: " + error_body(refusal, request_id) + b"\n\n"
