"""Counts that a provider states: believed where a call can have used them, refused where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway_core.model.usage import Usage

BEYOND_REASON = 2**40
"""Tokens that no call uses."""

Stated = Mapping[str, object]


class Impossible(ValueError):
    """A stated count that no call can have; the text says which and why."""


def believed(read: Callable[[Stated], Usage | None], stated: object) -> tuple[Usage | None, str | None]:
    """The usage that a provider states, and why it could not be believed if it was stated but could not.

    Both are None where nothing, or only half of it, is stated.
    """
    if stated is None:
        return None, None
    try:
        return read(_mapping(stated, "usage")), None
    except Impossible as error:
        return None, str(error)


def count(stated: Stated, name: str) -> int | None:
    """A count; None where it is missing or null. Raises Impossible."""
    value = stated.get(name)
    if value is None or (type(value) is int and 0 <= value <= BEYOND_REASON):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Impossible(f"{name} is no whole number")
    if value < 0:
        raise Impossible(f"negative {name}")
    if value > BEYOND_REASON:
        raise Impossible(f"{name} beyond reason")
    return value


def part(stated: Stated, name: str) -> int:
    """A count that is 0 where it is not stated. Raises Impossible."""
    value = stated.get(name)
    if value is None or (type(value) is int and 0 <= value <= BEYOND_REASON):
        return value or 0
    return count(stated, name) or 0


def inner(stated: Stated, name: str) -> Stated:
    """An object of further counts, empty where it is not stated. Raises Impossible."""
    value = stated.get(name)
    return {} if value is None else _mapping(value, name)


def rest(whole: int, *parts: int, name: str) -> int:
    """What is left of a whole without its parts. Raises Impossible where they are more than the whole."""
    left = whole - sum(parts)
    if left < 0:
        raise Impossible(f"parts of {name} add up to more than it")
    return left


def within(limit: int, *parts: int) -> tuple[int, ...]:
    """The parts, each cut so that together they stay within a limit."""
    kept = []
    for each in parts:
        kept.append(min(each, limit))
        limit -= kept[-1]
    return tuple(kept)


def tool_uses(stated: Stated) -> dict[str, int]:
    """Uses of tools the provider ran, from `server_tool_use: {web_search_requests: 2}`. Raises Impossible."""
    if "server_tool_use" not in stated:
        return {}
    uses = inner(stated, "server_tool_use")
    counts = {name.removesuffix("_requests"): part(uses, name) for name in uses if name.endswith("_requests")}
    return {name: uses for name, uses in counts.items() if uses}


def word(value: object) -> str | None:
    """A text such as a model or a tier; None for anything else and for an empty one."""
    return value if isinstance(value, str) and value else None


def _mapping(value: object, name: str) -> Stated:
    if not isinstance(value, dict):
        raise Impossible(f"{name} is no object")
    return value
