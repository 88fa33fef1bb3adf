"""What several subjects read from a query string: `where` pairs, times and ranges."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from gateway_core.clock import instant_text
from gateway_core.http.admin.engine import Engine
from gateway_core.model.errors import Refusal
from gateway_core.rules.ranges import Steps, instant_of, steps_of

Range = Annotated[str, Query(alias="range", description="1h | 24h | 7d | month")]


def _pairs(
    where: Annotated[
        list[str],
        Query(
            default_factory=list,
            description="key=value, repeated: tags, model, provider, token, outcome, cache",
        ),
    ],
) -> dict[str, str]:
    """The filter that `where` words make. Raises Refusal 400 for one that is no pair."""
    found: dict[str, str] = {}
    for word in where:
        key, separator, value = word.partition("=")
        if not separator or not key or not value:
            raise Refusal(400, "invalid_where", f"where={word[:80]!r} is no pair; write where=project=web")
        found[key] = value
    return found


Filter = Annotated[dict[str, str], Depends(_pairs)]
"""The parameter of a handler that takes `where`."""


def instant(engine: Engine, text: str) -> str:
    """The RFC 3339 instant that a person's words name, in the gateway's time zone."""
    return instant_text(instant_of(text, engine.clock.now(), engine.timezone))


def steps(engine: Engine, range: str) -> Steps:
    """The steps of a range that ends now."""
    return steps_of(range, engine.clock.now(), engine.timezone)
