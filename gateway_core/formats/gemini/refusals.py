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


def error_events(refusal: Refusal, request_id: str) -> tuple[bytes, bytes]:
    """The last pieces of a stream of events that fails: the error as an event, and once more bare.

    Whoever reads events by their specification sees the event alone. Google's own streams fail with a bare
    error, and its SDK for JavaScript before 2.0, which Gemini CLI uses, raises nothing else: it takes the
    event for an answer without content. It looks at what it reads at once, so the bare error has to come by
    itself; no line end follows, so that even one that did not is raised as an incomplete event.
    """
    body = error_body(refusal, request_id)
    return b"data: %b\r\n\r\n" % body, body


def error_element(refusal: Refusal, request_id: str, *, first: bool) -> bytes:
    """The end of a stream that is one JSON array and fails: the error as its last element."""
    return b"%b%b]" % (b"[" if first else b",\r\n", error_body(refusal, request_id))


def _details(refusal: Refusal, request_id: str) -> list[dict[str, object]]:
    details: list[dict[str, object]] = [
        {"@type": f"{_TYPE}ErrorInfo", "reason": refusal.code.upper(), "domain": "llmconsole"},
        {"@type": f"{_TYPE}RequestInfo", "requestId": request_id},
    ]
    if refusal.retry_after is not None:
        details.append({"@type": f"{_TYPE}RetryInfo", "retryDelay": f"{refusal.retry_after}s"})
    return details
