"""What developers write, and how they read answers: shared by all habits."""

from __future__ import annotations

import random
from typing import Any

import msgspec

from gateway_core.simulated.words import prose


def document(chance: random.Random, tokens: int) -> str:
    """A long text: a file, a page of instructions, the output of a command."""
    return prose(chance.randrange(1 << 32), tokens)


def events(raw: bytes) -> list[dict[str, Any]]:
    """The JSON events of a server-sent stream; a half one at its end is left out."""
    found = []
    for line in raw.split(b"\n"):
        if line.startswith(b"data: {"):
            try:
                found.append(msgspec.json.decode(line[6:]))
            except msgspec.DecodeError:
                break
    return found


def tool(name: str, description: str, **fields: str) -> dict[str, Any]:
    """A function tool's parts with string fields: name, description, parameters."""
    properties = {field: {"type": "string", "description": text} for field, text in fields.items()}
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"name": name, "description": description, "parameters": schema}
