"""The ranges of numbers in requests. Sources: OpenAI's and Anthropic's API references (also in the docstrings
of their SDKs' types), and the APIs' own messages."""

from __future__ import annotations

from typing import NamedTuple

from gateway_core.simulated.strict import Json, refuse


class Range(NamedTuple):
    """The least and the most that a field may be, both included; None is no bound."""

    least: float | None
    most: float | None


CHAT = {
    "temperature": Range(0, 2),
    "top_p": Range(0, 1),
    "presence_penalty": Range(-2, 2),
    "frequency_penalty": Range(-2, 2),
    "n": Range(1, 128),
    "top_logprobs": Range(0, 20),
    "max_tokens": Range(1, None),
    "max_completion_tokens": Range(1, None),
}
RESPONSES = {
    "temperature": Range(0, 2),
    "top_p": Range(0, 1),
    "top_logprobs": Range(0, 20),
    "max_output_tokens": Range(16, None),
}


def check(body: Json, ranges: dict[str, Range]) -> None:
    """Raises ParamRefusal 400 in OpenAI's words for the first number out of its range."""
    for name, (least, most) in ranges.items():
        if least is not None:
            check_at_least(body, name, least)
        value = _number(body, name)
        if most is not None and value is not None and value > most:
            kind = "integer" if isinstance(value, int) else "decimal"
            raise refuse(
                f"Invalid '{name}': {kind} above maximum value. Expected a value <= {most}, but got {value} "
                "instead.",
                name,
                f"{kind}_above_max_value",
            )


def check_at_least(body: Json, name: str, least: float) -> None:
    """Raises ParamRefusal 400 in OpenAI's words for a number below the least."""
    value = _number(body, name)
    if value is not None and value < least:
        kind = "integer" if isinstance(value, int) else "decimal"
        raise refuse(
            f"Invalid '{name}': {kind} below minimum value. Expected a value >= {least}, but got {value} "
            "instead.",
            name,
            f"{kind}_below_min_value",
        )


def _number(body: Json, name: str) -> int | float | None:
    value = body.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
