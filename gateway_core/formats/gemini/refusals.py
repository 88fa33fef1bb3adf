"""Refusals in Google's words.

Source: google.rpc.Code and google.rpc.error_details; ai.google.dev/gemini-api/docs/troubleshooting.
"""

from __future__ import annotations

from gateway_core.formats.splice import encoded
from gateway_core.model.errors import Refusal

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "FAILED_PRECONDITION",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_TYPE = "type.googleapis.com/google.rpc."


def error_body(refusal: Refusal, request_id: str) -> bytes:
    """The body of an error."""
    fallback = "INVALID_ARGUMENT" if refusal.status < 500 else "INTERNAL"
    error = {
        "code": refusal.status,
        "message": refusal.message,
        "status": _STATUSES.get(refusal.status, fallback),
        "details": _details(refusal, request_id),
    }
    return encoded({"error": error})


def error_event(refusal: Refusal, request_id: str) -> bytes:
    """The last bytes of a stream that fails: a bare error, not an event.

    That is how Google's own streams fail, and the one form that every version of its SDKs raises: the one
    for JavaScript before 2.0, which Gemini CLI uses, takes an event with an error for an answer without
    content. No line end follows: what is left over without one is raised even where it came together
    with an event.
    """
    return error_body(refusal, request_id)


def _details(refusal: Refusal, request_id: str) -> list[dict[str, object]]:
    details: list[dict[str, object]] = [
        {"@type": f"{_TYPE}ErrorInfo", "reason": refusal.code.upper(), "domain": "llmconsole"},
        {"@type": f"{_TYPE}RequestInfo", "requestId": request_id},
    ]
    if refusal.retry_after is not None:
        details.append({"@type": f"{_TYPE}RetryInfo", "retryDelay": f"{refusal.retry_after}s"})
    return details
