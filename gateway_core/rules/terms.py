"""What is known of an answer beside its words: the form that was asked for, and how it ended."""

from __future__ import annotations

import json
from typing import Any

from gateway_core.model.value import value
from gateway_core.rules.schemas import fits


@value
class Terms:
    """json: the call's own output form asks for JSON, whatever its words say; schema: which it has to fit."""

    json: bool = False
    schema: Any = None
    cut: bool = False
    """It ended at an output cap."""
    declined: bool = False
    """Its finish reason, or its place, says that it was refused or filtered."""


UNKNOWN = Terms()


def broken(terms: Terms, answer: str) -> list[tuple[str, str]]:
    """What an answer surely lacks, whatever it says: the name of the check, and why."""
    found = []
    if terms.declined:
        found.append(("declined", "its end says that it was refused or filtered"))
    if terms.cut:
        found.append(("capped", "it ended at an output cap, before it was done"))
    if terms.json and not found:
        found += _misfit(terms.schema, answer)
    return found


def _misfit(schema: Any, answer: str) -> list[tuple[str, str]]:
    try:
        # Not from a block of code: a client that asked for JSON reads it as it stands.
        read = json.loads(answer)
    except (ValueError, RecursionError):
        return [("form", "the call asks for JSON, and this is none")]
    return [] if fits(read, schema) else [("schema", "its JSON does not fit the call's schema")]
