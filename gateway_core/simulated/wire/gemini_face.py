"""Gemini's keys, errors and models."""

from __future__ import annotations

from typing import Any

from gateway_core.model.call import DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.simulated import models
from gateway_core.simulated.options import Options
from gateway_core.simulated.wire.base import Call, Headers, encode

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_BAD_KEY = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}


class GeminiFace:
    """Errors as https://google.aip.dev/193 describes them."""

    def refusal(self, refusal: Refusal) -> tuple[bytes, Headers]:
        status = _STATUSES.get(refusal.status, "UNKNOWN")
        error: dict[str, Any] = {"code": refusal.status, "message": refusal.message, "status": status}
        if refusal.code == "invalid_api_key":
            error["details"] = [_BAD_KEY]
        return encode({"error": error}), []


def gemini_key(call: Call) -> str:
    """The key. As with the real one, no key is a 403 and a bad one a 400."""
    key = call.headers.get("x-goog-api-key") or call.bearer
    if not key:
        message = "Method doesn't allow unregistered callers. Please use API Key to call this API."
        raise Refusal(403, "missing_key", message)
    if "invalid" in key:
        raise Refusal(400, "invalid_api_key", "API key not valid. Please pass a valid API key.")
    return key


def refuse_unknown_model(operation: Operation, model: str, options: Options) -> None:
    if not models.exists(DialectName.GEMINI, operation, model, options.models):
        raise Refusal(404, "not_found", f"models/{model} is not found for API version v1beta.")


def model_list(options: Options) -> bytes:
    return encode({"models": [_model(name) for name in models.GEMINI]})


def published_models() -> bytes:
    """GET /v1beta1/publishers/google/models of Vertex AI."""
    return encode(
        {"publisherModels": [{"name": f"publishers/google/models/{name}"} for name in models.GEMINI]}
    )


def model_card(name: str, options: Options) -> bytes:
    """One model. Raises Refusal 404 for an unknown name."""
    refuse_unknown_model(Operation.EMBED, name, options)
    return encode(_model(name))


def _model(name: str) -> dict[str, Any]:
    embeds = "embedding" in name
    verbs = ["embedContent", "batchEmbedContents"] if embeds else ["generateContent", "countTokens"]
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name.replace("-", " ").title(),
        "inputTokenLimit": 2_048 if embeds else 1_048_576,
        "outputTokenLimit": 1 if embeds else 65_536,
        "supportedGenerationMethods": verbs,
    }
