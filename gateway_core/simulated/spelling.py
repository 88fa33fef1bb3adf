"""Fields of Gemini's bodies, which may be spelled in two ways."""

from __future__ import annotations

import re
from typing import Any

_SNAKE = re.compile(r"_([a-z])")


def field(body: Any, name: str) -> Any:
    """A field by its camelCase name or its snake_case one, both of which the API takes."""
    if not isinstance(body, dict):
        return None
    if name in body:
        return body[name]
    return body.get("".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name))


def camel(name: str) -> str:
    """A field's name in camel case, whichever of the two a caller of Gemini writes."""
    return _SNAKE.sub(lambda found: found[1].upper(), name)
