"""What the real providers refuse, refused here in their words, so that a passing test means something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gateway_core.simulated.wire.base import ParamRefusal

Json = dict[str, Any]


def refuse(message: str, param: str = "", code: str = "invalid_request") -> ParamRefusal:
    """A refusal with status 400, to be raised."""
    return ParamRefusal(code, message, param)


def objects(value: Any) -> list[Json]:
    """The objects in a list; nothing for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def unknown(body: Mapping[str, Any], known: Collection[str]) -> str | None:
    """The first field that is none of the known ones."""
    return next((name for name in body if name not in known), None)


def first_twice(names: Collection[str]) -> str | None:
    """The first name that stands twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
