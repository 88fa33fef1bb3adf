"""Errors of the clouds in the words of Anthropic's format."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from gateway_core.formats.anthropic.refusals import error_body
from gateway_core.model.errors import Refusal

_STATUSES: Mapping[str, int] = {
    "accessdeniedexception": 403,
    "internalserverexception": 500,
    "modelerrorexception": 502,
    "modelnotreadyexception": 503,
    "modelstreamerrorexception": 502,
    "modeltimeoutexception": 504,
    "resourcenotfoundexception": 404,
    "servicequotaexceededexception": 429,
    "serviceunavailableexception": 503,
    "throttlingexception": 429,
    "validationexception": 400,
}
"""What Anthropic itself would answer. AWS says 424 for a model that fails, 429 for one that is not ready,
400 for a quota that is used up: none of these is the caller's fault, and another target may serve."""
_SIGNATURE = re.compile(r"(?i)(signature\W{1,4})[0-9a-f]{64}")


def bedrock_status(kind: str, status: int) -> int:
    """The status of an exception: by its type, else as it was answered."""
    return _STATUSES.get(_name(kind).lower(), status)


def bedrock_error(kind: str, status: int, body: bytes, request_id: str | None = None) -> bytes:
    """An exception as an error body. What quotes the signature that was sent goes without it."""
    message = _text(body, "message", "Message", "originalMessage") or f"error {status}"
    named = f"{_name(kind)}: {message}" if kind else message
    return error_body(Refusal(status, "provider_error", _SIGNATURE.sub(r"\1••••", named)), request_id or "")


def vertex_error(status: int, body: bytes, request_id: str | None) -> bytes:
    """Google's error, or Anthropic's own as it came through."""
    found = _decoded(body)
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict) or found.get("type") == "error":
        return body
    inner = found.get("error")
    message = str(inner.get("message") or status) if isinstance(inner, dict) else str(inner or status)
    return error_body(Refusal(status, "provider_error", message), request_id or "")


def _name(kind: str) -> str:
    """`ThrottlingException:http://…` and `com.amazon…#ThrottlingException` are one type."""
    return kind.partition(":")[0].rpartition("#")[2]


def _text(body: bytes, *keys: str) -> str:
    found = _decoded(body)
    if not isinstance(found, dict):
        return body.decode("utf-8", "replace").strip()[:500]
    return next((str(found[key]) for key in keys if found.get(key)), "")


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except ValueError:
        return None
