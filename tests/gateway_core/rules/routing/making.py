"""Calls as routes see them, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gateway_core.model.call import Target
from gateway_core.model.errors import Refusal
from gateway_core.rules.matching import Facts
from gateway_core.rules.routing import Wanted
from gateway_core.rules.routing.ordering import Measures
from gateway_core.rules.routing.situation import Situation

ASKED = Target("openai", "gpt-5.1")
FACTS = Facts({"mode": "vibing", "project": "web"}, "default", ASKED.model, ASKED.provider)
WANTED = Wanted((ASKED,))
NOTHING_KNOWN = Measures(price=lambda target: None)
THURSDAY = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)


def call(**more: Any) -> Situation:
    """A call of Thursday afternoon."""
    return Situation(**{"facts": FACTS, "asked": "gpt-5.1", "format": "openai", "local": THURSDAY, **more})


def resolve(name: str) -> Target:
    provider, _, model = name.rpartition("/")
    if model == "unknown":
        raise Refusal(404, "model_not_found", name)
    return Target(provider or "openai", model)
