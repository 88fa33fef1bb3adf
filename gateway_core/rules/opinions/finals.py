"""The final answer of a text whose question has one: the letter of an option, or a number."""

from __future__ import annotations

import re

from gateway_core.rules.answered import NUMBERS, RESULTS
from gateway_core.rules.signs import Kind, read

_LETTER = re.compile(r"\W*([A-J])(?:[).:]|\W*$)")
"""An answer that begins with the letter of an option; "A boat" does not."""


def final_of(prompt: str, answer: str) -> str | None:
    """The final answer, written alike for all who mean the same; None where there is none to be read."""
    if said := RESULTS.findall(answer):
        return _alike(said[-1])
    kind = read(prompt).kind
    if kind is Kind.CHOICE:
        begins = _LETTER.match(answer)
        return begins[1] if begins else None
    found = NUMBERS.findall(answer) if kind is Kind.NUMBERS else []
    return _alike(found[-1]) if found else None


def _alike(text: str) -> str:
    plain = text.rstrip(".,").replace(",", "").upper()
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
