"""The listing of models in OpenAI's format."""

from __future__ import annotations

from collections.abc import Sequence

from gateway_core.formats.dialect import ModelCard
from gateway_core.formats.splice import encoded


def list_body(models: Sequence[ModelCard]) -> bytes:
    """All models."""
    return encoded({"object": "list", "data": [_card(model) for model in models]})


def card_body(model: ModelCard) -> bytes:
    """One model."""
    return encoded(_card(model))


def _card(model: ModelCard) -> dict[str, object]:
    card: dict[str, object] = {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.provider,
    }
    # OpenAI itself states no sizes; clients that look for them use these names.
    if model.context_window is not None:
        card["context_window"] = model.context_window
    if model.max_output is not None:
        card["max_output_tokens"] = model.max_output
    return card
