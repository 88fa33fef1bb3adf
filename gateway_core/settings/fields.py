"""Single values of the policy: names, matches, amounts, lengths of time."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gateway_core.model.money import Nano, nano_from_usd
from gateway_core.settings.table import Table

_DURATION = re.compile(r"(\d+)\s*([smhd])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def name_of(table: Table, key: str = "name") -> str:
    """The name of an entry. Raises ConfigError."""
    name = table.get(key, str, "").strip()
    if not name:
        table.wrong(key, f"{key} is missing")
    return name


def match_of(table: Table, key: str) -> Mapping[str, str]:
    """What calls it is about: text by key. Raises ConfigError."""
    match = table.get(key, dict, {})
    for name, value in match.items():
        if not isinstance(value, str) or not value:
            table.wrong(key, f"{key}: the value of {name!r} must be text, not {value!r}")
    return dict(match)


def positive_of(table: Table, key: str) -> int | None:
    """A whole number above nought; None where it is absent. Raises ConfigError."""
    value = table.maybe(key, int)
    if value is not None and value <= 0:
        table.wrong(key, f"{key} must be above 0, not {value}")
    return value


def dollars_of(table: Table, key: str, text: str | None) -> Nano | None:
    """Nano-dollars of a decimal text; None where it is absent. Raises ConfigError."""
    if text is None:
        return None
    try:
        nano = nano_from_usd(text)
    except ValueError as error:
        table.wrong(key, f"{key}: {error}")
    if nano < 0:
        table.wrong(key, f"{key} must not be negative")
    return nano


def duration_of(table: Table, key: str, default: str) -> int:
    """Seconds of a text such as 15m. Raises ConfigError."""
    text = table.get(key, str, default)
    found = _DURATION.match(text)
    if not found or int(found[1]) == 0:
        table.wrong(key, f"{key} = {text!r} is no duration; write '30s', '15m', '24h' or '7d'")
    return int(found[1]) * _SECONDS[found[2]]


def share_of(table: Table, key: str) -> float | None:
    """A number from 0 to 1, also one that is written whole; None where it is absent. Raises ConfigError."""
    table.known.add(key)
    value = table.values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        table.wrong(key, f"{key} must be a number from 0 to 1, not {value!r}")
    return float(value)
