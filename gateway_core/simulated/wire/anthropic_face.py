"""Anthropic's errors and its list of models."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated import models
from gateway_core.simulated.options import Options
from gateway_core.simulated.wire.base import Headers, encode

_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class AnthropicFace:
    """Errors as https://platform.claude.com/docs/en/api/errors describes them."""

    def refusal(self, refusal: Refusal) -> tuple[bytes, Headers]:
        body = {"type": "error", "error": error_object(refusal), "request_id": "req_simulated"}
        return encode(body), [(b"request-id", b"req_simulated")]


def error_object(refusal: Refusal) -> dict[str, str]:
    return {"type": _ERRORS.get(refusal.status, "api_error"), "message": refusal.message}


def model_list(options: Options) -> bytes:
    data = [_model(name) for name in models.ANTHROPIC]
    return encode({"data": data, "first_id": data[0]["id"], "has_more": False, "last_id": data[-1]["id"]})


def model_card(name: str, options: Options) -> bytes:
    """One model. Raises Refusal 404 for an unknown name."""
    if not models.exists(DialectName.ANTHROPIC, Operation.GENERATE, name, options.models):
        raise Refusal(404, "not_found", f"model: {name}")
    return encode(_model(name))


def _model(name: str) -> dict[str, Any]:
    return {
        "type": "model",
        "id": name,
        "display_name": name.replace("-", " ").title(),
        "created_at": "2026-09-21T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
    }
