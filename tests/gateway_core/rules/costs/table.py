"""Every shape of the table, by provider and name."""

from __future__ import annotations

from tests.gateway_core.rules.costs import anthropic, gemini, openai, others, responses
from tests.gateway_core.rules.costs.shape import Shape

SHAPES: tuple[Shape, ...] = (
    *openai.SHAPES,
    *responses.SHAPES,
    *anthropic.SHAPES,
    *gemini.SHAPES,
    *others.SHAPES,
)


def shape_id(shape: Shape) -> str:
    return f"{shape.provider}: {shape.name}"
