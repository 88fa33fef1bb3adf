"""The listing of models in Google's format."""

from __future__ import annotations

from collections.abc import Sequence

from gateway_core.formats.dialect import ModelCard
from gateway_core.formats.splice import encoded

_GENERATING = ("generateContent", "streamGenerateContent", "countTokens")
_EMBEDDING = ("embedContent", "batchEmbedContents", "countTokens")


def list_body(models: Sequence[ModelCard]) -> bytes:
    """All models, on one page."""
    return encoded({"models": [_card(model) for model in models]})


def card_body(model: ModelCard) -> bytes:
    """One model."""
    return encoded(_card(model))


def _card(model: ModelCard) -> dict[str, object]:
    card: dict[str, object] = {
        "name": f"models/{model.id}",
        "displayName": model.id,
        "supportedGenerationMethods": _EMBEDDING if "embedding" in model.id else _GENERATING,
    }
    if model.context_window is not None:
        card["inputTokenLimit"] = model.context_window
    if model.max_output is not None:
        card["outputTokenLimit"] = model.max_output
    return card
