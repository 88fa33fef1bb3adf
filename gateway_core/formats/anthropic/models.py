"""The listing of models in Anthropic's format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from gateway_core.formats.dialect import ModelCard
from gateway_core.formats.splice import encoded


def list_body(models: Sequence[ModelCard]) -> bytes:
    """All models, on one page."""
    first, last = (models[0].id, models[-1].id) if models else (None, None)
    data = [_card(model) for model in models]
    return encoded({"data": data, "has_more": False, "first_id": first, "last_id": last})


def card_body(model: ModelCard) -> bytes:
    """One model."""
    return encoded(_card(model))


def _card(model: ModelCard) -> dict[str, object]:
    created = datetime.fromtimestamp(model.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.id,
        "created_at": created,
        "lifecycle": "active",
        "max_input_tokens": model.context_window,
        "max_tokens": model.max_output,
    }
