"""What the tests of translated calls ask: a question, two tools, a schema, an image."""

from __future__ import annotations

from typing import Any

from tests.support.gateway import Row, RunningGateway

GPT, CLAUDE, GEMINI = "gpt-5-mini", "claude-sonnet-5-5", "gemini-3.8-flash"
QUESTION = "How do tides work?"
TOOLS_PLEASE = "Please use the tools."
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""

CITY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "minLength": 2, "pattern": "^[A-Z]"},
        "days": {"type": "integer", "exclusiveMinimum": 0},
    },
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOLS = {"weather": "The weather of a city.", "tides": "The tides at a city's shore."}


def of_provider(model: str) -> str:
    """Who serves a model."""
    return {"gpt": "openai", "claude": "anthropic", "gemini": "gemini"}[model.partition("-")[0]]


class Ledger:
    """The ledger of a gateway that several tests use, one after the other."""

    def __init__(self, gateway: RunningGateway) -> None:
        self.gateway = gateway

    def new(self, count: int = 1) -> list[Row]:
        """The rows of this test, once there are so many and all are settled."""
        return self.gateway.rows(count)

    def served(self, model: str, count: int = 1) -> list[Row]:
        """The same, of calls that were served by that model and cost something."""
        rows = self.new(count)
        for row in rows:
            assert (row["outcome"], row["provider"], row["model"]) == ("ok", of_provider(model), model)
            assert row["certainty"] == "computed"
            assert float(row["cost_usd"]) > 0 and row["output_tokens"] > 0
        return rows
