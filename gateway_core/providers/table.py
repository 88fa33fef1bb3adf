"""The compiled price table: the shape of DATA/prices.json and how a name is matched against it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

LAYOUT = 1
"""Counts up when this shape changes, so that a table of an older gateway is made anew."""

FIRST = "first"
"""The start of a price that has none: it holds for all time before the next one."""


class PriceData(msgspec.Struct, omit_defaults=True):
    """One price. Texts are decimals: dollars per million tokens in `rates`, dollars in `per_call`."""

    rates: dict[str, str]
    tiers: list[tuple[int, dict[str, str]]] = []
    per_call: dict[str, str] = {}
    services: dict[str, PriceData] = {}


class Epoch(msgspec.Struct, array_like=True):
    """What a model costs from a UTC day on: by second of the day from which each price holds."""

    start: str
    hours: list[tuple[int, PriceData | None]]


class ModelData(msgspec.Struct, array_like=True):
    """One model. `match` is a clause, see `matches`; `shown` marks names that a list may offer."""

    id: str
    match: Any
    epochs: msgspec.Raw
    context_window: int | None
    shown: bool


class ProviderData(msgspec.Struct):
    """The models of one provider, decoded when first asked for, and whose models it sells besides."""

    models: msgspec.Raw
    fallback: list[str] = []


class TableData(msgspec.Struct):
    """The whole file. version: of genai-prices; dated: the newest day on which a price was checked."""

    layout: int
    version: str
    dated: str
    providers: dict[str, ProviderData]


class Head(msgspec.Struct):
    """What tells whether a file can be used as it is."""

    layout: int
    version: str


def matches(clause: Any, name: str) -> bool:
    """Whether a lower-case model name meets a clause.

    A clause is a text whose first character says how it is met: `=` equals, `^` starts with, `$` ends
    with, `*` contains, `~` regular expression; or a list of `|` (any) or `&` (all) and clauses.
    """
    if isinstance(clause, list):
        met = (matches(each, name) for each in clause[1:])
        return any(met) if clause[0] == "|" else all(met)
    kind, text = clause[0], clause[1:]
    if kind == "=":
        return bool(name == text)
    if kind == "^":
        return name.startswith(text)
    if kind == "*":
        return text in name
    if kind == "$":
        return name.endswith(text)
    return re.search(text, name) is not None
