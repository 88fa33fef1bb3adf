"""Refusals in the words of Responses: an error body as in Chat Completions, a failed response in streams."""

from __future__ import annotations

from gateway_core.formats.openai_chat.refusals import error_body, error_object
from gateway_core.formats.splice import encoded
from gateway_core.model.errors import Refusal

_LAST = 2**31 - 2
"""Sequence numbers rise through a stream; its own are not known where it is refused, these are above them."""

__all__ = ["error_body", "failed_events"]


def failed_events(refusal: Refusal, request_id: str) -> bytes:
    """The last two events of a stream that fails: what SDKs raise, and what agents read the cause from."""
    error = {
        "type": "error",
        "sequence_number": _LAST,
        "code": refusal.code,
        "message": refusal.message,
        "param": None,
        "error": error_object(refusal),
    }
    failed = {
        "type": "response.failed",
        "sequence_number": _LAST + 1,
        "response": _failed_response(refusal, request_id),
    }
    return _event("error", error) + _event("response.failed", failed)


def _failed_response(refusal: Refusal, request_id: str) -> dict[str, object]:
    return {
        "id": f"resp_{request_id}",
        "object": "response",
        "created_at": 0,
        "status": "failed",
        "error": {"code": _code(refusal), "message": refusal.message},
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": "",
        "output": [],
        "parallel_tool_calls": True,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": None,
    }


def _code(refusal: Refusal) -> str:
    """One of the codes that the format knows. Codex repeats a call after any code but few; the one for a
    wrong prompt makes it stop and show the message."""
    if refusal.status == 429:
        return "rate_limit_exceeded"
    return "invalid_prompt" if refusal.status < 500 else "server_error"


def _event(name: str, data: dict[str, object]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + encoded(data) + b"\n\n"
