"""The filter over calls: words and key:value, all of which must hold; '-' in front negates. Pure.

ana                        somewhere in model, user, project, path or id
user:ana  model:opus*,gpt* a tag, or model, asked, provider, client, key, status, outcome
cost>0.05  in>50k  ttft>2s amounts in dollars, tokens and seconds
is:live                    live, cached, routed, blocked, error, estimated
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt

from console.present import is_hit
from console.shapes import Call

Test = Callable[[Call], bool]

_COMPARE = re.compile(r"(cost|in|out|ttft|status)(>=|<=|>|<)(\d+(?:\.\d+)?)(k|M|ms|s)?\Z")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {">": gt, "<": lt, ">=": ge, "<=": le}
_SIZES = {None: 1.0, "k": 1e3, "M": 1e6, "ms": 1e-3, "s": 1.0}
_AMOUNTS: dict[str, Callable[[Call], float | None]] = {
    "cost": lambda call: float(call.cost_usd),
    "in": lambda call: float(call.total_input),
    "out": lambda call: float(call.output_tokens),
    "ttft": lambda call: None if call.first_byte_ms is None else call.first_byte_ms / 1_000,
    "status": lambda call: None if call.http_status is None else float(call.http_status),
}
_IS: dict[str, Test] = {
    "live": lambda call: call.status == "open",
    "cached": lambda call: is_hit(call.cache),
    "routed": lambda call: bool(call.route) and call.model != call.asked_model,
    "blocked": lambda call: call.outcome == "refused",
    "error": lambda call: call.outcome == "failed",
    "estimated": lambda call: call.certainty == "estimated",
}
_FIELDS: dict[str, Callable[[Call], str]] = {
    "model": lambda call: call.model,
    "served": lambda call: call.model,
    "asked": lambda call: call.asked_model,
    "provider": lambda call: call.provider,
    "key": lambda call: call.token,
    "token": lambda call: call.token,
    "status": lambda call: str(call.http_status or ""),
    "outcome": lambda call: call.outcome or "open",
    "cache": lambda call: call.cache or "",
    "format": lambda call: call.format,
    "path": lambda call: call.path,
    "id": lambda call: call.id,
}


class FilterError(ValueError):
    """A word of the filter has no meaning; the message names it and what would have."""


def parse(text: str) -> Test:
    """What the text asks of a call. Raises FilterError naming the wrong word."""
    tests = [_word(word) for word in text.split()]
    return lambda call: all(test(call) for test in tests)


def _word(word: str) -> Test:
    if word.startswith("-") and len(word) > 1:
        test = _word(word[1:])
        return lambda call: not test(call)
    if compared := _COMPARE.match(word):
        key, sign, number, unit = compared.groups()
        return _comparison(key, sign, number, unit)
    key, colon, value = word.partition(":")
    if colon and key:
        return _field(word, key, value)
    if re.match(r"\w+[<>]", word):
        raise FilterError(f"{word!r}: compare cost, in, out, ttft or status with a number, as cost>0.05")
    return _anywhere(word.lower())


def _comparison(key: str, sign: str, number: str, unit: str | None) -> Test:
    bound = float(Decimal(number)) * _SIZES[unit]
    compare, amount = _OPERATORS[sign], _AMOUNTS[key]

    def test(call: Call) -> bool:
        value = amount(call)
        return value is not None and compare(value, bound)

    return test


def _field(word: str, key: str, value: str) -> Test:
    if key == "is":
        if value not in _IS:
            raise FilterError(f"{word!r}: is: knows {', '.join(_IS)}")
        return _IS[value]
    tag = key.removeprefix("tag.")
    field: Callable[[Call], str] = _FIELDS.get(key, lambda call: call.tags.get(tag, ""))
    wanted = [one.lower() for one in value.split(",")]
    return lambda call: any(_matches(field(call).lower(), one) for one in wanted)


def _matches(value: str, wanted: str) -> bool:
    return fnmatchcase(value, wanted) if "*" in wanted else value == wanted if wanted else not value


def _anywhere(word: str) -> Test:
    def test(call: Call) -> bool:
        texts = (call.model, call.asked_model, call.path, call.id, call.token, *call.tags.values())
        return any(word in text.lower() for text in texts)

    return test
