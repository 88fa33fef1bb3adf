"""Sums that an answer writes out, "12 / 4 + 1 = 4", and whether they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway_core.model.value import value

LONGEST = 80
"""Characters before "=" that are read as a sum."""

_SAID = re.compile(r"=\s*\$?\s*(-?\d[\d,]*(?:\.\d+)?)(\s*%?\s*[-+*/x×÷^(])?")
_SUM = frozenset("0123456789.,$%() +-*/x×÷")
_TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[-+*/()]")
_PLAIN = str.maketrans({",": "", "$": "", " ": "", "×": "*", "x": "*", "÷": "/"})


@value
class Sum:
    """One written sum: its text, and whether it holds."""

    text: str
    holds: bool


def sums(text: str) -> Iterator[Sum]:
    """The sums of a text that can be computed: + - * / and brackets over numbers, percentages, dollars."""
    for found in _SAID.finditer(text):
        if found.group(2):
            continue  # What follows is not the result, but the next step of a chain.
        start = found.start()
        while start and found.start() - start < LONGEST and text[start - 1] in _SUM:
            start -= 1
        left = text[start : found.start()].lstrip(" .,)x").strip()
        result = _computed(left)
        if result is not None:
            said = float(found.group(1).replace(",", ""))
            yield Sum(f"{left} = {found.group(1)}", result[1] and _same(result[0], said))


def _same(result: float, said: float) -> bool:
    """Whether it is what is said, rounded or as a percentage."""
    near = max(0.06, abs(said) * 0.01)
    return abs(result - said) <= near or abs(result * 100 - said) <= near


def _computed(text: str) -> tuple[float, bool] | None:
    """The result and whether there is one; None for what is no sum."""
    plain = text.translate(_PLAIN)
    tokens: list[str] = _TOKEN.findall(plain)
    if len(tokens) < 3 or "".join(tokens) != plain:
        return None
    try:
        return _Reader(tokens).whole(), True
    except ZeroDivisionError:
        return 0.0, False
    except (ValueError, IndexError, RecursionError):
        return None


class _Reader:
    """Reads tokens by the usual precedence. Raises ValueError and IndexError for what is no sum."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> float:
        result = self._terms()
        if self._at < len(self._tokens):
            raise ValueError("more than a sum")
        return result

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _follows(self, signs: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in signs

    def _terms(self) -> float:
        result = self._factors()
        while self._follows("+-"):
            result += self._factors() if self._next() == "+" else -self._factors()
        return result

    def _factors(self) -> float:
        result = self._number()
        while self._follows("*/"):
            result = result * self._number() if self._next() == "*" else result / self._number()
        return result

    def _number(self) -> float:
        token = self._next()
        if token == "-":
            return -self._number()
        if token == "(":
            result = self._terms()
            if self._next() != ")":
                raise ValueError("a bracket is open")
            return result
        return float(token[:-1]) / 100 if token.endswith("%") else float(token)
